"""What may a judge's tablet say, and what does it get to know?

Kinds `sheet.send`, `sheet.abstain`, `sheet.resolve`; subject `<entry code>/<round>`. The words of refusals are listed in
docs/judging.md. The tablet learns its own judge's running order, criteria and sheets, and which other tablets mark for the
same judge: never another judge's mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, assert_never, cast

from festival.core.canonical import canonical_json
from festival.core.numbers import typed_number
from festival.devices.handlers import Applied, ConflictKept, DeviceView, Duplicate, Incoming, Rejected, Verdict
from festival.judging.calls.calling import open_calls
from festival.judging.sheet_messages import (
    SheetApart,
    SheetMessage,
    SheetOutcome,
    SheetRefused,
    SheetSame,
    SheetTaken,
    Verb,
)
from festival.judging.tablets.tablet import judge_state
from festival.judging.tablets.whose_tablet import others_of
from festival.judging.taking_sheets import take_sheets

KINDS: dict[str, Verb] = {"sheet.send": "send", "sheet.abstain": "abstain", "sheet.resolve": "resolve"}


def apply_sheets(incoming: Sequence[Incoming]) -> list[Verdict]:
    """Take the sheets of one or several tablets in order."""
    verdicts: dict[str, Verdict] = {}
    messages: list[SheetMessage] = []
    for each in incoming:
        match _message(each):
            case Rejected() as rejected:
                verdicts[each.mid] = rejected
            case message:
                messages.append(message)
    if messages:
        for message, outcome in zip(messages, take_sheets(messages), strict=True):
            verdicts[message.mid] = _verdict(outcome)
    return [verdicts[each.mid] for each in incoming]


LAST_ROUND = 99


def _message(each: Incoming) -> SheetMessage | Rejected:
    if each.user_id is None:
        return Rejected("no_judge")
    entry_code, _, round_ = each.subject.partition("/")
    round_number = typed_number(round_)
    if round_number is None or round_number > LAST_ROUND:
        return Rejected("malformed", {"field": "subject"})
    return SheetMessage(
        mid=each.mid,
        user_id=each.user_id,
        entry_code=entry_code,
        round=round_number,
        verb=KINDS[each.kind],
        body=each.body,
        base_version=each.base_version or 0,
        received_at=each.received_at,
        made=(each.device_id, each.seq, min(each.at, each.received_at)),
    )


def _verdict(outcome: SheetOutcome) -> Verdict:
    match outcome:
        case SheetTaken(version, total, stream):
            return Applied({"version": version, "total": total}, stream)
        case SheetSame(version, total):
            return Duplicate({"version": version, "total": total})
        case SheetApart(version, current, offered, stream):
            return ConflictKept({"version": version, "current": dict(current), "offered": dict(offered)}, stream)
        case SheetRefused(reason, criterion):
            return Rejected(reason, {"criterion": criterion} if criterion else {})
    assert_never(outcome)


def sheets_state(device: DeviceView, cursor: str | None) -> dict[str, Any]:
    """The state of a judge's tablet. Small (a panel's running order), so it is always whole; the cursor is its digest."""
    state: dict[str, Any] = {"contests": []}
    if device.user_id is not None:
        state = judge_state(device.user_id, device.festival_id) | {
            "other_tablets": others_of(device),
            "calls": open_calls(device.user_id, device.festival_id),
        }
    digest = sha256(canonical_json(cast("dict[str, object]", state))).hexdigest()[:16]
    return state | {"cursor": digest}
