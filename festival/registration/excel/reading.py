"""What does an officer's Excel file say, person by person, and which cell is wrong?

One row is one person; rows with the same "Gia đình số" are one family. Each fault is named by its cell with what to do.
Nothing is written here; what happens to each family is decided in `fates`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from festival.core.births import Birth, birth
from festival.core.names import LONGEST_NAME, fold, nfc, too_long
from festival.core.old_fonts import offered, written_fault
from festival.core.phones import phone
from festival.core.post.mail_address import LONGEST_EMAIL, email_fault
from festival.core.sentence import N_, Sentence
from festival.core.text import cut, line
from festival.documents.workbook_refusals import MERGED_OVER, MOST_ROWS, UnreadableFile, too_many_rows
from festival.documents.workbooks import read_workbook
from festival.documents.xlsx_reading import (
    MOST_COLUMNS,
    Cell,
    Grid,
    Wanted,
    column_letter,
)
from festival.registration.excel.columns import (
    ACT,
    BY_KEY,
    CONTEST,
    EXAMPLE_NAME,
    READ,
    SHEET_NAME,
    AskedColumns,
)
from festival.registration.excel.headings import header
from festival.registration.excel.sheet import CellProblem, FamilySheet, NameOffer, PersonRow
from festival.roster.household import LONGEST_INTRODUCTION, LONGEST_TEXT
from festival.roster.people import read_relation, read_sex

Word = TypeVar("Word")

_YES = {"x", "co", "roi", "da", "da ky", "dong y", "yes", "1", "v", "true"}

_NO = {"", "khong", "chua", "no", "0", "false"}


LONGEST_TITLE = 200


def read(content: bytes, asked: AskedColumns, today: date, folder: Path) -> FamilySheet | UnreadableFile:
    """Read a file. `today` bounds birth dates; `folder` is the instance's."""
    grid = read_workbook(content, WANTED, folder)
    return grid if isinstance(grid, UnreadableFile) else read_grid(grid, asked, today)


def read_grid(grid: Grid, asked: AskedColumns, today: date) -> FamilySheet | UnreadableFile:
    """The people in the cells of a sheet."""
    found = header(grid, asked)
    if isinstance(found, UnreadableFile):
        return found
    header_row, places, remarks = found
    of_family = {places[column.key] for column in READ if column.of_family and column.key in places}
    of_family |= {place for key, place in places.items() if key.startswith(ACT)}
    if not _spread_merged(grid, header_row, sorted(places.values()), of_family):
        return UnreadableFile((MERGED_OVER,))
    people = [
        _person(row, cells, places, asked, today)
        for row, cells in grid.rows
        if row > header_row and any(_used(cells, place) for place in places.values())
    ]
    if len(people) > MOST_ROWS:
        return UnreadableFile((too_many_rows(),))
    if not people:
        return UnreadableFile(
            (
                N_(
                    "Dưới dòng tiêu đề của trang “%(list)s” chưa có thành viên nào. Hãy điền mỗi người một dòng vào trang ấy.",
                    "file_no_people",
                    list=SHEET_NAME,
                ),
            )
        )
    unread = (
        N_(
            "Trang tính “%(sheet)s” không được đọc: mỗi tệp chỉ đọc một trang. Hãy chép các dòng sang trang “%(list)s”.",
            "sheet_unread",
            sheet=cut(other, 60),
            list=SHEET_NAME,
        )
        for other in grid.unread
        if fold(other) != fold(EXAMPLE_NAME)
    )
    heads = tuple(
        cell.value for row, cells in grid.rows if row < header_row for cell in cells if isinstance(cell.value, str)
    )
    return FamilySheet(tuple(people), (*unread, *remarks), heads, frozenset(places))


def _used(cells: Sequence[Cell], place: int) -> bool:
    return place < len(cells) and (cells[place].value is not None or cells[place].fault is not None)


def _folded(key: str) -> frozenset[str]:
    return frozenset(map(fold, (BY_KEY[key].heading, *BY_KEY[key].also)))


WANTED = Wanted(SHEET_NAME, (_folded("name"), _folded("birth")))


def _spread_merged(grid: Grid, header_row: int, used: Sequence[int], of_family: set[int]) -> bool:
    """A family's value merged down its rows holds for each row; any other merge is a fault of its rows.

    Only cells that are read are touched, each once: merges that lie over each other come from no Excel, and a few of them
    over the whole sheet would be work without end. False when there are such.
    """
    by_row = dict(grid.rows)
    numbers = [row for row, _ in grid.rows]
    spread = 0
    for first_column, first_row, last_column, last_row in grid.merged:
        columns = [place for place in used if first_column - 1 <= place < last_column]
        rows = numbers[bisect_left(numbers, max(first_row, header_row + 1)) : bisect_right(numbers, last_row)]
        spread += len(rows) * len(columns)
        if spread > MOST_ROWS * MOST_COLUMNS:
            return False
        if not rows or not columns:
            continue
        down = first_column == last_column and first_column - 1 in of_family and first_row > header_row
        whole = (
            _value_of(by_row.get(first_row, ()), first_column - 1)
            if down
            else _merged_fault(f"{column_letter(first_column)}{first_row}:{column_letter(last_column)}{last_row}")
        )
        for row in rows:
            cells = by_row[row]
            cells.extend(Cell() for _ in range(columns[-1] + 1 - len(cells)))
            for place in columns:
                cells[place] = whole
    return True


def _value_of(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else Cell()


def _merged_fault(written: str) -> Cell:
    return Cell(
        None,
        N_(
            "Các ô %(cells)s bị gộp nên không biết giá trị của ai. Hãy bỏ gộp ô rồi điền từng dòng.",
            "cell_merged",
            cells=written,
        ),
    )


def _person(row: int, cells: Sequence[Cell], places: Mapping[str, int], asked: AskedColumns, today: date) -> PersonRow:
    read = _RowReader(row, cells, places, asked)
    family = read.text("family", 20) or read.lacking(
        "family", N_("Chưa ghi gia đình số mấy. Người cùng gia đình ghi cùng một số.", "no_family")
    )
    name = read.name()
    relation = read.word(
        "relation",
        read_relation,
        N_("Chưa ghi quan hệ với người đại diện.", "no_relation"),
        N_("Không rõ quan hệ “%(text)s”. Hãy chọn trong danh sách của ô.", "bad_relation"),
    )
    sex = read.word(
        "sex",
        read_sex,
        N_("Chưa ghi giới tính. Hãy ghi Nam hoặc Nữ.", "no_sex"),
        N_("“%(text)s” chưa đúng. Hãy ghi Nam hoặc Nữ.", "bad_sex"),
    )
    born = read.through("birth", lambda value: birth(value, today), Birth, required=True)
    number = read.through("phone", phone, str, required=False) or ""
    email = read.text("email", LONGEST_EMAIL)
    bad_email = email_fault(email)
    if bad_email is not None:
        email = read.lacking("email", bad_email)
    chosen = tuple(code for code in asked.contests if CONTEST + code in places and read.mark(CONTEST + code))
    titles = {code: title for code in asked.acts if (title := read.text(ACT + code, LONGEST_TITLE))}
    introduction, of_registration = read.text("introduction", LONGEST_INTRODUCTION), read.text("code", 40).upper()
    needs, guardian, signed, own = read.text("needs"), read.guardian(), read.mark("signed"), read.mark("own")
    return PersonRow(
        row, family, name, relation, sex, born, number, read.text("address"), email, guardian, signed, own, needs, chosen,
        tuple(read.problems), tuple(read.offers), introduction, titles, of_registration, read.written(),
    )  # fmt: skip


def _as_text(value: Any) -> str:
    if isinstance(value, date):  # a datetime is one
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, bool):
        return "x" if value else ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


class _Fault:
    """Stands for a value that could not be read and has been named as a problem already."""


_FAULT = _Fault()


class _RowReader:
    """Reads the cells of one row by the key of their column and collects what is wrong with them."""

    def __init__(self, row: int, cells: Sequence[Cell], places: Mapping[str, int], asked: AskedColumns) -> None:
        self.row = row
        self.cells = cells
        self.places = places
        self.asked = asked
        self.problems: list[CellProblem] = []
        self.offers: list[NameOffer] = []

    def wrong(self, key: str, reason: Sentence) -> None:
        place = self.places[key]
        cell = self.cells[place] if place < len(self.cells) else Cell()
        blank = cell.value is None and cell.fault is None
        problem = CellProblem(f"{column_letter(place + 1)}{self.row}", self.asked.heading(key), reason, key, blank)
        # A cell that could not be read is one problem, not also a missing value.
        if all(problem.cell != known.cell for known in self.problems):
            self.problems.append(problem)

    def lacking(self, key: str, reason: Sentence) -> str:
        """Note the problem; the value is then ''."""
        self.wrong(key, reason)
        return ""

    def written(self) -> dict[str, str]:
        """What stands in each column, as text."""
        return {
            key: _as_text(self.cells[place].value)
            for key, place in self.places.items()
            if place < len(self.cells) and self.cells[place].value is not None
        }

    def value(self, key: str) -> Any:
        place = self.places.get(key)
        if place is None or place >= len(self.cells):
            return None
        fault = self.cells[place].fault
        if fault is not None:
            self.wrong(key, fault)
            return _FAULT
        return self.cells[place].value

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str:
        found = self.value(key)
        if found is None or found is _FAULT:
            return ""
        if isinstance(found, float) and found.is_integer():
            found = int(found)
        written = line(str(found))
        fault = too_long(written, longest)
        return self.lacking(key, fault) if fault is not None else written

    def mark(self, key: str) -> bool:
        found = self.value(key)
        if found is None or found is _FAULT:
            return False
        if isinstance(found, bool):
            return found
        folded = fold(str(int(found) if isinstance(found, float) and found.is_integer() else found))
        if folded not in _YES | _NO:
            self.wrong(key, N_("“%(text)s” chưa rõ. Hãy ghi x hoặc để trống.", "cell_not_mark", text=cut(folded, 40)))
        return folded in _YES

    def name(self) -> str:
        found = self.value("name")
        if found is _FAULT:
            return ""
        return self._written("name", found)

    def guardian(self) -> str:
        found = self.value("guardian")
        if not isinstance(found, str):
            return self.text("guardian", LONGEST_NAME)
        fault = written_fault(found)
        if fault is not None and fault.code in ("name_garbled", "name_lost"):
            return self._written("guardian", found)
        return self.text("guardian", LONGEST_NAME)

    def _written(self, key: str, found: Any) -> str:
        """The name as it stands, with what is offered instead; one that lost letters or is no name is a problem."""
        fault, right = written_fault(found), offered(found)
        if fault is not None and not (fault.code == "name_garbled" and right):
            return self.lacking(key, fault)
        written = nfc(found)
        if right:
            cell = f"{column_letter(self.places[key] + 1)}{self.row}"
            self.offers.append(NameOffer(cell, written, right, fault))
        return written

    def word(self, key: str, known: Callable[[str], Word | None], none: Sentence, unknown: Sentence) -> Word | None:
        text = self.text(key)
        if not text:
            self.wrong(key, none)
            return None
        found = known(text)
        if found is None:
            self.wrong(key, unknown.filled(text=cut(text, 40)))
        return found

    def through(
        self, key: str, rule: Callable[[Any], Word | Sentence], kind: type[Word], *, required: bool
    ) -> Word | None:
        found = self.value(key)
        if found is _FAULT or (found is None and not required):
            return None
        outcome = rule(found)
        if isinstance(outcome, kind):
            return outcome
        if isinstance(outcome, Sentence):
            self.wrong(key, outcome)
        return None
