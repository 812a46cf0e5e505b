"""Marks, places and prizes of signed minutes are put right by an amendment: two people, a reason, the record untouched.

MC, public, delegations, papers and the check of the ledger all say so; nothing is seen of it before both have proved it.
"""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from config import Config
from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Overtaken
from festival.judging.models import ScoreSheet
from festival.papers.keeping import PaperSubject
from festival.papers.models import SignedPaper
from festival.results.amended.corrections import Corrections
from festival.results.amending import Amended
from festival.results.amendments.storing import amend_standings, last_ordinal, proposed
from festival.results.delegations import deciding
from festival.results.ladder.lock import WrongPeople
from festival.results.models import Award, Standing, StandingAmendment
from tests.harness.paper_words import words_of_pdf
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import TAI_NANG, Desk, lock_form, people
from tests.results.test_secrecy import changed, public_paths, seen
from tests.results.whole_cast import bring, lock_all, whole_cast

pytestmark = pytest.mark.either_database

AMEND = TAI_NANG + "/amend-standings"
WHOLE = "/whole-delegation"
SIGNED_ON = {"number": "12/ĐC", "reason": "cộng nhầm phiếu của bà Lan"}
# the second family got 50 for its content, not 40, from everybody: it overtakes the first
RIGHT = {
    f"mark-{name}-{at}": value
    for at, letter in enumerate("ABC")
    for name, value in {"entry": "2", "judge": letter, "criterion": "noi-dung", "value": "50"}.items()
}
FIRST, SECOND = "Gia đình ông Danh Chung 0", "Gia đình ông Danh Chung 1"
EVERY = (ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)


def festival(app: Flask, *states: ContestState, whole: bool = False) -> Panel:
    with app.app_context():
        panel = whole_cast((9, 7, 5))
        lock_all(panel)
        bring(panel, *states)
        if whole:
            with transaction():
                deciding.sign_whole(panel.festival_id, "9/TĐ", None)
        return panel


def marked(panel: Panel, to: int = 50_000) -> Corrections:
    seats = [panel.judges[who] for who in ("chair", "lan", "hung")]
    return Corrections(marks={("E001", seat, "noi-dung"): to for seat in seats})


def amended(panel: Panel, corrections: Corrections, number: str = "12/ĐC", **more: Any) -> Amended | WrongPeople:
    two = panel.users["chair"], panel.users["secretary"]
    with transaction():
        return amend_standings(panel.contest_id, corrections, number, "cộng nhầm", *two, **more)


def awards(panel: Panel) -> dict[str | None, str]:
    """Prize by name."""
    with reading():
        own = select(Award.prize, Award.name).where(Award.contest_id == panel.contest_id)
        return {row.name: row.prize for row in db.session.execute(own)}


STREAMS = ("results:tai-nang", "results:bong-ro", "results:thu/delegations")


def differing(app: Flask) -> set[str]:
    """The tables of the results that do not say what the ledger says."""
    with app.app_context(), checks.snapshot():
        return {each.table for _room, each in checks.inspect(STREAMS).named()}


def test_a_swapped_first_prize_after_publication_is_said_everywhere(app: Flask, config: Config) -> None:
    panel = festival(app, *EVERY, whole=True)
    paths = [path for path in public_paths(app) if not path.startswith(("/readyz", "/register"))]
    steady = seen(config, paths)
    secretary, mc, guest = *people(app, panel, "secretary", "mc"), Desk(app, None)
    read = secretary.post(AMEND, 200, step="read", **RIGHT)
    assert "40 sửa thành 50" in read and read.index("<b>1</b>") and 'name="seen" value="1"' in read
    assert 'name="mark-value-2" value="50"' in read, "what was typed goes along to the signature"
    for wrong in (
        {"reason": ""},
        {"number": ""},
        {"secretary": "chair"},
        {"secretary_password": "sai"},
        {"chair": "khac"},
        {"number": "1"},
    ):
        refused = secretary.post(AMEND, 422, step="store", seen="1", **{**RIGHT, **SIGNED_ON, **lock_form(), **wrong})
        assert 'name="mark-value-2" value="50"' in refused
    assert changed(config, paths, steady) == [], "read back and refused: not a byte of it outside"
    with app.app_context():
        assert awards(panel)[FIRST] == "Nhất"

    before = mc.get(TAI_NANG + "/mc/state")
    secretary.post(AMEND, step="store", seen="1", **RIGHT, **SIGNED_ON, **lock_form())
    with app.app_context():
        assert (awards(panel)[SECOND], awards(panel)[FIRST]) == ("Nhất", "Nhì")
    with app.app_context(), reading():
        (row,) = db.session.scalars(select(StandingAmendment))
        paper = words_of_pdf(db.session.get_one(SignedPaper, row.paper_id).content)
        assert (row.ordinal, row.reason) == (1, SIGNED_ON["reason"])
        signed = select(Standing.place, Standing.score_milli).order_by(Standing.entry_id)
        kept = [tuple(each) for each in db.session.execute(signed.where(Standing.contest_id == panel.contest_id))]
        assert kept[:2] == [(1, 89_750), (2, 84_750)], "the signed standings stay"
        assert set(db.session.scalars(select(ScoreSheet.version))) == {1}, "and so do the sheets"
    for said in ("40 sửa thành 50", SIGNED_ON["reason"], "Nguyễn Thị Chủ", "2, 84,75, Nhì", "1, 94,75, Nhất"):
        assert said in paper, said
    assert mc.get(TAI_NANG + "/mc/state") != before, "an open page of the MC notices"
    spoken = mc.get(TAI_NANG + "/mc")
    assert "Đã đính chính ngày" in spoken and f"{SECOND}, Đoàn huyện Số 1: Nhì, nay là Nhất." in spoken
    public = guest.get("/results")
    assert "Đã đính chính ngày" in public and f"{SECOND}, Đoàn huyện Số 1: Nhì, nay là Nhất." in public
    assert "94,75" not in public and "cộng nhầm" not in public, "prizes are public, marks and reasons are not"
    panel_page = secretary.get(TAI_NANG)
    assert "đang có hiệu lực" in panel_page and "94,75" in panel_page
    assert guest.get("/contests/tai-nang").count("nay là Nhất") == 1
    assert differing(app) == set()


def test_the_whole_delegation_is_asked_for_its_own_amendment(app: Flask) -> None:
    panel = festival(app, *EVERY, whole=True)
    organiser, guest = *people(app, panel, "organiser"), Desk(app, None)
    assert "Có thay đổi sau khi ký biên bản toàn đoàn" not in organiser.get(WHOLE)
    with app.app_context():
        assert isinstance(amended(panel, marked(panel)), Amended)
    page = organiser.get(WHOLE)
    assert "Có thay đổi sau khi ký biên bản toàn đoàn" in page and "chờ đính chính" in organiser.get("/panel")
    assert "Nhất" in guest.get("/results")
    beside = organiser.get(WHOLE + "/amend-standings")
    assert "Đồng hạng nằm giữa hai mức giải" in beside and beside.count('name="give-') == 2
    form = {"number": "13/ĐC", "reason": "theo phần thi tài năng", "seen": "1", **lock_form()}
    assert "13/ĐC" in organiser.post(WHOLE + "/amend-standings", 422, **form, **{"give-doan-0": "Nhất"})
    organiser.post(WHOLE + "/amend-standings", 303, **form, **{"give-doan-0": "Nhì", "give-doan-1": "Nhất"})
    with app.app_context(), reading():
        rows = select(Award.prize, Award.name).where(Award.contest_id.is_(None)).order_by(Award.position, Award.id)
        assert [tuple(row) for row in db.session.execute(rows)] == [
            ("Nhất", "Đoàn huyện Số 1"),
            ("Nhì", "Đoàn huyện Số 0"),
            ("Khuyến khích", "Đoàn huyện Số 2"),
        ]
    after = organiser.get(WHOLE)
    assert "Có thay đổi sau khi ký biên bản toàn đoàn" not in after and "13/ĐC" in after
    assert "Giải toàn đoàn" in guest.get("/results") and "Đã đính chính ngày" in guest.get("/results")
    assert differing(app) == set()


def test_an_amendment_is_amended_and_taken_back(app: Flask) -> None:
    panel = festival(app, ContestState.SIGNED)
    (secretary,) = people(app, panel, "secretary")
    with app.app_context():
        assert isinstance(amended(panel, marked(panel)), Amended)
        with pytest.raises(BadInput, match="Chưa có gì"):
            amended(panel, marked(panel), "14/ĐC")
        assert isinstance(amended(panel, Corrections(prizes={"E000": None, "E001": "Nhì"}), "14/ĐC"), Amended)
        assert FIRST not in awards(panel) and awards(panel)[SECOND] == "Nhì"
    assert 'value="-" selected' in secretary.get(AMEND), "a further amendment begins with the one in force"
    assert "rút lại được lần đính chính đang có hiệu lực" in secretary.post(AMEND, 422, step="read", takes_back="1")
    assert "không ghi giải riêng nữa" in secretary.post(AMEND, 200, step="read", takes_back="2")
    back = {"number": "15/ĐC", "reason": "nhầm tiết mục", "takes_back": "2", "seen": "3", **lock_form()}
    secretary.post(AMEND, step="store", **back)
    with app.app_context():
        assert (awards(panel)[SECOND], awards(panel)[FIRST]) == ("Nhất", "Nhì")
        with reading():
            last = db.session.scalars(select(StandingAmendment).order_by(StandingAmendment.ordinal.desc())).first()
            assert last is not None and (last.takes_back, last.corrections) == (2, marked(panel).kept())
            paper = words_of_pdf(db.session.get_one(SignedPaper, last.paper_id).content)
        assert "rút lại biên bản đính chính số 14/ĐC" in paper
    assert differing(app) == set()
    (mc,) = people(app, panel, "mc")
    mc.get(TAI_NANG + "/mc/state", 404)


BAD_ROWS: tuple[tuple[dict[str, str], str], ...] = (
    ({"mark-entry-0": "9", "mark-value-0": "5"}, "Không có tiết mục nào mang số hoặc mã «9»"),
    ({**RIGHT, "mark-value-1": "51"}, "Điểm cao nhất là 50"),
    ({**RIGHT, "mark-judge-1": "A"}, "cùng một chỗ được ghi hai lần"),
    (
        {"mark-entry-0": "3", "mark-judge-0": "B", "mark-criterion-0": "noi-dung", "mark-value-0": "5"},
        "quan hệ với đơn vị",
    ),
    ({"place-entry-0": "1", "place-value-0": "2"}, "Thứ hạng chưa khớp ở hạng 2"),
    ({"place-entry-0": "2", "place-value-0": "1"}, "nằm giữa hai mức giải"),
    ({"place-entry-0": "2", "place-value-0": "x"}, "ghi một số từ 1 đến 3"),
    ({"prize-entry-0": "2", "prize-value-0": "Vàng"}, "chọn một giải của phần thi"),
    ({"measure-entry-0": "2", "measure-state-0": "lạ"}, "chọn có dự thi hay không"),
    ({}, "Chưa có gì được sửa"),
)


def test_a_row_that_cannot_be_is_named_and_the_rest_stays_typed(app: Flask, signed_panel: Panel) -> None:
    (secretary,) = people(app, signed_panel, "secretary")
    assert '<option value="valid">có dự thi</option>' in secretary.get(AMEND)
    for typed, said in BAD_ROWS:
        page = secretary.post(AMEND, 422, step="read", **typed)
        assert said in page
        for name, value in typed.items():
            if "entry" in name:
                assert re.search(rf'name="{name}" value="{value}"', page)


@pytest.fixture
def signed_panel(app: Flask) -> Panel:
    return festival(app, ContestState.SIGNED)


def test_who_may_not_and_when_not(app: Flask, signed_panel: Panel) -> None:
    for name, status in (("lan", 404), ("officer", 404), ("organiser", 403), ("mc", 404)):
        (desk,) = people(app, signed_panel, name)
        desk.get(AMEND, status)
        desk.post(AMEND, status, step="store", **RIGHT, **SIGNED_ON, **lock_form())
    with app.app_context():
        two = signed_panel.users["secretary"], signed_panel.users["chair"]
        with transaction():
            outcome = amend_standings(signed_panel.contest_id, marked(signed_panel), "12", "nhầm", *two)
        assert outcome == WrongPeople("Người thứ nhất không phải trưởng ban giám khảo của phần thi này.")
        for people_, reason in (((1, 1), "có"), ((1, 2), "")):  # what no door can do, the table refuses too
            row = {"by_user": people_[0], "with_user": people_[1], "reason": reason, "ordinal": 1, "number": "1"}
            with pytest.raises(IntegrityError), transaction():
                paper = db.session.scalars(select(SignedPaper.id)).first()
                own = {"festival_id": signed_panel.festival_id, "contest_id": signed_panel.contest_id}
                at = db.session.scalars(select(SignedPaper.printed_at)).first()
                lists = {"corrections": {}, "before": [], "standings": []}
                db.session.execute(insert(StandingAmendment).values(**own, **row, **lists, at=at, paper_id=paper))
            db.session.rollback()


def test_the_command_reads_back_and_needs_both_people(app: Flask, signed_panel: Panel) -> None:
    given = [part for letter in "ABC" for part in ("--mark", f"E001/{letter}/noi-dung=50")]
    call = ("results", "amend", "tai-nang", *given, "--number", "12/ĐC", "--yes")
    env = {"CHAIR_PASSWORD": "nắng-biển-Hòn-Đất", "SECRETARY_PASSWORD": "nắng-biển-Hòn-Đất"}
    both = ("--chair", "chair", "--secretary", "thuky")
    assert "cần đủ --chair và --secretary" in run(app, *call, "--reason", "x", "--override", ok=False)
    assert "Ghi rõ lý do" in run(app, *call, "--reason", " ", *both, env=env, ok=False)
    assert "hạng 2, Nhì -> hạng 1, Nhất" in run(app, *call, "--reason", "cộng nhầm", *both, env=env)
    back = ("results", "amend", "tai-nang", "--take-back", "--number", "13/ĐC", "--reason", "nhầm", "--yes", *both)
    assert "hạng 1, Nhất -> hạng 2, Nhì" in run(app, *back, env=env)
    with app.app_context():
        assert awards(signed_panel)[FIRST] == "Nhất"
    assert differing(app) == set()


@pytest.mark.both_databases
def test_of_two_amendments_made_on_one_reading_one_is_stored(app: Flask, signed_panel: Panel) -> None:
    """Both were read back as the first; the naive control stores without asking what it was read back as."""
    start, found = threading.Barrier(2), list[object]()

    def store(prize: str | None, number: str, naive: bool) -> None:
        with app.app_context():
            corrections = Corrections(prizes={"E000": prize})
            with reading():
                said = proposed(db.session.get_one(Contest, signed_panel.contest_id), corrections)
            start.wait(PATIENCE_S)
            try:
                found.append(amended(signed_panel, corrections, number, seen=None if naive else said.ordinal))
            except Overtaken as late:
                found.append(late)

    def both(naive: bool) -> list[type]:
        found.clear()
        names: tuple[tuple[str | None, str], ...] = (("Ba", "1/Đ"), ("Khuyến khích", "2/Đ"))
        if naive:
            names = ("Nhì", "3/Đ"), (None, "4/Đ")
        threads = [threading.Thread(target=store, args=(*each, naive)) for each in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        return sorted((type(each) for each in found), key=lambda each: each.__name__)

    assert both(naive=False) == [Amended, Overtaken]
    assert both(naive=True) == [Amended, Amended], "the control overwrites what nobody has read"
    with app.app_context(), reading():
        assert last_ordinal(PaperSubject(signed_panel.festival_id, signed_panel.contest_id)) == 3
        numbers = select(StandingAmendment.ordinal).order_by(StandingAmendment.id)
        assert list(db.session.scalars(numbers)) == [1, 2, 3]
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.execute(update(StandingAmendment).where(StandingAmendment.ordinal == 2).values(ordinal=1))


def test_a_change_of_the_amendment_by_hand_is_found(app: Flask, signed_panel: Panel) -> None:
    with app.app_context():
        amended(signed_panel, marked(signed_panel))
    assert differing(app) == set()
    with app.app_context(), transaction():
        db.session.execute(update(StandingAmendment).values(corrections=marked(signed_panel, 49_000).kept()))
    assert differing(app) == {"standing_amendment", "recount_amended"}
