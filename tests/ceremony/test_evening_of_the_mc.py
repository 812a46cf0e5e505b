"""Does the MC read the award that is on, from a page, a paper or pictures that say what is in force, and nobody who did not agree?"""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, update

from festival.acts.models import ActVersion
from festival.consent.agreements import give
from festival.consent.models import Consent, ConsentPurpose
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.work import making
from festival.results.models import Award
from festival.roster.models import Entry, Person
from tests.ceremony.reveal_cast import begun, evening_cast, sealed, slides_of, step_to
from tests.ceremony.test_reveal import names_in, respell
from tests.judging.panel_cast import Panel
from tests.results.test_pages_of_the_panel import Desk

pytestmark = pytest.mark.either_database
CHILD = "Danh Bé Út"


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        return evening_cast()


def the_first(panel: Panel) -> int:
    """The entry that has the first prize of the judged contest."""
    won = select(Award.entry_id).where(Award.contest_id == panel.contest_id, Award.prize == "Nhất")
    return db.session.scalars(won).one() or 0


def printed(leader: Desk, path: str, folder: Path) -> str:
    answer = leader.client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    (folder / "script.pdf").write_bytes(answer.data)
    read = subprocess.run(
        ["pdftotext", "-layout", folder / "script.pdf", "-"], check=True, capture_output=True, text=True
    )
    return " ".join(read.stdout.split())


def test_the_evening_page_opens_on_the_names_and_follows_or_is_turned_by_hand(app: Flask, panel: Panel) -> None:
    with app.app_context(), transaction():
        entry = db.session.get_one(Entry, the_first(panel))
        before = select(Entry.id).where(Entry.contest_id == panel.sport_id).order_by(Entry.id)
        entry.from_id = db.session.scalars(
            before.limit(1)
        ).one()  # a final: how it is said was told in the round before
        db.session.add(
            ActVersion(
                entry_id=entry.from_id,
                version=1,
                title="",
                genre="",
                props="",
                words="",
                said="Đanh Trung",
                told_how="office",
                told_at=now(),
            )
        )
    mc = Desk(app, panel.users["mc"])
    assert "Công bố kết quả và trao giải" in mc.get("/mc")
    begun(app, panel)
    slides = slides_of(mc)
    at = next(at for at, each in enumerate(slides) if each["title"] == "Giải Nhất")
    step_to(mc, at, 1)
    page = mc.get("/mc")
    (name,) = names_in(slides[at])
    assert f"<b>{name}</b>" in page and "Đọc: Đanh Trung" in page and f"bước {at + 1}/{len(slides)}" in page
    assert slides[at + 1]["title"] in page and "Đang theo màn hình" in page
    turned = mc.get("/mc?step=2")
    assert "Tự lật, bước 3" in turned and "Theo màn hình lại" in turned
    for odd in ("-4", "999", "x"):
        assert "bước" in mc.get(f"/mc?step={odd}")


def test_a_script_is_numbered_and_an_older_one_is_not_handed_out_again(
    app: Flask, panel: Panel, tmp_path: Path
) -> None:
    mc = Desk(app, panel.users["mc"])
    mc.post("/mc/script")
    mc.post("/mc/script")  # the same words bear the same number
    told = printed(mc, "/mc/script/1.pdf", tmp_path)
    assert "bản 1, in lúc" in told and "thay bản" not in told and "Gia đình tài năng" in told
    assert told.index("Giải Nhì") < told.index("Giải Nhất") < told.index("Toàn đoàn")
    assert "bản 1, in lúc" in mc.get("/mc")
    respell(app, panel, "Gia đình ông Danh Sửa")
    for address in ("/mc", "/mc/script"):
        page = mc.get(address)
        assert "Bản in số 1 không còn đúng" in page and "Khác ở: Gia đình tài năng. In bản mới" in page
    assert "Bản 1 không còn đúng" in mc.get("/mc/script/1.pdf", 409)
    mc.post("/mc/script")
    told = printed(mc, "/mc/script/2.pdf", tmp_path)
    assert "bản 2, in lúc" in told and "thay bản 1" in told and "Danh Sửa" in told
    mc.get("/mc/script/3.pdf", 404)
    assert "Thay bản 1: bản ấy không đọc nữa. Khác ở: Gia đình tài năng." in mc.get("/mc")
    assert sealed(app) == []


def test_pictures_are_numbered_and_overtaken_when_an_award_has_changed(app: Flask, panel: Panel) -> None:
    mc = Desk(app, panel.users["mc"])
    mc.get("/mc/pictures/file", 404)
    mc.post("/mc/pictures")
    assert json.loads(mc.get("/mc/pictures/state"))["state"] == "waiting"
    with app.app_context():
        while making.work():
            pass
    assert "Tải về" in mc.get("/mc/pictures")
    made = zipfile.ZipFile(io.BytesIO(mc.client.get("/mc/pictures/file").data))
    begun(app, panel)
    assert made.namelist() == [f"{n:03d}.png" for n in range(1, len(slides_of(mc)) + 1)]
    assert Image.open(io.BytesIO(made.read("003.png"))).size == (1920, 1080)
    respell(app, panel, "Gia đình ông Danh Sửa")
    page = mc.get("/mc/pictures")
    assert "Bộ ảnh mới nhất đã bị vượt qua" in page and "Tải về" not in page
    assert "đã bị vượt qua" in mc.get("/mc/pictures/file", 409)


def test_a_child_that_did_not_agree_is_named_on_no_screen_page_or_paper(
    app: Flask, panel: Panel, tmp_path: Path
) -> None:
    """Of a family's own entry and of a team's, called after the child; the control: both are said while the agreement stands."""
    with app.app_context(), transaction():
        entry = db.session.get_one(Entry, the_first(panel))
        child = Person(
            festival_id=panel.festival_id, code="be-ut", family_id=entry.family_id, position=9, name=CHILD,
            folded="danh be ut", relation="child", birth_year=2015,
        )  # fmt: skip
        db.session.add(child)
        db.session.flush()
        give([(child.id, ConsentPurpose.CHILD_PUBLISH, "Mẹ", "mother")], "paper")
        other = db.session.scalars(select(Award).where(Award.contest_id == panel.sport_id, Award.prize == "Nhất")).one()
        db.session.get_one(Entry, other.entry_id).family_id = None  # a team of several families
        first = select(Award.id).where(Award.entry_id == entry.id, Award.contest_id == panel.contest_id)
        db.session.execute(update(Award).where(Award.id.in_(first)).values(name=CHILD))
        entry.name = CHILD
        other.name = f"Đội {CHILD}"
    mc = Desk(app, panel.users["mc"])
    screen = begun(app, panel)
    agreed = [name for each in slides_of(mc) for name in names_in(each)]
    assert {CHILD, f"Đội {CHILD}"} <= set(agreed)
    with app.app_context(), transaction():
        db.session.execute(update(Consent).values(withdrawn_at=now(), withdrawn_how="paper"))
    held = slides_of(mc)
    assert not any(CHILD in name for each in held for name in names_in(each))
    said = [name for each in held for name in names_in(each)]
    assert [name for name in said if name not in agreed] != []
    mc.post("/mc/script")
    everything = mc.get("/mc/reveal") + mc.get("/mc/script") + printed(mc, "/mc/script/1.pdf", tmp_path)
    for at in range(len(held)):
        everything += mc.get(f"/mc?step={at}")
    assert CHILD not in everything + Desk(app, None).get(screen)
