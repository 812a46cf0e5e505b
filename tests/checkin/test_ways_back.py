"""In and out, taken back, forced: is one story told, whatever the order, and is nobody let in by a reading taken back?"""

from __future__ import annotations

import json
import threading
from itertools import permutations

import pytest
from sqlalchemy import func, select, text, update

from festival.accounts.roles import Role
from festival.checkin.export import canonical_export
from festival.checkin.models import Admission, Scan
from festival.checkin.seal.rows import SEAL
from festival.core import ledger
from festival.core.canonical import canonical_json
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal.compare import RecordLine, SealCounts
from festival.core.transaction import transaction
from festival.devices.handlers import DeviceRole
from festival.devices.models import DeviceNote
from festival.passes.models import Pass
from festival.roster.models import Family, FamilyState, Person
from tests.checkin.test_scans import CHUNG, DUC, HOA, MORNING, at_once
from tests.devices.kit import Phone, enrolment, open_fair, verdicts
from tests.devices.test_rights import signed_in
from tests.house.test_statements import statements
from tests.registration.pages_kit import words

MINUTE = 60_000
HOUR = 60 * MINUTE
WHY = "bấm nhầm gia đình"


@pytest.fixture
def fair(app):
    return open_fair(app)


@pytest.fixture
def gate(app, client, fair):
    return Phone(client, enrolment(app, fair, station="Cổng 1"))


@pytest.fixture
def other(app, client, fair):
    return Phone(client, enrolment(app, fair, station="Cổng 2"))


@pytest.fixture
def lead(app, client, fair):
    return Phone(client, enrolment(app, fair, DeviceRole.LEAD, station="Trưởng cổng"))


def scan(phone, list_id, at_ms, persons=None, **more):
    wrote = {key: more.pop(key) for key in ("mid", "offset_ms") if key in more}
    body = {"pass": list_id, "persons": persons, "purpose": "entry", "how": "camera", **more}
    return phone.write("scan", str(list_id), body, wall_ms=at_ms, **wrote)


def undo(phone, mutation, at_ms, reason=WHY):
    body = {"scan": mutation["mid"], "reason": reason}
    return phone.write("undo", mutation["mid"], body, wall_ms=at_ms)


def told(phone, *mutations):
    return [(each["verdict"], each["reason"], each["detail"]) for each in phone.send(*mutations)["verdicts"]]


def standing(app, fair):
    """Who is in by the table: person → (moment of the scan that counts, outside)."""
    with app.app_context():
        rows = db.session.execute(
            select(Person.code, Admission.at_ms, Admission.outside)
            .join(Person, Person.id == Admission.person_id)
            .where(Admission.festival_id == fair.festival_id, ~Admission.annulled)
        )
        return {row.code: (row.at_ms, row.outside) for row in rows}


def exported(app, fair):
    """The canonical export; table and seal must agree with it, whatever was delivered."""
    with app.app_context():
        whole = canonical_export(fair.festival_id)
        by_export = {(a["person"], a["purpose"], a["window"], a["at_ms"], a["outside"]) for a in whole["admissions"]}
        rows = db.session.execute(
            select(Person.code, Admission.purpose, Admission.day_window, Admission.at_ms, Admission.outside)
            .join(Person, Person.id == Admission.person_id)
            .where(Admission.festival_id == fair.festival_id, ~Admission.annulled)
        )
        assert by_export == {tuple(row) for row in rows}
        assert ledger.verify("checkin:thu-2024") == []
        assert differences(fair) == []
        return canonical_json(whole)


def differences(fair):
    """What the check of the seal finds, inside a context of the application."""
    replay = SEAL.begin("checkin:thu-2024", fair.festival_id)
    for entry, payload in ledger.lines("checkin:thu-2024"):
        content = None if payload is None or payload.content is None else json.loads(payload.content)
        replay.take(RecordLine(entry.seq, entry.kind, entry.subject, content))
    return list(replay.differences(SealCounts()))


def kinds(app):
    with app.app_context():
        of_gates = "SELECT kind FROM ledger_entry WHERE stream = 'checkin:thu-2024' ORDER BY seq"
        return list(db.session.execute(text(of_gates)).scalars())


def test_a_family_in_parts_out_and_in_again(app, fair, gate, other):
    father, mother, son, daughter = fair.persons[CHUNG]
    family = fair.lists[CHUNG]
    assert verdicts(gate.send(scan(gate, family, MORNING, [father, mother]))) == ["applied"]
    assert told(other, scan(other, family, MORNING + HOUR, [father, son], way="out"))[0][2]["out"] == sorted(
        [father, son]
    )
    # The son's way in was read by nobody: he is outside, and in for nothing.
    assert standing(app, fair) == {father: (MORNING, True), mother: (MORNING, False)}
    verdict, _, detail = told(gate, scan(gate, family, MORNING + 2 * HOUR))[0]
    assert verdict == "applied"
    assert sorted(detail["admitted"]) == sorted([son, daughter])
    assert detail["back"] == [father] and detail["already"] == [mother]
    assert detail["first"]["gate"] == "Cổng 1" and detail["first"]["at_ms"] == MORNING
    assert told(gate, scan(gate, family, MORNING + 3 * HOUR, [father]))[0][0] == "duplicate"
    # An exit of before, delivered late, brings nobody out who was seen afterwards.
    assert told(other, scan(other, family, MORNING + 30 * MINUTE, [mother], way="out"))[0][0] == "applied"
    assert standing(app, fair)[mother] == (MORNING, False)
    assert kinds(app) == ["admitted", "went_out", "admitted", "seen_again", "went_out"]
    exported(app, fair)


def test_in_out_and_in_of_one_phone_that_was_offline_all_morning(app, fair, gate):
    family = fair.lists[HOA]
    wrote = [
        scan(gate, family, MORNING + step * MINUTE, way=way)
        for step, way in enumerate(("in", "out", "in", "in", "out", "in"))
    ]
    found = told(gate, *wrote)
    assert [verdict for verdict, _, _ in found] == ["applied"] * 3 + ["duplicate"] + ["applied"] * 2
    assert [sorted(detail.get("back", [])) for _, _, detail in found][2] == sorted(fair.persons[HOA])
    assert set(standing(app, fair).values()) == {(MORNING, False)}
    exported(app, fair)


def test_a_wrong_tap_is_taken_back_and_the_next_best_scan_counts(app, fair, gate, other, lead):
    family, people = fair.lists[HOA], fair.persons[HOA]
    first = scan(gate, family, MORNING)
    assert told(gate, first)[0][0] == "applied"
    before = gate.state()["state"]["cursor"]
    verdict, _, detail = told(gate, undo(gate, first, MORNING + MINUTE))[0]
    assert verdict == "applied" and detail["annulled"] == sorted(people)
    assert standing(app, fair) == {}
    state = other.state(before)["state"]
    assert sorted(row[0] for row in state["annulled"]) == sorted(people) and state["admitted"] == []
    assert told(gate, undo(gate, first, MORNING + 2 * MINUTE))[0][0] == "duplicate"
    second = scan(other, family, MORNING + 5 * MINUTE)
    assert sorted(told(other, second)[0][2]["admitted"]) == sorted(people)
    third = scan(gate, family, MORNING + 6 * MINUTE)
    told(gate, third)
    # Another device may not, the lead may, and the family stays in by the third reading.
    assert told(gate, undo(gate, second, MORNING + 7 * MINUTE))[0][:2] == ("rejected", "undo_late")
    assert told(lead, undo(lead, second, MORNING + 5 * HOUR))[0][2]["annulled"] == []
    assert set(standing(app, fair).values()) == {(MORNING + 6 * MINUTE, False)}
    assert told(gate, undo(gate, third, MORNING + 22 * MINUTE))[0][:2] == ("rejected", "undo_late")
    # A clock set back in the middle takes nobody's way back.
    assert told(gate, undo(gate, third, MORNING - 3 * HOUR))[0][0] == "applied"
    assert standing(app, fair) == {}
    assert kinds(app) == ["admitted", "undone", "admitted", "seen_again", "undone", "undone"]
    exported(app, fair)


def test_every_order_of_delivery_tells_the_same_story(app, client, fair, lead):
    """A scan, its undoing by the lead, an exit, a way back and a second gate: each order on a day of its own."""
    one, two, three = (Phone(client, enrolment(app, fair, station=f"Cổng {n}")) for n in (1, 2, 3))
    family, people = fair.lists[HOA], fair.persons[HOA]
    days = 0
    for days, order in enumerate(permutations(range(5))):
        start = MORNING + days * 24 * HOUR
        first = scan(one, family, start)
        wrote = [
            (one, first),
            (lead, undo(lead, first, start + 9 * HOUR)),
            (two, scan(two, family, start + MINUTE, [people[0]])),
            (three, scan(three, family, start + 2 * MINUTE, way="out")),
            (two, scan(two, family, start + 3 * MINUTE, [people[1]])),
        ]
        for place in order:
            phone, mutation = wrote[place]
            phone.send(mutation)
    with app.app_context():
        rows = db.session.execute(
            select(Admission.day_window, Person.code, Admission.at_ms, Admission.outside)
            .join(Person, Person.id == Admission.person_id)
            .where(~Admission.annulled)
        ).all()
    hours = {(row.code, (row.at_ms - MORNING) % (24 * HOUR), row.outside) for row in rows}
    assert hours == {(people[0], MINUTE, True), (people[1], 3 * MINUTE, False)}
    assert days == 119 and len(rows) == 2 * 120
    assert exported(app, fair).count(b'"undone":true') == 120


def test_an_undoing_and_a_scan_at_the_same_moment_leave_the_family_in(app, client, fair, lead):
    """Whoever waits for whom: a reading that stands is never forgotten by the undoing of another one."""
    phones = [Phone(client, enrolment(app, fair, station=f"Cổng {n}")) for n in range(1, 6)]
    for turn, owner in enumerate((CHUNG, HOA, DUC)):
        first = scan(phones[0], fair.lists[owner], MORNING + turn)
        phones[0].send(first)
        back = undo(lead, first, MORNING + HOUR)
        late = [scan(phone, fair.lists[owner], MORNING + MINUTE + n) for n, phone in enumerate(phones[1:])]
        at_once(app, [lead, *phones[1:]], [back, *late])
    assert set(standing(app, fair)) == {code for codes in fair.persons.values() for code in codes}
    exported(app, fair)


def test_reading_the_scans_before_holding_the_person_forgets_one(app):
    """The negative control: an undoing that looks first and locks later annuls somebody who was let in meanwhile."""
    with app.app_context():
        engine = db.engine
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE naive_scan (at INTEGER NOT NULL, undone INTEGER NOT NULL)"))
        connection.execute(text("CREATE TABLE naive_in (annulled INTEGER NOT NULL)"))
        connection.execute(text("INSERT INTO naive_scan VALUES (1, 0)"))
        connection.execute(text("INSERT INTO naive_in VALUES (0)"))
    looked, scanned = threading.Event(), threading.Event()

    def take_back():
        with engine.connect() as connection:
            others = connection.scalar(text("SELECT count(*) FROM naive_scan WHERE at <> 1 AND undone = 0"))
            connection.rollback()
            looked.set()
            scanned.wait()
            connection.execute(text("UPDATE naive_scan SET undone = 1 WHERE at = 1"))
            if others == 0:
                connection.execute(text("UPDATE naive_in SET annulled = 1"))
            connection.commit()

    def scan_again():
        looked.wait()
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO naive_scan VALUES (2, 0)"))
        scanned.set()

    threads = [threading.Thread(target=each) for each in (take_back, scan_again)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT annulled FROM naive_in")) == 1
        assert connection.scalar(text("SELECT count(*) FROM naive_scan WHERE undone = 0")) == 1


def test_by_force_with_a_reason_and_marked(app, fair, gate, lead):
    with app.app_context(), transaction():
        db.session.execute(update(Pass).where(Pass.list_id == fair.lists[HOA]).values(replaced_at=now()))
        db.session.execute(update(Family).where(Family.name == DUC).values(state=FamilyState.WITHDRAWN))
    force = {"force": {"reason": "trưởng đoàn xác nhận"}}
    found = told(
        gate,
        scan(gate, fair.lists[HOA], MORNING, **force),
        scan(gate, fair.lists[DUC], MORNING, fair.persons[DUC][:2], **force),
        scan(gate, fair.lists[CHUNG], MORNING, **force),
        unknown := scan(gate, "ab" * 16, MORNING, count=3, how="decided", **force),
        scan(gate, fair.lists[CHUNG], MORNING, force={"reason": "  x "}),
        scan(gate, fair.lists[HOA], 5_000, **force),
    )
    assert [each[:2] for each in found] == [
        *[("applied", None)] * 4,
        ("rejected", "malformed"),
        ("quarantined", "clock_wrong"),
    ]
    assert [each[2].get("not_allowed") for each in found[:4]] == ["pass_replaced", "not_approved", None, "unknown_pass"]
    assert sorted(found[0][2]["admitted"]) == sorted(fair.persons[HOA])
    assert found[3][2]["count"] == 3 and found[3][2]["admitted"] == []
    assert set(standing(app, fair)) == {*fair.persons[HOA], *fair.persons[DUC][:2], *fair.persons[CHUNG]}
    with app.app_context():
        marks = db.session.execute(select(Scan.forced, Scan.not_allowed, Scan.unnamed).order_by(Scan.seq)).all()
        assert [tuple(row) for row in marks] == [
            (True, True, 0),
            (True, True, 0),
            (True, False, 0),
            (True, True, 3),
        ]
    assert kinds(app) == ["forced"] * 4
    page = signed_in(app, "cong", Role.GATE_LEAD)
    assert "Vào cổng 11 (3 người theo thẻ lạ)" in words(page.get("/office/checkin?day=2024-06-14"))
    assert told(lead, undo(lead, unknown, MORNING + HOUR))[0][0] == "applied"
    shown = words(page.get("/office/checkin?day=2024-06-14"))
    assert "Vào cổng 8 Bữa ăn 0" in shown
    assert f"{HOA}, 2 người Cổng 1, 7 giờ, 14/6/2024 Cho vào, trái quy định trưởng đoàn xác nhận" in shown
    assert f"Đã hoàn tác trưởng đoàn xác nhận; {WHY}" in shown and "Thẻ lạ, 3 người" in shown
    exported(app, fair)


def test_a_usual_scan_costs_no_more_statements_than_before(app, fair, gate):
    with statements(app) as seen:
        gate.send(scan(gate, fair.lists[HOA], MORNING))
    assert len(seen) <= 16


def test_moments_that_cannot_be_and_messages_that_say_too_little(app, fair, gate):
    in_2100 = 4_102_444_800_000
    unknown = {"mid": "0190163d-8694-739b-aea5-966c26f8ad91"}
    found = told(
        gate,
        scan(gate, fair.lists[HOA], 0),
        scan(gate, fair.lists[HOA], in_2100),
        scan(gate, fair.lists[HOA], MORNING // 1000),
        good := scan(gate, fair.lists[CHUNG], MORNING),
        gate.write("undo", good["mid"], {"scan": good["mid"]}, wall_ms=MORNING),
        gate.write("undo", good["mid"], {"scan": good["mid"], "reason": "   "}, wall_ms=MORNING),
        undo(gate, unknown, MORNING),
        scan(gate, None, MORNING, decision="refused", why="torn"),
        scan(gate, None, MORNING),
        scan(gate, fair.lists[HOA], MORNING, decision="refused"),
        scan(gate, fair.lists[HOA], MORNING, purpose="never-named"),
    )
    assert [each[:2] for each in found] == [
        *[("quarantined", "clock_wrong")] * 3,
        ("applied", None),
        *[("rejected", "malformed")] * 2,
        ("quarantined", "undo_unknown"),
        ("applied", None),
        *[("rejected", "malformed")] * 3,
    ]
    assert found[4][2] == {"field": "reason"} and found[7][2] == {"refused": "torn"}
    assert set(standing(app, fair)) == set(fair.persons[CHUNG])
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(DeviceNote.kind == "clock_far")) >= 3
