"""Which lists of an edition are there, what do their lines come to, and which print of each is still right?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from festival.core.database import db
from festival.core.names import fold
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.results.paying.drawing import list_digest
from festival.results.paying.models import PayLine, PayList, PaySheet
from festival.results.paying.sums import ListSaid, PaidLine, PaySum, in_order, line_said, list_said, reckon, total


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line, what it comes to, and its place among those that count (0: it is left out)."""

    row: PayLine
    paid: PaidLine
    place: int


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list with its lines in order, its prints (newest first, without their bytes) and whether the newest still is right."""

    row: PayList
    said: ListSaid
    lines: Sequence[ShownLine]
    sheets: Sequence[PaySheet]
    stale: bool

    @property
    def counted(self) -> list[ShownLine]:
        """Those that are printed."""
        return [each for each in self.lines if each.place]

    @property
    def sum(self) -> PaySum:
        """Of all that count."""
        return total(each.paid for each in self.counted)

    @property
    def received(self) -> list[ShownLine]:
        """Whose money was handed over."""
        return [each for each in self.counted if each.row.receipt]

    @property
    def twice(self) -> frozenset[int]:
        """Numbers of the lines whose name stands more than once in one role."""
        names = defaultdict[tuple[str, str], list[int]](list)
        for each in self.counted:
            names[fold(each.paid.said.name), each.paid.said.role].append(each.row.number)
        return frozenset(number for numbers in names.values() if len(numbers) > 1 for number in numbers)


def list_row(festival_id: int, number: int) -> PayList:
    """NotFound for any other."""
    own = select(PayList).where(PayList.festival_id == festival_id, PayList.number == number)
    row = db.session.scalars(own.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def line_rows(list_ids: Sequence[int]) -> dict[int, list[PayLine]]:
    """The lines of several lists, as they are now."""
    found: dict[int, list[PayLine]] = defaultdict(list)
    own = select(PayLine).where(PayLine.list_id.in_(list_ids)).order_by(PayLine.number)
    for row in db.session.scalars(own.execution_options(populate_existing=True)):
        found[row.list_id].append(row)
    return found


def shown_list(festival: Festival, number: int) -> ShownList:
    """One list; three statements."""
    return _shown(festival, [list_row(festival.id, number)])[0]


def shown_lists(festival: Festival) -> list[ShownList]:
    """Every list of an edition, those put away among them; three statements."""
    own = select(PayList).where(PayList.festival_id == festival.id).order_by(PayList.number)
    return _shown(festival, db.session.scalars(own).all())


def put_in_order(row: PayList, said: ListSaid, lines: Sequence[PayLine]) -> list[ShownLine]:
    """The lines as they stand on the list."""
    by_number = {each.number: each for each in lines}
    found, place = list[ShownLine](), 0
    for number in in_order(row.places, by_number):
        paid = reckon(line_said(by_number[number].says), said)
        place += not paid.said.out
        found.append(ShownLine(by_number[number], paid, 0 if paid.said.out else place))
    return found


def digest_now(festival: Festival, row: PayList, said: ListSaid, lines: Sequence[ShownLine]) -> str:
    """Of what the list would say if it were printed now."""
    return list_digest(festival, row.number, said, [each.paid for each in lines if each.place])


def _shown(festival: Festival, rows: Sequence[PayList]) -> list[ShownList]:
    ids = [row.id for row in rows]
    lines, sheets = line_rows(ids), defaultdict[int, list[PaySheet]](list)
    for sheet in db.session.scalars(select(PaySheet).where(PaySheet.list_id.in_(ids)).order_by(PaySheet.number.desc())):
        sheets[sheet.list_id].append(sheet)
    found = []
    for row in rows:
        said = list_said(row.says)
        ordered, printed = put_in_order(row, said, lines[row.id]), sheets[row.id]
        # of an erased list nothing is said any more
        stale = bool(printed and row.says) and digest_now(festival, row, said, ordered) != printed[0].drawn
        found.append(ShownList(row, said, ordered, printed, stale))
    return found
