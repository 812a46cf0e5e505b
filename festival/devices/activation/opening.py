"""When does a judge's tablet begin to speak for its judge? When the judge has typed the own PIN on it, and not before.

A judge without a PIN sets it here, with the digits of the sealed card. Misses of a tablet are counted and slow it down;
after `MOST_MISSES` it asks for the secretary: a new card, or a new code for the tablet, begins anew. The account's own
PIN counts its misses itself (`accounts.pins`), whatever tablet they come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from math import ceil
from typing import Any

from sqlalchemy import select, update

from festival.accounts import pins
from festival.accounts.models import AccountPin
from festival.accounts.pins import PinAnswer
from festival.core import security_log
from festival.core.canonical import canonical_json
from festival.core.clock import now
from festival.core.database import db
from festival.core.security_log import SecurityKind
from festival.core.statements import insert_or_pass, table
from festival.core.transaction import reading, transaction
from festival.devices.activation import sealed_cards
from festival.devices.handlers import DeviceView, seats, tell_opened
from festival.devices.models import Activation, Device, EnrolmentCode, SealedCard
from festival.devices.open_tablets import open_tablets

MOST_MISSES = 10


class Opening(StrEnum):
    """What came of a try, in the words of docs/devices.md."""

    OPEN = "open"
    WRONG_PIN = "wrong_pin"
    WRONG_CARD = "wrong_card"
    WAIT = "wait"
    ASK_SECRETARY = "ask_secretary"
    NEEDS_CARD = "needs_card"  # this judge has no PIN yet
    WEAK_PIN = "weak_pin"
    NO_SEAT = "no_seat"
    SAME_HANDS = "same_hands"  # who printed the card has made the code of this tablet


@dataclass(frozen=True, slots=True)
class Tried:
    """The outcome of a try; `left` tries before the secretary must be asked."""

    outcome: Opening
    wait: timedelta = timedelta()
    left: int | None = None

    @property
    def wait_s(self) -> int:
        """Whole seconds to wait."""
        return ceil(self.wait.total_seconds())


def waiting_state(device: DeviceView) -> dict[str, Any]:
    """All that an unopened tablet is told: whether its judge has a PIN, and whether a card lies ready."""
    user_id = device.user_id or 0
    has_pin = db.session.scalar(select(AccountPin.user_id).where(AccountPin.user_id == user_id)) is not None
    told = {"pin": has_pin, "card": sealed_cards.good_card(user_id) is not None}
    cursor = sha256(canonical_json({"waiting": dict(told)})).hexdigest()[:16]
    return {"cursor": cursor, "contests": [], "activation": told}


def activate(device: DeviceView, pin: str, card: str | None) -> Tried:
    """Try to open a tablet; outside of any transaction, because it hashes."""
    if not _is_a_pin(pin) or (card is not None and pins.is_weak(pin)):
        return Tried(Opening.WEAK_PIN)
    refused = _begin(device)
    if refused is not None:
        return refused
    if card is not None:
        return _with_card(device, pin, card)
    user_id = device.user_id or 0
    match pins.pin_is_right(user_id, pin):
        case PinAnswer.RIGHT:
            with transaction():
                _open(device)
            return Tried(Opening.OPEN)
        case PinAnswer.NOT_SET:
            return _not_looked_at(device, Tried(Opening.NEEDS_CARD))
        case PinAnswer.WAIT:
            return _not_looked_at(device, Tried(Opening.WAIT, max(pins.wait_of(user_id), timedelta(seconds=1))))
        case PinAnswer.WRONG:
            return _missed(device, Opening.WRONG_PIN)


def _is_a_pin(pin: str) -> bool:
    return len(pin) == pins.DIGITS and pin.isascii() and pin.isdecimal()


def _begin(device: DeviceView) -> Tried | None:
    """Take a try before it is looked at, so that tries at the same moment are not all free; None: go on."""
    with transaction():
        db.session.execute(
            insert_or_pass(Activation)
            .values(device_id=device.id, misses=0, missed_at=None, activated_at=None)
            .on_conflict_do_nothing(index_elements=["device_id"])
        )
        row = db.session.execute(
            select(Activation.misses, Activation.missed_at, Activation.activated_at).where(
                Activation.device_id == device.id
            )
        ).one()
        if row.activated_at is not None:
            return Tried(Opening.OPEN)  # the answer to the try before was lost
        if not _sits(device):
            return Tried(Opening.NO_SEAT)
        if row.misses >= MOST_MISSES:
            return Tried(Opening.ASK_SECRETARY)
        until = pins.wait_until(row.misses, row.missed_at)
        if until is not None and now() < until:
            return Tried(Opening.WAIT, until - now(), MOST_MISSES - row.misses)
        taken = db.session.execute(
            update(Activation)
            .where(Activation.device_id == device.id, Activation.misses == row.misses)
            .values(misses=row.misses + 1, missed_at=now())
            .returning(Activation.device_id)
        )
        if taken.scalar_one_or_none() is None:
            return Tried(Opening.WAIT, timedelta(seconds=1))  # another try was quicker
    return None


def _sits(device: DeviceView) -> bool:
    sits = seats().get(device.role)
    if sits is None:
        return True
    row = table(Device)
    return bool(db.session.scalar(select(sits(row.c.user_id, row.c.festival_id)).where(row.c.id == device.id)))


def _with_card(device: DeviceView, pin: str, typed: str) -> Tried:
    user_id = device.user_id or 0
    with reading():
        found = sealed_cards.good_card(user_id)
        card_id = found.id if found is not None and sealed_cards.is_on(found, typed) else None
        maker = db.session.scalar(select(EnrolmentCode.issued_by).where(EnrolmentCode.device_id == device.id))
        same = found is not None and maker is not None and maker == found.issued_by
    if card_id is None:
        with transaction():
            security_log.note(SecurityKind.PIN_FAILED, {"account": user_id, "device": device.number, "card": True})
        return _missed(device, Opening.WRONG_CARD)
    if same:
        return _not_looked_at(device, Tried(Opening.SAME_HANDS))
    hashed = pins.pin_hash(pin)
    with transaction():
        used = db.session.execute(
            update(SealedCard)
            .where(SealedCard.id == card_id, SealedCard.ended_at.is_(None))
            .values(ended_at=now(), device_id=device.id)
            .returning(SealedCard.id)
        )
        if used.scalar_one_or_none() is not None:
            pins.keep_pin(user_id, hashed)
            _open(device)
            return Tried(Opening.OPEN)
    return _missed(device, Opening.WRONG_CARD)  # used on another tablet at the same moment


def _open(device: DeviceView) -> None:
    """From now on it speaks for its judge; the judge's other tablets, the secretary and the ledger are told."""
    others = [each.number for each in open_tablets(device.festival_id, [device.user_id or 0])]
    opened = db.session.execute(
        update(Activation)
        .where(Activation.device_id == device.id, Activation.activated_at.is_(None))
        .values(misses=0, missed_at=None, activated_at=now())
        .returning(Activation.device_id)
    )
    if opened.scalar_one_or_none() is None:
        return
    security_log.note(SecurityKind.ACTIVATED, {"device": device.number, "account": device.user_id, "others": others})
    tell_opened(device, others)


def _missed(device: DeviceView, outcome: Opening) -> Tried:
    """The miss that was counted at the beginning stays."""
    with reading():
        row = db.session.execute(
            select(Activation.misses, Activation.missed_at).where(Activation.device_id == device.id)
        ).one()
    if row.misses >= MOST_MISSES:
        return Tried(Opening.ASK_SECRETARY)
    until = pins.wait_until(row.misses, row.missed_at)
    wait = timedelta() if until is None else max(until - now(), timedelta())
    return Tried(outcome, wait, MOST_MISSES - row.misses)


def _not_looked_at(device: DeviceView, answer: Tried) -> Tried:
    """Nothing was tried: the miss is taken back."""
    with transaction():
        db.session.execute(
            update(Activation)
            .where(Activation.device_id == device.id, Activation.misses > 0)
            .values(misses=Activation.misses - 1)
        )
    return answer
