"""On which version do stage, devices and papers stand, and where and when is each act in it?

Places only, no name: whoever shows one reads it from its entry, so a corrected name is right and an erased one is gone. A
version never changes, so each process reads it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask import current_app
from sqlalchemy import ScalarSelect, case, null, select, type_coerce

from festival.contests.models import Contest
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.transaction import once
from festival.schedule.heats.rule import Lane, lane_in
from festival.schedule.models import Plan

KEPT = "versions_read"
MOST_KEPT = 4


@dataclass(frozen=True, slots=True)
class PublishedSession:
    """A session as it was published; times in UTC. `together_min`: how long all of it work at once before they present."""

    number: int
    label: str
    contest: str
    stage: str
    stage_name: str
    starts_at: datetime
    ends_at: datetime
    together_min: int = 0


@dataclass(frozen=True, slots=True)
class PublishedPlace:
    """An act's place in its session, and when it begins (UTC)."""

    session: PublishedSession
    position: int
    starts_at: datetime
    duration_min: int
    at: Lane | None = None

    @property
    def bound_from(self) -> datetime:
        """Since when its people are needed there: who cooks, from the start of the session."""
        return self.session.starts_at if self.session.together_min else self.starts_at


@dataclass(frozen=True, slots=True)
class VersionStanding:
    """The version that holds: its sessions in the order of the days, the place of each act by the code of its entry."""

    version: int
    sessions: tuple[PublishedSession, ...]
    places: Mapping[str, PublishedPlace]


def standing(festival_id: int) -> VersionStanding | None:
    """None before the first publication: then all follow the draft."""
    return once(("standing version", festival_id), lambda: _standing(festival_id))


def _standing(festival_id: int) -> VersionStanding | None:
    """One statement, which brings the content along only when this process has not read it."""
    kept = _kept()
    content = case((Plan.id.in_(list(kept)), null()), else_=Plan.content)
    row = db.session.execute(
        select(Plan.id, Plan.version, type_coerce(content, Plan.content.type).label("content"))
        .where(Plan.festival_id == festival_id)
        .order_by(Plan.version.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return kept[row.id] if row.id in kept else _keep(row.id, row.version, row.content)


def _kept() -> dict[int, VersionStanding]:
    kept: dict[int, VersionStanding] = current_app.extensions.setdefault(KEPT, {})
    return dict(kept)


def _keep(plan_id: int, version: int, content: Mapping[str, Any]) -> VersionStanding:
    kept: dict[int, VersionStanding] = current_app.extensions[KEPT]
    found = places_in(version, content)
    for old in sorted(kept)[: max(0, len(kept) + 1 - MOST_KEPT)]:
        kept.pop(old, None)
    kept[plan_id] = found
    return found


def holding() -> ScalarSelect[int]:
    """The row of the version that holds, as a column of a statement about contests; for `version_of`."""
    latest = select(Plan.id).where(Plan.festival_id == Contest.festival_id).order_by(Plan.version.desc()).limit(1)
    return latest.correlate(Contest).scalar_subquery()


def version_of(plan_id: int) -> VersionStanding:
    """A version by its row; no statement when this process has read it."""
    found = _kept().get(plan_id)
    if found is not None:
        return found
    row = db.session.execute(select(Plan.version, Plan.content).where(Plan.id == plan_id)).one()
    return _keep(plan_id, row.version, row.content)


def as_published(row: Any) -> Any:
    """A row with `plan_id` (`holding`), the entry's `code` and what the draft says of its act, as the version has that instead."""
    if row.plan_id is None:
        return row
    place = version_of(row.plan_id).places.get(row.code)
    where: dict[str, object] = dict.fromkeys(("starts_at", "position", "stage", "session", "session_id"))
    if place is not None:
        where = {
            "starts_at": place.starts_at,
            "position": place.position,
            "stage": place.session.stage_name,
            "session": place.session.label,
            "session_id": place.session.number,
        }
    return SimpleNamespace(**{**row._mapping, **where})


def places_in(version: int, content: Mapping[str, Any]) -> VersionStanding:
    """The places of a published content. Pure."""
    sessions = {
        each["session"]: PublishedSession(
            each["session"], each["label"], each["contest"], each["stage"], each["stage_name"],
            _utc(each["starts_at"]), _utc(each["ends_at"]), each.get("together_min", 0),
        )
        for each in content.get("sessions", ())
    }  # fmt: skip
    places: dict[str, PublishedPlace] = {}
    for act in content.get("acts", ()):
        begins = _utc(act["starts_at"])
        session = sessions.get(act["session"])
        if session is None:  # an early version held no sessions of its own
            session = sessions[act["session"]] = PublishedSession(
                act["session"],
                act.get("session_label", ""),
                act["contest"],
                act["stage"],
                act["stage_name"],
                begins,
                begins,
            )
        places[act["entry"]] = PublishedPlace(session, act["position"], begins, act["duration_min"], lane_in(act))
    ordered = sorted(sessions.values(), key=lambda each: (each.starts_at, each.stage, each.number))
    return VersionStanding(version, tuple(ordered), places)


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return from_local(moment) if moment.tzinfo is None else moment.astimezone(UTC)
