"""Which device asks, which are there, and what is missing from each?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import current_app, g, request
from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from festival.accounts.models import User, UserRole
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.ledger import LedgerHead
from festival.core.rehearsing.marked import rehearsed
from festival.core.secrets import token_hash
from festival.core.web.access import Actor
from festival.devices import life
from festival.devices.app_release import number_of
from festival.devices.condition.forgetting import forgets_at
from festival.devices.condition.signs import Condition, Sign, signs
from festival.devices.handlers import DeviceRole, DeviceView, streams_of
from festival.devices.models import Device, DeviceNote, EnrolmentCode, Mutation
from festival.devices.wire import DeviceOut, FestivalOut, HeadOut
from festival.editions.models import Festival

PAGES = {role: f"/{role}" for role in (DeviceRole.DESK, DeviceRole.JUDGE, DeviceRole.GROUND, DeviceRole.STAGE)}
SYNC_DOOR = "devices_api.sync"
DEVICES_MET_MAX = 2000
GAPS_MAX = 50
SILENT_AFTER = timedelta(minutes=10)  # a device that was not heard for so long is silent, on every page


@dataclass(frozen=True, slots=True)
class Known:
    """The asking device, read once in the policy's own transaction; `revoked` also when person or seat are gone."""

    view: DeviceView
    public_key: dict[str, Any] | None
    revoked: bool
    waiting: bool
    festival: FestivalOut
    app: str
    forget_ms: int | None

    def out(self, *, revoked: bool, waiting: bool) -> DeviceOut:
        """What the device is told about itself."""
        view = self.view
        return DeviceOut(
            code=view.code,
            number=view.number,
            name=view.name,
            role=view.role,
            station=view.station,
            page=page_of(view.role),
            revoked=revoked,
            waiting=waiting and not revoked,
        )


def page_of(role: str) -> str:
    """The app a device of this role opens."""
    return PAGES.get(DeviceRole(role), "/gate")


@cache
def _by_token() -> Select[Any]:
    return (
        select(
            Device.id,
            Device.code,
            Device.number,
            Device.name,
            Device.role,
            Device.user_id,
            Device.station,
            Device.festival_id,
            Device.public_key,
            Device.app,
            life.ended().label("ended"),
            life.waiting().label("waiting"),
            Festival.code.label("festival_code"),
            Festival.name.label("festival_name"),
            Festival.ends_on,
            Device.enrolled_at,
        )
        .join(Festival, Festival.id == Device.festival_id)
        .where(Device.token_hash == bindparam("hashed"))
    )


def asking_device() -> Actor | None:
    """The device of the request's bearer token; kept in `g` for the door.

    One select, and none at the sync door for a device this process has met: that door reads the row again under lock,
    so a kept identity cannot outlive the device, its account or its seat. Everything else of a device never changes.
    """
    hashed = _hashed(request.headers.get("Authorization", ""))
    if hashed is None:
        return None
    known = _met().get(hashed) if request.endpoint == SYNC_DOOR else None
    if known is None:
        row = db.session.connection().execute(_by_token(), {"hashed": hashed}).one_or_none()
        if row is None:
            return None
        own = (row.id, row.code, row.number, row.name, str(row.role), row.user_id, row.station, row.festival_id)
        view = DeviceView(*own)
        festival = FestivalOut(code=row.festival_code, name=row.festival_name, rehearsal=rehearsed())
        forget_ms = None if row.role is DeviceRole.JUDGE else forgets_at(row.ends_on, row.enrolled_at)
        known = Known(view, row.public_key, bool(row.ended), bool(row.waiting), festival, row.app, forget_ms)
        if len(_met()) >= DEVICES_MET_MAX:
            _met().clear()
        _met()[hashed] = known
    g.device = known
    view = known.view
    return Actor(
        kind="device",
        user_id=view.user_id,
        name=view.name,
        device_id=view.id,
        device_role=view.role,
        station=view.station,
        festival_id=view.festival_id,
        revoked=known.revoked,
    )


def met_device(authorization: str) -> Known | None:
    """The device whose token this header brings, if this process has met it; only for a door that reads its row again."""
    hashed = _hashed(authorization)
    return None if hashed is None else _met().get(hashed)


def _hashed(authorization: str) -> str | None:
    scheme, _, token = authorization.partition(" ")
    return token_hash(token.strip()) if scheme.lower() == "bearer" and token else None


def _met() -> dict[str, Known]:
    met: dict[str, Known] = current_app.extensions.setdefault("devices_met", {})
    return met


def forget_devices() -> None:
    """The database was exchanged under this process: nobody is known any more."""
    current_app.extensions.pop("devices_met", None)


def standing(device_id: int) -> tuple[bool, bool]:
    """(has ended, waits for its judge) as the rows say now."""
    row = db.session.execute(
        select(life.ended().label("ended"), life.waiting().label("waiting")).where(Device.id == device_id)
    ).one_or_none()
    return (True, False) if row is None else (bool(row.ended), bool(row.waiting))


def known_device() -> Known:
    """The device of this request; only behind a device policy."""
    known: Known = g.device
    return known


_HEADS = select(LedgerHead.stream, LedgerHead.size, LedgerHead.hash).where(
    LedgerHead.stream.in_(bindparam("streams", expanding=True))
)


def heads(known: Known, asked: Iterable[str]) -> list[HeadOut]:
    """The present ends of those streams this device may remember; size 0 for one the server lost."""
    wanted = set(asked)
    streams = sorted(wanted & streams_of(known.view, known.festival.code)) if wanted else []
    if not streams:
        return []
    found = {row.stream: row for row in db.session.execute(_HEADS, {"streams": streams})}
    return [
        HeadOut(stream=name, size=found[name].size, head=found[name].hash)
        if name in found
        else HeadOut(stream=name, size=0, head="0" * 64)
        for name in streams
    ]


def gaps(device_id: int, seq_max: int, seq_count: int) -> list[list[int]]:
    """Sequence numbers that never came, as [first, last] pairs; at most GAPS_MAX."""
    return _gaps([device_id])[device_id] if seq_count < seq_max else []


def _gaps(device_ids: Sequence[int]) -> dict[int, list[list[int]]]:
    before = func.lag(Mutation.seq, 1, 0).over(partition_by=Mutation.device_id, order_by=Mutation.seq)
    known = select(Mutation.device_id, Mutation.seq, before.label("before")).where(Mutation.device_id.in_(device_ids))
    rows = known.subquery()
    nth = func.row_number().over(partition_by=rows.c.device_id, order_by=rows.c.seq).label("nth")
    holes = select(rows, nth).where(rows.c.seq > rows.c.before + 1).subquery()
    found: dict[int, list[list[int]]] = {device_id: [] for device_id in device_ids}
    for row in db.session.execute(select(holes).where(holes.c.nth <= GAPS_MAX).order_by(holes.c.seq)):
        found[row.device_id].append([row.before + 1, row.seq - 1])
    return found


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device in the office's list."""

    id: int
    number: int
    role: DeviceRole
    station: str
    name: str
    user_name: str
    enrolled_at: datetime
    last_seen_at: datetime | None
    revoked: bool  # has ended: revoked by somebody, or `lapsed`
    lapsed: bool  # by nobody: its account is off, lost the role or the seat
    waiting: bool
    issuer: str  # who made its code
    received: int
    gaps: str
    unseen: int
    notes: int
    told: Condition
    app: str

    @property
    def signs(self) -> list[Sign]:
        """What its own report asks of a person; nothing of a device that has ended."""
        return [] if self.revoked else signs(self.told)


def device_lines(festival_id: int, roles: Collection[DeviceRole] = tuple(DeviceRole)) -> list[DeviceLine]:
    """The devices of these roles by number; `unseen` = quarantined or rejected messages nobody has looked at."""
    unseen = (
        select(Mutation.device_id, func.count().label("n"))
        .where(Mutation.verdict.in_(("quarantined", "rejected", "conflict")), Mutation.seen_at.is_(None))
        .group_by(Mutation.device_id)
        .subquery()
    )
    notes = select(DeviceNote.device_id, func.count().label("n")).group_by(DeviceNote.device_id).subquery()
    issuer = aliased(User)
    rows = db.session.execute(
        select(
            Device,
            User.name,
            issuer.name,
            life.ended(),
            life.waiting(),
            func.coalesce(unseen.c.n, 0),
            func.coalesce(notes.c.n, 0),
        )
        .outerjoin(User, User.id == Device.user_id)
        .outerjoin(EnrolmentCode, EnrolmentCode.device_id == Device.id)
        .outerjoin(issuer, issuer.id == EnrolmentCode.issued_by)
        .outerjoin(unseen, unseen.c.device_id == Device.id)
        .outerjoin(notes, notes.c.device_id == Device.id)
        .where(Device.festival_id == festival_id, Device.role.in_(sorted(roles)))
        .order_by(Device.number)
    ).all()
    missing = _gaps([row[0].id for row in rows if row[0].seq_count < row[0].seq_max])
    return [
        DeviceLine(
            device.id,
            device.number,
            device.role,
            device.station,
            device.name,
            user_name or "",
            device.enrolled_at,
            device.last_seen_at,
            bool(ended),
            bool(ended) and device.revoked_at is None,
            bool(waits) and not ended,
            issuer_name or "",
            device.seq_count,
            gap_words(missing.get(device.id, [])),
            waiting,
            noted,
            Condition(device.battery, device.unsent, device.storage_used, device.persisted, device.clock_ms),
            number_of(device.app),
        )
        for device, user_name, issuer_name, ended, waits, waiting, noted in rows
    ]


def gap_words(missing: list[list[int]]) -> str:
    """As people say it: 41–43, 50."""
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in missing)


@dataclass(frozen=True, slots=True)
class OpenCode:
    """A code that still can be used, without its eight characters: those were shown once, to who made it."""

    id: int
    role: DeviceRole
    station: str
    user_name: str
    issuer: str
    expires_at: datetime


def open_codes(festival_id: int, at: datetime, roles: Collection[DeviceRole]) -> list[OpenCode]:
    """Codes for these roles that still can be used, newest first."""
    issuer = aliased(User)
    return [
        OpenCode(row.id, row.role, row.station, row.user_name or "", row.issuer or "", row.expires_at)
        for row in db.session.execute(
            select(
                EnrolmentCode.id,
                EnrolmentCode.role,
                EnrolmentCode.station,
                User.name.label("user_name"),
                issuer.name.label("issuer"),
                EnrolmentCode.expires_at,
            )
            .outerjoin(User, User.id == EnrolmentCode.user_id)
            .outerjoin(issuer, issuer.id == EnrolmentCode.issued_by)
            .where(
                EnrolmentCode.festival_id == festival_id,
                EnrolmentCode.role.in_(sorted(roles)),
                EnrolmentCode.used_at.is_(None),
                EnrolmentCode.cancelled_at.is_(None),
                EnrolmentCode.expires_at > at,
            )
            .order_by(EnrolmentCode.id.desc())
        )
    ]


def aside(festival_id: int, roles: Collection[DeviceRole]) -> list[Row[Any]]:
    """Messages of devices of these roles set aside (quarantined, rejected, in conflict) and not acknowledged."""
    return list(
        db.session.execute(
            select(
                Mutation.mid,
                Mutation.kind,
                Mutation.subject,
                Mutation.verdict,
                Mutation.reason,
                Mutation.body,
                Mutation.detail,
                Mutation.received_at,
                Mutation.wall_ms,
                Mutation.offset_ms,
                Device.number,
                Device.station,
            )
            .join(Device, Device.id == Mutation.device_id)
            .where(
                Device.festival_id == festival_id,
                Device.role.in_(sorted(roles)),
                Mutation.verdict.in_(("quarantined", "rejected", "conflict")),
                Mutation.seen_at.is_(None),
            )
            .order_by(Mutation.received_at)
            .limit(200)
        )
    )


def judges() -> list[tuple[int, str]]:
    """Accounts a judge's tablet can be enrolled for."""
    rows = db.session.execute(
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role.in_((Role.JUDGE, Role.CHAIR)), User.active)
        .distinct()
        .order_by(User.name)
    )
    return [(row.id, row.name) for row in rows]


def stations(festival_id: int) -> list[str]:
    """Stations already in use, to choose from."""
    named = Device.festival_id == festival_id, Device.station != ""
    return sorted(set(db.session.scalars(select(Device.station).where(*named))))
