"""Two readings of a slip differ, from each other or from the tablet: who decides what it says, and on what?

First, second and tablet stand side by side. Whoever typed one of them does not decide. Until the lock the decision can be
given anew, on the same readings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.judging.paper.models import SlipDecision, SlipTyping, TypingState
from festival.judging.paper.recording import record
from festival.judging.paper.slips import (
    Slip,
    SlipReading,
    hold_slip,
    put_sheet,
    standing_decision,
    standing_sheet,
    waiting_typings,
)

TYPED = "typed"
REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class SlipQuestion:
    """What a third person sees: readings by name, who typed them, and what was decided before."""

    options: dict[str, dict[str, Any]]
    typists: frozenset[int]
    decision: SlipDecision | None
    seen: str  # what a decision answers; another one by now is refused


def question_of(slip: Slip) -> SlipQuestion | None:
    """The question of a slip: two readings differ, or somebody has decided. None: nothing is asked."""
    waiting = [each for each in waiting_typings(slip) if each.state is TypingState.DIFFERS]
    decided = standing_decision(slip)
    if waiting:
        options = _options(slip, waiting)
    elif decided is not None:
        options = decided.options
    else:
        return None
    typists = frozenset(each["by"] for each in options.values() if each["by"] is not None)
    seen = "-".join(str(each.id) for each in waiting) or f"d{decided.id if decided else 0}"
    return SlipQuestion(options, typists, decided, seen)


def _options(slip: Slip, waiting: list[SlipTyping]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {
        ("first", "second")[each.place - 1]: {"marks": each.marks, "total": each.total_milli, "by": each.typed_by}
        for each in waiting
    }
    sheet = standing_sheet(slip)
    if sheet is not None and sheet.total_milli is not None:
        found["sheet"] = {"marks": dict(sheet.marks), "total": sheet.total_milli, "by": None}
    return found


def decide_slip(slip: Slip, kept: str, typed: SlipReading | None, reason: str, seen: str, by: int) -> SlipDecision:
    """What the slip says from now on: one of the readings, or what the decider read from it (`typed`)."""
    contest = hold_slip(slip)
    asked = question_of(slip)
    if asked is None or asked.seen != seen:
        raise Overtaken(_("Các lượt gõ của phiếu này vừa thay đổi. Xem lại rồi quyết định."))
    if by in asked.typists:
        raise Conflict(_("Người đã gõ phiếu này không tự quyết định. Nhờ trưởng ban giám khảo hoặc một người thứ ba."))
    reason = " ".join(reason.split())[:REASON_LENGTH]
    if not reason:
        raise BadInput(_("Ghi rõ lý do."))
    if kept == TYPED and typed is not None:
        marks, total = dict(typed.marks), typed.total_milli
    elif kept in asked.options:
        marks, total = asked.options[kept]["marks"], asked.options[kept]["total"]
    else:
        raise BadInput(_("Chọn điểm nào đúng với phiếu giấy."))
    sheet = standing_sheet(slip)
    if sheet is None or sheet.conflict or dict(sheet.marks) != marks:
        put_sheet(slip, marks, reason, sheet, by)
    changed: list[SlipTyping | SlipDecision] = list(waiting_typings(slip))
    for typing in waiting_typings(slip):
        typing.state = TypingState.DECIDED
    if asked.decision is not None:
        asked.decision.standing = False
        db.session.flush()
        changed.append(asked.decision)
    decision = SlipDecision(
        judge_id=slip.judge_id,
        entry_id=slip.entry_id,
        round=1,
        options=asked.options,
        kept=kept,
        marks=marks,
        total_milli=total,
        reason=reason,
        decided_by=by,
        decided_at=now(),
        standing=True,
    )
    db.session.add(decision)
    record(contest, "slip.decided", *changed, decision, judge=slip.judge_id, entry=slip.entry_id)
    return decision
