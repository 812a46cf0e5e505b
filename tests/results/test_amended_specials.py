"""A special prize of signed minutes goes to another entry, to nobody, or to a first one by an amendment, and is taken back."""

from __future__ import annotations

import json

import pytest
from flask import Flask

import verify
from config import Config
from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.papers.models import SignedPaper
from festival.results.amended.corrections import Corrections
from festival.results.amended.history import moved
from festival.results.amending import Amended
from festival.results.amendments.specials import specials_now
from festival.results.current import special_names
from festival.results.decide import give_special
from festival.results.models import StandingAmendment
from tests.harness.paper_words import words_of_pdf
from tests.judging.panel_cast import Panel
from tests.results.test_amended_standings import (
    AMEND,
    EVERY,
    FIRST,
    SECOND,
    SIGNED_ON,
    STREAMS,
    amended,
    awards,
    differing,
    marked,
)
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import TAI_NANG, Desk, lock_form, people
from tests.results.test_secrecy import changed, public_paths, seen
from tests.results.whole_cast import bring, lock_all, whole_cast

DRESS, WIDE = "Trang phục ấn tượng", "Gia đình nhiều thế hệ nhất"
ENV = {"CHAIR_PASSWORD": "nắng-biển-Hòn-Đất", "SECRETARY_PASSWORD": "nắng-biển-Hòn-Đất"}
BOTH = ("--chair", "chair", "--secretary", "thuky", "--yes")


def festival(app: Flask, *states: ContestState) -> Panel:
    """The first entry has the dress, the sport item a prize of the whole festival."""
    with app.app_context():
        panel = whole_cast((9, 7, 5))
        lock_all(panel)
        with transaction():
            give_special(panel.contest_id, "E000", DRESS, None)
            give_special(panel.sport_id, "S001", WIDE, None)
        bring(panel, *states)
        return panel


def given(panel: Panel) -> dict[str, str]:
    with reading():
        return specials_now(panel.contest_id)


def test_whose_prizes_moved_counts_special_ones_that_changed_hands_only() -> None:
    rows = [{"entry": "A", "place": 1, "prize": "Nhất"}, {"entry": "B", "place": 2, "prize": None}]
    before, after = {"X": "A", "Y": "A"}, {"X": "B", "Y": "A"}
    found = moved(rows, rows, specials=(before, after))
    assert [(each.entry, each.prize_before, each.prize) for each in found] == [("A", "Nhất, X", "Nhất"), ("B", "", "X")]
    assert moved(rows, rows, specials=(before, before)) == moved(rows, rows) == ()


@pytest.mark.either_database
def test_another_winner_is_read_back_signed_by_two_and_said_everywhere(app: Flask, config: Config) -> None:
    panel = festival(app, *EVERY)
    paths = [path for path in public_paths(app) if not path.startswith(("/readyz", "/register"))]
    steady = seen(config, paths)
    secretary, mc, guest = *people(app, panel, "secretary", "mc"), Desk(app, None)
    right = {"special-entry-0": "2", "special-value-0": DRESS}
    assert f'<option value="{DRESS}">' in secretary.get(AMEND)
    read = secretary.post(AMEND, 200, step="read", **right)
    assert f"Giải chuyên đề {DRESS}: {FIRST} sửa thành {SECOND}." in read
    assert f"Nhất, {DRESS}" in read and f"Nhì, {DRESS}" in read, "old beside new"
    for wrong in ({"reason": ""}, {"secretary": "chair"}, {"secretary_password": "sai"}):
        again = secretary.post(AMEND, 422, step="store", seen="1", **{**right, **SIGNED_ON, **lock_form(), **wrong})
        assert f'name="special-value-0" value="{DRESS}"' in again
    assert changed(config, paths, steady) == [], "read back and refused: not a byte of it outside"
    for typed, said in (
        ({"special-entry-0": "2", "special-value-0": "Lạ"}, "Chọn một giải chuyên đề"),
        ({"special-entry-0": "9", "special-value-0": DRESS}, "Không có tiết mục nào"),
        ({"special-entry-0": "1", "special-value-0": DRESS}, "giống như đang có"),
        ({**right, "special-entry-1": "3", "special-value-1": DRESS}, "ghi hai lần"),
    ):
        assert said in secretary.post(AMEND, 422, step="read", **typed)
    before = mc.get(TAI_NANG + "/mc/state")
    secretary.post(AMEND, step="store", seen="1", **right, **SIGNED_ON, **lock_form())
    with app.app_context():
        assert given(panel) == {DRESS: "E001"}
        with reading():
            (row,) = db.session.query(StandingAmendment)
            assert (row.specials_before, row.specials) == ({DRESS: "E000"}, {DRESS: "E001"})
            paper = words_of_pdf(db.session.get_one(SignedPaper, row.paper_id).content)
    for said in (
        f"Giải chuyên đề {DRESS}: {FIRST} sửa thành {SECOND}.",
        f"Nhì, {DRESS}",
        "Nguyễn Thị Chủ",
        SIGNED_ON["reason"],
    ):
        assert said in paper, said
    assert mc.get(TAI_NANG + "/mc/state") != before, "an open page of the MC notices"
    told = f"{SECOND}, Đoàn huyện Số 1: Nhì, nay là Nhì, {DRESS}."
    spoken, public = mc.get(TAI_NANG + "/mc"), guest.get("/results")
    for page in (spoken, public):
        assert "Đã đính chính ngày" in page and told in page
    assert "cộng nhầm" not in public, "the reason is the jury's"
    assert differing(app) == set()


@pytest.mark.either_database
def test_nobody_a_first_winner_and_back_beside_other_corrections(app: Flask) -> None:
    panel = festival(app, ContestState.SIGNED)
    with app.app_context():
        assert isinstance(amended(panel, marked(panel), "1/Đ"), Amended)
        assert given(panel) == {DRESS: "E000"}, "an amendment that says nothing of it leaves it"
        with reading():
            names = special_names(db.session.get_one(Contest, panel.contest_id))
        other = next(each for each in names if each not in (DRESS, WIDE))
        both = Corrections(marks=marked(panel).marks, specials={DRESS: None, other: "E002"})
        assert isinstance(amended(panel, both, "2/Đ"), Amended)
        assert given(panel) == {other: "E002"} and awards(panel)[SECOND] == "Nhất"
        with pytest.raises(Conflict, match="cả ngày hội đã ghi ở phần thi"):
            amended(panel, Corrections(specials={WIDE: "E000"}), "3/Đ")
        assert given(panel) == {other: "E002"}
    (secretary,) = people(app, panel, "secretary")
    page = secretary.get(AMEND)
    assert f'<option value="{DRESS}" selected' in page and 'name="special-entry-1" value="-"' in page
    call = ("results", "amend", "tai-nang", "--reason", "nhầm", *BOTH)
    assert "cần đủ --chair" in run(app, *call[:5], "--number", "4/Đ", "--special", f"{DRESS}=E002", ok=False)
    assert "sửa thành" in run(app, *call, "--number", "4/Đ", "--special", f"{DRESS}=E002", env=ENV)
    with app.app_context():
        assert given(panel) == {DRESS: "E002", other: "E002"}, "the rest stays as it was amended"
    run(app, *call, "--number", "5/Đ", "--take-back", env=ENV)
    with app.app_context():
        assert given(panel) == {other: "E002"}
        # Without a row of it the prize is as it was signed.
        assert isinstance(amended(panel, marked(panel), "6/Đ"), Amended)
        assert given(panel) == {DRESS: "E000"} and awards(panel)[SECOND] == "Nhất"
    assert differing(app) == set() and len(STREAMS) == 3
    exported = run(app, "results", "export", "tai-nang", "--jury")
    assert json.loads(exported)["contests"][0]["amendments"][1]["corrections"]["specials"] == {
        DRESS: None,
        other: "E002",
    }
    checked = verify.read(exported)
    contest = checked["contests"][0]
    lines = next(each["lines"] for each in checked["ledger"] if each["stream"] == "results:tai-nang")
    verify.against_results(contest, lines)
    contest["awards"][-1]["entry"] = "E001"
    with pytest.raises(verify.Disagrees, match="giải chuyên đề khác với sổ"):
        verify.against_results(contest, lines)
