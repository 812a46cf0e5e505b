"""With what does a judge show, on a tablet, to be that judge? A sealed card of paper, good once.

Ten digits that follow from the pass key and the card's number: they are printed once, are kept nowhere, and whoever makes
the code of a judge's tablet does not learn them. A new card makes the old one useless; it is the way back for a PIN that
was forgotten and for a tablet on which too much was typed wrong.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from festival.accounts.models import AccountPin, User, UserRole
from festival.core import security_log
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import derived_bytes
from festival.core.security_log import SecurityKind
from festival.core.web.errors import BadInput, Conflict
from festival.devices.handlers import DeviceRole
from festival.devices.models import Activation, Device, EnrolmentCode, SealedCard
from festival.devices.rights import HELD_BY

DIGITS = 10


@dataclass(frozen=True, slots=True)
class CardMade:
    """A card to print: shown now and never again."""

    user_id: int
    name: str
    login: str
    digits: str

    @property
    def spaced(self) -> str:
        """As it is printed: 482 917 3605."""
        return f"{self.digits[:3]} {self.digits[3:6]} {self.digits[6:]}"


@dataclass(frozen=True, slots=True)
class JudgeLine:
    """What a judge has to open a tablet with."""

    user_id: int
    name: str
    login: str
    has_pin: bool
    card_at: datetime | None  # since when a card lies ready


def digits_of(card_id: int) -> str:
    """What stands on a card."""
    number = int.from_bytes(derived_bytes("sealed card", card_id, 1, 16), "big")
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def good_card(user_id: int) -> SealedCard | None:
    """The card of this judge that can still be used."""
    return db.session.scalar(select(SealedCard).where(SealedCard.user_id == user_id, SealedCard.ended_at.is_(None)))


def is_on(card: SealedCard | None, typed: str) -> bool:
    """Whether these are the digits of the card; spaces and dots do not matter."""
    kept = "".join(each for each in typed if each.isascii() and each.isdecimal())
    return card is not None and hmac.compare_digest(digits_of(card.id), kept)


def judge_lines() -> list[JudgeLine]:
    """Every account that may hold a judge's tablet, by name."""
    rows = db.session.execute(
        select(User.id, User.name, User.login, AccountPin.user_id.label("pin"), SealedCard.issued_at)
        .outerjoin(AccountPin, AccountPin.user_id == User.id)
        .outerjoin(SealedCard, and_(SealedCard.user_id == User.id, SealedCard.ended_at.is_(None)))
        .where(User.active, _may_judge())
        .order_by(User.name, User.id)
    )
    return [JudgeLine(row.id, row.name, row.login, row.pin is not None, row.issued_at) for row in rows]


def issue_cards(user_ids: Sequence[int], issued_by: int | None) -> list[CardMade]:
    """A new card for each of these judges, by name; the cards they had are good no more.

    BadInput for who is no judge, Conflict when the same account has let in a tablet that still waits for this judge.
    """
    judges = db.session.execute(
        select(User.id, User.name, User.login)
        .where(User.id.in_(list(user_ids)), User.active, _may_judge())
        .order_by(User.name, User.id)
    ).all()
    if not judges or {row.id for row in judges} != set(user_ids):
        raise BadInput(_("Không có giám khảo này trong danh sách tài khoản."))
    if issued_by is not None and (known := _tablets_let_in_by(issued_by, user_ids)):
        raise Conflict(
            _(
                "Chính tài khoản này đã cấp mã máy cho %(names)s. Thẻ niêm phong và mã máy phải do hai người làm: xin người "
                "khác in thẻ, hoặc hủy mã đó trước.",
                names=", ".join(known),
            )
        )
    at = now()
    ids = [row.id for row in judges]
    db.session.execute(
        update(SealedCard).where(SealedCard.user_id.in_(ids), SealedCard.ended_at.is_(None)).values(ended_at=at)
    )
    cards = [SealedCard(user_id=row.id, issued_by=issued_by, issued_at=at) for row in judges]
    db.session.add_all(cards)
    of_judges = select(Device.id).where(Device.user_id.in_(ids), Device.role == DeviceRole.JUDGE)
    db.session.execute(
        update(Activation)
        .where(Activation.device_id.in_(of_judges), Activation.activated_at.is_(None))
        .values(misses=0, missed_at=None)
    )
    db.session.flush()
    for card in cards:
        security_log.note(SecurityKind.SEALED_CARD, {"card": card.id, "for": card.user_id}, user_id=issued_by)
    return [CardMade(row.id, row.name, row.login, digits_of(card.id)) for row, card in zip(judges, cards, strict=True)]


def _may_judge() -> ColumnElement[bool]:
    return exists().where(UserRole.user_id == User.id, UserRole.role.in_(sorted(HELD_BY[DeviceRole.JUDGE])))


def _tablets_let_in_by(issued_by: int, user_ids: Sequence[int]) -> list[str]:
    """Names of the judges for whom this account made a code that is unused, or whose tablet is not opened yet."""
    return list(
        db.session.scalars(
            select(User.name)
            .join(EnrolmentCode, EnrolmentCode.user_id == User.id)
            .outerjoin(Device, Device.id == EnrolmentCode.device_id)
            .outerjoin(Activation, Activation.device_id == Device.id)
            .where(
                EnrolmentCode.issued_by == issued_by,
                EnrolmentCode.user_id.in_(list(user_ids)),
                EnrolmentCode.role == DeviceRole.JUDGE,
                EnrolmentCode.cancelled_at.is_(None),
                or_(
                    and_(EnrolmentCode.used_at.is_(None), EnrolmentCode.expires_at > now()),
                    and_(Device.id.is_not(None), Device.revoked_at.is_(None), Activation.activated_at.is_(None)),
                ),
            )
            .distinct()
            .order_by(User.name)
        )
    )
