"""What may a room do with a message from a device, and how does it answer?

The rooms above register one function per kind of mutation; the sync door (api.py) calls it set-wise inside its own
transaction. The closed set of verdicts is the one of docs/devices.md: a device understands these five and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement


class DeviceRole(StrEnum):
    """What a device is for: one role a device, fixed at enrolment."""

    GATE = "gate"
    DESK = "desk"
    LEAD = "lead"
    STAGE = "stage"
    GROUND = "ground"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mutation that passed the door: authentic, not a repetition, of a device that may send this kind.

    `at` is the device's clock corrected by its offset, in UTC; order within a device is `seq`, never `mid`.
    """

    mid: str
    device_id: int
    device_role: str
    user_id: int | None
    seq: int
    kind: str
    subject: str
    body: dict[str, Any]
    base_version: int | None
    at: datetime
    received_at: datetime
    festival_id: int
    device_number: int = 0
    station: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """It changed something; `ledger` names the stream the handler appended to (third level: đã vào sổ)."""

    detail: Mapping[str, Any] = field(default_factory=dict)
    ledger: str | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """It says what was already so; kept, nothing new."""

    detail: Mapping[str, Any] = field(default_factory=dict)
    ledger: str | None = None


@dataclass(frozen=True, slots=True)
class ConflictKept:
    """Written on an older version: both are kept and a person chooses."""

    detail: Mapping[str, Any] = field(default_factory=dict)
    ledger: str | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Kept aside for a person to decide: from a revoked device, or about something the server does not know."""

    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    ledger: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused for good, with the reason; the refusal is stored under the mid."""

    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    ledger: str | None = None


Verdict = Applied | Duplicate | ConflictKept | Quarantined | Rejected
Handler = Callable[[Sequence[Incoming]], list[Verdict]]


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device as a room sees it when it makes the device's state."""

    id: int
    code: str
    number: int
    name: str
    role: str
    user_id: int | None
    station: str
    festival_id: int


StateProvider = Callable[[DeviceView, str | None], dict[str, Any]]

Streams = Callable[["DeviceView", str], set[str]]
"""(device, code of its festival) → the ledger streams whose end it may remember."""

Sits = Callable[[ColumnElement[Any], ColumnElement[Any]], ColumnElement[bool]]
"""(column of the account, column of the festival) → the condition that this account has a seat there."""

Opened = Callable[["DeviceView", Sequence[int]], None]
"""(device that was just opened, numbers of the same person's other open ones): called inside the transaction."""

Describe = Callable[[int, Sequence[dict[str, Any]]], list[str]]
"""(festival, bodies of one kind) → what each is about, in words for the office; "" when nobody can say."""

_handlers: dict[str, tuple[Handler, frozenset[str]]] = {}
_providers: dict[str, StateProvider] = {}
_describe: dict[str, Describe] = {}
_streams: dict[str, Streams] = {}
_seats: dict[str, Sits] = {}
_opened: dict[str, Opened] = {}


def register(kind: str, handler: Handler, roles: Iterable[str]) -> None:
    """Give `kind` to `handler`; only devices of `roles` may send it. Called once, by the factory."""
    _handlers[kind] = (handler, frozenset(str(role) for role in roles))


def register_state(role: str, provider: StateProvider) -> None:
    """What GET /api/v1/sync/state tells a device of `role`; the dict carries its own "cursor"."""
    _providers[str(role)] = provider


def register_streams(role: str, streams: Streams) -> None:
    """Of which ledger streams a device of `role` may learn the head; of no other, whatever it asks for."""
    _streams[str(role)] = streams


def register_seat(role: str, sits: Sits) -> None:
    """Without which seat an opened device of `role` has ended."""
    _seats[str(role)] = sits


def register_opened(role: str, opened: Opened) -> None:
    """What else happens when a person opens a device of `role`."""
    _opened[str(role)] = opened


def streams_of(device: DeviceView, festival_code: str) -> set[str]:
    """The ledger streams this device may know the heads of."""
    found = _streams.get(device.role)
    return found(device, festival_code) if found else set()


def seats() -> Mapping[str, Sits]:
    """The conditions of `register_seat` by role."""
    return _seats


def tell_opened(device: DeviceView, others: Sequence[int]) -> None:
    """Let the room of this device know that it was opened."""
    if (found := _opened.get(device.role)) is not None:
        found(device, others)


def register_words(kind: str, describe: Describe) -> None:
    """How the office's inbox calls messages of `kind`; only the room knows what stands in them (with their `subject`)."""
    _describe[kind] = describe


def described(kind: str, festival_id: int, bodies: Sequence[dict[str, Any]]) -> list[str]:
    """What each of these messages is about; "" for a kind without words."""
    describe = _describe.get(kind)
    return describe(festival_id, bodies) if describe else [""] * len(bodies)


def handler_of(kind: str) -> tuple[Handler, frozenset[str]] | None:
    """The function for `kind` and the roles that may send it; None for a kind nobody registered."""
    return _handlers.get(kind)


def provider_of(role: str) -> StateProvider | None:
    """The room that speaks to devices of `role`."""
    return _providers.get(role)


def kinds() -> dict[str, frozenset[str]]:
    """Every registered kind with its roles, for the API document."""
    return {kind: roles for kind, (_, roles) in sorted(_handlers.items())}
