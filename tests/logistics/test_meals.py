"""Do portions add up, close at their hour, and come back? Does nobody write over somebody else's numbers?"""

from __future__ import annotations

import random
import re
from datetime import date

import pytest
from sqlalchemy import func, select

from festival.core import ledger
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.logistics import meals, queries
from festival.logistics.meals import PortionsTyped
from festival.logistics.models import MealKind, MealPortions
from festival.logistics.portions import Portions, total, typed_portions
from festival.roster.models import Delegation
from tests.house.test_statements import statements
from tests.logistics.cast import DAY, Stay
from tests.registration.pages_kit import post, words
from tests.registration.registered import race

pytestmark = pytest.mark.either_database


def form(page_text: str) -> dict[str, str]:
    """Every box of portions on the page as it stands, by name."""
    boxes = [dict(re.findall(r'([a-z]+)="([^"]*)"', each)) for each in re.findall(r"<input[^>]*>", page_text)]
    named = re.compile(r"(seen|portions|vegetarian|no_pork)-\d+")
    return {box["name"]: box.get("value", "") for box in boxes if named.fullmatch(box.get("name", ""))}


def test_typed_numbers() -> None:
    assert typed_portions(" 40", "3", "") == Portions(40, 3, 0)
    assert typed_portions("", " ", "") is None
    assert typed_portions("", "", "0") == Portions()
    for wrong in (
        ("40", "30", "11"),
        ("", "1", ""),
        ("-1", "", ""),
        ("4 0", "", ""),
        ("2001", "", ""),
        ("1" * 30, "", ""),
    ):
        assert isinstance(typed_portions(*wrong), Sentence), wrong
    assert (Portions(40, 3, 2) + Portions(5, 1)).written() == "45/4/2"


def test_kitchen_total_is_the_sum_of_the_delegations(stay: Stay) -> None:
    chance = random.Random(9)
    with stay.world.app.app_context():
        with transaction():
            own = db.session.scalars(select(Delegation).order_by(Delegation.id)).all()
            for day in (14, 15, 16):
                for kind in MealKind:
                    if (day, kind) not in ((14, MealKind.LUNCH), (14, MealKind.BREAKFAST)):
                        closes = date(2024, 6, day)
                        at = meals.now().replace(year=closes.year, month=6, day=day - 1, microsecond=0)
                        meals.name_meal(own[0].festival, closes, kind, at, None)
            said: dict[int, list[Portions]] = {}
            for meal in queries.meal_totals(own[0].festival_id):
                for delegation in own:
                    if chance.random() < 0.85:
                        diets = chance.randrange(20), chance.randrange(20)
                        new = Portions(sum(diets) + chance.randrange(90), *diets)
                        meals.save_portions(delegation, [PortionsTyped(meal.id, "", new)], None, reason="báo")
                        said.setdefault(meal.id, []).append(new)
        with reading():
            festival_id = own[0].festival_id
            with statements(stay.world.app) as asked:
                totals, lines = queries.meal_totals(festival_id), queries.delegation_lines(festival_id)
            assert len(asked) == 3
            assert len(totals) == 9
            assert {each.id: (each.portions, each.said) for each in totals} == {
                each.id: (total(said.get(each.id, [])), len(said.get(each.id, []))) for each in totals
            }
            by_delegation = {
                meal.id: total(line.portions[meal.id] for line in lines if meal.id in line.portions) for meal in totals
            }
            assert by_delegation == {each.id: each.portions for each in totals}
            one = queries.of_delegation(own[0].id)
            assert {meal.id: meal.portions for meal in one.meals if meal.said} == lines[0].portions
            assert list(one.days) == [DAY, date(2024, 6, 15), date(2024, 6, 16)]


def test_the_officer_says_numbers_until_the_hour_and_is_told_whom_to_call(stay: Stay) -> None:
    page = f"/delegation/{stay.world.hon_dat}/stay"
    officer = stay.officer
    typed = {f"seen-{stay.ahead}": "", f"portions-{stay.ahead}": "24", f"vegetarian-{stay.ahead}": "3"}
    assert post(officer, f"{page}/meals", typed, page=page).status_code == 302
    assert stay.numbers() == {("DOAN0", "lunch"): (24, 3, 0)}
    shown = officer.get(page)
    assert form(shown.text) == {
        f"seen-{stay.ahead}": "24/3/0", f"portions-{stay.ahead}": "24", f"vegetarian-{stay.ahead}": "3", f"no_pork-{stay.ahead}": "0",
    }  # fmt: skip
    assert "Bữa đã chốt cần đổi thì gọi Ban Tổ chức: 0297 3860 111." in words(shown)
    # A page that was open since before the hour: nothing of it is written, and what was typed is still there.
    late = {
        f"seen-{stay.past}": "",
        f"portions-{stay.past}": "9",
        f"seen-{stay.ahead}": "24/3/0",
        f"portions-{stay.ahead}": "30",
    }
    refused = post(officer, f"{page}/meals", late, page=page)
    assert refused.status_code == 409
    assert re.search(r"Bữa sáng 14/6 đã chốt số suất lúc .* gọi Ban Tổ chức: 0297 3860 111\.", words(refused))
    assert (form(refused.text)[f"portions-{stay.ahead}"], stay.numbers()) == ("30", {("DOAN0", "lunch"): (24, 3, 0)})
    wrong = {f"seen-{stay.ahead}": "24/3/0", f"portions-{stay.ahead}": "2", f"vegetarian-{stay.ahead}": "3"}
    unread = post(officer, f"{page}/meals", wrong, page=page)
    assert unread.status_code == 400
    assert "Bữa trưa 14/6: Suất chay và suất không thịt heo cộng lại là 3, nhiều hơn 2 suất." in words(unread)
    # The organiser corrects the closed one, and says why.
    desk = f"/office/logistics/{stay.world.hon_dat}"
    fix = {f"seen-{stay.past}": "", f"portions-{stay.past}": "9"}
    unsaid = post(stay.organiser, f"{desk}/meals", fix, page=desk)
    assert (unsaid.status_code, "Hãy ghi lý do sửa" in words(unsaid)) == (400, True)
    assert post(stay.organiser, f"{desk}/meals", fix | {"reason": "đoàn gọi điện"}, page=desk).status_code == 302
    assert stay.numbers()["DOAN0", "breakfast"] == (9, 0, 0)
    with stay.world.app.app_context(), reading():
        lines = db.session.scalars(
            select(ledger.LedgerPayload.content).join(
                ledger.LedgerEntry,
                (ledger.LedgerEntry.stream == ledger.LedgerPayload.stream) & (ledger.LedgerEntry.seq == ledger.LedgerPayload.seq),
            ).where(ledger.LedgerEntry.kind == "logistics.portions").order_by(ledger.LedgerEntry.seq)
        ).all()  # fmt: skip
        assert lines[1:] == ['{"no_pork":0,"portions":9,"reason":"đoàn gọi điện","vegetarian":0}']


def test_nobody_reaches_another_delegation(stay: Stay) -> None:
    other = stay.world.as_user(stay.world.other_officer)
    page = f"/delegation/{stay.world.hon_dat}/stay"
    own = f"/delegation/{stay.world.kien_luong}/stay"
    for address in (f"{page}/meals", f"{page}/arrival"):
        typed = {f"seen-{stay.ahead}": "", f"portions-{stay.ahead}": "24", "version": "0"}
        assert post(other, address, typed, page=own).status_code == 404
    assert (other.get(page).status_code, stay.numbers()) == (404, {})
    assert other.get("/office/logistics").status_code == 403


@pytest.mark.both_databases
def test_two_who_say_numbers_at_once_are_told_apart(stay: Stay) -> None:
    def say(portions: int) -> object:
        try:
            return meals.save_portions(
                stay.world.delegation(), [PortionsTyped(stay.ahead, "", Portions(portions))], None
            )
        except Overtaken as told:
            return told

    numbers = iter((20, 30, 40))
    outcomes = race(stay.world.app, 3, lambda: say(next(numbers)))
    assert sorted(type(each).__name__ for each in outcomes) == ["Overtaken", "Overtaken", "int"]
    (kept,) = stay.numbers().values()
    # The control: read, then write, as if nobody else were there; the second writes over the first and nobody is told.
    with stay.world.app.app_context():
        for portions in (50, 60):
            with transaction():
                row = db.session.scalars(select(MealPortions)).one()
                row.portions = portions
    assert (kept[0] in (20, 30, 40), stay.numbers()["DOAN0", "lunch"]) == (True, (60, 0, 0))
    with stay.world.app.app_context(), transaction():
        seen = PortionsTyped(stay.ahead, Portions(kept[0]).written(), Portions(1))
        try:
            meals.save_portions(stay.world.delegation(), [seen], None)
        except Overtaken:
            return
    raise AssertionError("a stale number was written")


def test_a_meal_taken_out_comes_back_with_its_numbers(stay: Stay) -> None:
    page, organiser = "/office/logistics", stay.organiser
    officer_page = f"/delegation/{stay.world.hon_dat}/stay"
    typed = {f"seen-{stay.ahead}": "", f"portions-{stay.ahead}": "24"}
    post(stay.officer, f"{officer_page}/meals", typed, page=officer_page)
    one = f"{page}/meals/{stay.ahead}"
    assert post(organiser, f"{one}/remove", {}, page=one).status_code == 302
    assert "Bữa trưa" not in words(stay.officer.get(officer_page))
    late = post(stay.officer, f"{officer_page}/meals", typed, page=officer_page)
    assert (late.status_code, "Có bữa không còn trong danh sách." in words(late)) == (400, True)
    assert post(organiser, f"{one}/restore", {}, page=page).status_code == 302
    assert form(stay.officer.get(officer_page).text)[f"portions-{stay.ahead}"] == "24"
    # Named anew instead of restored, it is the same meal.
    post(organiser, f"{one}/remove", {}, page=one)
    new = {"first": "14/6/2024", "last": "15/6/2024", "kind": "lunch", "before": "1", "closes_at": "16 giờ"}
    assert post(organiser, f"{page}/meals", new, page=page).status_code == 302
    assert "Bữa trưa 14/6/2024 24" in words(organiser.get(page))
    again = post(organiser, f"{page}/meals", new, page=page)
    assert (again.status_code, "Các bữa này đã có trong danh sách." in words(again)) == (409, True)
    outside = post(organiser, f"{page}/meals", new | {"last": "17/6/2024"}, page=page)
    assert (outside.status_code, "từ 14/6/2024 đến 16/6/2024" in words(outside)) == (400, True)
    moved = post(organiser, f"{one}/hour", {"day": "15/6/2024", "at": "7:00"}, page=one)
    assert (moved.status_code, "Hạn đổi số suất phải trước hoặc trong ngày ăn." in words(moved)) == (400, True)
    assert post(organiser, f"{one}/hour", {"day": "14/6/2024", "at": "7:00"}, page=one).status_code == 302
    with stay.world.app.app_context():
        with reading():
            assert db.session.scalar(select(func.count()).select_from(MealPortions)) == 1
        with snapshot():
            assert inspect(["decisions:kg-2024"]).named() == []


ARRIVAL = {
    "day": "14/6/2024", "at": "6 giờ 30", "place": " Bãi xe  B ", "vehicle": "coach", "plate": "68b-012.34", "driver_phone": "+84 912 345 678",
    "nights_from": "14/6/2024", "nights_until": "16/6/2024", "bring": "Nón\n Nước ", "bus_home": "", "version": "0",
}  # fmt: skip


def test_arrival_is_written_corrected_and_totalled(stay: Stay) -> None:
    page = f"/delegation/{stay.world.hon_dat}/stay"
    officer, organiser = stay.officer, stay.organiser
    wrong = (
        {"at": ""}, {"day": ""}, {"day": "31/6/2024"}, {"at": "25:00"}, {"nights_until": ""}, {"nights_until": "14/6/2024"}, {"driver_phone": "123"},
        {"day": "14/6/1984"}, {"nights_from": "14/6/1924"}, {"nights_until": "16/8/2024"},
    )  # fmt: skip
    for change in wrong:
        refused = post(officer, f"{page}/arrival", ARRIVAL | change, page=page)
        assert (refused.status_code, 'value=" Bãi xe  B "' in refused.text) == (400, True), change
    assert "xa ngày hội quá. Ghi ngày từ 15/5/2024 đến 16/7/2024." in words(refused)
    assert post(officer, f"{page}/arrival", ARRIVAL, page=page).status_code == 302
    stale = post(officer, f"{page}/arrival", ARRIVAL, page=page)
    assert (stale.status_code, "Có người vừa thay đổi trước" in words(stale)) == (409, True)
    told = {"bring": "Áo mưa", "bus_home": "Xe về lúc 16 giờ tại cổng chính", "version": "0"}
    assert post(organiser, "/office/logistics/told", told, page="/office/logistics").status_code == 302
    with stay.world.app.app_context(), reading():
        found = queries.of_delegation(stay.world.delegation().id)
        assert (found.place, found.plate, found.driver_phone) == ("Bãi xe B", "68B-012.34", "0912345678")
        assert (found.bring, found.bus_home) == ("Nón\nNước", "Xe về lúc 16 giờ tại cổng chính")
        assert queries.of_delegation(0) == queries.Arrangements()
    seen = words(organiser.get("/office/logistics"))
    assert "6 giờ 30, 14/6/2024 Bãi xe B" in seen and "người, đêm 15/6/2024 (1 đoàn)" in seen
    desk = f"/office/logistics/{stay.world.hon_dat}"
    assert (
        post(
            organiser, f"{desk}/arrival", ARRIVAL | {"version": "1", "nights_from": "", "nights_until": ""}, page=desk
        ).status_code
        == 302
    )
    assert "Chưa đoàn nào báo ở lại qua đêm." in words(organiser.get("/office/logistics"))
    with stay.world.app.app_context():
        with snapshot():
            assert inspect(["decisions:kg-2024"]).named() == []
        with transaction():  # what nobody recorded is told
            db.session.execute(MealPortions.__table__.insert().values(meal_id=stay.ahead, delegation_id=stay.world.delegation().id, portions=5, vegetarian=0, no_pork=0))  # type: ignore[attr-defined]  # fmt: skip
        with snapshot():
            (told_of,) = inspect(["decisions:kg-2024"]).named()
        assert (told_of[0], told_of[1].table) == ("logistics", "meal_portions")
