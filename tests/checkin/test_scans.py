"""Is a person admitted exactly once, at whatever gate, in whatever order the news comes?"""

from __future__ import annotations

import random
import threading
from collections import Counter

import pytest
from sqlalchemy import insert, select, text

from festival.checkin.export import canonical_export
from festival.checkin.models import Admission
from festival.core import ledger
from festival.core.canonical import canonical_json
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.handlers import DeviceRole
from festival.passes.models import Pass
from festival.roster.models import Family, FamilyState, Person
from tests.devices.kit import Phone, enrolment, open_fair, opened, verdicts

CHUNG, HOA, DUC = "Gia đình ông Danh Chung", "Gia đình bà Trương Mỹ Hoa", "Gia đình ông Nguyễn Hoàng Anh Đức"
GATES = 20
MORNING = 1_718_323_200_000  # 14/6/2024, 7 giờ in Vietnam


@pytest.fixture
def fair(app):
    return open_fair(app)


@pytest.fixture
def gate(app, client, fair):
    return Phone(client, enrolment(app, fair, station="Cổng 1"))


@pytest.fixture
def other(app, client, fair):
    return Phone(client, enrolment(app, fair, station="Cổng 2"))


def admissions(app, fair):
    with app.app_context():
        return admitted_rows(fair.festival_id)


def admitted_rows(festival_id):
    """The admissions as the table holds them, to hold against the export."""
    columns = (Admission.purpose, Admission.day_window, Admission.at_ms, Admission.device_number, Admission.seq)
    rows = db.session.execute(
        select(Person.code, *columns)
        .join(Person, Person.id == Admission.person_id)
        .where(Admission.festival_id == festival_id)
    )
    return {tuple(row) for row in rows}


def test_part_of_a_family_first_the_rest_later_then_a_duplicate(app, fair, gate, other):
    father, mother, son, daughter = fair.persons[CHUNG]
    first = gate.send(gate.scan(fair.lists[CHUNG], [father, mother], wall_ms=MORNING))["verdicts"][0]
    assert first["verdict"] == "applied" and sorted(first["detail"]["admitted"]) == sorted([father, mother])
    rest = other.send(other.scan(fair.lists[CHUNG], wall_ms=MORNING + 60_000))["verdicts"][0]
    assert rest["verdict"] == "applied"
    assert sorted(rest["detail"]["admitted"]) == sorted([son, daughter])
    assert sorted(rest["detail"]["already"]) == sorted([father, mother])
    third = other.send(other.scan(fair.lists[CHUNG], wall_ms=MORNING + 120_000))["verdicts"][0]
    assert third["verdict"] == "duplicate" and third["detail"]["admitted"] == []
    assert third["detail"]["first"] == {"gate": "Cổng 1", "at_ms": MORNING, "device": 1}
    assert third["ledger"] == "checkin:thu-2024"
    assert len(admissions(app, fair)) == 4


def test_a_delegations_pass_is_the_bus_with_its_driver(app, fair, gate):
    told = gate.send(gate.scan(fair.delegation_list))["verdicts"][0]
    everybody = sorted([fair.driver, *(code for codes in fair.persons.values() for code in codes)])
    assert sorted(told["detail"]["admitted"]) == everybody
    assert gate.send(gate.scan(fair.lists[CHUNG]))["verdicts"][0]["verdict"] == "duplicate"


def test_the_next_day_and_a_meal_count_for_themselves(app, fair, gate):
    day_ms = 24 * 3600 * 1000
    body = {"pass": fair.lists[HOA], "persons": None, "purpose": "meal", "how": "camera"}
    told = gate.send(
        gate.scan(fair.lists[HOA], wall_ms=MORNING),
        gate.write("scan", fair.lists[HOA], body, wall_ms=MORNING),
        gate.scan(fair.lists[HOA], wall_ms=MORNING + day_ms),
        gate.scan(fair.lists[HOA], wall_ms=MORNING + day_ms + 1),
    )
    assert verdicts(told) == ["applied", "applied", "applied", "duplicate"]
    assert {(row[1], row[2]) for row in admissions(app, fair)} == {
        ("entry", "2024-06-14"),
        ("meal", "2024-06-14"),
        ("entry", "2024-06-15"),
    }


def test_an_earlier_scan_that_comes_later_moves_the_pointer_and_the_ledger_says_so(app, fair, gate, other):
    late = other.scan(fair.lists[HOA], wall_ms=MORNING)
    assert verdicts(gate.send(gate.scan(fair.lists[HOA], wall_ms=MORNING + 5_000))) == ["applied"]
    told = other.send(late)["verdicts"][0]
    assert told["verdict"] == "duplicate" and sorted(told["detail"]["moved"]) == sorted(fair.persons[HOA])
    assert {row[3:] for row in admissions(app, fair)} == {(MORNING, 2, 1)}
    with app.app_context():
        of_gates = "SELECT kind FROM ledger_entry WHERE stream = 'checkin:thu-2024' ORDER BY seq"
        assert list(db.session.execute(text(of_gates)).scalars()) == ["admitted", "moved"]
        assert ledger.verify("checkin:thu-2024") == []


def test_strange_replaced_and_withdrawn_passes_are_kept_aside(app, fair, gate):
    with app.app_context(), transaction():
        db.session.scalars(select(Pass).where(Pass.list_id == fair.lists[HOA])).one().replaced_at = (
            db.session.scalars(select(Pass)).first().issued_at
        )
        db.session.scalars(select(Family).where(Family.name == DUC)).one().state = FamilyState.WITHDRAWN
    turned = {"pass": "ab" * 16, "persons": None, "purpose": "entry", "how": "camera", "decision": "turned_away"}
    told = gate.send(
        gate.scan("ab" * 16),
        gate.scan(fair.lists[HOA]),
        gate.scan(fair.lists[DUC]),
        gate.scan(fair.lists[CHUNG], ["nobody"]),
        gate.write("scan", "ab" * 16, turned),
        gate.write("scan", "x", {"pass": "short"}),
        gate.write("scan", "x", {"pass": "ab" * 16, "token": "never"}),
    )
    assert [(v["verdict"], v["reason"]) for v in told["verdicts"]] == [
        ("quarantined", "unknown_pass"),
        ("rejected", "pass_replaced"),
        ("quarantined", "not_approved"),
        ("rejected", "nobody"),
        ("quarantined", "turned_away"),
        ("rejected", "malformed"),
        ("rejected", "malformed"),
    ]
    assert admissions(app, fair) == set()


def test_any_order_of_delivery_gives_the_same_export_and_the_table_agrees(app, client, fair):
    luck = random.Random(20240614)
    phones = [Phone(client, enrolment(app, fair, station=f"Cổng {n}")) for n in range(1, 5)]
    owners = list(fair.lists)
    wrote = []
    for _ in range(40):
        phone, owner = luck.choice(phones), luck.choice(owners)
        some = luck.sample(fair.persons[owner], luck.randint(1, len(fair.persons[owner])))
        at = MORNING + luck.randint(0, 10) * 60_000
        wrote.append((phone, phone.scan(fair.lists[owner], some, wall_ms=at)))
    luck.shuffle(wrote)
    for phone, mutation in wrote + luck.sample(wrote, 15):
        phone.send(mutation)
    with app.app_context():
        made = canonical_export(fair.festival_id)
        listed = {
            (a["person"], a["purpose"], a["window"], a["at_ms"], a["device"], a["seq"]) for a in made["admissions"]
        }
        assert listed == admitted_rows(fair.festival_id)
    assert len(made["scans"]) == 40
    canonical_json(made)


def at_once(app, phones, mutations):
    """Each phone sends its mutation from a thread of its own, all let go together."""
    ready = threading.Barrier(len(phones))
    told: list[dict] = [{}] * len(phones)

    def send(place):
        phone = phones[place]
        phone.client = app.test_client()
        ready.wait()
        told[place] = phone.send(mutations[place])

    threads = [threading.Thread(target=send, args=(place,)) for place in range(len(phones))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_the_same_members_at_twenty_gates_at_once_are_first_once(app, client, fair):
    phones = [Phone(client, enrolment(app, fair, station=f"Cổng {n}")) for n in range(1, GATES + 1)]
    for owner in (CHUNG, HOA, DUC):
        told = at_once(app, phones, [phone.scan(fair.lists[owner], wall_ms=MORNING) for phone in phones])
        assert Counter(word for answer in told for word in verdicts(answer)) == {"applied": 1, "duplicate": GATES - 1}
    rows = admissions(app, fair)
    assert len(rows) == 9 and {row[4] for row in rows} == {1}
    with app.app_context():
        assert ledger.verify("checkin:thu-2024") == []


def test_overlapping_buses_at_once_neither_lock_up_nor_admit_twice(app, client, fair):
    phones = [Phone(client, enrolment(app, fair, station=f"Cổng {n}")) for n in range(1, 13)]
    lists = [fair.delegation_list, *fair.lists.values()]
    told = at_once(app, phones, [phone.scan(lists[n % 4], wall_ms=MORNING + n) for n, phone in enumerate(phones)])
    admitted = Counter(code for answer in told for code in answer["verdicts"][0]["detail"]["admitted"])
    assert set(admitted.values()) == {1} and len(admitted) == 10


def test_looking_before_leaping_admits_more_than_once(app):
    """The negative control: without the unique key, gates that look first and write then let one person in twice."""
    with app.app_context():
        engine = db.engine
        at_a_time = min(GATES, engine.pool.size())
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE naive (person TEXT NOT NULL, gate INTEGER NOT NULL)"))
    ready = threading.Barrier(at_a_time)
    firsts: list[str] = []

    def scan(gate: int, person: str) -> None:
        with engine.connect() as connection:
            ready.wait()
            seen = connection.scalar(text("SELECT count(*) FROM naive WHERE person = :p"), {"p": person})
            connection.rollback()
            ready.wait()
            if seen == 0:
                connection.execute(text("INSERT INTO naive VALUES (:p, :g)"), {"p": person, "g": gate})
                connection.commit()
                firsts.append(person)

    for person in ("ông Chung", "bà Hoa", "em Ánh"):
        threads = [threading.Thread(target=scan, args=(gate, person)) for gate in range(at_a_time)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert max(Counter(firsts).values()) > 1


def test_the_database_itself_refuses_a_second_admission(app, fair, gate):
    gate.send(gate.scan(fair.lists[HOA], wall_ms=MORNING))
    with app.app_context():
        row = db.session.execute(select(Admission.__table__).limit(1)).mappings().one()
        again = {key: value for key, value in row.items() if key != "id"}
        with pytest.raises(Exception, match=r"(?i)unique"), db.engine.begin() as connection:
            connection.execute(insert(Admission), again)


def test_a_gates_list_is_unreadable_without_the_pass_and_complete_with_it(app, client, fair, gate):
    state = gate.state()["state"]
    assert "roster" not in state and state["replaced"] == []
    whole = str(state)
    for name in [*fair.lists, "Danh Minh Khang", "Châu Văn Tài", "0912000111"]:
        assert name not in whole
    records = dict(state["passes"])
    family = opened(records[fair.lists[CHUNG]], fair.codes[CHUNG])
    assert family["name"] == CHUNG and family["unit"] == "Đoàn huyện Hòn Đất"
    assert [member["c"] for member in family["members"]] == fair.persons[CHUNG]
    bus = opened(records[fair.delegation_list], fair.delegation_code)
    assert {group["pass"] for group in bus["groups"]} == set(fair.lists.values())
    assert [member["n"] for member in bus["members"]] == ["Châu Văn Tài"]
    lead = Phone(client, enrolment(app, fair, DeviceRole.LEAD, station="Trưởng cổng"))
    assert {row["name"] for row in lead.state()["state"]["roster"]} == {*fair.lists, "Đoàn huyện Hòn Đất"}


def test_the_cursor_brings_only_what_is_new(app, fair, gate, other):
    first = gate.state()["state"]
    assert first["admitted"] == []
    other.send(other.scan(fair.lists[HOA], wall_ms=MORNING))
    later = gate.state(first["cursor"])["state"]
    assert later["passes"] is None
    assert sorted(row[:5] for row in later["admitted"]) == sorted(
        [code, "entry", "2024-06-14", MORNING, "Cổng 2"] for code in fair.persons[HOA]
    )
    with app.app_context(), transaction():
        db.session.scalars(select(Family).where(Family.name == HOA)).one().version += 1
    assert len(gate.state(later["cursor"])["state"]["passes"]) == 4


def test_a_restored_server_is_seen_by_its_head(gate, fair):
    gate.send(gate.scan(fair.lists[HOA]))
    heads = gate.state(known="checkin:thu-2024,judging:x")["heads"]
    assert [(head["stream"], head["size"]) for head in heads] == [("checkin:thu-2024", 1)]
