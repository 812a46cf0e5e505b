"""How does a device get in, and how is it shut out again?"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from festival.accounts.models import User, UserRole
from festival.accounts.roles import permissions_of
from festival.core import security_log
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import derived_code, look_up_hash, new_token, normal_typed_code, token_hash
from festival.core.security_log import SecurityKind
from festival.core.web.errors import Conflict, Forbidden, Refusal
from festival.devices import rights
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device, EnrolmentCode, Mutation, SealedCard
from festival.editions.models import Festival

CODE_VALID = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class CodeMade:
    """A one-time code to be shown as QR and as 8 characters."""

    id: int
    code: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A new device and the only copy of its token."""

    device: Device
    festival: Festival
    token: str


@dataclass(frozen=True, slots=True)
class EnrolmentCodeRefused:
    """The code is unknown, used, cancelled or too old; or a judge's tablet brought no key."""

    reason: str


def may_handle(user_id: int, role: DeviceRole) -> bool:
    """Whether the account, as it is now, may enrol, list and revoke devices of this role."""
    roles = db.session.scalars(
        select(UserRole.role).join(User, User.id == UserRole.user_id).where(UserRole.user_id == user_id, User.active)
    )
    return role in rights.handled(permissions_of(frozenset(roles)))


def make_enrolment_code(
    festival_id: int, role: DeviceRole, user_id: int | None, station: str, issued_by: int | None = None
) -> CodeMade:
    """A code that lets one device in within 48 hours. It is shown to who makes it, now; no page shows it again.

    Forbidden when `issued_by` has no right to such a device; Conflict when the same account holds the digits of the judge's
    sealed card.
    """
    if issued_by is not None and not may_handle(issued_by, role):
        raise Forbidden(
            _("Tài khoản này không được cấp mã cho loại máy đó. Máy của giám khảo do thư ký hoặc Ban Tổ chức cấp mã.")
        )
    if user_id is not None and role is DeviceRole.JUDGE and _printed_the_card(user_id, issued_by):
        raise Conflict(
            _(
                "Thẻ niêm phong của giám khảo này do chính tài khoản này in. Mã máy và thẻ phải do hai người làm: xin thư ký "
                "hoặc người khác trong Ban Tổ chức cấp mã máy."
            )
        )
    moment = now()
    row = EnrolmentCode(
        festival_id=festival_id,
        code_hash=secrets.token_hex(32),  # replaced below: the code hangs on the row's id
        role=role,
        user_id=user_id,
        station=station.strip(),
        created_at=moment,
        expires_at=moment + CODE_VALID,
        issued_by=issued_by,
    )
    db.session.add(row)
    db.session.flush()
    row.code_hash = look_up_hash(code_text(row.id))
    db.session.flush()
    about = {"code": row.id, "device_role": role.value, "for": user_id}
    security_log.note(SecurityKind.ENROLMENT_CODE, about, user_id=issued_by)
    return CodeMade(row.id, code_text(row.id))


def _printed_the_card(user_id: int, issued_by: int | None) -> bool:
    """Whether this account printed the judge's card that is still good: then it may not let the tablet in, too."""
    good = select(SealedCard.issued_by).where(SealedCard.user_id == user_id, SealedCard.ended_at.is_(None))
    return issued_by is not None and db.session.scalar(good) == issued_by


def code_text(code_id: int) -> str:
    """The 8 characters of a code."""
    return derived_code("enrol", code_id, 1, 8)


def role_of_code(festival_id: int, code_id: int) -> DeviceRole | None:
    """For which device this code is; None when it is not this festival's."""
    return db.session.scalar(
        select(EnrolmentCode.role).where(EnrolmentCode.id == code_id, EnrolmentCode.festival_id == festival_id)
    )


def role_of_device(festival_id: int, device_id: int) -> DeviceRole | None:
    """What this device is for; None when it is not this festival's."""
    return db.session.scalar(select(Device.role).where(Device.id == device_id, Device.festival_id == festival_id))


def role_of_message(festival_id: int, mid: str) -> DeviceRole | None:
    """From which kind of device this message came; None when it is not this festival's."""
    return db.session.scalar(
        select(Device.role)
        .join(Mutation, Mutation.device_id == Device.id)
        .where(Mutation.mid == mid, Device.festival_id == festival_id)
    )


def cancel_enrolment_code(festival_id: int, code_id: int) -> bool:
    """Make an unused code useless; False when it was used meanwhile or is not this festival's."""
    done = db.session.execute(
        update(EnrolmentCode)
        .where(EnrolmentCode.id == code_id, EnrolmentCode.festival_id == festival_id, EnrolmentCode.used_at.is_(None))
        .values(cancelled_at=now())
        .returning(EnrolmentCode.id)
    )
    if done.scalar_one_or_none() is None:
        return False
    security_log.note(SecurityKind.ENROLMENT_CODE, {"code": code_id, "cancelled": True})
    return True


def enrol(code: str, name: str, public_key: dict[str, Any] | None) -> Enrolled | EnrolmentCodeRefused:
    """Use a code once: whoever comes second is refused by the conditional update."""
    moment = now()
    taken = db.session.execute(
        update(EnrolmentCode)
        .where(
            EnrolmentCode.code_hash == look_up_hash(normal_typed_code(code)),
            EnrolmentCode.used_at.is_(None),
            EnrolmentCode.cancelled_at.is_(None),
            EnrolmentCode.expires_at > moment,
        )
        .values(used_at=moment)
        .returning(EnrolmentCode.id, EnrolmentCode.festival_id, EnrolmentCode.role)
    ).one_or_none()
    if taken is None:
        return EnrolmentCodeRefused("code_unknown")
    row = db.session.get_one(EnrolmentCode, taken.id)
    if row.issued_by is not None and not may_handle(row.issued_by, row.role):
        return EnrolmentCodeRefused("issuer_gone")  # the right of who made it has ended, and the code with it
    # The festival's row is the queue for device numbers.
    festival = db.session.scalars(select(Festival).where(Festival.id == taken.festival_id).with_for_update()).one()
    if row.role is DeviceRole.JUDGE and public_key is None:
        raise KeyNeeded()
    token = new_token()
    device = Device(
        festival_id=festival.id,
        number=1 + (db.session.scalar(select(func.max(Device.number)).filter_by(festival_id=festival.id)) or 0),
        code=secrets.token_hex(8),
        role=row.role,
        user_id=row.user_id,
        station=row.station,
        name=name.strip(),
        token_hash=token_hash(token),
        public_key=public_key,
        enrolled_at=moment,
        last_seen_at=moment,
    )
    db.session.add(device)
    db.session.flush()
    row.device_id = device.id
    db.session.flush()
    about = {"device": device.number, "device_role": row.role.value, "code": row.id, "for": row.user_id}
    security_log.note(SecurityKind.ENROLLED, about)
    return Enrolled(device, festival, token)


class KeyNeeded(Refusal):
    """A judge's tablet must bring a public key; the code stays unused (the transaction is rolled back)."""

    code = "key_needed"


def revoke(festival_id: int, device_id: int, by: int | None = None) -> bool:
    """From now on what the device sends is quarantined; False when it was revoked before or is not there."""
    done = db.session.execute(
        update(Device)
        .where(Device.id == device_id, Device.festival_id == festival_id, Device.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(Device.number)
    )
    number = done.scalar_one_or_none()
    if number is None:
        return False
    security_log.note(SecurityKind.REVOKED, {"device": number}, user_id=by)
    return True


def acknowledge(festival_id: int, mid: str, user_id: int) -> bool:
    """A person has looked at a message set aside; it stays in the table for good."""
    of_festival = select(Device.id).where(Device.festival_id == festival_id)
    done = db.session.execute(
        update(Mutation)
        .where(Mutation.mid == mid, Mutation.device_id.in_(of_festival), Mutation.seen_at.is_(None))
        .values(seen_at=now(), seen_by=user_id)
        .returning(Mutation.mid)
    )
    return done.scalar_one_or_none() is not None
