"""What happened at the gates on a festival day, as an Excel file: a person of a reading a line, in the order of the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.checkin.arriving.curve import QUARTER_MS, VIETNAM_MS, quarters_of
from festival.checkin.models import Admission, Scan
from festival.core.clock import local
from festival.core.database import db
from festival.documents.xlsx_writing import new_book
from festival.roster.models import Delegation, Family, Person
from festival.roster.shown.public_names import NameReader, names_held


class AttendanceCounts(StrEnum):
    """What a reading did for a person."""

    COUNTED = "counted"
    BEFORE = "before"  # in already
    OUT = "out"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """One person of one reading of a pass."""

    at: datetime
    gate: str
    purpose: str
    delegation: str
    family: str
    person: str
    how: str
    device: int
    counts: AttendanceCounts


def log_lines(festival_id: int, day: date | None) -> Iterator[AttendanceLine]:
    """Of one festival day, or of all."""
    held = names_held(festival_id, NameReader.DEVICES)
    people = {
        row.code: row
        for row in db.session.execute(
            select(
                Person.id,
                Person.code,
                Person.name,
                Family.id.label("family_id"),
                Family.name.label("family"),
                Delegation.name.label("delegation"),
            )
            .outerjoin(Family, Family.id == Person.family_id)
            .outerjoin(Delegation, (Delegation.id == Family.delegation_id) | (Delegation.id == Person.delegation_id))
            .where(Person.festival_id == festival_id)
        )
    }
    admitted = select(Person.code, Admission.purpose, Admission.day_window, Admission.scan_id).join(
        Person, Person.id == Admission.person_id
    )
    stands = Admission.festival_id == festival_id, ~Admission.annulled
    counted = {tuple(row) for row in db.session.execute(admitted.where(*stands))}
    scans = select(Scan).where(Scan.festival_id == festival_id).order_by(Scan.at_ms, Scan.device_number, Scan.seq)
    if day is not None:
        first, last = quarters_of(day)
        scans = scans.where(
            Scan.at_ms.between(first * QUARTER_MS - VIETNAM_MS, (last + 1) * QUARTER_MS - VIETNAM_MS - 1)
        )
    for scan in db.session.scalars(scans):
        for code in scan.persons:
            row = people.get(code)
            yield AttendanceLine(
                at=datetime.fromtimestamp(scan.at_ms / 1000, UTC),
                gate=scan.gate,
                purpose=scan.purpose,
                delegation=(row.delegation or "") if row else "",
                family=held.family(row.family_id, row.family) if row and row.family_id else "",
                person=held.people.get(row.id, row.name) if row else "",
                how=scan.how,
                device=scan.device_number,
                counts=_counts(scan, (code, scan.purpose, scan.day_window, scan.id) in counted),
            )
        for _one in range(scan.unnamed):  # of a pass nobody knows: in, and nobody in particular
            yield AttendanceLine(
                at=datetime.fromtimestamp(scan.at_ms / 1000, UTC),
                gate=scan.gate,
                purpose=scan.purpose,
                delegation="",
                family="",
                person=_("Không rõ tên, thẻ không có trong danh sách"),
                how=scan.how,
                device=scan.device_number,
                counts=_counts(scan, True),
            )


def _counts(scan: Scan, counted: bool) -> AttendanceCounts:
    if scan.undone:
        return AttendanceCounts.UNDONE
    if scan.way == "out":
        return AttendanceCounts.OUT
    return AttendanceCounts.COUNTED if counted else AttendanceCounts.BEFORE


def count_words() -> dict[AttendanceCounts, str]:
    return {
        AttendanceCounts.COUNTED: _("được tính"),
        AttendanceCounts.BEFORE: _("đã vào từ trước"),
        AttendanceCounts.OUT: _("đi ra"),
        AttendanceCounts.UNDONE: _("đã hoàn tác"),
    }


def how_words() -> dict[str, str]:
    """How a pass was read."""
    return {
        "camera": _("máy ảnh"),
        "scanner": _("đầu đọc"),
        "photo": _("ảnh chụp thẻ"),
        "typed": _("gõ mã"),
        "search": _("tìm tên"),
        "phone": _("số điện thoại"),
        "decided": _("trưởng cổng quyết"),
        "paper": _("nhập từ giấy"),
        "desk": _("bàn tiếp đón"),
    }


def workbook(title: str, called: str, purposes: dict[str, str], lines: Iterator[AttendanceLine]) -> bytes:
    """The file; times are times, so that they sort, everything else is text."""
    book, out = new_book(title, called)
    sheet = book.add_worksheet(_("Nhật ký"))
    bold = book.add_format({"bold": True, "bottom": 1})
    moment = book.add_format({"num_format": "hh:mm:ss dd/mm/yyyy"})
    heads: Sequence[tuple[str, int]] = (
        (_("Lúc"), 20), (_("Cổng"), 16), (_("Mục đích"), 16), (_("Đoàn"), 28), (_("Gia đình"), 30),
        (_("Họ và tên"), 26), (_("Cách đọc thẻ"), 16), (_("Máy"), 8), (_("Được tính"), 18),
    )  # fmt: skip
    for place, (words, width) in enumerate(heads):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, words, bold)
    sheet.freeze_panes(1, 0)
    how, counts = how_words(), count_words()
    number = 0
    for number, line in enumerate(lines, 1):
        sheet.write_datetime(number, 0, local(line.at).replace(tzinfo=None, microsecond=0), moment)
        texts: tuple[Any, ...] = (
            line.gate, purposes.get(line.purpose, line.purpose), line.delegation, line.family, line.person,
            how.get(line.how, line.how), str(line.device), counts[line.counts],
        )  # fmt: skip
        for place, text in enumerate(texts, 1):
            sheet.write_string(number, place, text)
    sheet.autofilter(0, 0, number, len(heads) - 1)
    book.close()
    return out.getvalue()
