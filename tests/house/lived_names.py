"""At reception: a delegation's names are printed, signed, corrected, signed once more by mistake, annulled."""

from __future__ import annotations

from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.proofing import correcting, sheets
from festival.proofing.names import NameKind
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState


def proofed(festival_id: int, staff: int) -> None:
    """Of the first delegation that has a family with an act."""
    with transaction():
        entry = db.session.scalars(
            select(Entry)
            .join(Family, Family.id == Entry.family_id)
            .where(
                Family.festival_id == festival_id,
                Family.state == FamilyState.APPROVED,
                Entry.state == EntryState.ENROLLED,
            )
            .order_by(Entry.id)
            .limit(1)
        ).one()
        entry.title = entry.title or "Điệu múa"
        delegation_id = entry.delegation_id
    _signed(delegation_id, staff)
    with transaction():
        names = sheets.names_of(db.session.get_one(Delegation, delegation_id))
        first = {each.kind: each for each in reversed(names)}
        for kind, text in (
            (NameKind.MEMBER, "Danh Đã Sửa"),
            (NameKind.TITLE, "Điệu múa đã sửa"),
            (NameKind.HEAD, "Danh Ô"),
        ):
            assert correcting.correct(delegation_id, {correcting.box(first[kind]): text}, staff).written == 1
    second = _signed(delegation_id, staff)
    with transaction():
        assert sheets.annul_sheet(delegation_id, second, "ký nhầm tờ", staff) is not None


def _signed(delegation_id: int, staff: int) -> int:
    with reading():
        sheet = sheets.draw_sheet(db.session.get_one(Delegation, delegation_id))
    with transaction():
        paper_id = sheets.print_sheet(delegation_id, sheet, staff).id
        sheets.sign_sheet(delegation_id, paper_id, "Danh Trưởng", staff)
    return paper_id
