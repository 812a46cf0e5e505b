"""Does each winner get one certificate with the name that was signed, where the form has its lines, and nobody before the decision?"""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from festival.accounts.roles import Role
from festival.ceremony.certificates import keeping, making
from festival.ceremony.certificates.layout import PAPERS, STANDARD_PLACES, layout_of, standard, tenths, written
from festival.ceremony.certificates.lines import certificates_of
from festival.ceremony.certificates.models import CertificateLayoutVersion
from festival.ceremony.certificates.reading import read_layout
from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.core.work import making as works
from festival.editions.queries import the_festival
from festival.results.models import Award
from tests.house.growing import grown
from tests.house.test_statements import visitor
from tests.passes.card_kit import words_of
from tests.registration.pages_kit import post, words

pytestmark = pytest.mark.either_database
own = pytest.mark.begins_with(build=grown)

PAGE = "/office/certificates"
BEYOND = 10**6


@pytest.fixture
def organiser(app: Flask) -> FlaskClient:
    return visitor(app, Role.ORGANISER)[0]


def boxes(**typed: str) -> dict[str, str]:
    """What the page sends when nothing was changed but this."""
    held = standard("Ban Tổ chức", "Hòn Đất")
    found = {"paper": held.paper, "shift_x": "0", "shift_y": "0", **held.texts}
    for field, place in held.places.items():
        found |= {f"{field}-{part}": written(getattr(place, part)) for part in ("x", "y", "width")}
        found |= {f"{field}-size_pt": str(place.size_pt), f"{field}-align": place.align}
        found |= {f"{field}-used": "y"} if place.used else {}
    return {**found, **typed}


@given(st.integers(-9999, 99999))
def test_a_length_is_written_and_read_alike(length: int) -> None:
    assert tenths(written(length)) == length
    assert tenths(written(length).replace(",", ".")) == length


def test_what_is_no_length_is_none() -> None:
    assert [tenths(each) for each in ("", "12 mm", "1,25", "12,", "--1", "1e3", "٣", "99999")] == [None] * 8


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"paper": "giấy dó"}, {"paper"}),
        ({"name-x": "mười"}, {"name-x"}),
        ({"name-x": "200"}, {"name-x"}),
        ({"name-width": "10"}, {"name-x"}),
        ({"award-size_pt": "7"}, {"award-x"}),
        ({"award-size_pt": "-1"}, {"award-size_pt"}),
        ({"award-align": "chéo"}, {"award-align"}),
        ({"shift_x": "31"}, {"shift_x"}),
        ({"shift_y": "-31"}, {"shift_y"}),
        ({"signer_name": "x" * 121}, {"signer_name"}),
        ({"name-used": ""}, {"name-used"}),
        ({"paper": "a5-wide", "signer_name-y": "150"}, {"name-x", "delegation-x", "award-x", "contest-x", "place_and_day-x", "signer_title-x", "signer_name-x"}),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_told_beside_its_box(typed: dict[str, str], wrong: set[str]) -> None:
    found = read_layout(boxes(**typed))
    assert isinstance(found, dict)
    assert set(found) == wrong


def test_what_is_typed_is_what_is_kept() -> None:
    found = read_layout(boxes(**{"name-x": "12,5", "overprint": "y", "shift_x": "-3,4"}))
    assert not isinstance(found, dict)
    assert layout_of(found.to_json()) == found
    assert (found.places["name"].x, found.overprint, found.shift_x) == (125, True, -34)
    assert replace(found.places["name"], x=STANDARD_PLACES["name"].x) == STANDARD_PLACES["name"]


def decided(app: Flask) -> dict[str, list[str]]:
    """By code of each contest with a decision, the signed names of its awards."""
    with app.app_context(), reading():
        rows = db.session.execute(
            select(Contest.code, Contest.state, Award.name).join(Award, Award.contest_id == Contest.id)
        ).all()
    early = (ContestState.OPEN, ContestState.LOCKED, ContestState.SIGNED)
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.state not in early:
            found.setdefault(row.code, []).append(row.name)
    return found


def agreed(organiser: FlaskClient, codes: dict[str, list[str]]) -> None:
    """Whoever reads the names confirms them."""
    for code in codes:
        answer = post(organiser, f"{PAGE}/of/{code}", {"names_reason": "Đã đọc lại với các đoàn"})
        assert answer.status_code == 303


@own
def test_each_winner_has_one_and_nobody_before_the_decision(app: Flask, organiser: FlaskClient, tmp_path: Path) -> None:
    names = decided(app)
    assert len(names) >= 2 and sum(map(len, names.values())) >= 4
    shown = organiser.get(PAGE).text
    with app.app_context(), reading():
        festival = the_festival()
        assert {group.code: [each.name for each in group.certificates] for group in certificates_of(festival)} == {
            code: [name for name in found if name] for code, found in names.items()
        }
        early = db.session.scalars(
            select(Contest).where(Contest.state.in_((ContestState.OPEN, ContestState.LOCKED)))
        ).all()
        assert early and all(f"/office/certificates/of/{each.code}" not in shown for each in early)
        waiting = early[0].code
    assert organiser.get(f"{PAGE}/of/{waiting}").status_code == 404
    assert organiser.get(f"{PAGE}/of/{waiting}/pdf").status_code == 404
    code, won = next(iter(names.items()))
    # names nobody proofed are listed and confirmed before anything is printed
    page = organiser.get(f"{PAGE}/of/{code}")
    assert "chưa được trưởng đoàn dò" in page.text and all(name in page.text for name in won)
    assert organiser.get(f"{PAGE}/of/{code}/pdf").status_code == 409
    refused = post(organiser, PAGE, {})
    assert refused.status_code == 409 and "chưa dò" in words(refused)
    assert post(organiser, f"{PAGE}/of/{code}", {"names_reason": " "}).status_code == 400
    agreed(organiser, names)
    made = organiser.get(f"{PAGE}/of/{code}/pdf")
    assert made.mimetype == "application/pdf"
    told = words_of(made.data, tmp_path)
    assert [name for name in won if name not in told] == []
    assert told.count("GIẤY CHỨNG NHẬN") == len(won)
    with app.app_context(), reading():
        one = next(group for group in certificates_of(the_festival()) if group.code == code).certificates[0]
    alone = words_of(organiser.get(f"{PAGE}/of/{code}/pdf?award={one.award}").data, tmp_path)
    assert one.name in alone and alone.count("GIẤY CHỨNG NHẬN") == 1
    assert organiser.get(f"{PAGE}/of/{code}/pdf?award={BEYOND}").status_code == 404


@own
def test_all_are_made_by_the_worker_and_a_changed_layout_is_told(
    app: Flask, organiser: FlaskClient, tmp_path: Path
) -> None:
    names = decided(app)
    agreed(organiser, names)
    assert post(organiser, PAGE, {}).status_code == 303
    assert organiser.get(f"{PAGE}/state").json == {"state": "waiting", "done": 0, "whole": 0}
    assert organiser.get(f"{PAGE}/file").status_code == 404
    with app.app_context():
        while works.work(60):
            pass
    assert "đã làm xong" in words(organiser.get(PAGE))
    first = organiser.get(f"{PAGE}/file").data
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert len(archive.namelist()) == len(names)
        told = " ".join(words_of(archive.read(name), tmp_path) for name in archive.namelist())
    assert [name for won in names.values() for name in won if name not in told] == []
    # the data for giấy khen: the same lines, each a row
    book = openpyxl.load_workbook(BytesIO(organiser.get(f"{PAGE}/data.xlsx").data))
    assert sorted(row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)) == sorted(
        name for won in names.values() for name in won
    )
    grounds = [row[3] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)]
    assert len(grounds) == sum(map(len, names.values())) and all("Phần thi" in each for each in grounds)
    assert post(organiser, f"{PAGE}/layout", boxes(signer_name="Phạm Văn Tổ", version="0")).status_code == 303
    assert "đã đổi sau khi làm" in words(organiser.get(PAGE))


@own
def test_a_layout_is_kept_refused_overtaken_and_taken_again(app: Flask, organiser: FlaskClient) -> None:
    page = f"{PAGE}/layout"
    assert post(organiser, page, boxes(signer_name="Phạm Văn Tổ", version="0")).status_code == 303
    refused = post(organiser, page, boxes(**{"signer_name": "Ngô Thị Phó", "name-x": "xa lắm", "version": "1"}))
    assert refused.status_code == 422
    assert 'value="Ngô Thị Phó"' in refused.text and 'value="xa lắm"' in refused.text
    assert "ghi số mi-li-mét" in words(refused)
    # who looked at the version before is told
    assert post(organiser, page, boxes(signer_name="Ngô Thị Phó", version="0")).status_code == 409
    assert post(organiser, page, boxes(signer_name="Ngô Thị Phó", version="99")).status_code == 409
    assert post(organiser, page, {"standard": "y", "version": "1"}).status_code == 303
    assert post(organiser, f"{page}/again", {"take": "1", "version": "2"}, page).status_code == 303
    assert post(organiser, f"{page}/again", {"take": "77", "version": "3"}, page).status_code == 404
    assert post(organiser, f"{page}/again", {"take": "một", "version": "3"}, page).status_code == 400
    with app.app_context(), reading():
        held, version = keeping.layout_in_force(the_festival())
        rows = db.session.scalars(select(CertificateLayoutVersion).order_by(CertificateLayoutVersion.version)).all()
        assert (held.texts["signer_name"], version) == ("Phạm Văn Tổ", 3)
        assert [row.layout is None for row in rows] == [False, True, False]
    assert 'value="Phạm Văn Tổ"' in organiser.get(page).text


@pytest.mark.both_databases
@own
def test_of_two_saved_on_one_reading_one_is_kept(app: Flask) -> None:
    layout = standard("Ban Tổ chức", "Hòn Đất")
    with app.app_context():
        with transaction():
            assert keeping.write_layout(the_festival(), layout, 0, None) == 1
        with pytest.raises(Overtaken), transaction():
            keeping.write_layout(the_festival(), layout, 0, None)


def boxes_of_words(made: bytes, folder: Path) -> dict[str, tuple[float, float]]:
    """The left and the upper edge of each word, in millimetres."""
    (folder / "one.pdf").write_bytes(made)
    done = subprocess.run(
        ["pdftotext", "-bbox", folder / "one.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    tree = ET.fromstring(done.replace('xmlns="http://www.w3.org/1999/xhtml"', ""))
    point = 25.4 / 72
    return {
        str(each.text): (float(each.attrib["xMin"]) * point, float(each.attrib["yMin"]) * point)
        for each in tree.iter("word")
    }


def drawn_words(app: Flask, folder: Path) -> dict[str, tuple[float, float]]:
    """Where the words of the sample stand, called Danh, by the layout in force."""
    with app.test_request_context(), reading():
        held, _version = keeping.layout_in_force(the_festival())
        lines = [{**making.said(making.sample()), "name": "Danh"}]
        return boxes_of_words(
            making.pdf_apart(making.TEMPLATE, making.values("", held, lines), making.drawn_at(the_festival())), folder
        )


@own
def test_on_a_bought_form_each_line_stands_where_it_was_measured(
    app: Flask, organiser: FlaskClient, tmp_path: Path
) -> None:
    places = {"name-x": "40", "name-y": "77,5", "name-align": "left", "shift_x": "2", "shift_y": "-1,5"}
    typed = boxes(**places, overprint="y", version="0")
    assert post(organiser, f"{PAGE}/layout", typed).status_code == 303
    found = drawn_words(app, tmp_path)
    left, top = found["Danh"]
    # from the left edge to the stem of the first letter; upwards the room above capitals is the typeface's own
    assert abs(left - 42) < 1.5 and 0 < 76 - top < 4
    assert "GIẤY" not in found and "HÒA" not in found
    assert post(organiser, f"{PAGE}/layout", {**typed, "shift_y": "8,5", "version": "1"}).status_code == 303
    assert abs(drawn_words(app, tmp_path)["Danh"][1] - top - 10) < 0.01
    trial = words_of(organiser.get(f"{PAGE}/trial.pdf").data, tmp_path)
    assert "Tờ in thử" in trial and "Gia đình Nguyễn Thị Mẫu" in trial and "250" in trial
    picture = organiser.get(f"{PAGE}/sample.png")
    assert picture.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert set(PAPERS) == {"a4-wide", "a4", "a5-wide", "a3-wide"}
