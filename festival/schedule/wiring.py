"""What does this room tell the house? That an approval cannot be undone quietly once the family has an act in the plan; and the
name of a contest's state, for every page; the pauses of a session, for printed orders.
"""

from __future__ import annotations

from flask import Flask
from sqlalchemy import or_, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.seal.checks import register_seal
from festival.core.sentence import N_, Sentence
from festival.registration import dependents
from festival.roster.models import Entry, EntryPerson, Person
from festival.schedule.conflicts import Clash
from festival.schedule.filling.working import init_filling
from festival.schedule.lives import contest_life
from festival.schedule.models import Act
from festival.schedule.published.unpublished import unpublished
from festival.schedule.queries import plan_conflicts
from festival.schedule.seal import rows
from festival.schedule.stage_day.day_pages import expected_today
from festival.schedule.stage_day.wiring import init_stage


def init_room(app: Flask) -> None:
    """Answer what stands on an approval; register the seal of draws and programmes; name states."""
    dependents.register(app, _has_an_act)
    dependents.register_entries(app, _has_a_turn)
    dependents.register_clashes(app, _two_places)
    register_seal(app, rows.SEAL)
    app.jinja_env.globals["contest_life"] = contest_life
    app.jinja_env.globals["expected_today"] = expected_today
    init_stage()
    init_filling(app)
    app.jinja_env.globals["unpublished_changes"] = unpublished


def _has_a_turn(entry_id: int) -> Sentence | None:
    found = db.session.scalar(
        select(Contest.name)
        .join(Entry, Entry.contest_id == Contest.id)
        .join(Act, Act.entry_id == Entry.id)
        .where(Entry.id == entry_id)
        .limit(1)
    )
    return (
        None
        if found is None
        else N_("Gia đình đã có lượt trong lịch của phần thi %(contest)s.", "has_turn", contest=found)
    )


def _two_places(festival_id: int) -> list[Sentence]:
    """What a change of who performs can break: somebody, or a family, in two acts at one time."""
    return [each.reason for each in plan_conflicts(festival_id) if each.kind in (Clash.PERSON, Clash.FAMILY)]


def _has_an_act(family_id: int) -> Sentence | None:
    """A draw alone is no hindrance; a time on a stage, alone or in the delegation's team, is."""
    of_team = select(EntryPerson.entry_id).join(Person, Person.id == EntryPerson.person_id)
    found = db.session.scalar(
        select(Act.id)
        .join(Entry, Entry.id == Act.entry_id)
        .where(or_(Entry.family_id == family_id, Entry.id.in_(of_team.where(Person.family_id == family_id))))
        .limit(1)
    )
    if found is None:
        return None
    return N_(
        "Gia đình đã có lượt trong lịch thi. Nếu không tham gia nữa, hãy ghi nhận rút tên thay vì hoàn tác.", "has_act"
    )
