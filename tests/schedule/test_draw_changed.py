"""Is a draw changed by two heads, put right, added to, voided, and has every step its way back, on both databases?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.accounts.actions import create_user
from festival.accounts.passwords import hash_password
from festival.accounts.roles import Role
from festival.contests.models import Contest, ContestState
from festival.core.clock import from_local, local, now
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.demo import build
from festival.roster.models import Entry, EntryState
from festival.schedule import drawing, planning, queries
from festival.schedule.draw import Undrawn
from festival.schedule.drawn import changing, trials
from festival.schedule.editing import draft
from festival.schedule.models import Act, ActState, Draw, Session
from festival.schedule.moving import acts, locking
from festival.schedule.sessions import add_session
from tests.demo.test_demo import csrf, sign_in
from tests.schedule.test_programme import Ids, at, ids, inside, sessions

__all__ = ["ids", "inside", "sessions"]  # fixtures

HEADS = ("Danh Văn Một", "Thị Hai")


@pytest.fixture
def drawn(sessions: Ids) -> Ids:
    """Seven sing in the order of their delegations, planned and published."""
    with transaction():
        numbers = {f"tai-nang-{number}": str(number) for number in range(1, 8)}
        drawing.draw_by_hand(sessions.talent, numbers, None)
        planning.make_plan(sessions.festival)
        planning.publish(sessions.festival, None)
    return sessions


def order(contest_id: int) -> str:
    """Who has which number, by the last digit of the code; a withdrawn one in brackets."""
    with reading():
        rows = db.session.scalars(
            select(Entry).where(Entry.contest_id == contest_id, Entry.number.is_not(None)).order_by(Entry.number)
        ).all()
        assert [row.number for row in rows] == sorted({row.number for row in rows})
        return "".join(row.code[-1] if row.state is EntryState.ENROLLED else f"({row.code[-1]})" for row in rows)


def on_stage(contest_id: int) -> str:
    """Who comes on after whom in the draft."""
    with reading():
        wanted = select(Act).join(Entry).where(Entry.contest_id == contest_id).order_by(Act.starts_at)
        return "".join(act.entry.code[-1] for act in db.session.scalars(wanted))


def held(contest_id: int) -> str:
    """Which acts are locked."""
    with reading():
        wanted = (
            select(Entry.code).join(Act, Act.entry_id == Entry.id).where(Act.locked, Entry.contest_id == contest_id)
        )
        return "".join(code[-1] for code in db.session.scalars(wanted))


def sealed() -> list[str]:
    with snapshot():
        # the families of these tests came by no door, so no line speaks of them
        return [str(found) for room, found in inspect().named() if room == "schedule"]


def swap(ids: Ids, one: int, other: int) -> int:
    with transaction():
        pair = f"tai-nang-{one}", f"tai-nang-{other}"
        return changing.swap(ids.talent, pair, HEADS, "bận việc nhà", None).id


def test_two_heads_swap_numbers_and_places_and_take_it_back(drawn: Ids) -> None:
    published = "1234567"
    first = swap(drawn, 2, 6)
    assert (order(drawn.talent), on_stage(drawn.talent)) == ("1634527", "1634527")
    second = swap(drawn, 6, 7)
    assert (order(drawn.talent), on_stage(drawn.talent)) == ("1734526", "1734526")
    with pytest.raises(Overtaken, match="Hoàn tác lần sau cùng trước"), transaction():
        changing.undo(drawn.talent, first, "thôi", None)
    with transaction():
        changing.undo(drawn.talent, second, "hai bên thôi", None)
        changing.undo(drawn.talent, first, "hai bên thôi", None)
    assert (order(drawn.talent), on_stage(drawn.talent)) == (published, published)
    with reading():
        plan = queries.published_plan(drawn.festival)
        assert plan is not None
        assert "".join(act["entry"][-1] for act in plan.content["acts"] if act["contest"] == "tai-nang") == published
    assert sealed() == []


def test_who_has_begun_swaps_no_more_and_the_others_still_do(drawn: Ids) -> None:
    with transaction():
        first = db.session.scalars(select(Act).join(Entry).where(Entry.code == "tai-nang-1")).one()
        first.state, first.began_at = ActState.DONE, now()
        db.session.execute(update(Contest).where(Contest.id == drawn.talent).values(rules_fixed_at=now()))
    with pytest.raises(Conflict, match="«Gia đình 1» đã lên sân khấu"):
        swap(drawn, 1, 2)
    swap(drawn, 2, 3)
    assert order(drawn.talent) == "1324567"
    with pytest.raises(Conflict, match="đã bắt đầu chấm"), transaction():
        changing.correct_number(drawn.talent, "tai-nang-4", 5, "gõ nhầm", None)
    with transaction():
        db.session.execute(update(Contest).where(Contest.id == drawn.talent).values(state=ContestState.LOCKED))
    with pytest.raises(Conflict, match="đã khóa điểm"):
        swap(drawn, 4, 5)


@pytest.mark.either_database
def test_a_swap_that_is_not_complete_is_refused_in_words(drawn: Ids) -> None:
    for pair, heads, reason, said in (
        ((2, 2), HEADS, "x", "Chọn hai tiết mục khác nhau"),
        ((2, 9), HEADS, "x", "Chọn tiết mục đã có số"),
        ((2, 3), ("", "Thị Hai"), "x", "Chưa ghi họ và tên"),
        ((2, 3), ("Danh Văn Một", "12"), "x", "không phải họ và tên"),
        ((2, 3), HEADS, "  ", "Ghi lý do hai đoàn đổi số"),
        ((2, 3), HEADS, "x" * 301, "Lý do dài quá 300 ký tự"),
    ):
        with pytest.raises(BadInput, match=said), transaction():
            changing.swap(drawn.talent, (f"tai-nang-{pair[0]}", f"tai-nang-{pair[1]}"), heads, reason, None)
    assert order(drawn.talent) == "1234567"


def test_a_withdrawal_keeps_the_others_numbers_and_a_late_one_comes_behind_the_last(drawn: Ids) -> None:
    with transaction():
        rows = {row.code[-1]: row for row in db.session.scalars(select(Entry).where(Entry.contest_id == drawn.talent))}
        rows["3"].state = EntryState.WITHDRAWN
        late = Entry(contest_id=drawn.talent, delegation_id=rows["1"].delegation_id, code="tai-nang-8", name="Đội 8",
                     state=EntryState.ENROLLED)  # fmt: skip
        db.session.add(late)
    assert order(drawn.talent) == "12(3)4567"
    with pytest.raises(BadInput, match="«Gia đình 3» đã rút"):
        swap(drawn, 3, 4)
    with transaction():
        assert isinstance(changing.add_late(drawn.talent, {"tai-nang-8": "3"}, "", None), Undrawn)
        change = changing.add_late(drawn.talent, {"tai-nang-8": "8"}, "", None)
        assert not isinstance(change, Undrawn)
    assert order(drawn.talent) == "12(3)45678"
    with pytest.raises(Overtaken), transaction():
        changing.add_late(drawn.talent, {}, "1", None)
    with transaction():
        draft.fill(drawn.festival, None)
        changing.undo(drawn.talent, change.id, "duyệt nhầm", None)
    assert order(drawn.talent) == "12(3)4567"
    with transaction():
        changing.add_late(drawn.talent, {}, "14062024", None)
    assert order(drawn.talent) == "12(3)45678"
    assert sealed() == []


@pytest.mark.either_database
def test_a_number_typed_wrongly_is_put_right_and_back(drawn: Ids) -> None:
    with transaction():
        change = changing.correct_number(drawn.talent, "tai-nang-2", 5, "gõ 2 thành 5", None)
        assert (change.kind.value, len(change.entries)) == ("corrected", 2)
    assert (order(drawn.talent), on_stage(drawn.talent)) == ("1534267", "1534267")
    with pytest.raises(BadInput, match="từ 1 đến 7"), transaction():
        changing.correct_number(drawn.talent, "tai-nang-2", 8, "x", None)
    with transaction():
        changing.undo(drawn.talent, change.id, "không nhầm", None)
    assert order(drawn.talent) == "1234567"


@pytest.mark.either_database
def test_a_place_goes_with_the_number_where_only_one_has_one(drawn: Ids) -> None:
    with transaction():
        db.session.delete(db.session.scalars(select(Act).join(Entry).where(Entry.code == "tai-nang-7")).one())
    swap(drawn, 2, 7)
    assert (order(drawn.talent), on_stage(drawn.talent)) == ("1734562", "173456")


def test_a_lock_stays_on_a_place_that_another_gets_and_the_ledger_says_so(drawn: Ids) -> None:
    """Also when it is taken back; the lock of an act that changes its place for another goes with the act."""
    with transaction():
        acts.take_off(drawn.festival, "tai-nang-5", None)
        locking.lock_act(drawn.festival, "tai-nang-2", True, None)
    change = swap(drawn, 2, 5)
    assert (on_stage(drawn.talent), held(drawn.talent), sealed()) == ("153467", "5", [])
    with transaction():
        changing.undo(drawn.talent, change, "hai bên thôi", None)
    assert (on_stage(drawn.talent), held(drawn.talent), sealed()) == ("123467", "2", [])
    swap(drawn, 2, 3)
    assert (on_stage(drawn.talent), held(drawn.talent), sealed()) == ("132467", "2", [])


def test_a_voided_draw_is_set_in_force_again_with_its_changes(drawn: Ids) -> None:
    change = swap(drawn, 2, 6)
    with transaction():
        drawing.cancel_draw(drawn.talent, "nhầm phần thi", None)
    assert order(drawn.talent) == ""
    with transaction():
        drawing.restore_draw(drawn.talent, None)
    assert order(drawn.talent) == "1634527"
    with transaction():
        changing.undo(drawn.talent, change, "thôi", None)
        drawing.cancel_draw(drawn.talent, "bốc lại", None)
        drawing.draw_by_seed(drawn.talent, "1", None)
    with pytest.raises(Overtaken, match="đã bốc lại"), transaction():
        drawing.restore_draw(drawn.talent, None)
    assert sealed() == []


@pytest.mark.either_database
def test_who_drew_a_session_has_place_in_it_alone(sessions: Ids) -> None:
    with transaction():
        evening = add_session(sessions.stages[0], sessions.talent, at(13), at(17), "buổi chiều").id
        morning = db.session.scalars(
            select(Session.id).where(Session.contest_id == sessions.talent).order_by(Session.id)
        ).all()[0]
        codes = [f"tai-nang-{number}" for number in (6, 1, 7, 2, 3, 4, 5)]
        drawing.draw_in_blocks(sessions.talent, codes, [(morning, 2), (evening, 5)], None)
        planning.make_plan(sessions.festival)
    assert (order(sessions.talent), on_stage(sessions.talent)) == ("6172345", "6172345")
    with reading():
        acts = db.session.scalars(select(Act).where(Act.session_id == morning).order_by(Act.position)).all()
        assert "".join(act.entry.code[-1] for act in acts) == "61"
    with pytest.raises(Overtaken, match="Danh sách tiết mục vừa đổi"), transaction():
        drawing.draw_in_blocks(sessions.relay, codes, [], None)


@pytest.mark.either_database
def test_in_a_knock_out_a_withdrawal_leaves_everybody_else_their_opponent(drawn: Ids) -> None:
    with reading():
        contest = db.session.get_one(Contest, drawn.talent)
        rows = queries.enrolled(drawn.talent)
        contest.result_kind = type(contest.result_kind).MATCH
        pairs = queries.together(contest, [row for row in rows if row.number not in (2, 7)])
        assert [tuple(entry.number for entry in pair) for pair in pairs] == [(3, 4), (5, 6)]
        db.session.rollback()


def test_slots_on_the_stage_follow_the_draw(drawn: Ids) -> None:
    eve = from_local(datetime.combine(date(2024, 6, 27), time(8)))
    with transaction():
        trials.set_trial(drawn.talent, "hoi-truong", eve, 10, 0, None)
    swap(drawn, 2, 6)
    with transaction():
        gone = db.session.scalars(select(Entry).where(Entry.code == "tai-nang-3")).one()
        gone.state = EntryState.WITHDRAWN
    with reading():
        (found,) = trials.trials(drawn.festival)
        said = [
            (trials.delegation_named(slot.delegation)[-1], f"{local(slot.starts_at):%H:%M}") for slot in found.slots
        ]
        assert said[:3] == [("1", "08:00"), ("6", "08:10"), ("3", "08:20")]
        assert {trials.delegation_named(each)[-1] for each in found.out} == {"3"}
    with pytest.raises(Overtaken), transaction():
        trials.set_trial(drawn.talent, "hoi-truong", eve, 5, 0, None)
    with pytest.raises(BadInput, match="Trùng giờ trên sân khấu"), transaction():
        trials.set_trial(drawn.talent, "hoi-truong", at(9), 10, 1, None)
    with pytest.raises(BadInput, match="từ 1 đến 240"), transaction():
        trials.set_trial(drawn.talent, "hoi-truong", eve, 0, 1, None)
    with transaction():
        trials.take_trial_back(drawn.talent, 1, None)
        assert trials.trials(drawn.festival) == []
        trials.set_trial(drawn.talent, "san", eve, 5, 2, None)
    assert sealed() == []


def at_once(app: Flask, works: list[Callable[[], object]]) -> None:
    together = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        with app.app_context():
            together.wait()
            work()
            db.session.remove()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_swaps_at_once_follow_one_another_and_none_is_lost(app: Flask, drawn: Ids) -> None:
    at_once(app, [lambda other=other: swap(drawn, 1, other) for other in (2, 3, 4)])
    found = order(drawn.talent)
    assert (sorted(found), found[4:]) == (sorted("1234567"), "567")
    assert found[0] != "1" and "1" in found[1:4]
    # each swap put 1 where the other was: 2, 3 and 4 all stand elsewhere than before but for none
    assert all(found[at] != str(at + 1) for at in range(4))
    assert on_stage(drawn.talent) == found
    assert sealed() == []


def test_orders_written_from_what_was_read_before_lose_a_swap(app: Flask, drawn: Ids) -> None:
    """The control: read first, write the whole order later."""
    read = Barrier(2)

    def naive(one: int, other: int) -> None:
        with reading():
            row = db.session.scalars(select(Draw).where(Draw.contest_id == drawn.talent)).one()
            codes = {entry.code[-1]: entry.id for entry in queries.enrolled(drawn.talent)}
            new = changing.exchanged(row.order, codes[str(one)], codes[str(other)])
        read.wait()
        with transaction():
            drawing.number_entries(drawn.talent, new)

    at_once(app, [lambda: naive(1, 2), lambda: naive(3, 4)])
    assert order(drawn.talent) in ("2134567", "1243567")


@pytest.fixture
def organiser(app: Flask, drawn: Ids, client: FlaskClient) -> FlaskClient:
    app.teardown_request(lambda _error: db.session.remove())
    with transaction():
        create_user("btc", "Ban Tổ chức", hash_password(build.PASSWORD), [Role.ORGANISER])
    sign_in(client, "btc")
    return client


@pytest.mark.either_database
def test_page_of_the_draw_swaps_corrects_adds_undoes_and_keeps_what_was_typed(
    organiser: FlaskClient, drawn: Ids
) -> None:
    page = "/office/schedule/tai-nang/draw"
    token = csrf(organiser, page)
    form = {
        "csrf_token": token,
        "entry": "tai-nang-2",
        "other": "tai-nang-6",
        "one_head": "Danh Văn Một",
        "reason": "bận việc",
    }
    refused = organiser.post(f"{page}/swap", data=form)
    assert refused.status_code == 400
    for kept in ("Danh Văn Một", "bận việc", 'value="tai-nang-6" selected', "Chưa ghi họ và tên"):
        assert kept in refused.text, kept
    assert organiser.post(f"{page}/swap", data={**form, "other_head": "Thị Hai"}).status_code == 303
    shown = organiser.get(page).text
    assert "«Gia đình 2» và «Gia đình 6» đổi số cho nhau; Danh Văn Một và Thị Hai đồng ý." in shown
    change = shown.split('name="change" value="')[1].split('"')[0]
    undone = organiser.post(f"{page}/undo", data={"csrf_token": token, "change": change, "reason": "hai bên thôi"})
    assert undone.status_code == 303 and "đã hoàn tác" in organiser.get(page).text
    wrong = {"csrf_token": token, "entry": "tai-nang-2", "number": "5", "reason": "gõ nhầm"}
    assert organiser.post(f"{page}/correct", data=wrong).status_code == 303
    trial = {
        "csrf_token": token,
        "stage": "hoi-truong",
        "day": "27/6/2024",
        "from": "8 giờ",
        "minutes": "10",
        "version": "0",
    }
    assert organiser.post(f"{page}/trial", data=trial).status_code == 303
    assert "8 giờ – 8 giờ 10" in organiser.get(page).text
    assert organiser.post(f"{page}/cancel", data={"csrf_token": token, "reason": "bốc lại"}).status_code == 303
    assert "Lấy lại kết quả đã hủy" in organiser.get(page).text
    assert organiser.post(f"{page}/restore", data={"csrf_token": token}).status_code == 303
    assert order(drawn.talent) == "1534267"
    assert organiser.post(f"{page}/khong-co", data={"csrf_token": token}).status_code == 404


@pytest.mark.either_database
def test_session_first_is_typed_read_back_and_recorded(organiser: FlaskClient, drawn: Ids) -> None:
    page = "/office/schedule/tai-nang/draw"
    with transaction():
        drawing.cancel_draw(drawn.talent, "bốc lại", None)
        evening = add_session(drawn.stages[0], drawn.talent, at(13), at(17), "buổi chiều").id
        both = db.session.scalars(
            select(Session.id).where(Session.contest_id == drawn.talent).order_by(Session.id)
        ).all()
    assert "Bốc buổi trước" in organiser.get(page).text
    typed = {"csrf_token": csrf(organiser, page), "by": "session", "step": "read"}
    for number in range(1, 8):
        typed |= {f"s-tai-nang-{number}": str(both[number % 2]), f"n-tai-nang-{number}": str((number + 1) // 2)}
    refused = organiser.post(page, data={**typed, "n-tai-nang-1": "9"})
    assert refused.status_code == 422 and "«9» không phải số từ 1 đến 4 của buổi ấy" in refused.text
    read = organiser.post(page, data=typed)
    assert "Đọc lại cho các trưởng đoàn nghe" in read.text
    assert organiser.post(page, data={**typed, "step": "confirm"}).status_code == 302
    assert order(drawn.talent) == "2461357"
    with reading():
        assert db.session.scalars(select(Draw).where(Draw.voided_at.is_(None), Draw.contest_id == drawn.talent)).one().blocks == [
            [both[0], 3], [evening, 4],
        ]  # fmt: skip
