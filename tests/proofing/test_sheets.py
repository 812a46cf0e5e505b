"""Is a name proofed exactly while it stands on a signed sheet as it is spelt, and do sheets keep what was signed?"""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from festival.core import ledger
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, NotFound, Overtaken
from festival.documents import paper
from festival.papers.models import PaperState, SignedPaper
from festival.proofing import sheets
from festival.proofing.names import (
    NameKind,
    ProofState,
    SheetName,
    at_signature,
    changed_since,
    kept_names,
    proofed_by,
    unproofed_of,
)
from festival.roster.delegations import delegation_by_code
from tests.documents.test_paper import read
from tests.proofing.conftest import LONG, UNBROKEN, Reception
from tests.registration.pages_kit import words
from tests.registration.registered import race

pytestmark = pytest.mark.either_database


def test_a_digest_is_of_the_text_not_of_its_bytes_and_of_one_key() -> None:
    composed, pieces = (
        SheetName(NameKind.MEMBER, "A1", unicodedata.normalize(form, "Đặng  Thủy")) for form in ("NFC", "NFD")
    )
    other, moved = SheetName(NameKind.MEMBER, "A1", "Đặng Thuỷ"), SheetName(NameKind.MEMBER, "A2", "Đặng Thủy")
    kept = kept_names([composed])
    assert changed_since(kept, [pieces]) == frozenset()
    assert changed_since(kept, [other]) == {"member.A1"} == changed_since(kept, [moved]) == changed_since(kept, [])
    assert unproofed_of([pieces, moved], proofed_by(kept)) == (moved,)
    # changed by the signature: never proofed by that sheet, whatever it is called afterwards
    assert proofed_by(at_signature(kept, frozenset({"member.A1"}))) == frozenset()


def test_five_families_of_six_with_their_acts_stand_on_one_sheet(tmp_path: Path) -> None:
    names = [("Gia đình ông Nguyễn Văn Khánh", "MC đọc"), *[("Nguyễn Hoàng Phúc Mẫn", "Cha hoặc mẹ")] * 5]
    names.append(("Bún cá Kiên Giang và chè bưởi", "tiết mục, Thi nấu ăn «Khéo tay cuối tuần»"))
    rows = [
        {"number": str(at), "text": text, "note": note, "heading": at % 7 == 1}
        for at, (text, note) in enumerate(names * 5, start=1)
    ]
    values = {
        "title": "Bản dò tên", "delegation": "Đoàn xã Kiên Lương", "festival": "Ngày hội", "sheet": "Tờ số 1",
        "ask": "Đọc từng tên đúng như sẽ in và đọc. Sai chữ nào, dấu nào thì ghi lại cả tên vào cột bên phải bằng bút.",
        "empty": "", "head": ["STT", "Tên như sẽ in và đọc", "Là", "Viết lại nếu sai"], "rows": rows, "total": "Cả tờ có 35 tên.",
        "code": "Mã của tờ", "signers": [{"role": role, "note": "(ký, ghi rõ họ tên)", "name": ""} for role in ("Trưởng đoàn", "Người tiếp đón")],
    }  # fmt: skip
    assert len(read(paper.pdf("proofing/sheet.typ", values), tmp_path)) == 1


def test_every_name_stands_on_the_sheet_in_its_order_and_the_head_on_each_page(
    reception: Reception, tmp_path: Path
) -> None:
    with reception.app.app_context(), reading():
        sheet = sheets.draw_sheet(reception.world.delegation())
    pages = read(sheet.drawing.content, tmp_path)
    told = "".join("".join(pages).split()).replace("\u200b", "")
    names = reception.proof().names
    kinds = [each.kind for each in names]
    assert kinds[:3] == [NameKind.DELEGATION, NameKind.HEAD, NameKind.FAMILY] and kinds.count(NameKind.FAMILY) == 3
    assert {NameKind.MEMBER, NameKind.ENTRY, NameKind.TITLE} <= set(kinds)
    for each in names:
        if each.text not in (LONG, UNBROKEN, f"Gia đình bà {LONG}"):  # those are broken over lines between other cells
            assert "".join(each.text.split()) in told, each.text
    assert told.count("ặ") >= 79
    assert all("Đoàn huyện Hòn Đất" in page and "Viết lại nếu sai" in page for page in pages)


def test_a_delegation_without_families_has_a_sheet_too(reception: Reception, tmp_path: Path) -> None:
    with reception.app.app_context(), reading():
        sheet = sheets.draw_sheet(delegation_by_code(reception.world.kien_luong))
    (page,) = read(sheet.drawing.content, tmp_path)
    assert "Đoàn huyện Kiên Lương" in page and "chưa có gia đình nào được duyệt" in " ".join(page.split())


def test_chua_do_da_in_da_ky_and_changed_since(reception: Reception) -> None:
    said = []

    def state() -> ProofState:
        text = words(reception.desk().get("/office/names"))
        said.append(text[text.index("Đoàn huyện Hòn Đất") :].split("Đoàn huyện Kiên Lương")[0])
        return reception.proof().state

    assert state() is ProofState.NONE
    officer = reception.world.as_user(reception.world.officer)
    own = f"/delegation/{reception.world.hon_dat}/names"
    assert "Ban Tổ chức in tờ dò tên ở bàn tiếp đón" in words(officer.get(own))
    reception.send("print")
    assert state() is ProofState.PRINTED
    page = reception.desk().get(reception.address).text
    paper_id = page.split("/sheets/")[1].split('"')[0]
    reception.send("sign", paper=paper_id, signer="Danh Trưởng")
    assert state() is ProofState.SIGNED and reception.proof().unproofed == ()
    reception.behind_the_back("Danh Minh Khôi", "Danh Minh Khoa")
    assert state() is ProofState.CHANGED and {each.text for each in reception.proof().unproofed} == {"Danh Minh Khoa"}
    for told, wanted in zip(said, ("Chưa dò", "Đã in", "Đã ký", "Đổi sau khi ký (3 tên)"), strict=True):
        assert wanted in told
    seen = words(officer.get(own))
    assert "Danh Minh Khoa" in seen and "Bỏ tờ đã ký" not in seen
    assert officer.get(f"/delegation/{reception.world.kien_luong}/names").status_code == 404
    # spelt back as it was signed: it is proofed again without anybody's doing
    reception.behind_the_back("Danh Minh Khoa", "Danh Minh Khôi")
    assert state() is ProofState.SIGNED


def test_a_signed_sheet_is_shown_byte_for_byte(reception: Reception) -> None:
    paper_id = reception.signed()
    desk = reception.desk()
    first = desk.get(f"{reception.address}/sheets/{paper_id}")
    reception.behind_the_back("Danh Chung", "Danh Chúng")
    again = desk.get(f"{reception.address}/sheets/{paper_id}")
    assert first.mimetype == "application/pdf" and first.data == again.data
    with reception.app.app_context(), reading():
        row = db.session.get_one(SignedPaper, paper_id)
        assert (row.sha256, row.signers) == (sha256(first.data).hexdigest(), [{"seat": "head", "name": "Danh Trưởng"}])
    # the door of minutes does not show it, nor that of another delegation
    assert desk.get(f"/papers/{paper_id}").status_code == 404
    assert desk.get(f"/office/names/{reception.world.kien_luong}/sheets/{paper_id}").status_code == 404


def test_a_name_changed_between_print_and_signature_is_told_and_never_proofed(reception: Reception) -> None:
    paper_id = reception.printed()
    reception.behind_the_back("Danh Chung", "Danh Chúng")
    page = words(reception.desk().get(reception.address))
    assert "2 tên đã đổi từ khi in tờ này" in page and "Danh Chúng" in page
    reception.send("sign", paper=paper_id, signer="Danh Trưởng")
    assert {each.text for each in reception.proof().unproofed} == {"Danh Chúng"}
    assert "2 tên đã đổi trước lúc ký" in words(reception.desk().get(reception.address))
    reception.behind_the_back("Danh Chúng", "Danh Chung")
    assert {each.text for each in reception.proof().unproofed} == {"Danh Chung"}, (
        "the head signed while it was in doubt"
    )
    reception.signed()
    assert reception.proof().state is ProofState.SIGNED


def test_printed_again_without_a_change_it_is_the_same_paper_and_after_one_another(reception: Reception) -> None:
    first = reception.printed()
    assert reception.printed() == first
    reception.behind_the_back("Danh Chung", "Danh Chúng")
    second = reception.printed()
    with reception.app.app_context(), transaction():
        delegation_id = reception.world.delegation().id
        with pytest.raises(Overtaken):
            sheets.sign_sheet(delegation_id, first, "Danh Trưởng", None)
        with pytest.raises(BadInput):
            sheets.sign_sheet(delegation_id, second, "  ", None)
        with pytest.raises(NotFound):
            sheets.sign_sheet(delegation_id, 99, "Danh Trưởng", None)


def test_a_sheet_signed_by_mistake_is_annulled_and_the_one_before_counts_again(reception: Reception) -> None:
    first = reception.signed()
    reception.behind_the_back("Danh Chung", "Danh Chúng")
    second = reception.signed("Nguyễn Văn Nhầm")
    assert reception.proof().state is ProofState.SIGNED
    refused = reception.send("annul", 400, paper=second, reason=" ")
    assert "Ghi lý do" in words(refused)
    reception.send("annul", paper=second, reason="ký nhầm đoàn")
    assert reception.proof().state is ProofState.CHANGED
    assert {each.text for each in reception.proof().unproofed} == {"Danh Chúng"}
    with reception.app.app_context(), reading():
        rows = {row.id: row for row in db.session.scalars(select(SignedPaper))}
        assert rows[first].state is PaperState.SIGNED and rows[second].state is PaperState.ANNULLED
    page = words(reception.desk().get(reception.address))
    assert "Lý do: ký nhầm đoàn" in page
    reception.send("annul", 409, paper=second, reason="lần nữa")
    reception.send("annul", paper=first, reason="cả tờ này cũng nhầm")
    assert reception.proof().state is ProofState.NONE
    with reception.app.app_context():
        with reading():
            assert ledger.verify("decisions:kg-2024") == []
        assert _differences() == []
        with transaction():
            db.session.get_one(SignedPaper, second).state = PaperState.REPLACED
        assert _differences() == [("name_sheet", "state")]


def _differences() -> list[tuple[str, str]]:
    with seals.snapshot():
        return [(each.table, each.column) for name, each in seals.inspect().named() if name == "proofing"]


@pytest.mark.both_databases
def test_of_several_who_sign_or_print_at_once_one_does(reception: Reception) -> None:
    paper_id = reception.printed()
    with reception.app.app_context(), reading():
        delegation_id = reception.world.delegation().id

    def sign() -> str:
        try:
            sheets.sign_sheet(delegation_id, paper_id, "Danh Trưởng", None)
        except Overtaken:
            return "late"
        return "signed"

    assert sorted(map(str, race(reception.app, 4, sign))) == ["late", "late", "late", "signed"]
