"""Excel files as officers really send them, each broken kind made for real."""

import random
import unicodedata
import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook

from festival.core.births import Birth
from festival.core.sentence import Sentence
from festival.documents import workbook_refusals, xlsx_reading
from festival.documents.workbook_refusals import UnreadableFile
from festival.documents.xlsx_reading import grid_of
from festival.registration.excel import columns, reading, writing
from festival.registration.excel.columns import AskedColumns
from festival.registration.excel.comparing import KnownFamily
from festival.registration.excel.fates import Fate, fates, household_of, other_unit
from festival.registration.excel.sheet import FamilySheet
from festival.registration.excel.writing import FileRow
from festival.roster.eligibility import Bounds, ContestQuota, Quotas
from festival.roster.household import Household
from festival.roster.people import Relation, Sex

TODAY = date(2024, 5, 20)
OPENING = date(2024, 6, 14)
CONTESTS = {"tai-nang": "Gia đình tài năng", "nau-an": "Thi nấu ăn"}
ASKED = AskedColumns(CONTESTS, {"tai-nang": "Gia đình tài năng"})
QUOTAS = Quotas(Bounds(2, 6), Bounds(1, 4), Bounds(1, 6), (ContestQuota("tai-nang", "Gia đình tài năng"),))
HEADINGS = [column.heading for column in columns.COLUMNS] + [f"Thi: {name}" for name in CONTESTS.values()]
MOTHER = [
    "1",
    "Danh Thị Sa Rươl",
    "Người đại diện",
    "Nữ",
    "3/2/1986",
    "0912345678",
    "Ấp Hòn Me",
    "",
    "",
    "x",
    "",
    "",
    "x",
    "",
]
SON = ["1", "Danh Minh Khôi", "Con", "Nam", "1/9/2014", "", "", "", "Danh Thị Sa Rươl", "x", "x", "ăn chay", "x", "x"]


def excel(rows: list[list[Any]], headings: list[str] | None = None, merge: str = "", title: str = "Danh sách") -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append(HEADINGS if headings is None else headings)
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read_here(content: bytes) -> FamilySheet | UnreadableFile:
    """As the reader's process does it, without the process (tests/documents/test_workbooks.py starts it)."""
    grid = grid_of(content, reading.WANTED)
    return UnreadableFile((grid,)) if isinstance(grid, Sentence) else reading.read_grid(grid, ASKED, TODAY)


def read(content: bytes) -> FamilySheet:
    outcome = read_here(content)
    assert isinstance(outcome, FamilySheet), outcome
    return outcome


def refused(content: bytes) -> list[str]:
    outcome = read_here(content)
    assert isinstance(outcome, UnreadableFile)
    assert all(reason.template and "%(" not in str(reason) for reason in outcome.reasons)
    return [reason.code for reason in outcome.reasons]


def problems(content: bytes) -> list[tuple[str, str]]:
    return [(problem.cell, problem.reason.code) for person in read(content).people for problem in person.problems]


def with_cell(row: list[Any], heading: str, value: Any) -> list[Any]:
    place = HEADINGS.index(heading)
    return [*row[:place], value, *row[place + 1 :]]


def test_filled_template_is_read_back_whole() -> None:
    book = load_workbook(BytesIO(writing.write("Ngày hội", "Huyện Hòn Đất", ASKED)))
    sheet = book["Danh sách"]
    assert book.sheetnames == ["Danh sách", "Ví dụ", "Hướng dẫn"]
    for at, row in enumerate([MOTHER, SON], start=5):
        for place, value in enumerate(row, start=1):
            sheet.cell(at, place, value)
    out = BytesIO()
    book.save(out)
    mother, son = read(out.getvalue()).people
    assert (mother.row, mother.name, mother.relation, mother.sex, mother.birth, mother.phone, mother.contests) == (
        5, "Danh Thị Sa Rươl", Relation.REPRESENTATIVE, Sex.FEMALE, Birth(1986, 2, 3), "0912345678", ("tai-nang",),
    )  # fmt: skip
    assert (son.guardian, son.signed, son.own, son.needs, son.contests) == (
        "Danh Thị Sa Rươl", True, True, "ăn chay", ("tai-nang", "nau-an"),
    )  # fmt: skip
    assert mother.problems == son.problems == ()


def test_template_has_lists_and_advice_in_every_column() -> None:
    book = load_workbook(BytesIO(writing.write("Ngày hội", "Huyện Hòn Đất", ASKED)))
    rules = book["Danh sách"].data_validations.dataValidation
    assert len(rules) == len(HEADINGS) + 2  # introduction and the title of the act
    assert sum(rule.type == "list" for rule in rules) == 2 + 2 + len(CONTESTS)
    assert all(rule.prompt for rule in rules)


def test_export_never_writes_a_formula_and_is_read_back() -> None:
    row = FileRow(
        {
            "family": "1",
            "name": '=HYPERLINK("http://x")',
            "relation": "Con",
            "sex": "Nam",
            "birth": "2014",
            "phone": "0912345678",
            "address": "=1+1",
            "needs": "+1",
            "state": "Chờ duyệt",
        }
    )
    content = writing.write("Ngày hội", "Hòn Đất", ASKED, [row], ("state", "lacks"))
    sheet = load_workbook(BytesIO(content))["Danh sách"]
    assert [cell.data_type for cell in sheet[5] if cell.value is not None] == ["s"] * sum(
        c.value is not None for c in sheet[5]
    )
    outcome = read(content)
    assert outcome.remarks == ()
    assert [problem.reason.code for problem in outcome.people[0].problems] == ["bad_name"]


@pytest.mark.parametrize("heading", [column.heading for column in columns.COLUMNS if column.required])
def test_missing_column_is_named(heading: str) -> None:
    place = HEADINGS.index(heading)
    content = excel([MOTHER[:place] + MOTHER[place + 1 :]], HEADINGS[:place] + HEADINGS[place + 1 :])
    outcome = read_here(content)
    assert isinstance(outcome, UnreadableFile)
    assert [(reason.code, dict(reason.values)["heading"]) for reason in outcome.reasons] == [
        ("column_missing", heading)
    ]


def test_headings_as_people_write_them_and_a_title_above() -> None:
    headings = ["Hồ sơ", "HỌ TÊN", "Quan hệ", "Giới", "Năm sinh (*)", "SĐT:", "Sở thích", "gia đình TÀI NĂNG"]
    content = excel([["1", "Danh Chung", "đại diện", "nam", 1950, 912345678, "cờ", "x"]], headings)
    book = load_workbook(BytesIO(content))
    book.active.insert_rows(1, 3)
    book.active["A1"] = "DANH SÁCH GIA ĐÌNH"
    out = BytesIO()
    book.save(out)
    outcome = read(out.getvalue())
    assert [reason.code for reason in outcome.remarks] == ["column_unused"]
    assert outcome.people[0].birth == Birth(1950)
    assert outcome.people[0].phone == "0912345678"
    assert outcome.people[0].contests == ("tai-nang",)


def test_same_column_twice_is_refused() -> None:
    assert refused(excel([[*MOTHER, "x"]], [*HEADINGS, "Họ tên"])) == ["column_twice"]


def test_no_header_and_no_people() -> None:
    assert refused(excel([["a", "b"]], ["x", "y"])) == ["file_no_header"]
    assert refused(excel([])) == ["file_no_people"]


def test_family_cell_merged_down_holds_for_each_row() -> None:
    content = excel([MOTHER, with_cell(SON, "Gia đình số", None)], merge="A2:A3")
    assert [person.family for person in read(content).people] == ["1", "1"]
    assert problems(content) == []


def test_other_merged_cells_are_named() -> None:
    content = excel([MOTHER, SON], merge="D2:D3")
    assert problems(content) == [("D2", "cell_merged"), ("D3", "cell_merged")]


def test_formula_with_saved_value_counts_without_is_refused() -> None:
    book_file = BytesIO()
    with xlsxwriter.Workbook(book_file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, MOTHER)
        sheet.write_formula(1, 1, '="Danh Thị "&"Sa Rươl"', None, "Danh Thị Sa Rươl")
    assert read(book_file.getvalue()).people[0].name == "Danh Thị Sa Rươl"
    # openpyxl saves no value with a formula
    assert problems(excel([with_cell(MOTHER, "Họ và tên", '="Danh "&"Chung"')])) == [("B2", "cell_formula")]


def test_error_cell_is_named() -> None:
    assert problems(excel([with_cell(MOTHER, "Ngày sinh", "#REF!")])) == [("E2", "cell_error")]


def test_nfd_name_is_stored_nfc() -> None:
    content = excel([with_cell(MOTHER, "Họ và tên", unicodedata.normalize("NFD", "Nguyễn Thị Thuỷ"))])
    assert read(content).people[0].name == "Nguyễn Thị Thuỷ"


A_DAY = datetime(1986, 2, 3)  # noqa: DTZ001 - Excel knows no time zones


@pytest.mark.parametrize("value", [31446, 31446.0, A_DAY, "1986-02-03", "03-02-1986"])
def test_date_as_number_date_or_text(value: Any) -> None:
    assert read(excel([with_cell(MOTHER, "Ngày sinh", value)])).people[0].birth == Birth(1986, 2, 3)


def test_phone_as_float_has_its_zero_back() -> None:
    assert read(excel([with_cell(MOTHER, "Số điện thoại", 912345678.0)])).people[0].phone == "0912345678"


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("Gia đình số", None, "no_family"), ("Họ và tên", None, "no_name"), ("Họ và tên", 12, "bad_name"),
        ("Họ và tên", "Danh <b>", "bad_name"), ("Họ và tên", "A" * 81, "cell_too_long"),
        ("Quan hệ với người đại diện", "trưởng ấp", "bad_relation"), ("Quan hệ với người đại diện", None, "no_relation"),
        ("Giới tính", "?", "bad_sex"), ("Giới tính", None, "no_sex"), ("Ngày sinh", "31/2/1986", "birth_no_such_day"),
        ("Ngày sinh", None, "birth_missing"), ("Số điện thoại", "12", "phone_wrong"), ("Thư điện tử", "a@b", "bad_email"),
        ("Đã ký phiếu đồng ý", "có lẽ", "cell_not_mark"), ("Thi: Gia đình tài năng", "hát", "cell_not_mark"),
        ("Địa chỉ", "x" * 301, "cell_too_long"),
    ],
)  # fmt: skip
def test_one_bad_cell_is_named_with_what_to_do(heading: str, value: Any, code: str) -> None:
    assert [found for _cell, found in problems(excel([with_cell(MOTHER, heading, value)]))] == [code]


def test_five_thousand_rows_are_read_and_one_more_is_refused() -> None:
    rows = [with_cell(MOTHER, "Gia đình số", number) for number in range(5000)]
    content = excel(rows)
    assert len(read(content).people) == 5000
    assert refused(excel([*rows, MOTHER])) == ["file_too_many_rows"]


def test_a_row_far_below_is_not_lost_silently() -> None:
    book = load_workbook(BytesIO(excel([MOTHER])))
    book.active["B30000"] = "Danh Chung"
    out = BytesIO()
    book.save(out)
    assert refused(out.getvalue()) == ["file_too_many_rows"]


def test_files_that_are_no_excel() -> None:
    assert refused(b"") == ["file_empty"]
    assert refused(b"ho ten;nam sinh\n") == ["file_not_excel"]
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512) == ["file_old_excel"]
    assert refused(b"PK\x03\x04broken") == ["file_broken"]
    assert refused(b"\0" * (workbook_refusals.LARGEST_FILE_BYTES + 1)) == ["file_too_big"]
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as parts:
        parts.writestr("word/document.xml", "<a/>")
    assert refused(other.getvalue()) == ["file_not_excel"]


def repacked(content: bytes, changed: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *changed}:
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return out.getvalue()


def test_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(excel([MOTHER]), {"xl/worksheets/sheet1.xml": b" " * (xlsx_reading.LARGEST_UNPACKED_BYTES + 1)})
    assert len(bomb) < workbook_refusals.LARGEST_FILE_BYTES
    assert refused(bomb) == ["file_bomb"]
    crowd = repacked(excel([MOTHER]), {f"xl/x{number}": b"" for number in range(xlsx_reading.MOST_PARTS)})
    assert refused(crowd) == ["file_bomb"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert refused(repacked(excel([MOTHER]), {"xl/worksheets/sheet1.xml": laughs.encode(encoding)})) == ["file_broken"]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_broken_parts_are_one_clear_answer(part: str) -> None:
    assert refused(repacked(excel([MOTHER]), {part: b"<worksheet><oops"})) == ["file_broken"]


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Some bytes of the file, or of one part of it, changed, taken out or doubled."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        name = chance.choice(parts.namelist())
        inside = bytearray(parts.read(name))
    whole = chance.random() < 0.5
    changed = bytearray(content) if whole else inside
    for _ in range(chance.randint(1, 5)):
        at, other = chance.randrange(len(changed)), chance.randrange(len(changed))
        what = chance.random()
        if what < 0.5:
            changed[at] = chance.choice(b'<>/"0A= \x00\xff')
        elif what < 0.75:
            del changed[at : min(at + 30, len(changed) - 10)]
        else:
            changed[at:at] = changed[other : other + 40]
    return bytes(changed) if whole else repacked(content, {name: bytes(changed)})


def test_damaged_files_get_an_answer_and_never_an_error() -> None:
    content, chance = excel([MOTHER, SON], merge="A2:A3"), random.Random(20240614)
    kinds = set()
    for _ in range(400):
        outcome = read_here(damaged(content, chance))
        kinds.add(type(outcome))
        if isinstance(outcome, FamilySheet):
            fates(outcome, [], {}, QUOTAS, OPENING)
        else:
            assert all(str(reason) for reason in outcome.reasons)
    assert kinds == {FamilySheet, UnreadableFile}


# ---------------------------------------------------------------- what would happen


def fate_list(
    content: bytes, existing: list[Household], elsewhere: dict[str, str] | None = None
) -> list[tuple[str, Fate, list[str]]]:
    found = fates(read(content), [KnownFamily(home) for home in existing], elsewhere or {}, QUOTAS, OPENING)
    return [(each.label, each.fate, [reason.code for reason in each.reasons]) for each in found]


def test_new_then_same_then_different() -> None:
    content = excel([MOTHER, SON])
    assert fate_list(content, []) == [("1", Fate.NEW, [])]
    mine = household_of(read(content).people, OPENING)
    assert fate_list(content, [mine]) == [("1", Fate.SAME, [])]
    assert fate_list(excel([SON, MOTHER]), [mine]) == [("1", Fate.SAME, [])]
    changed = excel([MOTHER, with_cell(SON, "Ngày sinh", "2/9/2014")])
    assert fate_list(changed, [mine]) == [("1", Fate.DIFFERENT, ["differs_in", "family_differs"])]
    assert fate_list(content, [], {mine.identity: ""}) == [("1", Fate.ERROR, ["family_elsewhere"])]


def test_faults_of_a_family_and_of_the_file() -> None:
    twice = excel([MOTHER, SON, with_cell(MOTHER, "Gia đình số", "2")])
    assert fate_list(twice, []) == [("1", Fate.NEW, []), ("2", Fate.ERROR, ["person_twice", "family_twice"])]
    assert fate_list(excel([SON]), []) == [("1", Fate.ERROR, ["no_representative", "no_phone"])]
    both = excel([MOTHER, with_cell(MOTHER, "Họ và tên", "Danh Chung")])
    assert fate_list(both, []) == [("1", Fate.ERROR, ["two_representatives"])]
    broken = excel([with_cell(MOTHER, "Số điện thoại", "12")])
    assert fate_list(broken, []) == [("1", Fate.ERROR, [])]


def test_a_signature_for_a_child_without_the_guardians_name_does_not_count() -> None:
    content = excel([MOTHER, with_cell(SON, "Cha, mẹ hoặc người giám hộ đồng ý", "")])
    (found,) = fates(read(content), [], {}, QUOTAS, OPENING)
    assert [(lack.reason.code, lack.member) for lack in found.lacks] == [("no_guardian_consent", 1)]


def sheets(*lists: tuple[str, list[list[Any]]]) -> bytes:
    """A workbook with a list of people on each of several sheets."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in lists:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_second_sheet_of_people_is_not_passed_over_in_silence() -> None:
    content = sheets(
        ("Bìa", [["Danh sách gia đình của xã"]]),
        ("Ấp Hòn Me", [HEADINGS, MOTHER, SON]),
        ("Ấp Hòn Đất", [HEADINGS, with_cell(MOTHER, "Họ và tên", "Thạch Thị Hai")]),
        ("Danh mục", [["Nam"], ["Nữ"]]),
    )
    found = read(content)
    assert [person.name for person in found.people] == ["Danh Thị Sa Rươl", "Danh Minh Khôi"]
    assert [(remark.code, dict(remark.values)["sheet"]) for remark in found.remarks] == [("sheet_unread", "Ấp Hòn Đất")]


@pytest.mark.parametrize(
    ("written_for", "said"),
    [("Đoàn huyện Hòn Đất", None), ("ĐOÀN HUYỆN KIÊN LƯƠNG", "ĐOÀN HUYỆN KIÊN LƯƠNG"), ("Ấp Hòn Me", None)],
)
def test_a_file_of_another_unit_is_noticed(written_for: str, said: str | None) -> None:
    found = read(sheets(("Danh sách", [["Ngày hội"], [written_for], HEADINGS, MOTHER, SON])))
    remark = other_unit(found, "Đoàn huyện Hòn Đất", ["Đoàn huyện Gò Quao", "Đoàn huyện Kiên Lương"])
    assert (dict(remark.values)["theirs"] if remark else None) == said
