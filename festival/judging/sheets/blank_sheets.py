"""What stands on the empty score sheets of a contest, and how does the worker draw them?

A sheet for each judge and each entry the judge marks, judge by judge in order of appearance; its QR opens the page on
which the secretary types it in. One document, whose style sheets are inside it, so that it can be carried to a printer.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, url_for

from config import Config
from festival.contests.models import Contest
from festival.contests.queries import contest_by_code
from festival.core import qr
from festival.core.web.errors import NotFound
from festival.core.work.making import Maker, Plan
from festival.editions.queries import festival_by_code
from festival.judging.tally import Tally, read_tally
from festival.schedule.heats.reading import lanes_in
from festival.schedule.heats.rule import placed_lane

KIND = "blank-sheets"
MEDIA_TYPE = "text/html"
STYLES = ("tokens", "base", "layout", "paper", "print", "rooms/judging")
# In judging/blank_document.html: where the slips come.
HERE = "<!-- slips -->"


def subject_of(contest: Contest) -> str:
    """What a job of this kind is about."""
    return f"{contest.festival.code}/{contest.code}"


def plan_of(tallied: Tally) -> dict[str, Any]:
    """Everything that is printed, as JSON."""
    contest, lanes = tallied.contest, lanes_in([tallied.contest])
    config: Config = current_app.config["FESTIVAL"]
    return {
        "festival": contest.festival.name,
        "contest": contest.name,
        "code": contest.code,
        "address": config.public_url,
        "criteria": [
            {
                "name": f"{each.part}: {each.name}" if each.part else each.name,
                "min_milli": each.min_milli,
                "max_milli": each.max_milli,
                "weight_milli": each.weight_milli,
                "highest_milli": each.highest_milli,
            }
            for each in tallied.criteria
        ],
        "slips": [
            {
                "letter": seat.letter,
                "judge": seat.name,
                "entry": appearance.code,
                "number": appearance.on_sheets,
                "name": appearance.name,
                "title": appearance.title,
                "delegation": appearance.delegation,
                **placed_lane(lanes.get(appearance.id)),
            }
            for seat in tallied.seats
            for appearance in tallied.appearances
            if (seat.id, appearance.id) not in tallied.tied
        ],
    }


def _plan(subject: str) -> Plan:
    festival, _slash, code = subject.partition("/")
    held = festival_by_code(festival)
    if held is None:
        raise NotFound()
    return plan_of(read_tally(contest_by_code(held, code)))


def _make(plan: Plan, start: int, until: int) -> bytes:
    slips = plan["slips"]
    page = render_template(
        "judging/_slips.html",
        plan=plan,
        slips=[(slip, qr.svg(_address(plan, slip), level="M")) for slip in slips[start:until]],
    )
    head, tail = render_template("judging/blank_document.html", plan=plan, styles=STYLES).split(HERE)
    return f"{head if start == 0 else ''}{page}{tail if until >= len(slips) else ''}".encode()


def document_of(plan: Plan) -> bytes:
    """The whole document of these slips at once, for who packs it with others."""
    return _make(plan, 0, len(plan["slips"]))


def _address(plan: Plan, slip: dict[str, Any]) -> str:
    path = url_for("judging.slip", code=plan["code"], judge=slip["letter"], entry=slip["entry"])
    return f"{plan['address']}{path}"


MAKER = Maker(KIND, _plan, lambda plan: len(plan["slips"]), _make)
