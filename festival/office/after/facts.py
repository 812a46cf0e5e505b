"""How far is an edition after its last day? The facts of `afterwards`, in as many statements for 30 families as for 3."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.post import outbox
from festival.core.pulse.pulses import pulses
from festival.core.pulse.signs import Level, WatchedPart
from festival.core.pulse.watching import signs_of_pulses
from festival.core.rehearsing.marked import copy_of_it
from festival.devices import life
from festival.devices.models import Device
from festival.editions.models import Festival
from festival.editions.retention import kept
from festival.messages import letters
from festival.office.after.afterwards import AfterFacts
from festival.office.after.archiving import was_fetched
from festival.papers.models import PaperState, SignedPaper


def after_facts(festival: Festival, waiting: int) -> AfterFacts:
    """`waiting`: in how many rooms something waits for the organiser."""
    own = Contest.festival_id == festival.id
    states = db.session.execute(select(Contest.state, func.count()).where(own).group_by(Contest.state)).all()
    devices, unsent = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Device.unsent), 0)).where(
            Device.festival_id == festival.id, ~life.ended()
        )
    ).one()
    printed = select(func.count()).where(
        SignedPaper.festival_id == festival.id, SignedPaper.state == PaperState.PRINTED
    )
    other = aliased(Festival)
    later = select(func.count()).select_from(other).where(other.starts_on > festival.ends_on)
    stuck, held = outbox.trouble(), kept(festival)
    written_to = letters.recipients(festival)
    return AfterFacts(
        ends_on=festival.ends_on,
        erase_on=held.data_until,
        erased=held.data_erased,
        held=bool(held.held),
        contests=sum(many for _state, many in states),
        unpublished=sum(many for state, many in states if state is not ContestState.PUBLISHED),
        waiting=waiting,
        papers_open=db.session.scalar(printed) or 0,
        letters_stuck=stuck.waiting + stuck.failed if stuck else 0,
        thanks_left=len(letters.waiting(festival, letters.Occasion.THANKS, written_to)) if written_to else 0,
        devices=devices,
        unsent=int(unsent or 0),
        rehearsal=copy_of_it() is not None,
        archived=was_fetched(festival),
        away=any(sign.part is WatchedPart.AWAY and sign.level is Level.GOOD for sign in signs_of_pulses(pulses())),
        next_edition=bool(db.session.scalar(later)),
    )
