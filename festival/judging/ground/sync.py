"""What may a device of the ground say of a measured contest?

Kinds `measure.note`, `measure.drop`, `measure.resolve`, `measure.confirm`; subject `<entry code>/<try>`. The words of
refusals are listed in docs/judging.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.numbers import typed_number
from festival.devices.handlers import Applied, ConflictKept, DeviceView, Duplicate, Incoming, Rejected, Verdict
from festival.judging.ground.counts import OneMore
from festival.judging.ground.devices import contests_of
from festival.judging.ground.models import SeenHow
from festival.judging.ground.seen import HeadsAnswer, see
from festival.judging.ground.taking import (
    GroundApart,
    GroundCounted,
    GroundOutcome,
    GroundRefused,
    GroundSaid,
    GroundTaken,
    choose,
    take,
)
from festival.judging.models import MeasureState
from festival.roster.models import Entry

KINDS = ("measure.note", "measure.drop", "measure.resolve", "measure.confirm")
LAST_ROUND = 99
MOST = 999_999_999
LONGEST_ANSWERS = 200


def apply_measures(incoming: Sequence[Incoming]) -> list[Verdict]:
    """Take what devices typed, in order."""
    desks: dict[int, dict[int, Contest]] = {}
    return [_one(each, desks) for each in incoming]


def view_of(each: Incoming) -> DeviceView:
    """The device behind a message, as a room asks about it."""
    return DeviceView(
        each.device_id, "", each.device_number, "", each.device_role, each.user_id, each.station, each.festival_id
    )


def _one(each: Incoming, desks: dict[int, dict[int, Contest]]) -> Verdict:
    entry_code, _, round_ = each.subject.partition("/")
    number = typed_number(round_)
    if number is None or not 1 <= number <= LAST_ROUND:
        return Rejected("malformed", {"field": "subject"})
    if each.device_id not in desks:
        desks[each.device_id] = {contest.id: contest for contest in contests_of(view_of(each))}
    row = db.session.execute(
        select(Entry.id, Entry.contest_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.code == entry_code, Contest.festival_id == each.festival_id)
    ).one_or_none()
    if row is None:
        return Rejected("unknown_entry")
    if row.contest_id not in desks[each.device_id]:
        return Rejected("not_given")
    return _verdict(_outcome(each, row.contest_id, row.id, number))


def _outcome(each: Incoming, contest_id: int, entry_id: int, round_: int) -> GroundOutcome:
    if each.kind == "measure.resolve":
        keep = each.body.get("keep")
        if not isinstance(keep, str):
            return GroundRefused("malformed")
        return choose(contest_id, entry_id, round_, keep, each.base_version or 0, {"device": each.device_number})
    read = (None, None) if each.kind == "measure.drop" else _read(each.body)
    if read is None:
        return GroundRefused("malformed")
    state, value = read
    answers, questions = (each.body.get(name) for name in ("answers", "questions"))
    if state is not MeasureState.VALID:
        answers = None
    if not all(
        said is None or (isinstance(said, str) and len(said) <= LONGEST_ANSWERS) for said in (answers, questions)
    ):
        return GroundRefused("malformed")
    if each.kind == "measure.confirm":
        agrees, note = each.body.get("agrees"), each.body.get("note", "")
        if state is None or not isinstance(agrees, bool) or not isinstance(note, str):
            return GroundRefused("malformed")
        answer = HeadsAnswer(state, value, agrees, note, SeenHow.TAP, device_id=each.device_id, answers=answers)
        return see(contest_id, entry_id, round_, answer)
    return take(
        GroundSaid(
            each.mid,
            each.device_id,
            each.device_number,
            contest_id,
            entry_id,
            round_,
            state,
            value,
            each.base_version or 0,
            each.received_at,
            answers,
            questions,
        )
    )


def _read(body: Mapping[str, Any]) -> tuple[MeasureState | None, int | None] | None:
    """{"state": "valid", "value": 12}; the other states have no value."""
    value = body.get("value")
    if body.get("state") not in {each.value for each in MeasureState}:
        return None
    state = MeasureState(body["state"])
    if state is not MeasureState.VALID:
        return state, None
    # True is a whole number to Python, not to a counter
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST
    return (state, value) if sound else None


def _verdict(outcome: GroundOutcome) -> Verdict:
    match outcome:
        case GroundTaken(version, stream, anew):
            return Applied({"version": version}, stream) if anew else Duplicate({"version": version}, stream)
        case GroundCounted(awaited, stream):
            said = ("differs" if awaited.apart else "other") if isinstance(awaited, OneMore) else "head_judge"
            return Applied({"awaits": said}, stream)
        case GroundApart(version, state, value, stream, answers):
            current = {"state": state.value if state else None, "value": value}
            current |= {"answers": answers} if answers is not None else {}
            return ConflictKept({"version": version, "current": current}, stream)
        case GroundRefused(reason):
            return Rejected(reason)
    assert_never(outcome)
