"""What does a device of the ground know: its contests, who comes when, what is typed, in which version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core.canonical import canonical_json
from festival.core.database import db
from festival.devices.handlers import DeviceView
from festival.judging.contest_rules import public_at_once
from festival.judging.ground.devices import contests_of
from festival.judging.ground.parts import parts_of
from festival.judging.models import Measure
from festival.judging.tally import Appearance, appearances_of
from festival.roster.models import Entry
from festival.roster.public_names import NameReader, NamesHeld, names_held


def ground_state(device: DeviceView, _cursor: str | None) -> dict[str, Any]:
    """Small (the running orders of one ground), so it is always whole; the cursor is its digest."""
    contests = contests_of(device)
    ids = [contest.id for contest in contests]
    appearances, tries = appearances_of(ids), _tries(ids)
    held = names_held(device.festival_id, NameReader.DEVICES)
    parts = parts_of(device, contests)
    state: dict[str, Any] = {
        "contests": [
            _contest(contest)
            | {
                "entries": [_entry(each, held) for each in appearances.get(contest.id, ())],
                "tries": tries.get(contest.id, []),
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
    }


def _entry(appearance: Appearance, held: NamesHeld) -> dict[str, Any]:
    return {
        "code": appearance.code,
        "number": appearance.number,
        "name": held.entry(appearance.id, appearance.name),
        "title": held.title(appearance.id, appearance.title),
        "delegation": appearance.delegation,
        "stage": appearance.stage,
        "session": appearance.session,
        "starts_at": None if appearance.starts_at is None else appearance.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "act": None if appearance.act_state is None else appearance.act_state.value,
    }


def _tries(contest_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """By contest: what stands of each try."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = db.session.execute(
        select(Entry.contest_id, Entry.code, Measure.round, Measure.state, Measure.value, Measure.version)
        .join(Entry, Entry.id == Measure.entry_id)
        .where(Entry.contest_id.in_(contest_ids))
        .order_by(Entry.id, Measure.round)
    )
    for row in rows:
        found[row.contest_id].append(
            {
                "entry": row.code,
                "round": row.round,
                "state": row.state.value,
                "value": row.value,
                "version": row.version,
            }
        )
    return found
