"""How far is an edition after its last day? The facts of `afterwards`, in as many statements for 30 families as for 3."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from festival.contests.models import ContestState
from festival.contests.queries import contests
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
    rows, other = contests(festival.id), aliased(Festival)
    enrolled = (Device.festival_id == festival.id) & ~life.ended()
    printed = (SignedPaper.festival_id == festival.id) & (SignedPaper.state == PaperState.PRINTED)
    devices, unsent, papers_open, later = db.session.execute(
        select(
            select(func.count(Device.id)).where(enrolled).scalar_subquery(),
            select(func.coalesce(func.sum(Device.unsent), 0)).where(enrolled).scalar_subquery(),
            select(func.count(SignedPaper.id)).where(printed).scalar_subquery(),
            select(func.count(other.id)).where(other.starts_on > festival.ends_on).scalar_subquery(),
        )
    ).one()
    stuck, held = outbox.trouble(), kept(festival)
    written_to = letters.recipients(festival)
    return AfterFacts(
        ends_on=festival.ends_on,
        erase_on=held.data_until,
        erased=held.data_erased,
        held=bool(held.held),
        contests=len(rows),
        unpublished=sum(each.state is not ContestState.PUBLISHED for each in rows),
        waiting=waiting,
        papers_open=papers_open,
        letters_stuck=stuck.waiting + stuck.failed if stuck else 0,
        thanks_left=len(letters.waiting(festival, letters.Occasion.THANKS, written_to)) if written_to else 0,
        devices=devices,
        unsent=int(unsent or 0),
        rehearsal=copy_of_it() is not None,
        archived=was_fetched(festival, rows),
        away=any(sign.part is WatchedPart.AWAY and sign.level is Level.GOOD for sign in signs_of_pulses(pulses())),
        next_edition=bool(later),
    )
