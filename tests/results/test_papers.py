"""Is a signed paper shown again byte for byte, whatever happens to names afterwards, and is a correction a further paper?

The naive control draws the paper anew from the tables: after a rename it says something else under the same number.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import undefer

from festival.ceremony.drawing import said as said_of
from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.papers.keeping import PaperOccasion, PaperSubject
from festival.papers.models import PaperState, SignedPaper
from festival.results.ladder import lock, sign
from festival.results.ladder.lock import Locked
from festival.results.models import Award
from festival.roster.models import Delegation, Entry
from tests.harness.paper_words import words_of_docx, words_of_pdf
from tests.judging.panel_cast import PASSWORD, Panel, cast, full_panel
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import MINE, TAI_NANG, TWO, Desk, lock_form, people
from tests.results.whole_cast import bring, lock_all, whole_cast
from tests.results.whole_kit import ONE_FIRST, decide

pytestmark = pytest.mark.either_database

WHOLE = "/whole-delegation"


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast()
        full_panel(made)
        with transaction():
            assert isinstance(lock.lock(made.contest_id, made.users["chair"], made.users["secretary"]), Locked)
        return made


def papers(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context(), reading():
        rows = db.session.scalars(select(SignedPaper).order_by(SignedPaper.id)).all()
        for row in rows:
            assert row.sha256 == sha256(row.content).hexdigest()
        return [(row.kind.value, row.state.value, row.number) for row in rows]


def rename(app: Flask, entry: str = "Gia đình ông Danh Trung 0", delegation: str = "Đoàn xã Mới") -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Entry).where(Entry.code == "E000").values(name=entry))
        db.session.execute(update(Delegation).where(Delegation.code == "doan-0").values(name=delegation))


def signed(app: Flask, panel: Panel) -> Desk:
    (chair,) = people(app, panel, "chair")
    chair.post(TAI_NANG + "/minutes")
    chair.post(TAI_NANG + "/sign", number="07/BB-BGK")
    return chair


def amendment(**changes: str) -> dict[str, str]:
    return {
        "name-E000": "Gia đình ông Danh Trung 0",
        "number": "12/BB-BGK",
        "reason": "viết sai dấu",
        **lock_form(),
        **changes,
    }


def test_what_was_printed_is_what_is_signed_and_shown_after_a_rename(app: Flask, panel: Panel) -> None:
    (chair,) = people(app, panel, "chair")
    preview = chair.get(TAI_NANG + "/minutes")
    assert "chưa phải tờ để ký" in preview and papers(app) == []
    answer = chair.client.post(
        TAI_NANG + "/minutes", data={"csrf_token": _token(chair), "number": "07/BB-BGK"}, follow_redirects=True
    )
    assert "Mở tờ đã in" in answer.text
    with app.app_context(), reading():
        paper = db.session.scalars(select(SignedPaper).options(undefer(SignedPaper.editable))).one()
    answer = chair.client.get(f"/papers/{paper.id}")
    printed = answer.get_data()
    said = words_of_pdf(printed)
    assert "chưa phải tờ để ký" not in said and "Số: 07/BB-BGK" in said
    assert paper.content == printed and f"Mã tờ giấy: {paper.drawn[:16]}" in said
    assert (answer.mimetype, answer.headers["ETag"]) == ("application/pdf", f'"{paper.sha256}"')
    document = chair.client.get(f"/papers/{paper.id}/paper.docx")
    assert document.get_data() == paper.editable and document.headers["ETag"] == f'"{paper.editable_sha256}"'
    footer = {"mã", "tờ", "giấy:", paper.drawn[:16], "1/1", "1/2", "2/2", "–"}
    assert set(said.lower().split()) - set(words_of_docx(document.get_data()).lower().split()) <= footer
    chair.post(TAI_NANG + "/sign", number="07/BB-BGK")
    rename(app)
    again = chair.client.get(TAI_NANG + "/minutes")
    assert again.get_data() == printed
    assert chair.client.get(TAI_NANG + "/minutes", headers={"If-None-Match": f'"{paper.sha256}"'}).status_code == 304
    with app.app_context(), reading():  # the naive control: the same number, another paper
        anew = said_of(PaperSubject(panel.festival_id, panel.contest_id), PaperOccasion(paper.printed_at, paper.number))
        drawn, _document = anew.made()
        assert drawn != printed and "Danh Trung" in words_of_pdf(drawn) and "07/BB-BGK" in words_of_pdf(drawn)


def _token(desk: Desk) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', desk.get("/sign-in"))
    assert found is not None
    return found[1]


def test_a_name_changed_since_the_print_is_printed_again_before_anybody_signs(app: Flask, panel: Panel) -> None:
    (chair,) = people(app, panel, "chair")
    assert "Chưa in biên bản" in chair.post(TAI_NANG + "/sign", 409, number="1")
    chair.post(TAI_NANG + "/minutes")
    chair.post(TAI_NANG + "/minutes")
    assert papers(app) == [("minutes", "printed", "")], "printed again without a change it is the same paper"
    rename(app)
    assert "In lại rồi ký tờ mới" in chair.post(TAI_NANG + "/sign", 409, number="1")
    chair.post(TAI_NANG + "/minutes", number="1")
    assert "mang số 1" in chair.post(TAI_NANG + "/sign", 409, number="2")
    chair.post(TAI_NANG + "/sign", number="1")
    assert papers(app) == [("minutes", "replaced", ""), ("minutes", "signed", "1")]
    with app.app_context(), reading():
        old, new = db.session.scalars(select(SignedPaper).order_by(SignedPaper.id))
        assert old.replaced_by == new.id and "Đoàn xã Mới" in words_of_pdf(new.content)
        with pytest.raises(Conflict):
            sign.print_minutes(panel.contest_id, "", None)


def test_a_decision_since_the_print_is_noticed_too(app: Flask, panel: Panel) -> None:
    (chair,) = people(app, panel, "chair")
    chair.post(TAI_NANG + "/minutes")
    chair.post(TAI_NANG + "/special", prize="Trang phục ấn tượng", entry="E001")
    assert "In lại" in chair.post(TAI_NANG + "/sign", 409, number="1")
    chair.post(TAI_NANG + "/special", prize="Trang phục ấn tượng", entry="-")
    chair.post(TAI_NANG + "/sign", number="1")


def test_papers_are_for_the_panel_and_the_organiser(app: Flask, panel: Panel) -> None:
    (chair,) = people(app, panel, "chair")
    chair.post(TAI_NANG + "/minutes")
    with app.app_context(), reading():
        path = f"/papers/{db.session.scalars(select(SignedPaper.id)).one()}"
    (organiser,) = people(app, panel, "organiser")
    organiser.get(path, 403)
    chair.post(TAI_NANG + "/sign", number="1")
    for name, status in (
        ("chair", 200),
        ("secretary", 200),
        ("organiser", 200),
        ("lan", 404),
        ("mc", 404),
        ("officer", 404),
    ):
        (desk,) = people(app, panel, name)
        desk.get(path, status)
        desk.get(TAI_NANG + "/minutes", status)
        desk.get("/papers/999", 404)
    Desk(app, None).get(path, 302)
    notes = run(app, "results", "print", "tai-nang", "--out", str(app.config["FESTIVAL"].instance / "p.pdf"))
    assert "SHA-256" in notes


def read_aloud(app: Flask, panel: Panel) -> tuple[str, str]:
    mc, visitor = *people(app, panel, "mc"), Desk(app, None)
    return mc.get(TAI_NANG + "/mc"), visitor.get("/contests/tai-nang")


def bring_out(app: Flask, panel: Panel) -> None:
    (organiser,) = people(app, panel, "organiser")
    organiser.post(TAI_NANG + "/decide", number="105/QĐ-BTC")
    organiser.post(TAI_NANG + "/release", **TWO)
    organiser.post(TAI_NANG + "/publish", **MINE)


def test_mc_and_public_read_the_names_as_signed_until_an_amendment(app: Flask, panel: Panel) -> None:
    chair = signed(app, panel)
    bring_out(app, panel)
    before = chair.client.get(TAI_NANG + "/minutes").get_data()
    rename(app)
    for page in read_aloud(app, panel):
        assert "Danh Chung 0" in page and "Danh Trung" not in page and "Đoàn xã Mới" not in page
        assert "đính chính" not in page
    form = chair.get(TAI_NANG + "/amend")
    assert "Danh sách đăng ký nay ghi: Gia đình ông Danh Trung 0" in form
    for wrong, said in (
        ({"chair_password": "sai"}, "chưa đúng"),
        ({"chair": "thuky"}, "hai người khác nhau"),
        ({"secretary": "btc"}, "không phải thư ký"),
        ({"reason": " "}, "Ghi rõ lý do"),
        ({"name-E000": " "}, "Tên không được để trống"),
        ({"number": "07/BB-BGK"}, "số khác"),
    ):
        assert said in chair.post(TAI_NANG + "/amend", 422, **amendment(**wrong)), wrong
    assert "Chưa có tên nào" in chair.post(
        TAI_NANG + "/amend", 422, **amendment(**{"name-E000": "Gia đình ông Danh Chung 0"})
    )
    assert len(papers(app)) == 1
    chair.post(TAI_NANG + "/amend", **amendment(**{"unit-E000": "Đoàn xã Mới"}))
    assert papers(app) == [("minutes", "replaced", "07/BB-BGK"), ("amendment", "signed", "12/BB-BGK")]
    paper = chair.get(TAI_NANG + "/minutes")
    for words in (
        "BIÊN BẢN BỔ SUNG, ĐÍNH CHÍNH",
        "07/BB-BGK",
        "viết sai dấu",
        "Danh Chung 0",
        "Danh Trung 0",
        "Đoàn xã Mới",
    ):
        assert words in paper
    for page in read_aloud(app, panel):
        assert "Danh Trung 0" in page and "Danh Chung 0" not in page and "Đã đính chính ngày" in page
    with app.app_context(), reading():
        first = db.session.scalars(select(SignedPaper.id).order_by(SignedPaper.id)).first()
    assert chair.client.get(f"/papers/{first}").get_data() == before, "the replaced one stays readable"
    page = chair.get(TAI_NANG)
    assert "đã được thay" in page and "đang có hiệu lực" in page
    # the way back is a further amendment
    chair.post(TAI_NANG + "/amend", **amendment(**{"name-E000": "Gia đình ông Danh Chung 0", "number": "13/BB-BGK"}))
    assert [each[1] for each in papers(app)] == ["replaced", "replaced", "signed"]
    assert all("Danh Chung 0" in page for page in read_aloud(app, panel))
    assert seals(app) == []


def seals(app: Flask, *more: str) -> list[str]:
    """Every difference between the results' tables and their ledgers."""
    streams = ("results:tai-nang", "results:bong-ro", "results:thu/delegations", *more)
    with app.app_context(), checks.snapshot():
        return [str(difference) for _room, difference in checks.inspect(streams).named()]


def test_tampered_bytes_and_names_are_named(app: Flask, panel: Panel) -> None:
    signed(app, panel)
    assert seals(app) == []
    with app.app_context(), transaction():
        db.session.execute(update(SignedPaper).values(content=b"<p>khac</p>"))
    assert any("signed_paper" in each and "sha256" in each for each in seals(app))
    with app.app_context(), transaction():
        paper = db.session.scalars(select(SignedPaper)).one()
        db.session.execute(update(SignedPaper).values(sha256=sha256(paper.content).hexdigest()))
        db.session.execute(update(Award).where(Award.position == 1).values(name="Ai đó"))
    assert any("signed_paper" in each for each in seals(app)) and any("'award'" in each for each in seals(app))


def test_minutes_of_an_earlier_release_are_kept_when_first_asked_for_and_say_so(app: Flask, panel: Panel) -> None:
    signed(app, panel)
    with app.app_context(), transaction():
        db.session.execute(delete(SignedPaper))
    (organiser,) = people(app, panel, "organiser")
    first = organiser.client.get(TAI_NANG + "/minutes")
    said = words_of_pdf(first.data)
    assert "lúc đó chưa lưu tờ giấy" in said and "07/BB-BGK" in said
    rename(app)
    assert organiser.client.get(TAI_NANG + "/minutes").get_data() == first.get_data()
    assert "Lưu lại sau khi ký" in organiser.get(TAI_NANG)
    assert papers(app) == [("minutes", "signed", "07/BB-BGK")]


def test_the_whole_delegation_alike(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        decide(panel, ONE_FIRST)
    chair, organiser = people(app, panel, "chair", "organiser")
    assert "Chưa in biên bản" in organiser.post(WHOLE + "/sign", 409, number="09/BB-BGK")
    organiser.post(WHOLE + "/minutes")
    organiser.post(WHOLE + "/sign", number="09/BB-BGK")
    kept = organiser.client.get(WHOLE + "/minutes").get_data()
    rename(app)
    assert organiser.client.get(WHOLE + "/minutes").get_data() == kept
    with app.app_context():
        bring(panel, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)
    visitor, (mc,) = Desk(app, None), people(app, panel, "mc")
    for page in (visitor.get("/results"), mc.get("/panel")):
        assert "Đoàn huyện Số 0" in page and "đính chính" not in page
    said = {"name-doan-0": "Đoàn xã Mới", "number": "10/BB", "reason": "đổi tên xã", **lock_form()}
    assert "Đoàn xã Mới" in organiser.get(WHOLE + "/amend")
    organiser.post(WHOLE + "/amend", 422, **said | {"secretary": "lan"})
    organiser.post(WHOLE + "/amend", **said)
    for page in (visitor.get("/results"), mc.get("/panel")):
        whole = page[page.index("Giải toàn đoàn") :]
        assert "Đoàn xã Mới" in whole and "Đã đính chính ngày" in whole
    assert "đổi tên xã" in organiser.get(WHOLE + "/minutes")
    assert chair.client.get("/papers/1").status_code == 200
    assert seals(app) == []


def test_by_commands(app: Flask, panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "bien-ban.pdf"
    said = run(app, "results", "print", "tai-nang", "--out", str(out), "--by", "chair")
    run(app, "results", "sign", "tai-nang", "--number", "07/BB-BGK", "--by", "chair")
    before = out.read_bytes()
    assert sha256(before).hexdigest() in said
    rename(app)
    run(app, "results", "print", "tai-nang", "--out", str(out))
    assert out.read_bytes() == before
    monkeypatch.setenv("CHAIR_PASSWORD", PASSWORD)
    monkeypatch.setenv("SECRETARY_PASSWORD", PASSWORD)
    new = ["--name", "E000=Gia đình ông Danh Trung 0", "--number", "12", "--reason", "sai dấu"]
    assert "Cần cả" in run(app, "results", "amend", "tai-nang", *new, ok=False)
    assert "Không có giải" in run(app, "results", "amend", "tai-nang", "--name", "E9=x", *new, "--override", ok=False)
    run(app, "results", "amend", "tai-nang", *new, "--chair", "chair", "--secretary", "thuky")
    run(app, "results", "print", "tai-nang", "--out", str(out))
    assert "Danh Trung 0" in words_of_pdf(out.read_bytes())
    with app.app_context(), reading():
        assert ledger.verify("results:tai-nang") == []
        assert db.session.get_one(Contest, panel.contest_id).state is ContestState.SIGNED
        states = list(db.session.scalars(select(SignedPaper.state).order_by(SignedPaper.id)))
        assert states == [PaperState.REPLACED, PaperState.SIGNED]
