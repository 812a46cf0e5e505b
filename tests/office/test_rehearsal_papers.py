"""Does everything that leaves a rehearsal on paper or in a file say what it is, and can its results be taken for real ones?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask

import verify
from festival.core import ledger
from festival.core.transaction import reading, transaction
from festival.documents import paper
from festival.documents.docx import Para, docx
from festival.documents.pass_picture import pass_picture
from festival.documents.xlsx_writing import new_book
from festival.editions.queries import the_festival
from festival.results.export.edition import export_of
from festival.results.export.streams import WantedStream, streams_told
from tests.documents.test_paper import a_list, read

pytestmark = pytest.mark.either_database
AT = datetime(2026, 6, 13, 8, tzinfo=UTC)
PICTURE = {
    "code": "8" * 43,
    "typed": "482 917 3605",
    "family": "Gia đình ông An",
    "unit": "Xã Hòn Đất",
    "festival": "Ngày hội",
}


@pytest.fixture(params=[False, True], ids=["festival", "rehearsal"])
def hall(demo_app: Flask, request: pytest.FixtureRequest) -> Iterator[tuple[Flask, bool]]:
    demo_app.config["FESTIVAL"] = replace(demo_app.config["FESTIVAL"], rehearsal=request.param)
    with demo_app.app_context():
        yield demo_app, request.param


def words_of(made: bytes, part: str) -> str:
    with ZipFile(BytesIO(made)) as packed:
        return packed.read(part).decode()


def test_papers_and_files_say_so(hall: tuple[Flask, bool], tmp_path: Path) -> None:
    _app, shown = hall
    pages = read(paper.pdf("components/list_to_sign.typ", a_list(60), at=AT), tmp_path)
    assert len(pages) > 1 and {page.count("TỔNG DUYỆT") > 0 for page in pages} == {shown}
    cards = paper.pdf(
        "components/list_to_sign.typ", a_list(1), at=AT, rehearsal=shown
    )  # as the worker's own process draws
    assert ("TỔNG DUYỆT" in read(cards, tmp_path)[0]) is shown
    edited = docx([Para("Biên bản")], title="Biên bản", footer="", at=AT)
    assert [("TỔNG DUYỆT" in words_of(edited, part)) for part in ("word/document.xml", "word/footer.xml")] == [
        shown
    ] * 2
    book, out = new_book("Danh sách", "Đoàn")
    book.add_worksheet("Đoàn").write_string(0, 0, "Gia đình")
    book.close()
    assert ("TỔNG DUYỆT" in words_of(out.getvalue(), "xl/worksheets/sheet1.xml")) is shown
    plain = replace_config(hall[0], rehearsal=False, of=lambda: pass_picture(**PICTURE))
    assert (pass_picture(**PICTURE) != plain) is shown


def replace_config(app: Flask, *, rehearsal: bool, of):  # type: ignore[no-untyped-def]
    """What `of` makes under the other setting."""
    kept = app.config["FESTIVAL"]
    app.config["FESTIVAL"] = replace(kept, rehearsal=rehearsal)
    try:
        return of()
    finally:
        app.config["FESTIVAL"] = kept


def test_its_results_are_not_taken_for_real_ones(hall: tuple[Flask, bool], tmp_path: Path) -> None:
    _app, shown = hall
    with transaction():
        if shown:  # as the making of a rehearsal notes in every stream
            for stream in ledger.streams():
                ledger.append(stream, ledger.REHEARSED, {}, {})
    with reading():
        told = export_of(the_festival(), jury=True)
        told["ledger"] += streams_told({ledger.streams()[0]: WantedStream(lines=True)})
    assert told.get("rehearsal", False) is shown
    file = tmp_path / "results.json"
    file.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    assert verify.main([str(file)]) == (3 if shown else 0)
    assert verify.main([str(file), "--rehearsal"]) == (0 if shown else 3)
    told.pop("rehearsal", None)
    file.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    assert verify.main([str(file)]) == (3 if shown else 0), "the lines of the ledger say it too"


def test_a_stream_that_begins_at_a_rehearsal_begins_with_saying_so(hall: tuple[Flask, bool]) -> None:
    _app, shown = hall
    with transaction():
        ledger.append("judging:chua-co", "sheet.sent", {}, {})
    with reading():
        kinds = [entry.kind for entry, _payload in ledger.lines("judging:chua-co")]
    assert kinds == ([ledger.REHEARSED] if shown else []) + ["sheet.sent"]
