"""What does a device of the ground know: its contests, who comes when, what is typed, in which version."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, cast

from festival.contests.models import Contest, ContestState
from festival.contests.questions.answers import digest_of
from festival.core.canonical import canonical_json
from festival.devices.handlers import DeviceView
from festival.judging.appearing import appearance_state
from festival.judging.contest_rules import public_at_once
from festival.judging.ground.counters import awaited, counters_of
from festival.judging.ground.devices import contests_of
from festival.judging.ground.parts import parts_of
from festival.judging.ground.tries import TryLine, tries_of
from festival.judging.tally import appearances_of
from festival.roster.shown.public_names import NameReader, names_held


def ground_state(device: DeviceView, _cursor: str | None) -> dict[str, Any]:
    """Small (the running orders of one ground), so it is always whole; the cursor is its digest."""
    contests = contests_of(device)
    ids = [contest.id for contest in contests]
    appearances, tries = appearances_of(ids), tries_of(ids)
    held = names_held(device.festival_id, NameReader.DEVICES)
    parts = parts_of(device, contests)
    state: dict[str, Any] = {
        "contests": [
            _contest(contest)
            | {
                "entries": [appearance_state(each, held) for each in appearances.get(contest.id, ())],
                "tries": [_try(each, contest, device) for each in tries.get(contest.id, [])],
            }
            | dict(parts.get(contest.id, {}))
            for contest in contests
        ]
    }
    digest = sha256(canonical_json(cast("dict[str, object]", state))).hexdigest()[:16]
    return state | {"cursor": digest}


def _contest(contest: Contest) -> dict[str, Any]:
    return {
        "code": contest.code,
        "name": contest.name,
        "kind": contest.result_kind.value,
        "locked": contest.state is not ContestState.OPEN,
        "attempts": contest.attempts,
        "unit": contest.unit_label,
        "most": contest.best_possible,
        "lower_wins": contest.lower_wins,
        "public": public_at_once(contest),
        "counters": counters_of(contest).people,
    } | ({"questions": contest.questions, "digest": digest_of(contest.questions)} if contest.questions else {})


def _try(each: TryLine, contest: Contest, device: DeviceView) -> dict[str, Any]:
    """What stands; of counts taken blind only the own one, and what is awaited."""
    own = next((count for count in each.counts if count.device_id == device.id), None)
    return {
        "entry": each.entry,
        "round": each.round,
        "state": each.state.value if each.state else None,
        "value": each.value,
        "version": each.version,
        "last": each.last,
        "settled": [reading.mid for reading in each.settled if reading.device_id == device.id],
        "own": own.value if own else None,
        "awaits": awaited(each.counts, contest),
        "offers": [
            {
                "mid": offer.mid,
                "device": offer.device,
                "state": offer.state.value if offer.state else None,
                "value": offer.value,
            }
            | ({"answers": offer.answers} if contest.questions else {})
            for offer in each.offers
        ],
        "seen": None
        if each.seen is None
        else {"how": each.seen.how.value, "agrees": each.seen.agrees, "note": each.seen.note},
    } | ({"answers": each.answers, "own_answers": own.answers if own else None} if contest.questions else {})
