"""Matches whose pair is not known: planned before anybody has played, called by whoever goes on, and back again with a result."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from festival.contests.models import Contest, Secrecy
from festival.core.clock import VIETNAM, from_local, local
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken
from festival.judging.matches.match_rule import HowEnded
from festival.judging.matches.playing import MatchTaken, take_back_match
from festival.programme.lines import programme_lines
from festival.schedule import planning, queries
from festival.schedule.changes import changes
from festival.schedule.conflicts import Clash
from festival.schedule.editing import draft, steps
from festival.schedule.filling.laid import laid_out
from festival.schedule.history.steps import document, next_steps
from festival.schedule.later.reading import later_matches, told_matches
from festival.schedule.mending.taking import ActMove, take_moves
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.moving import acts, locking
from festival.schedule.moving.foreseen import places
from festival.schedule.moving.lying import lying
from festival.schedule.moving.shifting import Shift, shift
from festival.schedule.moving.undoing import turn
from festival.schedule.published.following import followed
from festival.schedule.published.unpublished import unpublished
from festival.schedule.rounds.adding import add_later_rounds, drop_later_rounds
from festival.schedule.sessions import add_session, add_stage
from festival.schedule.stage_day.matches import take_match_step
from festival.schedule.stage_day.taking import take_step
from tests.judging.bracket_cast import BADMINTON, bracket, drawn, knock_out, won
from tests.judging.panel_cast import Panel
from tests.schedule.test_stage_steps import at_once

pytestmark = pytest.mark.either_database

MORNING = datetime(2024, 6, 14, 7, 30, tzinfo=VIETNAM)
SEMI = {1: "bong-ro_1_1", 2: "bong-ro_1_2"}
THIRD, FINAL = "bong-ro_0_2", "bong-ro_0_1"


@pytest.fixture
def panel(app: Flask) -> Panel:
    """Eight teams, a session of two hours, the matches after the first round taken into the timetable and planned."""
    with app.app_context():
        made = knock_out(8, BADMINTON)
        with transaction():
            stage = add_stage(made.festival_id, "san", "Sân cầu lông")
            begins = from_local(MORNING)
            add_session(stage.id, made.sport_id, begins, begins + timedelta(hours=2), "sáng")
            add_later_rounds(made.festival_id, made.sport_id, None)
            planning.make_plan(made.festival_id)
        return made


def told(panel: Panel) -> dict[str, str]:
    with reading():
        return {each.match.code: str(each.words) for each in told_matches(later_matches(panel.festival_id))}


def hours(panel: Panel) -> dict[str, str]:
    with reading():
        return {
            each.code: f"{local(each.starts_at):%H:%M}" if each.starts_at else ""
            for each in later_matches(panel.festival_id)
        }


def undo(panel: Panel, *, back: bool = True) -> None:
    with reading():
        following = next_steps(panel.festival_id, None)
        step = following.back if back else following.again
        assert step is not None
    with transaction():
        turn(panel.festival_id, step.id, None, back=back)


def stands(panel: Panel) -> object:
    with reading():
        return document(panel.festival_id)


def sealed() -> list[str]:
    """What differs from the ledger; the numbers of this cast were never drawn."""
    with seals.snapshot():
        found = [each for each in seals.inspect().named() if each[0] == "schedule" and each[1].table != "entry"]
        return [str(each) for each in seals.worded(found)]


def session_of(panel: Panel) -> Session:
    """Inside a transaction."""
    return db.session.scalars(select(Session).where(Session.contest_id == panel.sport_id)).one()


def test_planned_before_anybody_has_played_and_called_by_who_goes_on(app: Flask, panel: Panel) -> None:
    with app.app_context():
        planned = hours(panel)
        with reading():
            last = max(act.starts_at for act in db.session.scalars(select(Act)))
        begins = [planned[code] for code in (SEMI[1], SEMI[2], THIRD, FINAL)]
        assert f"{local(last):%H:%M}" < begins[0] < begins[1] < begins[2] < begins[3]
        assert told(panel) == {
            SEMI[1]: "Bán kết, trận 1: bên thắng tứ kết, trận 1 – bên thắng tứ kết, trận 2",
            SEMI[2]: "Bán kết, trận 2: bên thắng tứ kết, trận 3 – bên thắng tứ kết, trận 4",
            THIRD: "Tranh hạng ba: bên thua bán kết, trận 1 – bên thua bán kết, trận 2",
            FINAL: "Chung kết: bên thắng bán kết, trận 1 – bên thắng bán kết, trận 2",
        }
        names = {team.code: team.name for team in drawn(panel).teams.values()}
        first = bracket(panel).tree.rounds[0]
        assert isinstance(won(panel, (1, 1)), MatchTaken)
        one = names[first[0].a or ""]
        assert told(panel)[SEMI[1]] == f"Bán kết, trận 1: {one} – bên thắng tứ kết, trận 2"
        won(panel, (1, 2))
        two = names[first[1].a or ""]
        assert told(panel)[SEMI[1]] == f"Bán kết, trận 1: {one} – {two}"
        # the result that made the pair is corrected, and taken back
        won(panel, (1, 2), first[1].b, 1)
        assert told(panel)[SEMI[1]] == f"Bán kết, trận 1: {one} – {names[first[1].b or '']}"
        with transaction():
            take_back_match(panel.sport_id, (1, 2), 2, None)
        assert told(panel)[SEMI[1]] == f"Bán kết, trận 1: {one} – bên thắng tứ kết, trận 2"
        # nobody came to one match: who waits goes on, and nobody has to play
        won(panel, (1, 2), "", 3, how=HowEnded.NOBODY, sets=())
        assert told(panel)[SEMI[1]] == f"Bán kết, trận 1: không phải đấu, {one} vào thẳng"
        with reading():
            assert SEMI[1] not in {act.code for act in queries.material(panel.festival_id).acts}
            assert SEMI[1] not in {act["entry"] for act in queries.snapshot(session_of(panel).stage.festival)["acts"]}
        assert hours(panel) == planned and sealed() == []


def test_every_step_is_taken_back_and_done_again_and_the_ledger_follows(app: Flask, panel: Panel) -> None:
    with app.app_context():
        before, planned = stands(panel), hours(panel)
        done = []

        def step(verb: object) -> None:
            was = stands(panel)
            with transaction():
                verb()  # type: ignore[operator]
            now = stands(panel)
            assert now != was and sealed() == []
            undo(panel)
            assert stands(panel) == was and sealed() == []
            undo(panel, back=False)
            assert stands(panel) == now and sealed() == []
            done.append(verb)

        fid = panel.festival_id
        step(lambda: acts.take_off(fid, FINAL, None))
        assert hours(panel)[FINAL] == ""
        step(lambda: draft.fill(fid, None))
        assert hours(panel)[FINAL] == planned[FINAL]
        step(lambda: locking.lock_act(fid, FINAL, held=True, by=None))
        with pytest.raises(Conflict, match="đã khóa"), transaction():
            drop_later_rounds(fid, panel.sport_id, None)
        step(lambda: draft.discard(fid, None))
        assert [code for code, at in hours(panel).items() if at] == [FINAL]
        step(lambda: locking.lock_act(fid, FINAL, held=False, by=None))
        undo(panel)
        undo(panel)
        undo(panel)
        assert hours(panel) == planned
        step(lambda: put(panel, FINAL, SEMI[1]))
        assert hours(panel)[FINAL] == planned[SEMI[1]]
        undo(panel)
        with reading():
            values = steps.values_of(session_of(panel))
        later = steps.SessionValues(
            values.contest_id,
            values.stage_id,
            values.starts_at + timedelta(hours=1),
            values.ends_at + timedelta(hours=1),
        )
        step(lambda: steps.change_session(fid, session_of(panel).id, later, None))
        assert hours(panel)[SEMI[1]] == f"{int(planned[SEMI[1]][:2]) + 1:02d}{planned[SEMI[1]][2:]}"
        undo(panel)
        step(lambda: shift(fid, Shift((session_of(panel).id,), "", from_local(MORNING + timedelta(hours=3))), None))
        undo(panel)
        step(lambda: steps.remove_session(fid, session_of(panel).id, None))
        assert set(hours(panel).values()) == {""}
        undo(panel)
        step(lambda: drop_later_rounds(fid, panel.sport_id, None))
        assert hours(panel) == {}
        undo(panel)
        assert hours(panel) == planned and stands(panel) == before


def put(panel: Panel, code: str, before: str) -> None:
    table = lying(panel.festival_id)
    session = next(row for row in table.sessions.values() if row.contest_id == panel.sport_id)
    stamp = next(each.stamp for each in places(table, code, [session]) if each.before == before)
    acts.put(panel.festival_id, code, session.id, before, stamp, None)


def test_asked_for_another_hour_it_moves_like_an_act_and_a_search_leaves_it(app: Flask, panel: Panel) -> None:
    with app.app_context():
        before, was = hours(panel), stands(panel)
        with reading():
            own = session_of(panel)
            later = local(own.starts_at) + timedelta(minutes=115)
            assert FINAL in laid_out(panel.festival_id).draft.held
        with transaction():
            assert take_moves(panel.festival_id, [ActMove(FINAL, own.id, later)], None, count=1) == 1
        assert hours(panel) == before | {FINAL: f"{later:%H:%M}"}
        assert sealed() == []
        undo(panel)
        assert stands(panel) == was
        assert sealed() == []


def test_thrown_away_and_brought_back_and_back_to_what_was_published(app: Flask, panel: Panel) -> None:
    with app.app_context():
        planned = hours(panel)
        with transaction():
            draft.discard(panel.festival_id, None)
        with transaction():
            draft.bring_back(panel.festival_id, None)
        assert hours(panel) == planned and sealed() == []
        with transaction():
            planning.publish(panel.festival_id, None, without=planning.left_out(panel.festival_id).stamp)
        with reading():
            assert unpublished(panel.festival_id) == 0
        with transaction():
            acts.take_off(panel.festival_id, SEMI[2], None)
        with reading():
            assert unpublished(panel.festival_id) == 1
            plan = queries.published_plan(panel.festival_id)
            assert plan is not None
            said = changes(plan.content, queries.snapshot(session_of(panel).stage.festival))
            assert str(said[0]).startswith("Bỏ «Bán kết, trận 2» (Ném bóng vào rổ), trước là")
        with transaction():
            draft.back_to_published(panel.festival_id, None)
        assert hours(panel) == planned and sealed() == []


def test_on_the_programme_it_has_no_number_and_nobody_reads_a_sealed_pair(app: Flask, panel: Panel) -> None:
    with app.app_context():
        drawn(panel)
        with transaction():
            planning.make_plan(panel.festival_id)
            planning.publish(panel.festival_id, None, without=planning.left_out(panel.festival_id).stamp)

        def names() -> dict[str, str]:
            with reading():
                lines, _calls = programme_lines(queries.published_plan(panel.festival_id))
            assert {line.number for line in lines if line.entry == FINAL} == {0}
            return {line.entry: line.name for line in lines}

        waits = "Bán kết, trận 1: bên thắng tứ kết, trận 1 – bên thắng tứ kết, trận 2"
        assert names()[SEMI[1]] == waits
        won(panel, (1, 1))
        won(panel, (1, 2))
        assert names()[SEMI[1]] == told(panel)[SEMI[1]] != waits
        with transaction():
            db.session.get_one(Contest, panel.sport_id).secrecy = Secrecy.SECRET
        assert names()[SEMI[1]] == waits


def test_on_the_day_it_is_called_when_both_are_known_one_at_a_time(app: Flask, panel: Panel) -> None:
    with app.app_context():
        drawn(panel)
        with reading():
            matches = {each.code: each.id for each in later_matches(panel.festival_id)}
            stage = db.session.scalars(select(Stage)).one()
            shown = [act for row in followed(panel.festival_id, stage).sessions for act in row.acts]
            assert [act.entry.code for act in shown][-4:] == [SEMI[1], SEMI[2], THIRD, FINAL]
        with pytest.raises(Conflict, match="chưa biết đủ hai bên"), transaction():
            take_match_step(matches[SEMI[1]], ActState.WAITING, ActState.READY)
        won(panel, (1, 1))
        won(panel, (1, 2))
        with transaction():
            take_match_step(matches[SEMI[1]], ActState.WAITING, ActState.ON_STAGE)
        with reading():
            act_id = db.session.scalars(select(Act.id).order_by(Act.id)).first() or 0
        with pytest.raises(Conflict, match="«Bán kết, trận 1» còn đang thi"), transaction():
            take_step(act_id, ActState.WAITING, ActState.ON_STAGE)
        with pytest.raises(Overtaken), transaction():
            take_match_step(matches[SEMI[1]], ActState.WAITING, ActState.READY)
        with pytest.raises(Conflict, match="đang thi"), transaction():
            acts.take_off(panel.festival_id, SEMI[1], None)
        for was, to in ((ActState.ON_STAGE, ActState.DONE), (ActState.DONE, ActState.ON_STAGE)):
            with transaction():
                take_match_step(matches[SEMI[1]], was, to)
            assert sealed() == []
        with transaction():
            take_match_step(matches[SEMI[1]], ActState.ON_STAGE, ActState.READY)
        assert sealed() == []


def test_who_could_go_on_is_warned_of_and_who_is_known_is_bound(app: Flask, panel: Panel) -> None:
    with app.app_context():
        drawn(panel)
        with transaction():
            stage = add_stage(panel.festival_id, "hoi-truong", "Hội trường")
            final = next(each for each in later_matches(panel.festival_id) if each.code == FINAL)
            assert final.starts_at is not None
            other = add_session(
                stage.id, panel.contest_id, final.starts_at, final.starts_at + timedelta(hours=3), "cùng giờ"
            )
            planning.make_plan(panel.festival_id, gap_min=0)
            other_id = other.id
        with reading():
            assert other_id
            found = [each for each in queries.plan_conflicts(panel.festival_id) if each.kind is Clash.MAY_MEET]
        assert [each.acts[0] for each in found] == [FINAL]
        assert str(found[0]).startswith("«Ném bóng vào rổ, Chung kết» lúc")
        with transaction():
            planning.publish(panel.festival_id, None, without=planning.left_out(panel.festival_id).stamp)
        for round_, many in ((1, 4), (2, 2)):
            for number in range(1, many + 1):
                won(panel, (round_, number))
        with reading():
            kinds = {each.kind for each in queries.plan_conflicts(panel.festival_id) if FINAL in each.acts}
        assert Clash.MAY_MEET not in kinds


@pytest.mark.both_databases
def test_of_two_hands_at_one_moment_one_is_told(app: Flask) -> None:
    """Taken in twice at once; a match and an act begun at once on one stage; a match ended twice at once. Looking first and
    writing then lets both do it.
    """
    with app.app_context():
        made = knock_out(8, BADMINTON)
        with transaction():
            stage, begins = add_stage(made.festival_id, "san", "Sân cầu lông"), from_local(MORNING)
            add_session(stage.id, made.sport_id, begins, begins + timedelta(hours=2), "sáng")
        drawn(made)
    add = partial(add_later_rounds, made.festival_id, made.sport_id, None)
    assert at_once(app, add, add) == ["Conflict", "done"]
    with app.app_context():
        assert list(hours(made)) == [SEMI[1], SEMI[2], THIRD, FINAL]
        with transaction():
            planning.make_plan(made.festival_id)
        won(made, (1, 1))
        won(made, (1, 2))
        with reading():
            semi = next(each.id for each in later_matches(made.festival_id) if each.code == SEMI[1])
            act = db.session.scalars(select(Act.id).order_by(Act.id)).first() or 0
    starts = [partial(take_step, act, ActState.WAITING, ActState.ON_STAGE)]
    starts.append(partial(take_match_step, semi, ActState.WAITING, ActState.ON_STAGE))  # type: ignore[arg-type]
    assert at_once(app, *starts) == ["Conflict", "done"]
    with app.app_context(), transaction():
        on = db.session.scalars(select(Act.id).where(Act.state == ActState.ON_STAGE)).first()
        if on is not None:
            take_step(on, ActState.ON_STAGE, ActState.DONE)
            take_match_step(semi, ActState.WAITING, ActState.ON_STAGE)
    ends = [partial(take_match_step, semi, ActState.ON_STAGE, to) for to in (ActState.DONE, ActState.READY)]
    assert at_once(app, *ends) == ["Overtaken", "done"]
    with app.app_context():
        assert sealed() == []
