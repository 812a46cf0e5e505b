"""The first of a round go on into the final: after the signature, once, with ways back, and told to nobody before it is announced."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

import verify
from config import Config
from festival.contests.life import Life
from festival.contests.models import Contest, ResultKind, Secrecy
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken
from festival.editions.models import Festival
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.judging.tablets.tablet import judge_state
from festival.judging.tally import read_tally
from festival.portal import queries as portal
from festival.results import decide
from festival.results.amended.corrections import Corrections
from festival.results.amending import Amended
from festival.results.amendments.storing import amend_standings
from festival.results.current import current_table
from festival.results.cut import announcing, taking
from festival.results.decide import TieOrder
from festival.results.export.edition import export_of
from festival.results.ladder import lock, sign
from festival.results.rounds.choosing import EqualAtCut, GoingOn, RoundPlace, going_on
from festival.roster.deriving.derived import derive_entries
from festival.roster.models import Entry, Family
from festival.schedule.drawing import cancel_draw, draw_by_seed
from festival.schedule.lives import contest_life
from festival.schedule.planning import LeftOut, Published, make_plan, publish
from festival.schedule.sessions import add_session, add_stage
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel
from tests.results.cut_cast import (
    back_again,
    in_the_final,
    locked,
    mark_final,
    marked,
    rounds,
    signed,
    taken,
    the_final,
    withdrawn,
)
from tests.results.test_commands import RULESET
from tests.results.test_export import CONTESTS
from tests.results.test_pages_of_the_panel import Desk
from tests.results.test_secrecy import public_paths, seen


def placed(*places: int | None) -> list[RoundPlace]:
    return [RoundPlace(f"e{at}", place, 0) for at, place in enumerate(places)]


def test_who_goes_on() -> None:
    assert going_on(placed(1, 2, 3, None), 2) == GoingOn(tuple(placed(1, 2)))
    assert going_on(placed(1, 2, 3), 2, {"e0"}) == GoingOn(tuple(placed(1, 2, 3)[1:]))
    assert going_on(placed(1, 2, 2, 4), 3) == GoingOn(tuple(placed(1, 2, 2)))  # equal, but on one side of the cut
    assert going_on(placed(1, 2, 2, 4), 2) == EqualAtCut(("e1", "e2"), 2)
    assert going_on(placed(1, 2, 2, 4), 2, {"e2"}) == GoingOn(tuple(placed(1, 2)))
    assert going_on(placed(1, 2), 6) == GoingOn(tuple(placed(1, 2)))
    assert going_on(placed(None), 1) == GoingOn(())


def test_only_after_the_signature_and_not_while_two_stand_equal_across_the_cut(app: Flask) -> None:
    with app.app_context():
        panel = rounds()
        marked(panel, (45_000, 40_000, 40_000, 30_000))
        locked(panel)
        with pytest.raises(Conflict, match="chưa ký biên bản"), transaction():
            taking.take(the_final().id, None)
        # the panel parts them before it signs
        with pytest.raises(Conflict, match=r"Đồng hạng 2 ở ranh giới.*Chung 1, .*Chung 2. Ban"), transaction():
            sign.sign(panel.contest_id, "1", None)
        with transaction():
            decide.decide(panel.contest_id, TieOrder([["E002"], ["E001"]]), "múa đều hơn", ["Chủ"], None)
        with transaction():
            sign.sign(panel.contest_id, "1", None)
        with transaction():
            assert taking.take(the_final().id, None) == 2
        assert in_the_final() == ["0", "2"]


def test_taken_followed_given_back(app: Flask) -> None:
    with app.app_context():
        panel = rounds()
        taken(panel)
        assert in_the_final() == ["0", "1"]
        # who withdraws is followed by the next one, who withdraws in turn when they come back
        withdrawn(1)
        assert in_the_final() == ["0"]
        with transaction():
            assert taking.renew(the_final().id, None).coming == ("E002",)
        assert in_the_final() == ["0", "2"]
        back_again(1)
        assert in_the_final() == ["0", "2"]  # another stands in their place, until the list is brought up to date
        with transaction():
            changed = taking.renew(the_final().id, None)
        assert (changed.coming, changed.leaving, in_the_final()) == (("E001",), ("E002",), ["0", "1"])
        with pytest.raises(Conflict, match="đã đúng"), transaction():
            taking.renew(the_final().id, None)
        # a draw stands in the way of giving back, and is cancelled first
        with transaction():
            draw_by_seed(the_final().id, "7", None)
        with pytest.raises(Conflict, match="bốc thăm"), transaction():
            taking.take_back(the_final().id, "nhầm", None)
        with transaction():
            cancel_draw(the_final().id, "nhầm", None)
        with transaction():
            taking.take_back(the_final().id, "nhầm", None)
        assert in_the_final() == []
        with transaction():
            taking.take(the_final().id, None)
        mark_final(panel, "0", 50_000)
        for late in (
            lambda: taking.take_back(the_final().id, "nhầm", None),
            lambda: taking.renew(the_final().id, None),
        ):
            with pytest.raises(Conflict, match="đã có điểm"), transaction():
                late()
        with reading():
            assert ledger.verify("results:chung-ket") == []


def test_an_amendment_of_the_round_moves_the_cut_as_long_as_the_final_has_no_mark(app: Flask) -> None:
    with app.app_context():
        panel = rounds()
        taken(panel)
        two = panel.users["chair"], panel.users["secretary"]
        swapped = Corrections(places={"E001": 3, "E002": 2})
        with transaction():
            assert isinstance(amend_standings(panel.contest_id, swapped, "2/ĐC", "cộng nhầm", *two), Amended)
        desk = Desk(app, panel.users["secretary"])
    page = desk.get("/panel/tai-nang/cut")
    assert "Danh sách chưa đúng" in page
    desk.post("/panel/tai-nang/cut/renew")
    assert "đã đúng với kết quả" in desk.get("/panel/tai-nang/cut")
    with app.app_context():
        assert in_the_final() == ["0", "2"]
        mark_final(panel, "0", 50_000)
        with transaction():
            amend_standings(panel.contest_id, Corrections(), "3/ĐC", "đúng như cũ", *two)
    assert "Danh sách và điểm mang sang giữ như khi lấy" in desk.get("/panel/tai-nang/cut")
    desk.post("/panel/tai-nang/cut/renew", 409)


Take = Callable[[threading.Barrier], str]


def honest(start: threading.Barrier) -> str:
    start.wait(PATIENCE_S)
    try:
        with transaction():
            return str(taking.take(the_final().id, None))
    except Overtaken:
        return "overtaken"


def naive(start: threading.Barrier) -> str:
    """Looks, then writes: what must never be built."""
    with reading():
        final = the_final()
        free, final_id = final.cut is None, final.id
    start.wait(PATIENCE_S)
    if not free:
        return "overtaken"
    with transaction():
        derive_entries(db.session.get_one(Contest, final_id), [])
        db.session.execute(update(Contest).where(Contest.id == final_id).values(cut={"lines": []}))
    return "2"


def at_once(app: Flask, take: Take, people: int = 4) -> list[str]:
    start, found = threading.Barrier(people), []

    def one() -> None:
        with app.app_context():
            try:
                found.append(take(start))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_of_several_at_the_same_moment_one_takes(app: Flask) -> None:
    with app.app_context():
        panel = rounds()
        signed(panel)
    assert at_once(app, naive) == ["2"] * 4  # the control: everybody believes to have taken
    with app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "chung-ket").values(cut=None))
    assert at_once(app, honest) == ["2", "overtaken", "overtaken", "overtaken"]
    with app.app_context():
        assert in_the_final() == ["0", "1"]


def test_points_of_the_round_before_count_by_their_weight_and_are_said(app: Flask) -> None:
    with app.app_context():
        panel = rounds(weight=30_000)
        taken(panel)
        mark_final(panel, "0", 70_000)
        mark_final(panel, "1", 72_500)
        with reading():
            table = current_table(read_tally(the_final()))
            said = [(each.rank, each.value, [str(why) for why in each.reasons]) for each in table.standings]
    assert said == [
        (1, 97_000, ["Vòng trước 90 × 30 % = 27 điểm mang sang."]),
        (2, 96_500, ["Vòng trước 80 × 30 % = 24 điểm mang sang."]),
    ]


def test_the_tablet_of_a_judge_of_the_final_gets_its_entries(app: Flask) -> None:
    with app.app_context():
        panel = rounds()
        taken(panel)
        with reading():
            told = judge_state(panel.users["chair"], panel.festival_id)["contests"]
            (final,) = [each for each in told if each["code"] == "chung-ket"]
            assert sorted(each["name"][-1] for each in final["entries"]) == ["0", "1"]


def planned(panel: Panel) -> None:
    """The final is drawn, stands in the timetable, and that is published."""
    with transaction():
        final_id = the_final().id
        draw_by_seed(final_id, "7", None)
        stage = add_stage(panel.festival_id, "san-khau", "Sân khấu").id
        begins = datetime(2024, 6, 14, 1, tzinfo=UTC)
        add_session(stage, final_id, begins, begins + timedelta(hours=3))
        make_plan(panel.festival_id)
    with transaction():
        outcome = publish(panel.festival_id, None)
        if isinstance(outcome, LeftOut):
            outcome = publish(panel.festival_id, None, without=outcome.stamp)
        assert isinstance(outcome, Published), outcome


def own_contests(at: int) -> list[str]:
    """The contests that the page of the family lists."""
    with reading():
        family_id = db.session.scalars(select(Family.id).where(Family.code == f"gia-dinh-{at}")).one()
        return [each.contest.code for each in portal.entries(family_id)]


@pytest.mark.either_database
def test_before_the_announcement_nothing_says_who_goes_on_and_afterwards_nothing_says_places(
    app: Flask, config: Config
) -> None:
    with app.app_context():
        panel = rounds()
        signed(panel)
    paths = sorted({*public_paths(app), "/contests/chung-ket"})
    steady = seen(config, paths)

    def moved() -> set[str]:
        return {path for path, answer in seen(config, paths).items() if answer != steady[path]}

    def naming() -> set[str]:
        return {path for path, answer in seen(config, paths).items() if b"Danh Chung" in answer[1]}

    for step in (taking.take, taking.renew, announcing.announce, announcing.withdraw_announcement):
        with app.app_context():
            if step is taking.renew:
                withdrawn(1)
            with transaction():
                step(the_final().id, *(("nhầm", None) if step is announcing.withdraw_announcement else (None,)))  # type: ignore[operator]
            own = own_contests(2)
        if step is not announcing.announce:
            assert moved() - {"/readyz"} == set() and "chung-ket" not in own
            continue
        assert moved() - {"/readyz"} == {"/contests/chung-ket", "/contests/tai-nang"} and "chung-ket" in own
        page = seen(config, ["/contests/tai-nang"])["/contests/tai-nang"][1].decode().split("<main")[1]
        assert "Danh Chung 0" in page and "Danh Chung 2" in page and "Danh Chung 1" not in page
        assert page.index("Danh Chung 0") < page.index("Danh Chung 2")
        page = re.sub("/static/[0-9a-f]+/", "/static/", page)  # the digest of the files may hold any digits
        assert "90" not in page and "Giải" not in page and "Hạng" not in page
    # a programme that is published, a final that is public at once: nobody is named before the announcement
    with app.app_context():
        planned(panel)
        assert naming() == set()
        with transaction():
            at_once = {"result_kind": ResultKind.COUNT, "secrecy": Secrecy.AT_ONCE}
            db.session.execute(update(Contest).where(Contest.code == "chung-ket").values(**at_once))
        with transaction():
            own_entry = select(Entry.id).where(Entry.contest_id == the_final().id, Entry.state == "enrolled").limit(1)
            note_measure(the_final().id, db.session.scalars(own_entry).one(), 1, MeasureState.VALID, 9, 0, None)
        assert naming() == set()
        with transaction():
            announcing.announce(the_final().id, None)
        assert {"/contests/tai-nang", "/contests/chung-ket", "/programme/2024-06-14", "/results"} <= naming()


@pytest.mark.either_database
def test_commands_and_an_export_whose_carried_points_are_held_against_round_and_ledger(app: Flask) -> None:
    with app.app_context():
        panel = rounds(weight=30_000)
        with transaction():
            festival = db.session.get_one(Festival, panel.festival_id)
            document = json.loads(RULESET.read_text(encoding="utf-8")) | {"special_prizes": []}
            del document["whole_delegation"]
            before = {key: value for key, value in CONTESTS[0].items() if key != "place_points"}
            final = {
                "code": "chung-ket", "name": "Chung kết", "kind": "rubric", "secrecy": "kín", "duration_min": 10, "judges": 1,
                "criteria": [{"code": "x", "name": "X", "max": 100, "step": 0.25}], "scoring": {"rule": "mean"},
                "prizes": [{"name": "Nhất", "count": 1}], "after": {"contest": "tai-nang", "take": 2, "weight": 30},
            }  # fmt: skip
            festival.ruleset = document | {"contests": [before, final]}
        signed(panel)
    runner = app.test_cli_runner()

    def run(*words: str, code: int = 0) -> str:
        answer = runner.invoke(args=["results", "cut", *words, "--festival", "thu"])
        assert answer.exit_code == code, answer.output
        return answer.output

    assert run("take", "tai-nang") == "tai-nang: 2 lượt thi vào vòng sau.\n"
    assert "đã được lấy rồi" in run("take", "tai-nang", code=1)
    assert run("show", "tai-nang").splitlines()[0].endswith("Gia đình ông Danh Chung 0  đã lấy")
    run("announce", "tai-nang")
    assert "Rút lời báo trước" in run("take-back", "tai-nang", "--reason", "nhầm", code=1)
    run("unannounce", "tai-nang", "--reason", "chưa đến giờ")
    run("take-back", "tai-nang", "--reason", "nhầm")
    run("take", "tai-nang")
    with app.app_context():
        mark_final(panel, "0", 70_000)
        mark_final(panel, "1", 72_500)
        with transaction():
            lock.lock(the_final().id, panel.users["chair"], panel.users["secretary"])
        with reading():
            told = json.loads(json.dumps(export_of(db.session.get_one(Festival, panel.festival_id), jury=True)))
    assert verify.check(told, []).startswith("Khớp")
    (entry, _other) = next(each for each in told["contests"] if each["code"] == "chung-ket")["entries"]
    entry["carried"]["points"] += 1
    with pytest.raises(verify.Disagrees):
        verify.check(told, [])


@pytest.mark.either_database
def test_only_the_secretary_of_the_round_and_the_organiser_take(app: Flask) -> None:
    with app.app_context():
        panel = rounds()
        signed(panel)
    for who, get, take_, announce in (
        ("lan", 404, 404, 403),
        ("chair", 403, 403, 403),
        ("officer", 404, 404, 403),
        ("secretary", 200, 303, 403),
        ("organiser", 200, 409, 303),
    ):
        desk = Desk(app, panel.users[who])
        desk.get("/panel/tai-nang/cut", get)
        desk.post("/panel/tai-nang/cut/take", take_)
        desk.post("/panel/tai-nang/cut/announce", announce)
    Desk(app, panel.users["organiser"]).get("/panel/chung-ket/cut", 404)  # nothing follows the final


def test_a_final_never_waits_for_registration(app: Flask) -> None:
    """Its families come from the round before: no page says that registration is still to be opened for it."""
    with app.app_context():
        panel = rounds()
        with reading():
            assert contest_life(db.session.get_one(Contest, panel.contest_id)).life == Life.NOT_OPEN
            assert contest_life(the_final()).life == Life.TO_BE_TAKEN
        taken(panel)
        with reading():
            assert contest_life(the_final()).life == Life.TO_BE_DRAWN
