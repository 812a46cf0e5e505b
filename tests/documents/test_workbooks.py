"""Is a foreign workbook read by a process with limits, and is what is wrong with it said with the way out?"""

from __future__ import annotations

import fcntl
import os
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from festival.core.sentence import Sentence
from festival.documents import workbooks, xlsx_reading
from festival.documents.workbook_refusals import MOST_ROWS, UnreadableFile
from festival.documents.workbooks import Limits, read_workbook
from festival.documents.xlsx_reading import MOST_COLUMNS, Grid, Wanted, column_letter, grid_of

WANTED = Wanted("Danh sách", (frozenset({"ho va ten"}), frozenset({"ngay sinh"})))
HEADINGS = ["Gia đình số", "Họ và tên", "Ngày sinh", "Ghi chú"]
ROWS: list[list[Any]] = [
    ["1", "Danh Chung", date(1984, 6, 14), "👨‍👩‍👧 đi cùng"],
    ["1", "Thị Hòa", 1986, None],
    [2, "Lê Thị Thử", "3/2/1986", 1.5],
]


def book(rows: list[list[Any]] = ROWS, change: Callable[[Any], None] = lambda _sheet: None) -> bytes:
    made = Workbook()
    sheet = made.active
    sheet.title = "Danh sách"
    for row in [HEADINGS, *rows]:
        sheet.append(row)
    change(sheet)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def changed(
    content: bytes, parts: dict[str, Callable[[bytes], bytes]] | None = None, more: dict[str, bytes] | None = None
) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (parts or {}).get(name, lambda xml: xml)(old.read(name)))
        for name, text in (more or {}).items():
            new.writestr(name, text)
    return out.getvalue()


def strict(content: bytes) -> bytes:
    """The same workbook as Excel saves it as Strict Open XML."""

    def translated(xml: bytes) -> bytes:
        for family in (b"spreadsheetml", b"officeDocument", b"drawingml"):
            xml = xml.replace(
                b"http://schemas.openxmlformats.org/" + family + b"/2006/",
                b"http://purl.oclc.org/ooxml/" + family + b"/",
            )
        return xml

    with zipfile.ZipFile(BytesIO(content)) as parts:
        return changed(content, dict.fromkeys(parts.namelist(), translated))


def merges(ranges: list[str]) -> Callable[[bytes], bytes]:
    listed = "".join(f'<mergeCell ref="{each}"/>' for each in ranges)
    return lambda xml: xml.replace(b"</sheetData>", f"</sheetData><mergeCells>{listed}</mergeCells>".encode())


def said(content: bytes, folder: Path, limits: Limits = workbooks.LIMITS) -> list[str]:
    found = read_workbook(content, WANTED, folder, limits)
    assert isinstance(found, UnreadableFile), found
    assert all(str(reason) and "%(" not in str(reason) for reason in found.reasons)
    return [reason.code for reason in found.reasons]


def readers() -> list[str]:
    """Readers that this process started and that are still there."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid() and b"workbook_process" in (folder / "cmdline").read_bytes():
                found.append(folder.name)
        except OSError:
            continue
    return found


def test_the_process_reads_what_the_rule_reads_values_with_their_types(tmp_path: Path) -> None:
    content = book(change=lambda sheet: sheet.merge_cells("D2:D3"))
    here, there = grid_of(content, WANTED), read_workbook(content, WANTED, tmp_path)
    assert isinstance(here, Grid) and isinstance(there, Grid)

    def values(grid: Grid) -> list[tuple[int, list[Any]]]:
        return [(row, [cell.value for cell in cells][: len(HEADINGS)]) for row, cells in grid.rows]

    assert values(there) == [
        (1, HEADINGS),
        (2, ["1", "Danh Chung", datetime.fromisoformat("1984-06-14"), "👨‍👩‍👧 đi cùng"]),
        (3, ["1", "Thị Hòa", 1986]),
        (4, [2, "Lê Thị Thử", "3/2/1986", 1.5]),
    ]
    assert [(row, cells[: len(HEADINGS)]) for row, cells in values(here)][:2] == values(there)[:2]
    assert (here.merged, here.unread) == ([tuple(each) for each in there.merged], there.unread)
    assert readers() == []


def test_strict_open_xml_is_read_like_the_usual_kind(tmp_path: Path) -> None:
    usual, other = read_workbook(book(), WANTED, tmp_path), read_workbook(strict(book()), WANTED, tmp_path)
    assert isinstance(usual, Grid)
    assert other == usual


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "file_password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "Workbook".encode("utf-16-le"), "file_old_excel"),
        (changed(book(), more={"xl/vbaProject.bin": b"x"}), "file_macro"),
        (changed(book(), more={"xl/workbook.bin": b"x"}), "file_binary"),
        (changed(book(), more={"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "file_open_document"),
        (b"ho ten;nam sinh\n", "file_not_excel"),
        (book()[:-40], "file_broken"),
        (changed(book(), more={"xl/x.xml": b" " * (xlsx_reading.LARGEST_UNPACKED_BYTES + 1)}), "file_bomb"),
        (changed(book(), more={"xl/x.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}), "file_broken"),
        (changed(book(), more={"xl/x.xml": b"<x>" + b" " * 5000 + b'<!ENTITY a "aaaa"></x>'}), "file_broken"),
        (changed(book(), more={"xl/x.xml": b"<xf />" * (xlsx_reading.MOST_STYLES + 1)}), "file_too_many"),
        (changed(book(), more={"xl/x.xml": b"<si><t/></si>" * (xlsx_reading.MOST_TEXTS + 1)}), "file_too_many"),
        (changed(book(), more={"xl/x.xml": b"<x:c />" * (xlsx_reading.MOST_CELLS + 1)}), "file_too_many"),
        (changed(book(), more={"xl/x.xml": b"<sheet />" * (xlsx_reading.MOST_SHEETS + 1)}), "file_too_many"),
        (changed(book(), {"xl/worksheets/sheet1.xml": merges([f"A{row}:B{row}" for row in range(2, 20_002)])}), "file_too_many"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_wrong_with_the_file(content: bytes, code: str) -> None:
    found = grid_of(content, WANTED)
    assert isinstance(found, Sentence)
    assert (found.code, "%(" in str(found)) == (code, False)


def test_a_file_that_takes_too_long_is_stopped_and_leaves_no_process(tmp_path: Path) -> None:
    wide = book([list(range(MOST_COLUMNS)) for _ in range(3_000)])
    assert said(wide, tmp_path, Limits(cpu_s=1)) == ["file_too_slow"]
    assert said(wide, tmp_path, Limits(wall_s=0.01)) == ["file_too_slow"]
    assert readers() == []


def test_a_file_that_asks_for_too_much_memory_is_stopped(tmp_path: Path) -> None:
    heavy = changed(book(), more={"xl/x.xml": b" " * 60_000_000})
    assert isinstance(read_workbook(heavy, WANTED, tmp_path), Grid)
    assert said(heavy, tmp_path, Limits(memory_bytes=60 * 1024 * 1024)) == ["file_bomb"]
    assert readers() == []


def test_only_two_are_read_at_once_and_who_waits_in_vain_is_told(tmp_path: Path) -> None:
    held = []
    for place in range(workbooks.READERS):
        handle = (tmp_path / f"workbook-reader-{place}.lock").open("w")
        fcntl.flock(handle, fcntl.LOCK_EX)
        held.append(handle)
    assert said(book(), tmp_path, Limits(wait_s=0)) == ["file_busy"]
    held.pop().close()
    assert isinstance(read_workbook(book(), WANTED, tmp_path, Limits(wait_s=0)), Grid)
    held.pop().close()
    with ThreadPoolExecutor(5) as all_at_once:
        found = list(all_at_once.map(lambda _: read_workbook(book(), WANTED, tmp_path, Limits(wait_s=300)), range(5)))
    assert [type(each) for each in found] == [Grid] * 5


def test_a_workbook_with_many_plain_styles_is_read() -> None:
    def styled(sheet: Any) -> None:
        for row in range(2, 400):
            sheet.cell(row, 2, f"Danh {row}").font = Font(size=row / 10)

    assert isinstance(grid_of(book(change=styled), WANTED), Grid)


def test_letters_of_columns() -> None:
    assert [column_letter(number) for number in (1, 26, 27, 52, 702, 703)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]
    assert MOST_ROWS == 5_000
