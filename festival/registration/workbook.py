"""What stands in an officer's Excel file, cell by cell, and what file do we hand out?

One row is one person; rows with the same "Gia đình số" are one family. The file we hand out (template or export) and
the file we read have the same columns, so an export can be corrected and sent back; the file speaks Vietnamese whoever
asks for it. Reading never trusts the
file: size, number of files inside, unpacked size and rows are bounded before anything is parsed, formulas count only by
the value Excel saved with them, and each fault is named by its cell with what to do. Nothing is written here; what
happens to each family is decided in `imports`.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any, TypeVar
from xml.etree.ElementTree import ParseError

from festival.core.mail_address import LONGEST_EMAIL, email_fault
from festival.core.names import LONGEST_NAME, Birth, birth, fold, name_fault, nfc, phone, too_long
from festival.core.on_first_use import OnFirstUse
from festival.core.sentence import N_, Sentence
from festival.registration.eligibility import (
    RELATION_WORDS,
    SEX_WORDS,
    Relation,
    Sex,
    read_relation,
    read_sex,
)
from festival.registration.household import LONGEST_TEXT

openpyxl, cell_names = map(OnFirstUse, ("openpyxl", "openpyxl.utils.cell"))
xlsxwriter = OnFirstUse("xlsxwriter")

Word = TypeVar("Word")

LARGEST_FILE_BYTES = 5 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 64 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 5_000
LAST_SHEET_ROW = 20_000
MOST_COLUMNS = 80
HEADER_WITHIN = 20
SHEET_NAME = "Danh sách"
_EXCEL_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SERIAL_SHIFT_1904 = 1462
_DAMAGE = (
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
_YES = {"x", "co", "roi", "da", "da ky", "dong y", "yes", "1", "v", "true"}
_NO = {"", "khong", "chua", "no", "0", "false"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in the code, its heading, other headings people use, and the advice shown in the cell."""

    key: str
    heading: str
    also: tuple[str, ...] = ()
    required: bool = False
    width: int = 14
    advice: str = ""
    choices: tuple[str, ...] = ()
    of_family: bool = False  # one value for all rows of the family; a merged cell down the rows is welcome here


COLUMNS: tuple[Column, ...] = (
    Column("family", "Gia đình số", ("gia dinh", "stt gia dinh", "ho so", "ma gia dinh"), True, 12,
           "Các thành viên của một gia đình ghi cùng một số: 1, 2, 3…", of_family=True),
    Column("name", "Họ và tên", ("ho ten", "ho va ten thanh vien", "ten"), True, 28, "Họ, chữ đệm và tên, có dấu."),
    Column("relation", "Quan hệ với người đại diện", ("quan he", "vai tro"), True, 24,
           "Mỗi gia đình có đúng một “Người đại diện”.", tuple(map(str, RELATION_WORDS.values()))),
    Column("sex", "Giới tính", ("gioi", "nam/nu", "nam nu", "phai"), True, 10, "Nam hoặc Nữ.", tuple(map(str, SEX_WORDS.values()))),
    Column("birth", "Ngày sinh", ("nam sinh", "ngay sinh hoac nam sinh", "ngay thang nam sinh", "sinh ngay"), True, 14,
           "Như 14/6/1984. Người lớn tuổi có thể chỉ ghi năm sinh."),
    Column("phone", "Số điện thoại", ("sdt", "dien thoai", "so dt", "dt"), True, 16,
           "Số di động 10 chữ số của gia đình, ghi ở dòng người đại diện.", of_family=True),
    Column("address", "Địa chỉ", ("noi o", "cho o", "dia chi thuong tru"), False, 30, "Ấp, khu phố, xã, phường.", of_family=True),
    Column("email", "Thư điện tử", ("email", "e-mail", "thu dien tu (email)"), False, 22, "Không bắt buộc.", of_family=True),
    Column("guardian", "Cha, mẹ hoặc người giám hộ đồng ý", ("nguoi giam ho", "nguoi dong y cho tre", "cha me dong y"), False, 28,
           "Chỉ cho trẻ dưới 16 tuổi: họ tên cha, mẹ hoặc người giám hộ đã ký phiếu đồng ý."),
    Column("signed", "Đã ký phiếu đồng ý", ("da ky", "dong y", "phieu dong y"), False, 14,
           "Ghi x khi đã có phiếu đồng ý bằng giấy, có chữ ký. Để trống: gia đình sẽ tự xác nhận qua liên kết.", ("x",)),
    Column("own", "Trẻ từ 7 tuổi đồng ý", ("tre dong y", "chau dong y"), False, 14,
           "Ghi x khi chính bạn nhỏ từ 7 tuổi đã đồng ý tham gia.", ("x",)),
    Column("needs", "Nhu cầu hỗ trợ", ("nhu cau ho tro dac biet", "ghi chu", "ho tro"), False, 24, "Xe lăn, ăn chay… Không bắt buộc."),
)  # fmt: skip
_BY_KEY = {column.key: column for column in COLUMNS}
# Columns of our own export that say something to people and are not read back.
_INFORMATION = {"trang thai", "con thieu", "stt", "so thu tu", "ma dang ky"}
CONTEST_PREFIX = "Thi: "


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of one cell: `E7`, the heading of its column, why and what to do."""

    cell: str
    heading: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as the file says it; `problems` is empty when every cell could be read."""

    row: int
    family: str
    name: str
    relation: Relation | None
    sex: Sex | None
    birth: Birth | None
    phone: str
    address: str
    email: str
    guardian: str
    signed: bool
    own: bool
    needs: str
    contests: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: the people in the order of the file, and remarks that stop nothing (columns not used).

    `heads` are the texts above the row of headings, where the template names its delegation.
    """

    people: tuple[PersonRow, ...]
    remarks: tuple[Sentence, ...] = ()
    heads: tuple[str, ...] = ()

    def families(self) -> dict[str, tuple[PersonRow, ...]]:
        """People by family label, in the order of first appearance; rows of one family may stand apart."""
        grouped: dict[str, list[PersonRow]] = {}
        for person in self.people:
            grouped.setdefault(person.family, []).append(person)
        return {label: tuple(people) for label, people in grouped.items()}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file as a whole cannot be taken."""

    reasons: tuple[Sentence, ...]


@dataclass(slots=True)
class _Cell:
    value: Any = None
    fault: Sentence | None = None


@dataclass(slots=True)
class _Grid:
    """The cells of one sheet, the value of a formula being the one saved with it."""

    rows: list[tuple[int, list[_Cell]]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # min column, min row, max column, max row
    unread: list[str] = field(default_factory=list)  # other sheets that look like lists of people


# ---------------------------------------------------------------- reading


def read(content: bytes, contests: Mapping[str, str], today: date) -> Sheet | Unreadable:
    """Read a file. `contests` maps code to name; `today` bounds birth dates."""
    refused = _refuse_container(content)
    if refused is not None:
        return Unreadable((refused,))
    try:
        known = _headings(contests)
        grid = _grid(content, SHEET_NAME, lambda sheet: _is_list(sheet, known))
    except _DAMAGE:
        # A damaged workbook breaks the library in many ways; all of them mean the same to the officer.
        return Unreadable((_BROKEN,))
    if isinstance(grid, Sentence):
        return Unreadable((grid,))
    return _sheet(grid, contests, today)


_BROKEN = N_("Tệp Excel này bị hỏng hoặc không phải tệp .xlsx. Hãy mở bằng Excel, lưu lại rồi tải lên.", "file_broken")


def _refuse_container(content: bytes) -> Sentence | None:
    """Whatever can be refused before any part is unpacked."""
    if not content:
        return N_("Tệp trống. Hãy chọn tệp Excel (.xlsx) đã điền.", "file_empty")
    if len(content) > LARGEST_FILE_BYTES:
        return N_(
            "Tệp lớn hơn %(mb)s MB. Hãy chép danh sách sang tệp mẫu mới, bỏ hình ảnh rồi tải lên lại.",
            "file_too_big",
            mb=LARGEST_FILE_BYTES // 1024**2,
        )
    if content.startswith(_OLD_EXCEL):
        return N_(
            "Tệp này là Excel kiểu cũ (.xls) hoặc có đặt mật khẩu. Hãy mở bằng Excel, chọn “Lưu thành” loại .xlsx, không mật khẩu.",
            "file_old_excel",
        )
    if not content.startswith(_EXCEL_ZIP):
        return N_("Đây không phải tệp Excel (.xlsx). Hãy tải tệp mẫu, điền vào rồi tải lên.", "file_not_excel")
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            inside = parts.infolist()
            if len(inside) > MOST_PARTS or sum(part.file_size for part in inside) > LARGEST_UNPACKED_BYTES:
                return N_(
                    "Tệp bung ra quá lớn nên không đọc. Hãy chép danh sách sang tệp mẫu mới rồi tải lên lại.",
                    "file_bomb",
                )
            if "[Content_Types].xml" not in parts.namelist() or "xl/workbook.xml" not in parts.namelist():
                return N_("Đây không phải tệp Excel (.xlsx). Hãy tải tệp mẫu, điền vào rồi tải lên.", "file_not_excel")
            for part in inside:
                # Reading stops at the declared size, so a lying header cannot unpack more than the bound above. An XML
                # document of Excel declares no entities; one that does means harm. Zeros removed also show UTF-16.
                if part.filename.endswith((".xml", ".rels")):
                    with parts.open(part) as opened:
                        if b"<!DOCTYPE" in opened.read(4096).replace(b"\0", b""):
                            return _BROKEN
    except _DAMAGE:
        return _BROKEN
    return None


def _grid(content: bytes, wanted: str, is_list: Callable[[Any], bool]) -> _Grid | Sentence:
    """All cells with a value, and the merged ranges, of the sheet called `wanted`, else of the first that `is_list`.

    A Sentence when the sheet is too long.
    """
    values: Any = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    formulas: Any = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        names = [sheet.title for sheet in values.worksheets if sheet.sheet_state == "visible"]
        if not names:
            return N_("Tệp không có trang tính nào. Hãy dùng tệp mẫu.", "file_no_sheet")
        lists = [name for name in names if is_list(values[name])]
        name = next((name for name in names if fold(name) == fold(wanted)), (lists or names)[0])
        shown, written = values[name], formulas[name]
        shift = _SERIAL_SHIFT_1904 if values.epoch == openpyxl.utils.datetime.CALENDAR_MAC_1904 else 0
        grid = _Grid(unread=[other for other in lists if other != name])
        with zipfile.ZipFile(BytesIO(content)) as parts:
            xml = parts.read(shown._worksheet_path)
        for found in re.finditer(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+\d+:[A-Z]+\d+)"', xml):
            left, top, right, bottom = cell_names.range_boundaries(found[1].decode("ascii"))
            grid.merged.append((left or 1, top or 1, right or 1, bottom or 1))
        for sheet in (shown, written):
            sheet.reset_dimensions()  # what the file says of its size is often wrong
        # Both are asked for one row more than allowed, to know that there is one.
        bounds = {"max_row": LAST_SHEET_ROW + 1, "max_col": MOST_COLUMNS}
        for row, (cells, sources) in enumerate(
            zip(shown.iter_rows(**bounds), written.iter_rows(**bounds), strict=False), 1
        ):
            if row > LAST_SHEET_ROW:
                return _too_many_rows()
            read_cells = [_cell(cell, source, shift) for cell, source in zip(cells, sources, strict=False)]
            if any(cell.value is not None or cell.fault for cell in read_cells):
                grid.rows.append((row, read_cells))
            if len(grid.rows) > MOST_ROWS + HEADER_WITHIN:
                return _too_many_rows()
        return grid
    finally:
        values.close()
        formulas.close()


def _is_list(sheet: Any, known: Mapping[str, str]) -> bool:
    """Whether a sheet has a row of our headings with somebody under it; only its beginning is looked at."""
    headed = False
    for cells in sheet.iter_rows(max_row=HEADER_WITHIN, max_col=MOST_COLUMNS):
        if headed and any(cell.value is not None for cell in cells):
            return True
        keys = {_heading_key(_Cell(cell.value), known) for cell in cells} - {None}
        headed = headed or {"name", "birth"} <= keys
    return False


def _too_many_rows() -> Sentence:
    return N_(
        "Trang tính có hơn %(most)s dòng. Hãy chia thành nhiều tệp, hoặc chép danh sách sang tệp mẫu mới để bỏ dòng trống.",
        "file_too_many_rows",
        most=MOST_ROWS,
    )


def _cell(shown: Any, source: Any, shift: int) -> _Cell:
    value = shown.value
    if source.data_type == "f":
        if value is None:
            return _Cell(
                None,
                N_(
                    "Ô là công thức chưa có kết quả. Hãy mở bằng Excel rồi lưu lại, hoặc gõ thẳng giá trị vào ô.",
                    "cell_formula",
                ),
            )
        if shown.data_type == "e":
            return _Cell(None, _CELL_ERROR)
    elif shown.data_type == "e":
        return _Cell(None, _CELL_ERROR)
    if isinstance(value, str):
        value = nfc(value)
        if not value:
            value = None
    if shift and isinstance(value, int | float) and not isinstance(value, bool) and value > 2200:
        value += shift
    return _Cell(value)


_CELL_ERROR = N_("Ô đang báo lỗi (như #REF!). Hãy gõ lại giá trị vào ô.", "cell_error")


def _sheet(grid: _Grid, contests: Mapping[str, str], today: date) -> Sheet | Unreadable:
    found = _header(grid, contests)
    if isinstance(found, Unreadable):
        return found
    header_row, places, remarks = found
    _spread_merged(
        grid, header_row, {places[column.key] for column in COLUMNS if column.of_family and column.key in places}
    )
    people = [
        _person(row, cells, places, contests, today)
        for row, cells in grid.rows
        if row > header_row and any(_used(cells, place) for place in places.values())
    ]
    if len(people) > MOST_ROWS:
        return Unreadable((_too_many_rows(),))
    if not people:
        return Unreadable(
            (N_("Dưới dòng tiêu đề chưa có thành viên nào. Hãy điền mỗi người một dòng.", "file_no_people"),)
        )
    unread = (
        N_(
            "Trang tính “%(sheet)s” không được đọc: mỗi tệp chỉ đọc một trang. Hãy chép các dòng sang trang “%(list)s”.",
            "sheet_unread",
            sheet=other[:60],
            list=SHEET_NAME,
        )
        for other in grid.unread
    )
    heads = tuple(
        cell.value for row, cells in grid.rows if row < header_row for cell in cells if isinstance(cell.value, str)
    )
    return Sheet(tuple(people), (*unread, *remarks), heads)


def column_letter(number: int) -> str:
    """1 → "A", as a person reads it on the sheet."""
    return str(cell_names.get_column_letter(number))


def _used(cells: Sequence[_Cell], place: int) -> bool:
    return place < len(cells) and (cells[place].value is not None or cells[place].fault is not None)


def _headings(contests: Mapping[str, str]) -> dict[str, str]:
    """Folded heading → key of the column (`contest:CODE` for contests)."""
    known = {fold(each): column.key for column in COLUMNS for each in (column.heading, *column.also)}
    for code, name in contests.items():
        for heading in (CONTEST_PREFIX + name, name, f"{CONTEST_PREFIX}{code}", f"phan thi {name}"):
            known.setdefault(fold(heading), f"contest:{code}")
    return known


def _header(grid: _Grid, contests: Mapping[str, str]) -> tuple[int, dict[str, int], tuple[Sentence, ...]] | Unreadable:
    known = _headings(contests)
    best_row, best_count, best_cells = 0, 0, list[_Cell]()
    for row, cells in grid.rows:
        if row > HEADER_WITHIN:
            break
        count = sum(_heading_key(cell, known) is not None for cell in cells)
        if count > best_count:
            best_row, best_count, best_cells = row, count, cells
    if best_count < 2:
        return Unreadable(
            (
                N_(
                    "Không tìm thấy dòng tiêu đề (Họ và tên, Ngày sinh…). Hãy dùng tệp mẫu và giữ nguyên dòng tiêu đề.",
                    "file_no_header",
                ),
            )
        )
    places: dict[str, int] = {}
    wrong: list[Sentence] = []
    remarks: list[Sentence] = []
    for place, cell in enumerate(best_cells):
        if cell.value is None:
            continue
        key = _heading_key(cell, known)
        if key is None:
            if fold(str(cell.value)) not in _INFORMATION:
                remarks.append(
                    N_(
                        "Cột “%(heading)s” (cột %(letter)s) không dùng đến nên được bỏ qua.",
                        "column_unused",
                        heading=str(cell.value)[:60],
                        letter=column_letter(place + 1),
                    )
                )
        elif key in places:
            letters = (column_letter(places[key] + 1), column_letter(place + 1))
            wrong.append(
                N_(
                    "Cột “%(heading)s” có hai lần (cột %(first)s và %(second)s). Hãy giữ một cột.",
                    "column_twice",
                    heading=str(cell.value)[:60],
                    first=letters[0],
                    second=letters[1],
                )
            )
        else:
            places[key] = place
    for column in COLUMNS:
        if column.required and column.key not in places:
            wrong.append(
                N_(
                    "Thiếu cột “%(heading)s”. Hãy thêm cột này vào dòng tiêu đề (dòng %(row)s) như trong tệp mẫu.",
                    "column_missing",
                    heading=column.heading,
                    row=best_row,
                )
            )
    return Unreadable(tuple(wrong)) if wrong else (best_row, places, tuple(remarks))


def _heading_key(cell: _Cell, known: Mapping[str, str]) -> str | None:
    if not isinstance(cell.value, str):
        return None
    bare = re.sub(r"\s*[(*:].*$", "", cell.value) if not cell.value.startswith(CONTEST_PREFIX) else cell.value
    return known.get(fold(cell.value)) or known.get(fold(bare))


def _spread_merged(grid: _Grid, header_row: int, of_family: set[int]) -> None:
    """A family's value merged down its rows holds for each row; any other merge is a fault of its rows."""
    by_row = dict(grid.rows)
    for first_column, first_row, last_column, last_row in grid.merged:
        if last_row <= header_row:
            continue
        written = f"{column_letter(first_column)}{first_row}:{column_letter(last_column)}{last_row}"
        down = first_column == last_column and first_column - 1 in of_family and first_row > header_row
        for row in range(max(first_row, header_row + 1), last_row + 1):
            cells = by_row.get(row)
            if cells is None:
                continue
            for place in range(first_column - 1, min(last_column, MOST_COLUMNS)):
                while len(cells) <= place:
                    cells.append(_Cell())
                if down:
                    cells[place] = by_row[first_row][place] if first_row in by_row else _Cell()
                else:
                    cells[place] = _Cell(
                        None,
                        N_(
                            "Các ô %(cells)s bị gộp nên không biết giá trị của ai. Hãy bỏ gộp ô rồi điền từng dòng.",
                            "cell_merged",
                            cells=written,
                        ),
                    )


def _person(
    row: int, cells: Sequence[_Cell], places: Mapping[str, int], contests: Mapping[str, str], today: date
) -> PersonRow:
    read = _RowReader(row, cells, places, contests)
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
    chosen = tuple(code for code in contests if f"contest:{code}" in places and read.mark(f"contest:{code}"))
    return PersonRow(
        row, family, name, relation, sex, born, number, read.text("address"), email, read.text("guardian", LONGEST_NAME),
        read.mark("signed"), read.mark("own"), read.text("needs"), chosen, tuple(read.problems),
    )  # fmt: skip


class _Fault:
    """Stands for a value that could not be read and has been named as a problem already."""


_FAULT = _Fault()


class _RowReader:
    """Reads the cells of one row by the key of their column and collects what is wrong with them."""

    def __init__(
        self, row: int, cells: Sequence[_Cell], places: Mapping[str, int], contests: Mapping[str, str]
    ) -> None:
        self.row = row
        self.cells = cells
        self.places = places
        self.contests = contests
        self.problems: list[Problem] = []

    def wrong(self, key: str, reason: Sentence) -> None:
        heading = _BY_KEY[key].heading if key in _BY_KEY else CONTEST_PREFIX + self.contests[key.partition(":")[2]]
        problem = Problem(f"{column_letter(self.places[key] + 1)}{self.row}", heading, reason)
        # A cell that could not be read is one problem, not also a missing value.
        if all(problem.cell != known.cell for known in self.problems):
            self.problems.append(problem)

    def lacking(self, key: str, reason: Sentence) -> str:
        """Note the problem; the value is then ''."""
        self.wrong(key, reason)
        return ""

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
        written = nfc(str(found))
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
            self.wrong(key, N_("“%(text)s” chưa rõ. Hãy ghi x hoặc để trống.", "cell_not_mark", text=folded[:40]))
        return folded in _YES

    def name(self) -> str:
        found = self.value("name")
        if found is _FAULT:
            return ""
        reason = name_fault(found)
        return self.lacking("name", reason) if reason else nfc(found)

    def word(self, key: str, known: Callable[[str], Word | None], none: Sentence, unknown: Sentence) -> Word | None:
        text = self.text(key)
        if not text:
            self.wrong(key, none)
            return None
        found = known(text)
        if found is None:
            self.wrong(key, unknown.filled(text=text[:40]))
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


# ---------------------------------------------------------------- writing


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One person for the export, with the state of the family and what it lacks, already in words."""

    family: str
    name: str
    relation: str
    sex: str
    birth: str
    phone: str
    address: str
    email: str
    guardian: str
    signed: bool
    own: bool
    needs: str
    contests: tuple[str, ...]
    state: str
    lacks: str


def _new_book(title: str, subject: str) -> tuple[Any, BytesIO]:
    """An empty workbook and the bytes it is closed into. Text stays text: no formula, no link, no number."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "dd/mm/yyyy",
        },
    )
    book.set_properties({"title": title, "subject": subject})
    return book, out


def write(title: str, unit: str, contests: Mapping[str, str], rows: Iterable[ExportRow] = ()) -> bytes:
    """The template (no rows) or the export. Text stays text: nothing a person typed becomes a formula or a link."""
    book, out = _new_book(title, unit)
    people = list(rows)
    sheet = book.add_worksheet(SHEET_NAME)
    _write_list(book, sheet, title, unit, contests, people)
    _write_instructions(book, contests)
    sheet.activate()
    book.close()
    return out.getvalue()


def _write_list(
    book: Any, sheet: Any, title: str, unit: str, contests: Mapping[str, str], people: Sequence[ExportRow]
) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    faint = book.add_format({"font_color": "#5b5348"})
    plain = book.add_format(
        {"num_format": "@", "border": 1, "border_color": "#d8cfc2", "valign": "top", "text_wrap": True}
    )
    header = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#b9ab97"}
    required = book.add_format({**header, "bg_color": "#f6d9b8"})
    optional = book.add_format({**header, "bg_color": "#f3ede4"})
    sheet.write_string(0, 0, title, bold)
    sheet.write_string(1, 0, unit, faint)
    sheet.write_string(2, 0, "Mỗi người một dòng. Ô tiêu đề màu cam là bắt buộc. Xem trang “Hướng dẫn”.", faint)
    heading_row, first = 3, 4
    last = max(first + 499, first + len(people))
    columns = [
        *((column.heading, column.width, column.required, column.advice, column.choices) for column in COLUMNS),
        *((CONTEST_PREFIX + name, 14, False, "Ghi x nếu người này dự phần thi.", ("x",)) for name in contests.values()),
    ]
    for place, (heading, width, needed, advice, choices) in enumerate(columns):
        sheet.set_column(place, place, width, plain)
        sheet.write_string(heading_row, place, heading, required if needed else optional)
        rule: dict[str, Any] = {"validate": "any", "input_title": heading[:32], "input_message": advice[:255]}
        if choices:
            rule |= {
                "validate": "list",
                "source": list(choices),
                "error_type": "warning",
                "error_title": "Hãy chọn trong danh sách",
                "error_message": advice[:255],
            }
        sheet.data_validation(first, place, last, place, rule)
    if people:
        for place, (heading, width) in enumerate((("Trạng thái", 16), ("Còn thiếu", 40)), start=len(columns)):
            sheet.set_column(place, place, width, plain)
            sheet.write_string(heading_row, place, heading, optional)
    for row, person in enumerate(people, start=first):
        signed, own = ("x" if person.signed else ""), ("x" if person.own else "")
        texts = [
            person.family, person.name, person.relation, person.sex, person.birth, person.phone, person.address,
            person.email, person.guardian, signed, own, person.needs,
            *("x" if code in person.contests else "" for code in contests), person.state, person.lacks,
        ]  # fmt: skip
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, plain)
    sheet.set_row(heading_row, 48)
    sheet.freeze_panes(first, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading_row)


def _write_instructions(book: Any, contests: Mapping[str, str]) -> None:
    sheet = book.add_worksheet("Hướng dẫn")
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 34, bold)
    sheet.set_column(1, 1, 90, wrap)
    lines = [
        (
            "Cách điền",
            "Điền vào trang “Danh sách”, mỗi người một dòng. Người cùng gia đình ghi cùng “Gia đình số”.",
        ),
        ("Khi tải lên", "Trang web cho xem từng dòng sẽ được ghi thế nào. Chưa bấm xác nhận thì chưa ghi gì."),
        ("Tải lên hai lần", "Gia đình đã có trong danh sách được nhận ra, không ghi thêm lần nữa."),
        *((column.heading, column.advice) for column in COLUMNS),
        *((CONTEST_PREFIX + name, "Ghi x nếu người này dự phần thi.") for name in contests.values()),
    ]
    for row, (what, how) in enumerate(lines):
        sheet.write_string(row, 0, what)
        sheet.write_string(row, 1, how)
