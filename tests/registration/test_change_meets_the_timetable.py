"""A change asked for after the approval would have a family in two places at one time: is it said, and nothing written?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.roster.models import Entry, EntryPerson, EntryState, Person
from festival.schedule.models import Act, Session, Stage
from tests.registration.conftest import World, household
from tests.registration.pages_kit import words
from tests.registration.test_asked_changes import as_officer, office, states, taken_in

pytestmark = pytest.mark.either_database


def on_stage(world: World, contest: str, stage: str, at: datetime) -> None:
    """The only act of this contest, on a stage of its own."""
    with world.app.app_context(), transaction():
        found = db.session.scalars(select(Contest).where(Contest.code == contest)).one()
        entry = db.session.scalars(
            select(Entry).where(Entry.contest_id == found.id, Entry.state == EntryState.ENROLLED)
        ).one()
        there = Stage(festival_id=found.festival_id, code=stage, name=f"Sân khấu {stage.upper()}")
        db.session.add(there)
        db.session.flush()
        ends = at + timedelta(hours=2)
        session = Session(stage_id=there.id, contest_id=found.id, label="Sáng", starts_at=at, ends_at=ends)
        db.session.add(session)
        db.session.flush()
        db.session.add(Act(session_id=session.id, entry_id=entry.id, position=1, starts_at=at, duration_min=15))


def team(world: World) -> list[str]:
    with world.app.app_context(), reading():
        query = select(Person.name).join(EntryPerson, EntryPerson.person_id == Person.id)
        query = query.join(Entry, Entry.id == EntryPerson.entry_id).where(Entry.family_id.is_(None))
        return sorted(db.session.scalars(query))


def test_who_joins_the_team_may_not_be_on_two_stages_at_once(world: World) -> None:
    """The family sings at nine; its grandfather asks to join the team that plays at nine on another stage."""
    members = tuple(
        replace(one, contests=() if at == 1 else one.contests) for at, one in enumerate(household(1).members)
    )
    code, _link = taken_in(world, 1, members=members)
    players = tuple(
        replace(one, contests=("the-thao",) if at == 1 else ()) for at, one in enumerate(household(2).members)
    )
    taken_in(world, 2, members=players)
    nine = now().replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=1)
    on_stage(world, "tai-nang", "a", nine)
    on_stage(world, "the-thao", "b", nine)
    before = team(world)
    assert as_officer(world, code, **{"contests-1": ["the-thao"]}).status_code == 302
    clash = office(world, code, deed="approve")
    said = words(clash)
    assert (
        clash.status_code == 409
        and "Chưa đổi được vì lịch thi không khớp: Một gia đình phải ở hai nơi cùng lúc" in said
    )
    assert "Sân khấu A" in said and "Sân khấu B" in said and "Hãy xếp lại lịch rồi duyệt." in said
    assert (states(world), team(world)) == (["waiting"], before), "nothing is written, the request waits on"
    # the way out that the sentence names
    with world.app.app_context(), transaction():
        later = nine + timedelta(hours=1)
        own = select(Session.id).join(Stage).where(Stage.code == "b")
        db.session.execute(update(Act).where(Act.session_id.in_(own)).values(starts_at=later))
    assert office(world, code, deed="approve").status_code == 302
    assert (states(world), len(team(world))) == (["approved"], len(before) + 1)
