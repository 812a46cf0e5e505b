"""How is a list to sign made, put right, put away and brought back, line by line, and who received what?

Whoever writes holds the edition's row until the transaction ends, and names the version that was seen: of two who write at once
the second is told. What was received does not move: its line, and a rate or a tax it stands on, are changed after the receipt
was taken back. Every change has its step back, and stands in the ledger with all that the row then holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.sentence import to_json
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import day as day_words
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.results.award_papers.said import written_vnd
from festival.results.ladder.papers_there import hold_whole
from festival.results.paying import how
from festival.results.paying.kinds import KINDS, PayKind
from festival.results.paying.models import PayLine, PayList, PaySheet
from festival.results.paying.reading import ShownLine, digest_now, line_rows, list_row, put_in_order
from festival.results.paying.recorded import LINE, LIST, OF_LINE, OF_LIST
from festival.results.paying.sources import ProposedLine, proposed
from festival.results.paying.sums import LineSaid, ListSaid, in_order, line_said, list_said, merged, moved

MOST_LINES = 2_000


def make_list(festival_id: int, kind: PayKind, by: int | None) -> PayList:
    """With the lines its sources propose, but for those that stand on another list of the kind."""
    festival, facts = hold_whole(festival_id), KINDS[kind]
    with force_locale("vi"):
        signers = ((str(_("Người lập")), ""), (str(_("Kế toán")), ""), (str(_("Trưởng Ban Tổ chức")), ""))
        said = ListSaid(say(facts.title), say(facts.unit), facts.tax, festival.host, signers=signers)
    number = 1 + (db.session.scalar(select(func.max(PayList.number)).where(PayList.festival_id == festival.id)) or 0)
    row = PayList(festival_id=festival.id, number=number, kind=kind, places=[], dropped="", version=0)
    row.before = said.kept()
    _write_list(festival, row, by, says=said.kept())
    for each in _not_elsewhere(festival, row, proposed(festival, kind))[:MOST_LINES]:
        _add(festival, row, each.said, by, each)
    return row


def say_list(festival_id: int, number: int, said: ListSaid, version: int, by: int | None) -> bool:
    """What stands above and below the lines, the rates of roles, the tax. False when nothing is different."""
    festival, row = _held(festival_id, number, version)
    if said.kept() == row.says:
        return False
    _keeps_receipts(row, said)
    _write_list(festival, row, by, says=said.kept(), before=row.says)
    return True


def undo_list(festival_id: int, number: int, version: int, by: int | None) -> None:
    """One step back; done again it is the step forth."""
    festival, row = _held(festival_id, number, version)
    if row.before == row.says:
        raise Conflict(_("Chưa sửa gì trước đó nên không có gì để trả lại."))
    _keeps_receipts(row, list_said(row.before))
    _write_list(festival, row, by, says=row.before, before=row.says)


def drop_list(festival_id: int, number: int, reason: str, version: int, by: int | None) -> None:
    """Put away with the reason, or (`reason` "") brought back."""
    festival, row = _held(festival_id, number, version, also_dropped=True)
    if reason and any(each.receipt for each in line_rows([row.id])[row.id]):
        raise Conflict(_("Danh sách đã có người nhận. Bỏ ghi nhận của từng người trước khi cất danh sách."))
    if bool(reason) == bool(row.dropped):
        raise Overtaken()
    _write_list(festival, row, by, dropped=reason)


def move_line(festival_id: int, number: int, line: int, place: int, version: int, by: int | None) -> None:
    """To this place of the list, counted from 1 over all its lines."""
    festival, row = _held(festival_id, number, version)
    order = in_order(row.places, (each.number for each in line_rows([row.id])[row.id]))
    if line not in order:
        raise NotFound()
    if (new := moved(order, line, place)) != order:
        _write_list(festival, row, by, places=new)


def add_line(festival_id: int, number: int, said: LineSaid, by: int | None, *, twice: bool = False) -> PayLine:
    """By hand. BadInput for a name that stands on the list in the same role, unless that is meant."""
    festival, row = _held(festival_id, number)
    lines = line_rows([row.id])[row.id]
    _not_twice(lines, said, twice)
    return _add(festival, row, said, by)


def say_line(festival_id: int, number: int, line: int, said: LineSaid, version: int, by: int | None) -> bool:
    """What a line says from now on, left out or brought back among it. False when nothing is different."""
    festival, row, found = _held_line(festival_id, number, line, version)
    if said.kept() == found.says:
        return False
    _not_received(found)
    _write_line(festival, row, found, by, says=said.kept(), before=found.says)
    return True


def undo_line(festival_id: int, number: int, line: int, version: int, by: int | None) -> None:
    """One step back; done again it is the step forth."""
    festival, row, found = _held_line(festival_id, number, line, version)
    if found.before == found.says:
        raise Conflict(_("Chưa sửa gì trước đó nên không có gì để trả lại."))
    _not_received(found)
    _write_line(festival, row, found, by, says=found.before, before=found.says)


def refresh_list(festival_id: int, number: int, version: int, by: int | None) -> tuple[int, list[str]]:
    """Take over what the sources say now: new lines, and of the others what nobody typed otherwise. A line whose source is
    gone is left out. Nothing of what was received changes. Answers how many changed, and who received what is no longer so.
    """
    festival, row = _held(festival_id, number, version)
    lines = line_rows([row.id])[row.id]
    fresh = proposed(festival, row.kind)
    changes = changes_of(lines, fresh)
    for found, new in changes:
        _write_line(festival, row, found, by, before=found.says, **new)
    there = {each.source for each in lines}
    added = [each for each in _not_elsewhere(festival, row, fresh) if each.source not in there]
    for each in added[: max(0, MOST_LINES - len(lines))]:
        _add(festival, row, each.said, by, each)
    return len(changes) + len(added), _received_otherwise(lines, fresh)


def changes_of(lines: Sequence[PayLine], fresh: Sequence[ProposedLine]) -> list[tuple[PayLine, dict[str, Any]]]:
    """Which lines their sources would say otherwise now, and what the rows would then hold."""
    by_source, found = {each.source: each for each in fresh}, list[tuple[PayLine, dict[str, Any]]]()
    for row in lines:
        if row.source is None or row.receipt or not row.says:
            continue
        said, new = line_said(row.says), by_source.get(row.source)
        if new is None:
            if not said.out:
                with force_locale("vi"):
                    found.append((row, {"says": said.kept() | {"out": say(how.GONE)}, "how": to_json(how.GONE)}))
        elif row.proposed != new.said.kept():
            wanted = merged(said, line_said(row.proposed or {}), new.said)
            found.append((row, {"says": wanted.kept(), "proposed": new.said.kept(), "how": to_json(new.how)}))
    return found


def _received_otherwise(lines: Sequence[PayLine], fresh: Sequence[ProposedLine]) -> list[str]:
    """Names of received lines whose source says something else now, or is gone."""
    by_source = {each.source: each.said.kept() for each in fresh}
    received = [each for each in lines if each.source is not None and each.receipt]
    return [each.says["name"] for each in received if each.proposed != by_source.get(each.source or "")]


# ------------------------------------------------------------------------------------------- who received what


def receive(
    festival_id: int, number: int, line: int, receipt: tuple[str, str, date], version: int, by: int | None
) -> None:
    """Somebody signed for it on the print that is right now: receiver, who paid it out, day."""
    festival, row, found = _held_line(festival_id, number, line, version)
    lines, sheet = _signable(festival, row)
    shown = next(each for each in lines if each.row.number == line)
    if found.receipt or not shown.place:
        raise Conflict(_("Dòng này đã ghi nhận, hoặc không thuộc danh sách. Mở lại trang để xem."))
    _receive(festival, row, shown, receipt, sheet, by)


def receive_rest(festival_id: int, number: int, payer: str, day: date, version: int, by: int | None) -> int:
    """Everybody who is not noted yet received it in person; answers how many."""
    festival, row = _held(festival_id, number, version)
    lines, sheet = _signable(festival, row)
    waiting = [each for each in lines if each.place and not each.row.receipt]
    if not waiting:
        raise Conflict(_("Mọi người trong danh sách đã ghi nhận rồi."))
    for each in waiting:
        _receive(festival, row, each, (each.paid.said.name, payer, day), sheet, by)
    return len(waiting)


def take_receipt_back(festival_id: int, number: int, line: int, reason: str, version: int, by: int | None) -> None:
    """It was noted by mistake, or the money came back."""
    festival, row, found = _held_line(festival_id, number, line, version)
    if not found.receipt:
        raise Conflict(_("Dòng này chưa ghi nhận, không có gì để bỏ."))
    _write_line(festival, row, found, by, reason=reason, receipt=None)


def _receive(
    festival: Festival, row: PayList, each: ShownLine, receipt: tuple[str, str, date], sheet: PaySheet, by: int | None
) -> None:
    receiver, payer, day = receipt
    _not_received_elsewhere(row, each.row)
    noted = {
        "receiver": receiver,
        "payer": payer,
        "day": day.isoformat(),
        "sheet": sheet.number,
        "net": each.paid.sum.net,
    }
    _write_line(festival, row, each.row, by, receipt=noted)


def _signable(festival: Festival, row: PayList) -> tuple[list[ShownLine], PaySheet]:
    said = list_said(row.says)
    lines = put_in_order(row, said, line_rows([row.id])[row.id])
    own = select(PaySheet).where(PaySheet.list_id == row.id).order_by(PaySheet.number.desc()).limit(1)
    sheet = db.session.scalars(own).one_or_none()
    if sheet is None:
        raise Conflict(_("Chưa in danh sách. In, đưa mọi người ký trên giấy, rồi ghi ai đã nhận."))
    if digest_now(festival, row, said, lines) != sheet.drawn:
        raise Conflict(_("Danh sách đã đổi từ khi in: tờ đã in không còn đúng. In lại, ký tờ mới, rồi ghi ai đã nhận."))
    return lines, sheet


# ------------------------------------------------------------------------------------------------ what is kept


def _held(
    festival_id: int, number: int, version: int | None = None, *, also_dropped: bool = False
) -> tuple[Festival, PayList]:
    """The list, held with its edition. `version` None: whatever stands."""
    festival = hold_whole(festival_id)
    row = list_row(festival.id, number)
    if not row.says:
        raise Conflict(_("Danh sách đã được xóa theo hạn lưu."))
    if version is not None and row.version != version:
        raise Overtaken(_("Vừa có người khác sửa danh sách này. Mở lại trang để xem; chưa có gì bị ghi đè."))
    if row.dropped and not also_dropped:
        raise Conflict(_("Danh sách này đã cất. Lấy lại rồi mới sửa."))
    return festival, row


def _held_line(festival_id: int, number: int, line: int, version: int) -> tuple[Festival, PayList, PayLine]:
    festival, row = _held(festival_id, number)
    found = next((each for each in line_rows([row.id])[row.id] if each.number == line), None)
    if found is None:
        raise NotFound()
    if found.version != version:
        raise Overtaken(_("Vừa có người khác sửa dòng này. Mở lại trang để xem; chưa có gì bị ghi đè."))
    return festival, row, found


def _add(festival: Festival, row: PayList, said: LineSaid, by: int | None, of: ProposedLine | None = None) -> PayLine:
    numbers = select(func.count(), func.max(PayLine.number)).where(PayLine.list_id == row.id)
    count, last = db.session.execute(numbers).one()
    if count >= MOST_LINES:
        raise Conflict(_("Danh sách đã đủ %(n)s dòng. Lập thêm một danh sách khác.", n=MOST_LINES))
    made = PayLine(list_id=row.id, number=1 + (last or 0), version=0, before=said.kept())
    _write_line(
        festival,
        row,
        made,
        by,
        source=of.source if of else None,
        how=to_json(of.how) if of else None,
        proposed=of.said.kept() if of else None,
        says=said.kept(),
        receipt=None,
    )
    return made


def _write_list(festival: Festival, row: PayList, by: int | None, **values: object) -> None:
    _set(row, by, values)
    said = {name: getattr(row, name) for name in OF_LIST} | {"kind": row.kind.value}
    ledger.append(f"decisions:{festival.code}", LIST, {"festival": festival.code, "list": row.number}, said)


def _write_line(
    festival: Festival, row: PayList, line: PayLine, by: int | None, *, reason: str = "", **values: object
) -> None:
    """`reason` is told with the line in the ledger and is no column."""
    _set(line, by, values)
    said = {name: getattr(line, name) for name in OF_LINE} | ({"reason": reason} if reason else {})
    subject = {"festival": festival.code, "list": row.number, "line": line.number}
    ledger.append(f"decisions:{festival.code}", LINE, subject, said)


def _set(row: PayList | PayLine, by: int | None, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.said_by, row.said_at = row.version + 1, by, now()
    db.session.add(row)
    db.session.flush()


def _not_elsewhere(festival: Festival, row: PayList, fresh: Sequence[ProposedLine]) -> list[ProposedLine]:
    """Without those that count on another list of the kind, so that nobody is proposed twice."""
    own = (
        select(PayLine.source, PayLine.says)
        .join(PayList, PayList.id == PayLine.list_id)
        .where(
            PayList.festival_id == festival.id, PayList.kind == row.kind, PayList.id != row.id, PayList.dropped == ""
        )
    )
    taken = {each.source for each in db.session.execute(own) if each.says and not each.says["out"]}
    return [each for each in fresh if each.source not in taken]


def _not_received_elsewhere(row: PayList, line: PayLine) -> None:
    """The same source may stand on two lists when one was brought back; it is paid once."""
    if line.source is None:
        return
    own = (
        select(PayList.number)
        .join(PayLine, PayLine.list_id == PayList.id)
        .where(PayList.festival_id == row.festival_id, PayList.kind == row.kind, PayList.id != row.id)
        .where(PayLine.source == line.source, PayLine.receipt.is_not(None))
    )
    other = db.session.scalar(own.limit(1))
    if other is not None:
        said = line_said(line.says)
        raise Conflict(
            _("%(name)s đã nhận ở danh sách số %(n)s. Để dòng này ra ngoài danh sách.", name=said.name, n=other)
        )


def _not_received(line: PayLine) -> None:
    if line.receipt:
        day = day_words(date.fromisoformat(line.receipt["day"]))
        raise Conflict(
            _(
                "Dòng này đã có người nhận ngày %(day)s nên không sửa được. Bỏ ghi nhận, sửa, in lại rồi ghi nhận lại.",
                day=day,
            )
        )


def _keeps_receipts(row: PayList, said: ListSaid) -> None:
    """Conflict where a rate or a tax would move money that was received."""
    for each in put_in_order(row, said, line_rows([row.id])[row.id]):
        if each.row.receipt and each.row.receipt["net"] != each.paid.sum.net:
            values = {"name": each.paid.said.name, "money": written_vnd(each.row.receipt["net"])}
            raise Conflict(
                _(
                    "%(name)s đã nhận %(money)s đồng theo mức cũ. Ghi mức riêng ở từng dòng chưa nhận, hoặc bỏ ghi nhận trước.",
                    **values,
                )
            )


def _not_twice(lines: Sequence[PayLine], said: LineSaid, meant: bool) -> None:
    same = [each for each in lines if each.says and not each.says["out"]]
    if not meant and any((fold(each.says["name"]), each.says["role"]) == (fold(said.name), said.role) for each in same):
        raise BadInput(
            _(
                "%(name)s đã có trong danh sách với cùng nội dung. Nếu là người khác trùng tên, đánh dấu «Vẫn thêm».",
                name=said.name,
            ),
            field="name",
        )
