"""Who meets whom in the first round of a knock-out: whom the bracket pairs, also where the timetable was made before it was drawn."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.matches.drawing import drop_bracket
from festival.schedule import planning, queries
from festival.schedule.models import Act, ActState
from festival.schedule.moving import acts
from festival.schedule.moving.foreseen import places
from festival.schedule.moving.lying import lying
from festival.schedule.rounds.adding import first_round_apart
from tests.judging.bracket_cast import bracket, drawn
from tests.judging.panel_cast import Panel
from tests.schedule.test_later_rounds import panel, sealed, session_of, stands, undo

pytestmark = pytest.mark.either_database

__all__ = ["panel"]  # a fixture


def test_once_the_bracket_is_drawn_its_pairs_are_the_acts_of_the_first_round(app: Flask, panel: Panel) -> None:
    with app.app_context():
        fid = panel.festival_id

        def pairs() -> set[frozenset[int]]:
            with reading():
                given = queries.material(fid)
                return {frozenset(entries) for entries in given.entries_of.values() if entries}

        def starts() -> dict[int, tuple[int, datetime]]:
            with reading():
                return {act.entry_id: (act.position, act.starts_at) for act in db.session.scalars(select(Act))}

        by_number = pairs()
        ids = {code: team.id for code, team in drawn(panel).teams.items()}
        first = bracket(panel).tree.rounds[0]
        of_bracket = {frozenset((ids[each.a or ""], ids[each.b or ""])) for each in first}
        assert pairs() == of_bracket != by_number
        with reading():
            contest = db.session.get_one(Contest, panel.sport_id)
            apart = [str(each) for each in first_round_apart(contest)]
            assert apart and all(each.startswith("Tứ kết, trận ") for each in apart)
            assert len({act.starts_at for act in db.session.scalars(select(Act))}) == 4
            assert {each.contest for each in planning.left_out(fid).acts} == {"Gia đình tài năng"}, "they have a place"
        # one match is put down behind all: whoever it touches stands together, and taken back as one step
        was = stands(panel)
        with transaction():
            table = lying(fid)
            code = next(code for code in table.acts if table.apart(code))
            spot = places(table, code, [session_of(panel)])[-1]
            acts.put(fid, code, spot.session.id, spot.before, spot.stamp, None)
        assert sealed() == []
        hours_of = starts()
        for pair in of_bracket:
            one, other = sorted(pair, key=lambda each: hours_of[each])
            assert hours_of[one][1] == hours_of[other][1] and hours_of[one][0] + 1 == hours_of[other][0]
        undo(panel)
        assert stands(panel) == was and sealed() == []
        # planned anew, and without the bracket again by number
        with transaction():
            planning.make_plan(fid)
        with reading():
            assert first_round_apart(db.session.get_one(Contest, panel.sport_id)) == []
        with transaction():
            drop_bracket(panel.sport_id, 1, "bốc nhầm", None)
        assert pairs() == by_number


def test_a_first_round_that_was_played_before_the_bracket_stands_in_nobody_s_way(app: Flask, panel: Panel) -> None:
    with app.app_context():
        drawn(panel)
        with transaction():
            asked = planning.publish(panel.festival_id, None)
        assert isinstance(asked, planning.NotPublished), "two matches would be on the court at once"
        with transaction():
            db.session.execute(update(Act).values(state=ActState.DONE, began_at=Act.starts_at, ended_at=Act.starts_at))
        with transaction():
            stamp = planning.left_out(panel.festival_id).stamp
            assert isinstance(planning.publish(panel.festival_id, None, without=stamp), planning.Published)
