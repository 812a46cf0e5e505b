"""Are wishes made, changed, taken back and had again with the ledger knowing, obeyed by every plan, and said in words where they cannot be?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from festival.accounts.models import User
from festival.contests.models import Judge, PanelSeat
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.privacy.people import redacting
from festival.roster.models import Entry, Family
from festival.schedule import planning, queries
from festival.schedule.conflicts import Clash
from festival.schedule.editing import draft, steps
from festival.schedule.editing.following import Carried, PlanFollows, carry_out
from festival.schedule.models import Act, Stage
from festival.schedule.planning import NotPublished, Published
from festival.schedule.sessions import add_session
from festival.schedule.wishes.models import Wish, WishKind
from festival.schedule.wishing import deciding, finding
from festival.schedule.wishing.deciding import WishValues, add_wish, bring_back_wish, change_wish, take_back_wish
from tests.schedule.test_programme import Ids, at, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, times

__all__ = ["ids", "inside", "planned", "sessions"]  # fixtures

pytestmark = pytest.mark.either_database


def entry(code: str) -> int:
    with reading():
        return db.session.scalars(select(Entry.id).where(Entry.code == code)).one()


def family(number: int) -> int:
    with reading():
        return db.session.scalars(select(Family.id).where(Family.code == f"f{number}")).one()


def made(festival: int, kind: WishKind, *entries: int, **values: Any) -> int:
    with transaction():
        return add_wish(festival, WishValues(kind, *entries, **values), None).id


def clean() -> bool:
    """Whether wishes, and what stages take, are those of the ledger; the families here were made without it."""
    with seals.snapshot():
        return not [each for _seal, each in seals.inspect().named() if each.table in ("wish", "stage_takes")]


def said(festival: int, *kinds: Clash) -> list[str]:
    with reading():
        return [str(each) for each in queries.plan_conflicts(festival) if each.kind in kinds]


def test_a_wish_is_made_changed_taken_back_and_had_again_and_the_ledger_knows(sessions: Ids) -> None:
    ids, third = sessions, family(3)
    away = WishValues(WishKind.AWAY, family_id=third, starts_at=at(7), ends_at=at(8), note="lên muộn")
    with transaction():
        wish = add_wish(ids.festival, away, None).id
    with transaction():
        changed = change_wish(ids.festival, wish, replace(away, ends_at=at(9)), 1, None)
        assert (changed.version, local(changed.ends_at or now()).hour) == (2, 9)
    with pytest.raises(Overtaken, match="vừa sửa hoặc rút"), transaction():
        change_wish(ids.festival, wish, away, 1, None)
    for step, version in ((take_back_wish, 2), (bring_back_wish, 3)):
        with transaction():
            step(ids.festival, wish, version, None)
        with pytest.raises(Overtaken), transaction():
            step(ids.festival, wish, version + 1, None)
        assert clean()
    with transaction():
        planning.make_plan(ids.festival, order_binds=False)
    assert times(ids.talent)["tai-nang-3"] >= "09:00"
    with transaction():
        db.session.get_one(Wish, wish).note = "lên sớm"
    assert not clean()


def test_of_two_alike_the_second_is_refused_and_taken_back_it_is_no_hindrance(sessions: Ids) -> None:
    ids, one, other = sessions, entry("tai-nang-1"), entry("tai-nang-2")
    for values in (
        WishValues(WishKind.MINUTES, one, minutes=4),
        WishValues(WishKind.WINDOW, one, starts_at=at(8)),
        WishValues(WishKind.OPENING, one),
        WishValues(WishKind.BEFORE, one, other),
        WishValues(WishKind.CHANGE, minutes=10),
        WishValues(WishKind.CHANGE, contest_id=ids.talent, minutes=10),
    ):
        with transaction():
            first = add_wish(ids.festival, values, None).id
        with pytest.raises(Conflict, match="một điều như vậy đang giữ"), transaction():
            add_wish(ids.festival, values, None)
        with transaction():
            take_back_wish(ids.festival, first, 1, None)
            add_wish(ids.festival, values, None)
        with pytest.raises(Conflict, match="một điều như vậy đang giữ"), transaction():
            bring_back_wish(ids.festival, first, 2, None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (WishValues(WishKind.AWAY, family_id=1, starts_at=at(9), ends_at=at(8)), "Giờ sau phải muộn hơn"),
        (WishValues(WishKind.PAUSE, starts_at=at(9), ends_at=at(10)), "Ghi tên giờ nghỉ"),
        (
            WishValues(WishKind.PAUSE, starts_at=at(9), ends_at=at(9) + timedelta(days=3), note="x"),
            "nằm ngoài ngày hội",
        ),
        (WishValues(WishKind.CHANGE, minutes=241), "từ 0 đến 240"),
        (WishValues(WishKind.MINUTES, 1, minutes=0), "từ 1 đến 240"),
        (WishValues(WishKind.WINDOW, 1), "Ghi ít nhất một giờ"),
        (WishValues(WishKind.WINDOW, 1, starts_at=at(8), ends_at=at(8, 1)), "dài hơn khoảng giờ vừa nhập"),
        (WishValues(WishKind.BEFORE, 1, 1), "cùng là một|cùng một tiết mục"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(sessions: Ids, values: WishValues, words: str) -> None:
    with pytest.raises(BadInput, match=words), transaction():
        add_wish(sessions.festival, values, None)


@pytest.mark.both_databases
def test_two_who_close_a_circle_at_the_same_moment_are_not_both_taken(app: Flask, sessions: Ids) -> None:
    ids, pair = sessions, (entry("tai-nang-1"), entry("tai-nang-2"))
    answers: list[str] = []
    together = Barrier(2)

    def work(first: int, second: int) -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    add_wish(ids.festival, WishValues(WishKind.BEFORE, first, second), None)
                answers.append("made")
            except BadInput as refused:
                answers.append(str(refused.message))
            finally:
                db.session.remove()

    def both(run: Any, *pairs: tuple[int, int]) -> None:
        threads = [Thread(target=run, args=each) for each in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    both(work, pair, pair[::-1])
    assert sorted(answers)[1] == "made"
    assert "đi thành vòng" in sorted(answers, key=len)[1]
    others = entry("tai-nang-3"), entry("tai-nang-4")
    looked = Barrier(2)

    def naive(first: int, second: int) -> None:
        """Looks first and writes afterwards."""
        with app.app_context():
            try:
                with reading():
                    there = db.session.scalar(select(func.count(Wish.id)).where(Wish.entry_id.in_(others)))
                looked.wait()
                with transaction():
                    values = {"entry_id": first, "other_id": second, "kind": WishKind.BEFORE}
                    assert there == 0
                    db.session.add(Wish(festival_id=ids.festival, **values))
            finally:
                db.session.remove()

    both(naive, others, others[::-1])
    with reading():
        assert db.session.scalar(select(func.count(Wish.id)).where(Wish.entry_id.in_(others))) == 2


def test_a_circle_is_said_with_its_acts_also_when_one_is_had_again(sessions: Ids) -> None:
    ids = sessions
    one, two, three = (entry(f"tai-nang-{number}") for number in (1, 2, 3))
    first = made(ids.festival, WishKind.BEFORE, one, two)
    made(ids.festival, WishKind.BEFORE, two, three)
    round_about = "«Gia đình 1» → «Gia đình 2» → «Gia đình 3» → «Gia đình 1»"
    with pytest.raises(BadInput, match=round_about), transaction():
        add_wish(ids.festival, WishValues(WishKind.BEFORE, three, one), None)
    with transaction():
        take_back_wish(ids.festival, first, 1, None)
        add_wish(ids.festival, WishValues(WishKind.BEFORE, three, one), None)
    with pytest.raises(BadInput, match="đi thành vòng"), transaction():
        bring_back_wish(ids.festival, first, 2, None)


def test_who_is_away_is_never_published_with_a_time_and_taken_back_is(planned: Ids) -> None:
    ids = planned
    first = min(times(ids.talent), key=lambda code: times(ids.talent)[code])
    wish = made(ids.festival, WishKind.AWAY, family_id=family(int(first[-1])), starts_at=at(7), ends_at=at(12))
    with transaction():
        answer = planning.publish(ids.festival, None)
    assert isinstance(answer, NotPublished)
    assert {each.kind for each in answer.conflicts} == {Clash.AWAY}
    with transaction():
        take_back_wish(ids.festival, wish, 1, None)
        assert planning.publish(ids.festival, None) == Published(2)


def test_a_judge_a_panel_and_a_delegation_can_be_away(planned: Ids) -> None:
    ids, hours = planned, {"starts_at": at(7, 40), "ends_at": at(7, 50)}
    with transaction():
        judge = User(login="gk", name="Trần Lan", created_at=now())
        db.session.add(judge)
        db.session.flush()
        db.session.add(Judge(contest_id=ids.talent, user_id=judge.id, seat=PanelSeat.MEMBER, letter="A"))
        user_id, delegation = judge.id, db.session.get_one(Family, 1).delegation_id
    for of in (
        {"user_id": user_id},
        {"contest_id": ids.relay},
        {"delegation_id": delegation, "starts_at": at(7), "ends_at": at(10)},
    ):
        made(ids.festival, WishKind.AWAY, **{**hours, **of})
    found = said(ids.festival, Clash.AWAY)
    assert [sum(name in each for each in found) for name in ("giám khảo Trần Lan", "ban giám khảo «", "«Đoàn 1»")] == [
        1,
        1,
        2,
    ]
    with transaction():
        planning.make_plan(ids.festival)
    assert said(ids.festival, Clash.AWAY) == []
    assert clean()


def test_an_act_of_its_own_length_is_as_long_in_the_plan_that_stands_and_again_without(planned: Ids) -> None:
    ids, one = planned, entry("tai-nang-1")

    def minutes() -> int:
        with reading():
            return db.session.scalars(select(Act.duration_min).where(Act.entry_id == one)).one()

    usual = minutes()
    wish = made(ids.festival, WishKind.MINUTES, one, minutes=usual + 7)
    assert minutes() == usual + 7
    assert said(ids.festival, Clash.STAGE) != []
    with transaction():
        change_wish(
            ids.festival, wish, WishValues(WishKind.MINUTES, entry_id=entry_of("tai-nang-2"), minutes=3), 1, None
        )
    assert minutes() == usual
    with transaction():
        take_back_wish(ids.festival, wish, 2, None)
        planning.make_plan(ids.festival)
    assert said(ids.festival, *Clash) == []


def entry_of(code: str) -> int:
    """The same, inside a transaction."""
    return db.session.scalars(select(Entry.id).where(Entry.code == code)).one()


def test_what_is_planned_anew_and_filled_in_keeps_every_wish(sessions: Ids) -> None:
    ids = sessions
    made(
        ids.festival, WishKind.PAUSE, starts_at=at(8), ends_at=at(8, 30), note="Nghỉ giữa buổi", stage_id=ids.stages[0]
    )
    made(ids.festival, WishKind.OPENING, entry("tai-nang-7"))
    made(ids.festival, WishKind.CLOSING, entry("tai-nang-1"))
    made(ids.festival, WishKind.BEFORE, entry("tai-nang-5"), entry("tai-nang-2"))
    with transaction():
        done = planning.make_plan(ids.festival)
    broken = {Clash.PAUSE, Clash.PLACE, Clash.BEFORE, Clash.ORDER}
    assert [each for each in done.conflicts if each.kind in broken] == []
    found = times(ids.talent)
    assert (min(found, key=lambda code: found[code]), max(found, key=lambda code: found[code])) == (
        "tai-nang-7",
        "tai-nang-1",
    )
    with transaction():
        gone = db.session.scalars(select(Act).where(Act.entry_id == entry_of("tai-nang-5"))).one()
        db.session.delete(gone)
    with transaction():
        assert draft.fill(ids.festival, None) == 0  # the closing act has the last place


def test_a_stage_says_what_it_takes_and_another_session_there_is_asked_first(sessions: Ids) -> None:
    ids = sessions
    with transaction():
        assert deciding.set_takes(ids.festival, "san", ["bao-bo"], None, seen=[]) == ["bao-bo"]
    with pytest.raises(Overtaken), transaction():
        deciding.set_takes(ids.festival, "san", [], None, seen=[])

    def add() -> object:
        return add_session(ids.stages[1], ids.talent, at(14), at(15))

    asked = carry_out(ids.festival, add, "", steps.told_about)
    assert isinstance(asked, PlanFollows)
    assert [str(each) for each in asked.told] == ["Sân vận động được ghi là không nhận phần thi này."]
    assert isinstance(carry_out(ids.festival, add, asked.stamp, steps.told_about), Carried)
    with transaction():
        every = [row.code for row in deciding.stage_contests(ids.festival)]
        assert deciding.set_takes(ids.festival, "san", every, None) == []
    assert clean()
    with transaction():
        deciding.set_takes(ids.festival, "san", ["bao-bo"], None)
    made(ids.festival, WishKind.PAUSE, starts_at=at(8), ends_at=at(9), note="Nghỉ", stage_id=ids.stages[1])
    with transaction():
        steps.remove_stage(ids.festival, "san", None)
        assert db.session.scalars(select(Wish.id)).all() == []
    assert clean()


def test_a_reason_goes_when_its_family_asks_and_the_absence_stays_for_the_timetable(sessions: Ids) -> None:
    wish = made(sessions.festival, WishKind.AWAY, family_id=family(2), starts_at=at(7), ends_at=at(8), note="việc nhà")
    with transaction():
        redacting.empty_own_rows([], db.session.get_one(Wish, wish).family_id)
        db.session.expire_all()
        kept = db.session.get_one(Wish, wish)
        assert (kept.note, local(kept.ends_at or now()).hour) == ("", 8)
    assert clean()
    with transaction():
        db.session.get_one(Wish, wish).ends_at = at(9)
    assert not clean()


def test_a_name_finds_its_act_and_several_are_named(sessions: Ids) -> None:
    festival, wanted = sessions.festival, entry("tai-nang-3")
    with reading():
        talent = db.session.get_one(Entry, wanted).contest.name
        assert finding.act_meant(festival, "tai-nang-3") == wanted
        assert finding.act_meant(festival, f"gia dinh 3, {talent}") == wanted
        assert finding.act_meant(festival, "Gia đình gì đó (tai-nang-3)") == wanted
        assert finding.somebody_meant(festival, "đoàn 4").column == "delegation_id"
        with pytest.raises(BadInput, match=r"Có 2 khớp «Gia đình 3». Gõ lại.*\(tai-nang-3\); .*\(bao-bo-3\)"):
            finding.act_meant(festival, "Gia đình 3")
        with pytest.raises(BadInput, match="Không thấy tiết mục nào khớp «Gia đình 9»"):
            finding.act_meant(festival, "Gia đình 9")
        with pytest.raises(BadInput, match="Không thấy ai khớp"):
            finding.somebody_meant(festival, "Bà Tư")


def test_the_commands_do_all_of_it(app: Flask, sessions: Ids) -> None:
    def run(*words: str) -> str:
        db.session.remove()
        done = app.test_cli_runner().invoke(args=["schedule", "wish", words[0], "hon-quan-2024", *words[1:]])
        db.session.remove()
        return done.output if done.exit_code == 0 else f"{done.exit_code} {done.output}"

    day = ("--day", "28/6/2024", "--from", "7:00", "--until", "8:00")
    assert run("add", "away", "--who", "Gia đình 1", *day) == (
        "Đã ghi điều số 1: «Gia đình 1» vắng mặt từ 7 giờ đến 8 giờ ngày 28/6.\n"
    )
    assert run("change", "1", "--until", "8 giờ 30") == (
        "Đã sửa điều số 1: «Gia đình 1» vắng mặt từ 7 giờ đến 8 giờ 30 ngày 28/6.\n"
    )
    assert run("take-back", "1").startswith("Đã rút")
    assert run("list", "--taken-back").startswith("1\taway\t")
    assert run("bring-back", "1").startswith("Đã lấy lại")
    assert run("add", "pause", "--note", "Nghỉ trưa", "--stage", "san", *day).startswith(
        "Đã ghi điều số 2: «Nghỉ trưa», Sân vận động"
    )
    assert run("takes", "san", "bao-bo") == "san: bao-bo.\n"
    assert run("takes", "san") == "san: mọi phần thi.\n"
    assert "Ghi ít nhất một giờ" in run("add", "window", "--act", "tai-nang-1", "--day", "28/6/2024")
    assert run("add", "pause", "--stage", "khong-co", "--note", "x", *day).startswith("1 ")
    with reading():
        assert db.session.scalars(select(Stage.code).order_by(Stage.id)).all() == ["hoi-truong", "san"]
