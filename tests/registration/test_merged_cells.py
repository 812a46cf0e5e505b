"""Are merged cells told by their place, and never work without end?"""

from __future__ import annotations

import zipfile
from io import BytesIO

from tests.registration.test_workbook import MOTHER, excel, problems, refused, repacked, with_cell


def overlapping(times: int, ranges: str = "A1:CB5001") -> bytes:
    """Merges that lie over each other, as no Excel writes them: 9 kB that kept a reader busy for minutes."""
    listed = f'<mergeCell ref="{ranges}"/>' * times
    rows = [with_cell(MOTHER, "Gia đình số", number) for number in range(800)]
    return repacked(
        content := excel(rows),
        {
            "xl/worksheets/sheet1.xml": zipfile.ZipFile(BytesIO(content))
            .read("xl/worksheets/sheet1.xml")
            .replace(b"</sheetData>", f"</sheetData><mergeCells>{listed}</mergeCells>".encode())
        },
    )


def test_merges_over_each_other_are_no_work_without_end() -> None:
    assert refused(overlapping(100)) == ["file_merged"]
    assert refused(overlapping(20_000)) == ["file_too_many"]
    # Once over everything is an ordinary mistake, told by cell.
    told = problems(overlapping(1))
    assert (told[0], {code for _, code in told}) == (("A2", "cell_merged"), {"cell_merged"})
