"""May whoever runs the gates name what passes are shown for, change it, and take each step back?"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select, text, update

from festival.accounts.roles import Role
from festival.checkin.desk import arrivals
from festival.checkin.merge import window_of_ms
from festival.checkin.presence import has_come
from festival.checkin.purposes import naming
from festival.checkin.purposes.inside import count_inside, days_with_arrivals
from festival.checkin.purposes.known import gates_of
from festival.checkin.purposes.models import GatePurpose, PurposeEvery, PurposeKind
from festival.checkin.purposes.naming import HoursTyped, PurposeTyped
from festival.checkin.purposes.windows import (
    STANDARD,
    Closed,
    Purpose,
    Window,
    counted_anyway,
    open_at,
    overlapping,
    window_at,
)
from festival.checkin.seal.rows import SEAL
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.roster.models import Person
from tests.checkin.test_scans import CHUNG, DUC, HOA, MORNING
from tests.checkin.test_ways_back import HOUR, MINUTE, differences, exported, scan, told
from tests.devices.kit import Phone, enrolment, open_fair
from tests.devices.test_rights import signed_in
from tests.registration.pages_kit import post, words
from tests.registration.registered import race

LUNCH = Purpose(
    "com", "Cơm", "meal", "hours", again=False,
    windows=(Window("mot", "Lượt 1", 1_000_000, 2_000_000), Window("hai", "Lượt 2", 2_000_000, 3_000_000)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("at_ms", "shown", "expected"),
    [
        (999_999, None, Closed(1_000_000, 2_000_000, "mot")),
        (1_000_000, None, "mot"),
        (1_999_999, "hai", "mot"),
        (2_000_000, "mot", "hai"),
        (3_000_000, "hai", "hai"),
        (3_299_999, "hai", "hai"),
        (3_299_999, "mot", Closed(2_000_000, 3_000_000, "hai")),
        (3_300_000, "hai", Closed(2_000_000, 3_000_000, "hai")),
    ],
)
def test_the_window_is_the_one_it_happened_in(at_ms: int, shown: str | None, expected: object) -> None:
    assert window_at(LUNCH, at_ms, shown) == expected
    assert counted_anyway(LUNCH, at_ms, shown) == (expected if isinstance(expected, str) else expected.window)  # type: ignore[attr-defined]


def test_what_is_open_and_what_overlaps() -> None:
    gone = Purpose("qua", "Quà", "gift", "once", again=False, removed_ms=500)
    assert open_at([LUNCH, gone], 1_500_000) == [(LUNCH, "mot")]
    assert open_at([gone], 400) == [(gone, "-")]
    assert overlapping(LUNCH.windows) is None
    late = Window("ba", "Lượt 3", 2_999_999, 4_000_000)
    assert overlapping([*LUNCH.windows, late]) == (LUNCH.windows[1], late)
    assert overlapping([*LUNCH.windows, Window("ba", "Lượt 3", 2_500_000, 4_000_000, removed_ms=1)]) is None


def lunch(fair, classes=()):
    """The organiser named a lunch with two sittings, and a present for everybody, once."""
    festival = db.session.get_one(Festival, fair.festival_id)
    naming.set_gates(festival, 8, exits=True, version=0, by=None)
    typed = PurposeTyped("Cơm trưa", False, classes)
    naming.name_purpose(festival, typed, PurposeKind.MEAL, PurposeEvery.HOURS, None)
    naming.name_purpose(festival, PurposeTyped("Quà", False), PurposeKind.GIFT, PurposeEvery.ONCE, None)
    for n, start in enumerate((3, 5), 1):
        opens = MORNING + start * HOUR
        naming.add_hours(festival, "com-trua", HoursTyped(f"Lượt {n}", opens, opens + 2 * HOUR), None)


def test_one_meal_a_meal_and_one_present_a_festival(app, client):
    fair = open_fair(app)
    gate = Phone(client, enrolment(app, fair))
    with app.app_context(), transaction():
        lunch(fair)
    family, meal = fair.lists[HOA], {"purpose": "com-trua"}
    opens = MORNING + 3 * HOUR
    forced = {"force": {"reason": "đoàn đến muộn"}}
    found = told(
        gate,
        scan(gate, family, opens - 1, **meal),
        scan(gate, family, opens, **meal),
        scan(gate, family, opens + HOUR, **meal),
        scan(gate, family, opens + 2 * HOUR, **meal),
        scan(gate, family, opens + 4 * HOUR + MINUTE, window="com-trua-2", **meal),
        scan(gate, family, opens + 5 * HOUR, window="com-trua-2", **meal),
        scan(gate, family, opens + 5 * HOUR, fair.persons[HOA][:1], **meal, **forced),
        scan(gate, family, MORNING, purpose="qua"),
        scan(gate, family, MORNING + 30 * HOUR, purpose="qua"),
    )
    assert [each[:2] for each in found] == [
        ("quarantined", "closed"),
        ("applied", None),
        ("duplicate", None),
        ("applied", None),
        ("duplicate", None),
        ("quarantined", "closed"),
        ("duplicate", None),
        ("applied", None),
        ("duplicate", None),
    ]
    assert found[0][2] == {"opens_ms": opens, "closes_ms": opens + 2 * HOUR}
    assert [each[2].get("window") for each in found[1:5]] == ["com-trua-1", "com-trua-1", "com-trua-2", "com-trua-2"]
    assert found[6][2]["window"] == "com-trua-2" and found[6][2]["not_allowed"] == "closed"
    assert found[7][2]["window"] == "-"
    state = gate.state()["state"]
    assert state["settings"] == {"countdown_s": 8, "exits": True}
    assert [(each["code"], [window["code"] for window in each["windows"]]) for each in state["purposes"][3:]] == [
        ("com-trua", ["com-trua-1", "com-trua-2"]),
        ("qua", []),
    ]
    exported(app, fair)


def test_a_class_that_may_not_and_a_purpose_put_away_while_the_phone_was_offline(app, client):
    fair = open_fair(app)
    gate = Phone(client, enrolment(app, fair))
    with app.app_context(), transaction():
        lunch(fair, classes=["family"])
        db.session.execute(update(GatePurpose).where(GatePurpose.code == "qua").values(removed_ms=MORNING + HOUR))
    noon = MORNING + 3 * HOUR
    found = told(
        gate,
        scan(gate, fair.delegation_list, noon, purpose="com-trua"),
        scan(gate, fair.delegation_list, noon, [fair.driver], purpose="com-trua"),
        scan(gate, fair.lists[HOA], MORNING, purpose="qua"),
        scan(gate, fair.lists[DUC], noon, purpose="qua"),
    )
    assert [each[:2] for each in found] == [
        ("applied", None),
        ("rejected", "other_class"),
        ("applied", None),
        ("quarantined", "closed"),
    ]
    assert fair.driver not in found[0][2]["admitted"] and len(found[0][2]["admitted"]) == 9
    assert found[3][2] == {}
    assert [each["code"] for each in gate.state()["state"]["purposes"]] == ["entry", "meal", "card", "com-trua"]


def named_first(app, fair, name):
    with app.app_context(), transaction():
        festival = db.session.get_one(Festival, fair.festival_id)
        return naming.name_purpose(festival, PurposeTyped(name, False), PurposeKind.GIFT, PurposeEvery.ONCE, None)


def test_named_changed_put_away_and_taken_up_by_the_gate_lead(app, client):
    """The whole way through the page; every step back is as near as the step, and what was let in stays."""
    fair = open_fair(app)
    gate = Phone(client, enrolment(app, fair))
    page, lead = "/office/purposes", signed_in(app, "cong", Role.GATE_LEAD)
    assert post(lead, page, {"name": "", "kind": "meal", "every": "hours"}).status_code == 400
    assert post(lead, page, {"name": "Cơm trưa", "kind": "tea", "every": "hours"}).status_code == 400
    assert post(lead, page, {"name": "Cơm trưa", "kind": "meal", "every": "hours"}).status_code == 302
    noon = {"name": "Cơm trưa 14/6", "day": "2024-06-14", "opens": "10:30", "closes": "13 giờ"}
    lunch = f"{page}/com-trua"
    refused = post(lead, f"{lunch}/hours", {**noon, "opens": "trưa"}, page)
    assert refused.status_code == 400 and "Xem lại giờ «trưa»" in words(refused) and "Cơm trưa 14/6" in refused.text
    assert post(lead, f"{lunch}/hours", {**noon, "day": "2024-07-14"}, page).status_code == 400
    assert post(lead, f"{lunch}/hours", noon, page).status_code == 302
    twice = post(lead, f"{lunch}/hours", {**noon, "name": "Lượt muộn", "opens": "12:59", "closes": "14:00"}, page)
    assert twice.status_code == 400 and "trùng giờ nhau" in words(twice)
    late = {"name": "Ăn khuya", "day": "2024-06-14", "opens": "22:00", "closes": "0:30"}
    assert post(lead, f"{lunch}/hours", late, page).status_code == 302
    at_eleven = MORNING + 4 * HOUR
    assert told(gate, scan(gate, fair.lists[HOA], at_eleven, purpose="com-trua"))[0][2]["window"] == "com-trua-1"
    # The kitchen is late: hours move, what was let in stays; the old form of somebody else is told.
    moved = {**noon, "opens": "11:30", "version": "1"}
    assert post(lead, f"{lunch}/hours/com-trua-1", moved, page).status_code == 302
    assert post(lead, f"{lunch}/hours/com-trua-1", moved, page).status_code == 409
    verdict, reason, detail = told(gate, scan(gate, fair.lists[CHUNG], at_eleven, purpose="com-trua"))[0]
    assert (verdict, reason, detail["opens_ms"]) == ("quarantined", "closed", MORNING + 4 * HOUR + HOUR // 2)
    assert post(lead, f"{lunch}/hours/com-trua-1/away", {"version": "2"}, page).status_code == 302
    assert post(lead, f"{lunch}/hours/com-trua-1/back", {"version": "3"}, page).status_code == 302
    changed = {"name": "Cơm trưa chay", "version": "1", "classes": ["family", "crew"], "again": "y"}
    assert post(lead, lunch, changed, page).status_code == 302
    assert post(lead, f"{lunch}/away", {"version": "2"}, page).status_code == 302
    assert [each["code"] for each in gate.state()["state"]["purposes"]] == ["entry", "meal", "card"]
    assert post(lead, f"{lunch}/back", {"version": "3"}, page).status_code == 302
    purpose = gate.state()["state"]["purposes"][-1]
    assert (purpose["name"], purpose["again"], purpose["classes"]) == ("Cơm trưa chay", True, ["family", "crew"])
    assert [window["name"] for window in purpose["windows"]] == ["Cơm trưa 14/6", "Ăn khuya"]
    assert purpose["windows"][1]["closes_ms"] - purpose["windows"][1]["opens_ms"] == 2 * HOUR + HOUR // 2
    always = post(lead, f"{page}/entry/away", {"version": "1"}, page)
    assert always.status_code == 409 and "luôn có" in words(always)
    seen = words(lead.get("/office/checkin?day=2024-06-14"))
    assert "Cơm trưa chay, Cơm trưa 14/6 2" in seen and "Đang ở trong" not in seen
    assert signed_in(app, "thu-ky", Role.SECRETARY).get(page).status_code == 403
    exported(app, fair)


@pytest.mark.either_database
def test_a_name_is_one_purposes_hours_that_counted_stay_on_their_day_and_the_night_belongs_to_its_evening(app, client):
    fair = open_fair(app)
    gate = Phone(client, enrolment(app, fair))
    page, lead = "/office/purposes", signed_in(app, "cong", Role.GATE_LEAD)
    lunch, hours = f"{page}/com-trua", f"{page}/com-trua/hours/com-trua-1"
    asked = {"name": "Cơm trưa", "kind": "meal", "every": "hours"}
    assert post(lead, page, asked).status_code == 302
    assert post(lead, lunch, {"name": "Cơm chay", "version": "1"}, page).status_code == 302
    # its first name is free again; a name that another one has is not, however it is spelt
    assert post(lead, page, asked).status_code == 302
    taken = post(lead, lunch, {"name": "CƠM  TRƯA", "version": "2"}, page)
    assert taken.status_code == 409 and "Cổng đang có một mục đích tên này" in words(taken)
    assert post(lead, page, {**asked, "name": "cơm chay"}).status_code == 409
    assert post(lead, lunch, {"name": "Cơm chay ", "version": "2", "again": "y"}, page).status_code == 302
    with app.app_context():
        named = [(each.code, each.name) for each in gates_of(fair.festival_id).purposes[3:]]
    assert named == [("com-trua", "Cơm chay"), ("com-trua-2", "Cơm trưa")]
    # made with the wrong number of times: put away, made anew under its name, and not taken up beside that one
    assert post(lead, f"{page}/com-trua-2/away", {"version": "1"}, page).status_code == 302
    assert post(lead, page, {**asked, "every": "once"}).status_code == 302
    again = post(lead, f"{page}/com-trua-2/back", {"version": "2"}, page)
    assert again.status_code == 409 and "Cổng đang có một mục đích tên này" in words(again)
    noon = {"name": "Lượt 1", "day": "2024-06-14", "opens": "10:30", "closes": "13:00"}
    for opens, closes in (("13:00", "10:30"), ("10:30", "10:30"), ("22:00", "3:00"), ("1:00", "0:30")):
        refused = post(lead, f"{lunch}/hours", {**noon, "opens": opens, "closes": closes}, page)
        assert refused.status_code == 400 and "Giờ đóng phải sau giờ mở" in words(refused), (opens, closes)
    assert post(lead, f"{lunch}/hours", noon, page).status_code == 302
    late = {"name": "Ăn khuya", "day": "2024-06-14", "opens": "0:30", "closes": "2:00"}
    assert post(lead, f"{lunch}/hours", late, page).status_code == 302
    # before anybody came the hours may go to another day, and back
    for version, day in ((1, "2024-06-15"), (2, "2024-06-14")):
        assert post(lead, hours, {**noon, "day": day, "version": str(version)}, page).status_code == 302
    assert told(gate, scan(gate, fair.lists[HOA], MORNING + 4 * HOUR, purpose="com-trua"))[0][0] == "applied"
    moved = post(lead, hours, {**noon, "day": "2024-06-15", "version": "3"}, page)
    assert moved.status_code == 409 and "không dời sang ngày khác được" in words(moved)
    assert post(lead, hours, {**noon, "closes": "13:30", "version": "3"}, page).status_code == 302
    shown = words(lead.get(page))
    assert f"Đã ghi {len(fair.persons[HOA])} người." in shown
    assert "10:30–13:30, 14/6/2024" in shown and "00:30–02:00, 15/6/2024" in shown
    exported(app, fair)


def test_of_two_who_change_at_once_the_second_is_told_and_the_first_three_are_written_once(app):
    fair = open_fair(app)

    def named(name):
        festival = db.session.get_one(Festival, fair.festival_id)
        try:
            return naming.name_purpose(festival, PurposeTyped(name, False), PurposeKind.GIFT, PurposeEvery.ONCE, None)
        except Conflict:
            return "conflict"

    assert sorted(race(app, 4, lambda: named("Quà"))) == ["conflict", "conflict", "conflict", "qua"]

    codes = iter([named_first(app, fair, name) for name in ("Nước", "Sữa", "Trà")])

    def called_juice():
        festival, own = db.session.get_one(Festival, fair.festival_id), next(codes)
        try:
            naming.change_purpose(festival, own, 1, PurposeTyped("Nước ép", False), None)
        except Conflict:
            return "conflict"
        return "done"

    assert sorted(race(app, 3, called_juice)) == ["conflict", "conflict", "done"]

    def overlapping_hours():
        festival = db.session.get_one(Festival, fair.festival_id)
        try:
            return naming.add_hours(festival, "com", HoursTyped("Lượt", MORNING, MORNING + HOUR), None)
        except BadInput:
            db.session.rollback()
            return "overlaps"

    with app.app_context(), transaction():
        festival = db.session.get_one(Festival, fair.festival_id)
        naming.name_purpose(festival, PurposeTyped("Cơm", False), PurposeKind.MEAL, PurposeEvery.HOURS, None)
    assert sorted(map(str, race(app, 4, overlapping_hours))) == ["com-1", *["overlaps"] * 3]
    with app.app_context():
        codes = list(db.session.scalars(select(GatePurpose.code).order_by(GatePurpose.position)))
        assert sorted(codes) == sorted([each.code for each in STANDARD] + ["qua", "com", "nuoc", "sua", "tra"])
    exported(app, fair)


def test_settings_of_the_gates_are_written_against_what_was_shown(app):
    fair = open_fair(app)

    def gates():
        with app.app_context():
            return gates_of(fair.festival_id)

    def set_to(countdown_s, version):
        with app.app_context(), transaction():
            festival = db.session.get_one(Festival, fair.festival_id)
            naming.set_gates(festival, countdown_s, exits=countdown_s == 8, version=version, by=None)

    assert (gates().countdown_s, gates().exits, gates().version) == (4, False, 0)
    set_to(8, 0)
    shown = gates()
    assert (shown.countdown_s, shown.exits, shown.purposes) == (8, True, STANDARD)
    set_to(0, shown.version)
    for countdown_s, version, refusal in ((4, shown.version, Overtaken), (5, shown.version + 1, BadInput)):
        with pytest.raises(refusal):
            set_to(countdown_s, version)
    assert (gates().countdown_s, gates().exits) == (0, False)
    exported(app, fair)


def test_the_commands_do_the_same(app):
    open_fair(app)
    run = app.test_cli_runner().invoke
    made = run(args=["checkin", "purpose", "Cơm trưa", "--kind", "meal"])
    assert made.exception is None and made.output == "com-trua\n"
    hours = ["checkin", "hours", "com-trua", "Lượt 1", "2024-06-14T10:30"]
    assert run(args=[*hours, "2024-06-14T13:00"]).output == "com-trua-1\n"
    assert run(args=[*hours, "2024-06-14T09:00", "--window", "com-trua-1"]).exit_code == 1
    assert run(args=[*hours, "2024-06-14T12:00", "--window", "com-trua-1"]).exit_code == 0
    assert run(args=["checkin", "put-away", "com-trua"]).exit_code == 0
    assert run(args=["checkin", "put-away", "entry"]).exit_code == 1
    assert "com-trua\tCơm trưa\tmeal\thours\tđã cất" in run(args=["checkin", "purposes"]).output
    assert run(args=["checkin", "take-up", "com-trua"]).exit_code == 0
    shown = run(args=["checkin", "purposes"]).output
    assert "  com-trua-1\tLượt 1\t2024-06-14T10:30\t2024-06-14T12:00\n" in shown


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("UPDATE gate_window SET closes_ms = closes_ms + 1", "Mục đích của cổng «com-trua com-trua-1», giờ đóng"),
        ("UPDATE gate_purpose SET again = TRUE WHERE code = 'qua'", "Mục đích của cổng «qua», vào lại được"),
        ("UPDATE gate_setting SET exits = FALSE", "Mục đích của cổng «gates», quét khi ra"),
        ("UPDATE scan SET undone = TRUE", "Lượt quét số 1 của thiết bị 1, đã hoàn tác"),
        ("UPDATE admission SET annulled = TRUE", f"Lượt vào của «{DUC}» ngày 2024-06-14, cả dòng"),
        ("UPDATE admission SET outside = TRUE", f"Lượt vào của «{DUC}» ngày 2024-06-14, đang ở ngoài"),
    ],
)
def test_whoever_changes_a_row_past_the_doors_is_seen(app, client, edit, said):
    fair = open_fair(app, {DUC: [DUC]})
    gate = Phone(client, enrolment(app, fair))
    with app.app_context(), transaction():
        lunch(fair)
    assert told(gate, scan(gate, fair.lists[DUC], MORNING))[0][0] == "applied"
    with app.app_context():
        assert differences(fair) == []
    with app.app_context(), transaction():
        db.session.execute(text(edit))
    with app.app_context():
        assert said in [str(say(each)) for each in SEAL.words(differences(fair))]


def test_a_second_purpose_of_entering_counts_as_arrived_on_every_page(app, client):
    fair = open_fair(app)
    with app.app_context(), transaction():
        festival = db.session.get_one(Festival, fair.festival_id)
        naming.name_purpose(festival, PurposeTyped("Cổng sau", True), PurposeKind.ENTRY, PurposeEvery.DAY, None)
    gate = Phone(client, enrolment(app, fair))
    assert told(gate, scan(gate, fair.lists[HOA], MORNING, purpose="cong-sau"))[0][0] == "applied"
    with app.app_context(), reading():
        day = window_of_ms(MORNING)
        came = {each.delegation: each.people_here for each in arrivals(fair.festival_id, day)}
        here = db.session.scalar(select(func.count()).select_from(Person).where(has_come(day)))
        days = days_with_arrivals(count_inside(fair.festival_id), gates_of(fair.festival_id))
    assert sum(came.values()) == here == len(fair.persons[HOA])
    assert days == {date.fromisoformat(day)}
