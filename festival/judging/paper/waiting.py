"""What is still under way on paper in a contest: for the lock, and for the map of who has marked whom?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.database import db
from festival.judging.paper.models import SlipDecision, SlipTyping, TypingState
from festival.judging.paper.seats import paper_seats
from festival.judging.paper.slips import WAITS
from festival.judging.tally import Tally


def typings_waiting(judge_ids: Iterable[int]) -> dict[tuple[int, int], TypingState]:
    """By (judge, entry): `held` waits for the second person, `differs` for a decision."""
    wanted = select(SlipTyping.judge_id, SlipTyping.entry_id, SlipTyping.state).where(
        SlipTyping.judge_id.in_(list(judge_ids)), SlipTyping.state.in_(WAITS)
    )
    return {(row.judge_id, row.entry_id): row.state for row in db.session.execute(wanted)}


def decided_slips(judge_ids: Iterable[int]) -> frozenset[tuple[int, int]]:
    """The slips, as (judge, entry), of which a third person said what they say."""
    wanted = select(SlipDecision.judge_id, SlipDecision.entry_id).where(
        SlipDecision.judge_id.in_(list(judge_ids)), SlipDecision.standing
    )
    return frozenset((row.judge_id, row.entry_id) for row in db.session.execute(wanted))


def paper_cells(tallied: Tally) -> dict[tuple[int, int], dict[str, Any]]:
    """What the map says of slips instead of "not marked yet", by (judge, entry): nothing of what was typed."""
    held = typings_waiting(seat.id for seat in tallied.seats)
    said = {
        TypingState.HELD: {"kind": "missing", "words": _("gõ một lần, chờ người thứ hai"), "total": ""},
        TypingState.DIFFERS: {"kind": "clash", "words": _("gõ không giống nhau"), "total": ""},
    }
    found: dict[tuple[int, int], dict[str, Any]] = {pair: said[state] for pair, state in held.items()}
    on_paper = paper_seats([tallied.contest.id])
    for appearance, seat in tallied.missing():
        if seat.id in on_paper:
            found.setdefault((seat.id, appearance.id), {"words": _("chờ phiếu giấy")})
    return found
