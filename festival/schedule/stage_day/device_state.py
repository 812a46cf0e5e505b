"""What does a device at a stage know: the acts of its stage on the day, who of the performers is there, how far it is."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import select

from festival.contests.models import ResultKind
from festival.core.canonical import canonical_json
from festival.core.clock import now
from festival.core.database import db
from festival.devices.handlers import DeviceView
from festival.devices.models import Device
from festival.roster.models import EntryState
from festival.roster.shown.public_names import NameReader, NamesHeld, names_held
from festival.schedule.heats.rule import placed_lane
from festival.schedule.models import Act, Stage
from festival.schedule.presence.performers import Performers, awaited, performers_of
from festival.schedule.queries import stages
from festival.schedule.stage_day.reading import stage_day
from festival.schedule.stage_day.sync import stage_of_device


def device_state(device: DeviceView, _cursor: str | None) -> dict[str, Any]:
    """Small (one day of one stage), so it is always whole; the cursor is its digest.

    `seq`: up to which of its own messages the state holds them; what the device said later it lays over it.
    """
    stage = stage_of_device(device)
    seq = db.session.scalar(select(Device.seq_max).where(Device.id == device.id)) or 0
    state: dict[str, Any] = {"seq": seq, "stage": None, "acts": [], "day": None}
    if stage is None:
        state["stages"] = [each.name for each in stages(device.festival_id)]
    else:
        state |= _of_the_stage(stage)
    digest = sha256(canonical_json(cast("dict[str, object]", state))).hexdigest()[:16]
    return state | {"cursor": digest}


def _of_the_stage(stage: Stage) -> dict[str, Any]:
    at = now()
    day = stage_day(stage, at)
    acts = sorted(day.acts, key=lambda act: (act.session.starts_at, act.session_id, act.position))
    wanted = awaited(acts, at)
    here = performers_of(stage.festival_id, list(wanted.values()), at) if wanted else {}
    held = names_held(stage.festival_id, NameReader.DEVICES)
    return {
        "stage": stage.name,
        "day": day.day.isoformat() if day.day else None,
        "acts": [
            _act(act, held, here.get(wanted.get(act.id, 0))) | placed_lane(day.follows.lanes.get(act.id))
            for act in acts
        ],
    }


def _act(act: Act, held: NamesHeld, here: Performers | None) -> dict[str, Any]:
    entry, contest = act.entry, act.session.contest
    return {
        "code": entry.code,
        "number": entry.number,
        "name": held.family(entry.family_id, entry.name),
        "title": held.text(entry.family_id, entry.title),
        "unit": entry.delegation.unit.full_name,
        "contest": contest.name,
        "match": contest.result_kind is ResultKind.MATCH,
        "session": act.session_id,
        "starts_ms": _ms(act.starts_at),
        "minutes": act.duration_min,
        "changeover": contest.changeover_min,
        "state": act.state.value,
        "began_ms": _ms(act.began_at),
        "ended_ms": _ms(act.ended_at),
        "turn": act.turn,
        "out": entry.state is not EntryState.ENROLLED,
        "here": None if here is None else [here.here, here.of],
    }


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)
