"""How are the steps drawn as numbered pictures for the crew of the large screen? By the worker, 1920 × 1080, in the order of the evening."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from festival.ceremony.reveal.reading import steps_for
from festival.ceremony.reveal.slides import slide_of
from festival.core.web.errors import NotFound
from festival.core.work.making import Maker, Plan
from festival.documents import paper
from festival.editions.models import Festival
from festival.editions.queries import festival_by_code

KIND = "reveal-pictures"
LANGUAGE = "vi"
KEPT = timedelta(days=2)
PPI = 72  # a point of the page is a dot of the screen
COLOURS = 64


def subject_of(festival: Festival) -> str:
    """What a job of this kind is about."""
    return festival.code


def plan_of(festival: Festival) -> Plan:
    """What would be drawn now."""
    return {"slides": [asdict(slide_of(each, festival.name)) for each in steps_for(festival, practice=False)]}


def _plan(subject: str) -> Plan:
    festival = festival_by_code(subject)
    if festival is None:
        raise NotFound()
    return plan_of(festival)


def _make(plan: Plan, start: int, _until: int) -> bytes:
    (page,) = paper.png("ceremony/slide.typ", {"slide": plan["slides"][start]}, ppi=PPI)
    return paper.few_colours(page, COLOURS)


MAKER = Maker(
    KIND,
    _plan,
    lambda plan: len(plan["slides"]),
    _make,
    steps_a_piece=1,
    named=lambda _plan, at: f"{at + 1:03d}.png",
    kept=KEPT,
)
