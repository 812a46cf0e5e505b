"""How are the communes of a delegation named, families put on their lists, and the edition's rule of signing changed?

Each is a line of the ledger and is undone by doing it again the other way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from festival.core import ledger
from festival.core.database import db
from festival.core.names import fold
from festival.core.web.errors import BadInput, NotFound, Overtaken
from festival.editions.models import Festival, Unit
from festival.registration.signing.listed import meant_by
from festival.registration.signing.models import DelegationCommune, FamilyCommune, SigningRule
from festival.registration.signing.units import DelegationSigning
from festival.roster.models import Delegation, Family
from festival.roster.steps import stream

MOST = 40


def units_meant(lines: str, festival: Festival, own: Unit) -> list[Unit]:
    """The units that are typed, a line each, as valid on the first day. BadInput names the line and what to do.

    Of namesakes the one under the delegation's unit, or under the same unit as it, is meant; else the unit above is asked for.
    """
    names = list(dict.fromkeys(name for each in lines.splitlines() if (name := " ".join(each.split()).strip(" ,;."))))
    if len(names) > MOST:
        raise BadInput(_("Nhiều nhất %(n)s xã, phường.", n=MOST), field="communes")
    on = festival.starts_on
    valid = or_(Unit.valid_from.is_(None), Unit.valid_from <= on), or_(Unit.valid_to.is_(None), Unit.valid_to >= on)
    parts = {fold(name.partition(",")[0]) for name in names}
    by_name: dict[str, list[Unit]] = {}
    for unit in db.session.scalars(select(Unit).where(*valid)):
        for written in {fold(unit.name), fold(unit.full_name)} & parts:
            by_name.setdefault(written, []).append(unit)
    found = [_meant(name, by_name, own) for name in names]
    if len({unit.id for unit in found}) != len(found):
        raise BadInput(_("Có xã, phường ghi hai lần. Bỏ bớt một dòng."), field="communes")
    return found


def _meant(name: str, by_name: Mapping[str, Sequence[Unit]], own: Unit) -> Unit:
    written, _comma, above = name.partition(",")
    meant = list(by_name.get(fold(written), ()))
    if above.strip():
        wanted = fold(above)
        meant = [
            unit for unit in meant if unit.parent and wanted in (fold(unit.parent.name), fold(unit.parent.full_name))
        ]
    near = [unit for unit in meant if unit.parent_id in (own.id, own.parent_id) and unit.parent_id is not None]
    if len(meant) > 1 and len(near) == 1:
        meant = near
    if not meant:
        words = _(
            "Không có xã, phường «%(name)s» vào ngày khai mạc. Xem lại tên, hoặc nhập danh sách đơn vị trước.",
            name=name,
        )
        raise BadInput(words, field="communes")
    if len(meant) > 1:
        example = f"{meant[0].full_name}, {meant[0].parent.full_name}" if meant[0].parent else meant[0].full_name
        words = _(
            "Có nhiều nơi tên «%(name)s». Ghi thêm đơn vị cấp trên, ví dụ: %(example)s.", name=name, example=example
        )
        raise BadInput(words, field="communes")
    return meant[0]


def name_communes(delegation: Delegation, units: Sequence[Unit], was: str, by: int | None) -> int:
    """These sign for it from now on, none: its own unit alone. Answers how many families are on no list by that.

    `was`: the keys that were seen; of two people at once the second is told.
    """
    held = db.session.execute(select(Delegation.id).where(Delegation.id == delegation.id).with_for_update())
    held.all()
    if was != ",".join(commune_keys(delegation.id)):
        raise Overtaken(_("Người khác vừa sửa các xã, phường của đoàn này. Xem lại danh sách mới rồi sửa tiếp."))
    ids = [unit.id for unit in units]
    db.session.execute(delete(DelegationCommune).where(DelegationCommune.delegation_id == delegation.id))
    db.session.add_all(
        DelegationCommune(delegation_id=delegation.id, unit_id=unit_id, position=place)
        for place, unit_id in enumerate(ids, start=1)
    )
    db.session.flush()
    own = select(Family.id).where(Family.delegation_id == delegation.id)
    off = list(
        db.session.scalars(
            delete(FamilyCommune)
            .where(FamilyCommune.family_id.in_(own), FamilyCommune.unit_id.not_in(ids))
            .returning(FamilyCommune.family_id)
            .execution_options(synchronize_session=False)
        )
    )
    codes = list(db.session.scalars(select(Family.code).where(Family.id.in_(off)).order_by(Family.id)))
    about = {"delegation": delegation.code, "communes": [unit.key for unit in units], "off": codes}
    ledger.append(stream(delegation.festival), "signing.communes", about, {"by": by})
    return len(off)


def commune_keys(delegation_id: int) -> list[str]:
    """The keys of the communes that sign for a delegation, in their order."""
    wanted = (
        select(Unit.key)
        .join(DelegationCommune, DelegationCommune.unit_id == Unit.id)
        .where(DelegationCommune.delegation_id == delegation_id)
    )
    return list(db.session.scalars(wanted.order_by(DelegationCommune.position)))


def meant_communes(signing: DelegationSigning) -> dict[str, str]:
    """Of each family that is on no list the commune its address names, to be looked at and saved; where it names one."""
    units = [(own.unit.key, own.unit.name) for own in signing.units]
    return {family.code: meant_by(family.address, units) for family in signing.unplaced}


def place_families(delegation: Delegation, chosen: Mapping[str, str], was: Mapping[str, str], by: int | None) -> int:
    """Put families on the lists of communes: code → key, '' for none. Answers how many were moved.

    Only what was chosen otherwise than it was seen (`was`) is written; Overtaken where somebody else moved the same family.
    """
    held = db.session.execute(select(Delegation.id).where(Delegation.id == delegation.id).with_for_update())
    held.all()
    communes = (
        select(Unit.key, Unit.id)
        .join(DelegationCommune, DelegationCommune.unit_id == Unit.id)
        .where(DelegationCommune.delegation_id == delegation.id)
    )
    units = {row.key: row.id for row in db.session.execute(communes)}
    rows = db.session.execute(
        select(Family.code, Family.id, Unit.key)
        .outerjoin(FamilyCommune, FamilyCommune.family_id == Family.id)
        .outerjoin(Unit, Unit.id == FamilyCommune.unit_id)
        .where(Family.delegation_id == delegation.id)
    ).all()
    now = {row.code: (row.id, row.key or "") for row in rows}
    moved = {code: key for code, key in chosen.items() if key != was.get(code, "")}
    if not set(moved) <= set(now) or not {key for key in moved.values() if key} <= set(units):
        raise NotFound()
    if any(now[code][1] not in (was.get(code, ""), key) for code, key in moved.items()):
        raise Overtaken(_("Người khác vừa xếp gia đình vào xã, phường khác. Xem lại rồi chọn tiếp."))
    moved = {code: key for code, key in moved.items() if now[code][1] != key}
    if not moved:
        return 0
    db.session.execute(delete(FamilyCommune).where(FamilyCommune.family_id.in_([now[code][0] for code in moved])))
    db.session.add_all(FamilyCommune(family_id=now[code][0], unit_id=units[key]) for code, key in moved.items() if key)
    db.session.flush()
    ledger.append(
        stream(delegation.festival), "signing.placed", {"delegation": delegation.code, "families": moved}, {"by": by}
    )
    return len(moved)


def ask_for_signing(festival: Festival, required: bool, version: int, by: int | None) -> None:
    """From now on the edition approves only who stands on a signed list, or asks for none any more. `version` 0: no word yet."""
    overtaken = Overtaken(_("Người khác vừa đổi quy định này. Xem lại trước khi đổi tiếp."))
    if version == 0:
        try:
            with db.session.begin_nested():
                db.session.add(SigningRule(festival_id=festival.id, required=required, version=1))
        except IntegrityError as there:
            raise overtaken from there
    else:
        done = db.session.scalar(
            update(SigningRule)
            .where(SigningRule.festival_id == festival.id, SigningRule.version == version)
            .values(required=required, version=version + 1)
            .returning(SigningRule.version)
            .execution_options(synchronize_session=False)
        )
        if done is None:
            raise overtaken
    ledger.append(stream(festival), "signing.asked", {"required": required}, {"by": by})
