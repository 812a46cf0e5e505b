"""What is a petition about, whose business is it, until when, and what does an answer make of it? Pure.

The hour the rules name closes the jury's review, never a person's right: what comes later, and what is titled "đơn khiếu nại",
is numbered all the same and is the organiser's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from festival.editions.rules.petitions import PetitionRule


class PetitionAbout(StrEnum):
    """What it is about."""

    CONTEST = "contest"
    ENTRY = "entry"
    WHOLE = "whole"
    ORGANISATION = "organisation"


class PetitionTitle(StrEnum):
    """How the paper calls itself."""

    PETITION = "petition"
    COMPLAINT = "complaint"


class PetitionRoad(StrEnum):
    """How it came."""

    LINK = "link"
    PAPER = "paper"


class PetitionDesk(StrEnum):
    """Who answers: chair and secretary of the contest, or the organiser."""

    PANEL = "panel"
    OFFICE = "office"


class PetitionState(StrEnum):
    """What became of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REFUSED = "refused"
    HANDED_ON = "handed_on"
    WITHDRAWN = "withdrawn"


class PetitionDeed(StrEnum):
    """What was done with it, in an order that never changes."""

    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REFUSED = "refused"
    HANDED_ON = "handed_on"
    CARRIED = "carried"  # what was accepted is done, before the signature or outside of the results
    AMENDED = "amended"  # signed minutes were amended because of it


class GroundCode(StrEnum):
    """On what an amendment stands."""

    UNLOCK_REFUSED = "unlock_refused"
    PETITION = "petition"
    LATE_SLIP = "late_slip"
    OTHER = "other"


ANSWERS = (PetitionDeed.ACCEPTED, PetitionDeed.PARTLY, PetitionDeed.REFUSED, PetitionDeed.HANDED_ON)
GRANTED = (PetitionState.ACCEPTED, PetitionState.PARTLY)
OF_RESULTS = (PetitionAbout.CONTEST, PetitionAbout.ENTRY, PetitionAbout.WHOLE)
# Words that tell of a result; with them an answer waits until the result is published. Not meant: a place, a moment, to settle.
TELLING = re.compile(
    r"(?<!địa )(?<!thời )(?<!đặc )(?<!quan )\bđiểm\b(?! danh)"
    r"|\bhạng\b(?! mục)"
    r"|\bgiải\b(?! (quyết|thích|trình|đáp|pháp|lao))"
)


def desk_of(about: PetitionAbout, title: PetitionTitle, late: bool) -> PetitionDesk:
    """Whose business it is when it comes, and after it was moved."""
    of_panel = about in (PetitionAbout.CONTEST, PetitionAbout.ENTRY) and title is PetitionTitle.PETITION and not late
    return PetitionDesk.PANEL if of_panel else PetitionDesk.OFFICE


def closes_at(rule: PetitionRule | None, reached_at: datetime | None) -> datetime | None:
    """When the jury's review of a contest closes; None: no hour is named, or its step is not taken yet."""
    if rule is None or reached_at is None:
        return None
    return reached_at + timedelta(minutes=rule.until_minutes)


def after_answer(answer: PetitionDeed, desk: PetitionDesk) -> tuple[PetitionState, PetitionDesk]:
    """What an answer makes of it: handed on by the jury it waits for the organiser, by the organiser it has left the house."""
    if answer is PetitionDeed.HANDED_ON and desk is PetitionDesk.PANEL:
        return PetitionState.OPEN, PetitionDesk.OFFICE
    return PetitionState(answer.value), desk


def is_unsettled(state: PetitionState, carried: bool) -> bool:
    """Open work: nobody has answered, or what was accepted is not done yet."""
    return state is PetitionState.OPEN or (state in GRANTED and not carried)


def telling_word(words: str, prizes: Iterable[str]) -> str:
    """The first word of an answer that tells of a result; "" where none does."""
    spoken = " ".join(words.casefold().split())
    if (found := TELLING.search(spoken)) is not None:
        return found[0]
    # a prize of one word ("Ba") is a word of every day; it is said as "giải Ba"
    return next((each for each in prizes if " " in each.strip() and each.casefold() in spoken), "")
