"""What does a tablet learn of the confirmation of its judge's locked sheets, and what may it say?

Kind `sheet.confirmed`, subject the contest's code, body `{"digest"}`: the SHA-256 of the own locked sheets as the tablet
shows them. The answer names no ledger: that of the paper is none that a tablet knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import select

from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState, Judge
from festival.core.canonical import canonical_json
from festival.core.database import db
from festival.devices.handlers import Applied, DeviceView, Duplicate, Incoming, Rejected, Verdict
from festival.judging.paper.confirming import confirm_sheets, confirmations, digest_of
from festival.judging.paper.models import SheetConfirmation
from festival.judging.tablets.sync import sheets_state
from festival.judging.tally import read_tally

KIND = "sheet.confirmed"


def apply_confirmations(incoming: Sequence[Incoming]) -> list[Verdict]:
    """Each judge of the own sheets; what the tablet shows must be what is locked."""
    return [_applied(each) for each in incoming]


def _applied(each: Incoming) -> Verdict:
    own = (Contest.code == each.subject, Contest.festival_id == each.festival_id)
    found = db.session.execute(
        select(Contest.id, Judge.id.label("judge_id"))
        .join(Judge, Judge.contest_id == Contest.id)
        .where(*own, Judge.user_id == each.user_id, Judge.marks)
    ).one_or_none()
    if found is None:
        return Rejected("not_on_panel")
    contest = held_contest(found.id)
    if contest.state is not ContestState.LOCKED:
        return Rejected("not_locked")
    digest = digest_of(found.judge_id, read_tally(contest))
    if each.body.get("digest") != digest:
        return Rejected("other_sheets")
    known = confirmations(contest.id).get(found.judge_id)
    if known is not None and known.digest == digest and known.mid is not None:
        return Duplicate({"digest": digest})
    confirm_sheets(contest, found.judge_id, digest, each.mid)
    return Applied({"digest": digest})


def state_with_confirmations(device: DeviceView, cursor: str | None) -> dict[str, Any]:
    """The state of a judge's tablet, with what is confirmed of the own locked sheets."""
    state = sheets_state(device, cursor)
    codes = [each["code"] for each in state["contests"] if each["locked"]]
    if not codes or device.user_id is None:
        return state
    rows = db.session.execute(
        select(Contest.code, Contest.state, SheetConfirmation.mid)
        .join(Judge, (Judge.contest_id == Contest.id) & (Judge.user_id == device.user_id) & Judge.marks)
        .outerjoin(
            SheetConfirmation,
            (SheetConfirmation.contest_id == Contest.id)
            & (SheetConfirmation.judge_id == Judge.id)
            & SheetConfirmation.standing,
        )
        .where(Contest.festival_id == device.festival_id, Contest.code.in_(codes))
    )
    known = {row.code: {"due": row.state is ContestState.LOCKED, "done": row.mid is not None} for row in rows}
    for each in state["contests"]:
        if each["code"] in known:
            each["confirming"] = known[each["code"]]
    said = {key: value for key, value in state.items() if key != "cursor"}
    return state | {"cursor": sha256(canonical_json(cast("dict[str, object]", said))).hexdigest()[:16]}
