"""Whose slip is it that somebody types for a seat, when the seat has gone to another judge?

A slip belongs to who gave it. Typed once when its judge is replaced, it waits on under the seat for the second person; the
sheet that follows is the sheet of who gave it, and by the rule set it counts for the seat or not, like every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Judge
from festival.core.database import db
from festival.judging.panel.before import giver
from festival.judging.paper.models import SlipTyping, TypingState
from festival.judging.paper.slips import WAITS, Slip
from festival.judging.paper.waiting import paper_now
from festival.judging.tally import Appearance, MarkingJudge, Tally, marking_judges_of

ValueT = TypeVar("ValueT")


def slip_of_seat(tallied: Tally, seat: MarkingJudge, appearance: Appearance) -> Slip:
    """The slip that is typed for this seat and entry: the one that waits, the one whose sheet counts, or who sits there."""
    sheet = tallied.sheets.get((seat.id, appearance.id))
    judge_id, user_id = seat.id, giver(seat, sheet)
    if sheet is not None:
        judge_id = sheet.judge_id
    if seat.sat:
        held = select(SlipTyping.judge_id).where(SlipTyping.judge_id.in_(seat.sat), SlipTyping.state.in_(WAITS))
        waits = set(db.session.scalars(held.where(SlipTyping.entry_id == appearance.id)))
        first = next((judge for judge in seat.sat if judge in waits), judge_id)
        # typed for the seat by an older release: the slip of whoever gave the sheet
        user_id = user_id if first == seat.id else db.session.get_one(Judge, first).user_id
        judge_id = first
    return Slip(tallied.contest.id, judge_id, user_id, appearance.id, appearance.code)


def on_seats(tallied: Tally, said: Mapping[tuple[int, int], ValueT]) -> dict[tuple[int, int], ValueT]:
    """What is said by (judge, entry), by (who sits there now, entry); what was said of who sat there first goes before."""
    found: dict[tuple[int, int], ValueT] = {}
    for seat in tallied.seats:
        for judge in seat.sat or (seat.id,):
            for (whose, entry), value in said.items():
                if whose == judge:
                    found.setdefault((seat.id, entry), value)
    return found


def waiting_on_seats(tallied: Tally) -> dict[tuple[int, int], TypingState]:
    """By (who sits there now, entry): what of the seat's slips waits, whoever gave them."""
    return on_seats(tallied, paper_now(tallied.contest).waiting)


def everybody(tallied: Tally) -> dict[int, MarkingJudge]:
    """Who sits there now, by everybody who sits or sat there."""
    return {judge: seat for seat in tallied.seats for judge in (seat.id, *seat.sat)}


def waiting_of(judge_ids: Iterable[int]) -> int:
    """How many slips of these judges wait for a second person or a decision."""
    wanted = select(SlipTyping.judge_id, SlipTyping.entry_id).where(
        SlipTyping.judge_id.in_(list(judge_ids)), SlipTyping.state.in_(WAITS)
    )
    return len({tuple(row) for row in db.session.execute(wanted)})


def strays(contest_id: int) -> int:
    """How many slips wait of somebody who sits in no seat and sat in none: nobody could type them any more."""
    seated = {judge for seat in marking_judges_of([contest_id]).get(contest_id, ()) for judge in (seat.id, *seat.sat)}
    everyone = db.session.scalars(select(Judge.id).where(Judge.contest_id == contest_id))
    return waiting_of(set(everyone) - seated)


def paper_cells(tallied: Tally) -> dict[tuple[int, int], dict[str, Any]]:
    """What the map says of slips instead of "not marked yet", by (judge, entry): nothing of what was typed."""
    said = {
        TypingState.HELD: {"kind": "missing", "words": _("gõ một lần, chờ người thứ hai"), "total": ""},
        TypingState.DIFFERS: {"kind": "clash", "words": _("gõ không giống nhau"), "total": ""},
    }
    now = paper_now(tallied.contest)
    found: dict[tuple[int, int], dict[str, Any]] = {
        pair: said[state] for pair, state in waiting_on_seats(tallied).items()
    }
    for appearance, seat in tallied.missing():
        if seat.id in now.seats:
            found.setdefault((seat.id, appearance.id), {"words": _("chờ phiếu giấy")})
    return found
