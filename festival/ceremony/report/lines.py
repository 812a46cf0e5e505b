"""How is a line typed for the report, put right, taken back and brought back? Each step is in the ledger with all the row holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from festival.ceremony.report.counting.groups import SexCounted
from festival.ceremony.report.models import ReportLine, ReportLineKind
from festival.ceremony.report.words import PANEL
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.editions.models import Festival
from festival.roster.steps import stream


def sexes_typed(every: Iterable[ReportLine]) -> dict[str, SexCounted]:
    """What is written down of people in panels, by name."""
    said = {ReportLineKind.PANEL_WOMAN: SexCounted.WOMEN, ReportLineKind.PANEL_MAN: SexCounted.MEN}
    return {each.name: said[each.kind] for each in every if each.kind in said and each.taken_back_at is None}


@dataclass(frozen=True, slots=True)
class LineTyped:
    """What somebody typed of a line."""

    name: str
    grounds: str = ""
    amount_vnd: int | None = None


def lines_of(festival_id: int) -> list[ReportLine]:
    """All, also those taken back, in the order in which they were typed."""
    wanted = select(ReportLine).where(ReportLine.festival_id == festival_id).order_by(ReportLine.kind, ReportLine.id)
    return list(db.session.scalars(wanted))


def line_of(festival: Festival, line_id: int) -> ReportLine:
    """One of this edition's. NotFound."""
    row = db.session.get(ReportLine, line_id, populate_existing=True)
    if row is None or row.festival_id != festival.id:
        raise NotFound()
    return row


def add_line(festival: Festival, kind: ReportLineKind, typed: LineTyped, by: int | None) -> ReportLine:
    """A further line. Conflict when somebody is commended for the same already."""
    row = ReportLine(
        festival_id=festival.id,
        kind=kind,
        name=typed.name,
        grounds=typed.grounds,
        amount_vnd=typed.amount_vnd,
        version=1,
        typed_at=now(),
        typed_by=by,
    )
    with _once_only(kind):
        db.session.add(row)
        db.session.flush()
    _note(festival, row, by)
    return row


def correct_line(festival: Festival, line_id: int, version: int, typed: LineTyped, by: int | None) -> None:
    """It says this from now on; what it said before is in the ledger. Overtaken when it was changed meanwhile."""
    row = line_of(festival, line_id)
    with _once_only(row.kind):
        _change(row, version, name=typed.name, grounds=typed.grounds, amount_vnd=typed.amount_vnd)
    _note(festival, row, by)


def take_back_line(festival: Festival, line_id: int, version: int, by: int | None) -> None:
    """It stands in no further report."""
    row = line_of(festival, line_id)
    _change(row, version, taken_back_at=now())
    _note(festival, row, by)


def bring_back_line(festival: Festival, line_id: int, version: int, by: int | None) -> None:
    """It was taken back by mistake."""
    row = line_of(festival, line_id)
    with _once_only(row.kind):
        _change(row, version, taken_back_at=None)
    _note(festival, row, by)


@contextmanager
def _once_only(kind: ReportLineKind) -> Iterator[None]:
    """Unique indices say it: nobody is commended twice for the same, nor counted twice in a panel."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as taken:
        if kind in PANEL:
            raise Conflict(_("Người này đã ghi rồi. Ghi nhầm thì bỏ dòng có sẵn, rồi ghi lại.")) from taken
        raise Conflict(
            _("Đã có trong danh sách với đúng thành tích này. Sửa dòng có sẵn, hoặc ghi thành tích khác.")
        ) from taken


def _change(row: ReportLine, version: int, **values: object) -> None:
    changed = db.session.execute(
        update(ReportLine)
        .where(ReportLine.id == row.id, ReportLine.version == version)
        .values(version=version + 1, **values)
        .returning(ReportLine.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if changed is None:
        raise Overtaken()
    db.session.refresh(row)


def _note(festival: Festival, row: ReportLine, by: int | None) -> None:
    subject = {
        "line": row.id,
        "kind": row.kind.value,
        "amount": row.amount_vnd,
        "version": row.version,
        "out": row.taken_back_at is not None,
    }
    ledger.append(stream(festival), "report.line", subject, {"by": by, "name": row.name, "grounds": row.grounds})
