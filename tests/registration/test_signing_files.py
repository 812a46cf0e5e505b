"""Which files come back as a signed list, which are refused, and is what was typed still there?"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.papers.models import PaperState
from festival.papers.signing_lists import ListPage, SigningList
from festival.privacy import erasing
from festival.privacy.people import erasing_one
from tests.house.filling_signing import printed, signed
from tests.registration.conftest import World, household
from tests.registration.pages_kit import token_of, words
from tests.registration.registered import register
from tests.registration.signing_kit import delegation_id, home, office, photo, rows, sealed, send

pytestmark = pytest.mark.either_database


def pdf_of(*objects: bytes) -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


SIGNATURE = (
    b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 30] /Contents <00> >>"
)
SIGNED_PDF = pdf_of(b"<< /Type /Catalog >>", SIGNATURE)
PACKED = zlib.compress(b"<< /S /JavaScript /JS (app.alert) >>")


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ((), "Chưa chọn tệp"),
        ((b"PK\x03\x04 a list of a program",), "không phải ảnh đọc được, hoặc gửi thiếu"),
        ((photo()[:500],), "không phải ảnh đọc được, hoặc gửi thiếu"),
        ((b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40,), "Ảnh HEIC của iPhone"),
        ((pdf_of(b"<< /Type /Catalog /OpenAction << /S /J#61vaScript /JS (x) >> >>"),), "có mã lệnh"),
        ((pdf_of(b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + PACKED + b"\nendstream"),), "có mã lệnh"),
        ((pdf_of(b"<< /Encrypt 2 0 R >>"),), "có mật khẩu"),
        ((SIGNED_PDF[:-20],), "thiếu phần cuối"),
        ((SIGNED_PDF + b"PK\x03\x04",), "phần lạ nối thêm"),
        ((pdf_of(b"<< /Type /Catalog >>"),), "không phải là PDF đọc được"),
        ((SIGNED_PDF, photo()), "không gửi lẫn"),
        ((b"\xff" * (12 * 1024 * 1024 + 1),), "lớn quá 12 MB"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_what_to_do(
    world: World, contents: Sequence[bytes], said: str
) -> None:
    register(world, household(1))
    with world.app.app_context():
        printed(delegation_id(world), None)
    officer = world.as_user(world.officer)
    answer = send(officer, home(world), contents)
    assert (answer.status_code in (400, 413), said in words(answer), 'value="12/DS-UBND"' in answer.text) == (
        True,
        True,
        True,
    )
    assert rows(world) == [(1, "printed", 0)]


def test_forty_megabytes_are_refused_before_they_are_read(world: World) -> None:
    register(world, household(1))
    with world.app.app_context():
        printed(delegation_id(world), None)
    officer, page = world.as_user(world.officer), home(world)
    token = token_of(officer.get(page))
    sent = {"csrf_token": token, "list": "1", "pages": (BytesIO(b"\xff" * 40_000_000), "a.jpg")}
    answer = officer.post(f"{page}/sign", data=sent, content_type="multipart/form-data")
    assert (answer.status_code, "Chọn tệp nhỏ hơn rồi gửi lại" in words(answer)) == (413, True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"number": " "}, "Ghi số văn bản"),
        ({"day": "31/2/2026"}, "Ghi ngày văn bản như"),
        ({"day": "hôm qua"}, "Ghi ngày văn bản như"),
        ({"day": "1/1/2999"}, "chưa đến"),
        ({"day": "1/1/2020"}, "trước ngày in tờ này"),
        ({"signer": ""}, "họ và tên"),
    ],
)
def test_what_is_typed_of_the_letter_is_looked_at_and_stays(world: World, typed: dict[str, str], said: str) -> None:
    register(world, household(1))
    with world.app.app_context():
        printed(delegation_id(world), None)
    answer = send(world.as_user(world.officer), home(world), [photo()], **({"number": "99/DS"} | typed))
    assert (answer.status_code, said in words(answer)) == (400, True)
    assert "99/DS" in answer.text or "number" in typed
    assert rows(world) == [(1, "printed", 0)]


def test_a_signed_pdf_is_kept_byte_for_byte_and_only_downloaded(world: World) -> None:
    register(world, household(1))
    with world.app.app_context():
        printed(delegation_id(world), None)
    officer = world.as_user(world.officer)
    assert send(officer, home(world), [SIGNED_PDF]).status_code == 303
    kept = officer.get(f"/delegation/{world.hon_dat}/signing/lists/1/1-1")
    assert (kept.data, kept.headers["Content-Disposition"].split(";")[0]) == (SIGNED_PDF, "attachment")
    assert kept.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    page = officer.get(home(world)).text
    assert ("Tải tệp PDF đã ký số" in page, "<embed" in page, "<iframe" in page, "<img" in page) == (
        True,
        False,
        False,
        False,
    )


def test_a_scan_becomes_pictures_and_another_list_is_known(world: World) -> None:
    register(world, household(1))
    with world.app.app_context():
        printed(delegation_id(world), None)
    officer, page = world.as_user(world.officer), home(world)
    sheet = officer.get(f"/delegation/{world.hon_dat}/signing/lists/1/list.pdf").data
    assert "chưa có chữ ký" in words(send(officer, page, [sheet]))
    scan = sheet + b"\n%a scanner wrote it anew\n%%EOF\n"
    assert send(officer, page, [scan]).status_code == 303
    kept = officer.get(f"/delegation/{world.hon_dat}/signing/lists/1/1-1")
    assert (kept.mimetype, Image.open(BytesIO(kept.data)).width > 1000) == ("image/jpeg", True)
    # the file of another unit is known by its beginning, its pages by their digest
    with world.app.app_context(), transaction():
        row = db.session.get_one(SigningList, 1)
        theirs = SigningList(
            festival_id=row.festival_id, delegation_id=row.delegation_id + 1, unit_id=row.unit_id + 1, number=1, state=PaperState.PRINTED,
            content=b"%PDF-1.7 of theirs", sha256=sha256(b"%PDF-1.7 of theirs").hexdigest(), editable=b"", editable_sha256="", drawn="", static_tree="",
            said=[], printed_at=row.printed_at,
        )  # fmt: skip
        db.session.add(theirs)
        db.session.flush()
        first = db.session.scalars(select(ListPage)).one()
        other = ListPage(
            list_id=theirs.id,
            turn=1,
            page=1,
            format=first.format,
            content=first.content,
            sha256=first.sha256,
            put_at=first.put_at,
        )
        db.session.add(other)
    assert "bản ký số của một danh sách khác" in words(
        send(officer, page, [b"%PDF-1.7 of theirs" + SIGNED_PDF[8:]], "correct")
    )
    assert "đã gửi cho danh sách của đơn vị khác" in words(send(officer, page, [scan], "correct"))


def test_on_the_day_of_the_data_the_pages_go_and_the_digests_stay(world: World) -> None:
    register(world, household(1))
    with world.app.app_context():
        signed(delegation_id(world), world.officer)
        register(world, household(2))
        printed(delegation_id(world), world.officer)
        erasing.erase(world.festival, "data")
    with world.app.app_context(), reading():
        kept = db.session.scalars(select(SigningList).order_by(SigningList.id)).all()
        assert [(row.content, row.editable, row.said, row.signer, row.letter_number) for row in kept] == [
            (b"", b"", [], "", "12/DS-UBND"), (b"", b"", [], "", ""),
        ]  # fmt: skip
        assert [page.content for page in db.session.scalars(select(ListPage))] == [b""]
    organiser, lists_of = world.as_user(world.organiser), f"/office/signing/{world.hon_dat}/lists/1"
    assert [organiser.get(f"{lists_of}/{name}").status_code for name in ("list.pdf", "list.docx", "1-1")] == [404] * 3
    assert "đã được xóa theo hạn lưu" in words(organiser.get(f"{lists_of}/list.pdf"))
    assert organiser.get(office(world)).status_code == 200
    assert sealed(world) == []


def test_a_family_that_is_erased_takes_the_unsigned_sheets_with_it(world: World) -> None:
    made = register(world, household(1))
    with world.app.app_context():
        signed(delegation_id(world), world.officer)
        register(world, household(2))
        printed(delegation_id(world), world.officer)
        erasing_one.erase_now(made.family_id, "")
    with world.app.app_context(), reading():
        kept = db.session.scalars(select(SigningList).order_by(SigningList.id)).all()
        assert [bool(row.content) for row in kept] == [True, False]
    assert sealed(world) == []
