"""Does the MC read only when the signed minutes and the signed decision are here, or two people say why not; and is each step undone?"""

from __future__ import annotations

import re
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken, Refusal
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.papers.scans.models import SignedScanPage, SignedScanUse
from festival.papers.scans.needed import PaperLack, ScanKind, kinds, lacks
from festival.results.amended.corrections import Corrections
from festival.results.amending import Amended
from festival.results.amendments.storing import amend_standings
from festival.results.ladder import lock, sign
from festival.results.ladder import people as ladder_people
from festival.results.models import StateChange
from festival.results.scans import keeping
from tests.harness.scanned import pages, photo, scanned
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.results.test_commands import BY, BY_PASSWORDS, SECOND, run
from tests.results.test_pages_of_the_panel import TAI_NANG, TWO, Desk, people
from tests.results.test_people_of_a_step import decided, state

pytestmark = pytest.mark.either_database

MINUTES, DECISION = ScanKind.MINUTES, ScanKind.DECISION
SIGNED = TAI_NANG + "/signed"
BARE = {name: value for name, value in TWO.items() if name != "papers_reason"}


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast()
        full_panel(made)
    decided(app, made)
    return made


def send(
    desk: Desk, kind: str, *files: bytes, status: int = 303, at: str = SIGNED, step: str = "send", **form: Any
) -> str:
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.get("/sign-in"))
    assert token is not None
    sent = [(BytesIO(each), f"{number}.jpg") for number, each in enumerate(files)]
    data = {"csrf_token": token[1], "kind": kind, "pages": sent, **form}
    answer = desk.client.post(f"{at}/{step}", data=data, content_type="multipart/form-data")
    assert answer.status_code == status, answer.get_data(as_text=True)[:3000]
    return answer.get_data(as_text=True)


def uses(app: Flask) -> list[tuple[ScanKind, bool, str]]:
    with app.app_context(), reading():
        rows = db.session.scalars(select(SignedScanUse).order_by(SignedScanUse.id))
        return [(row.kind, row.shown, row.reason) for row in rows]


def sealed(app: Flask) -> list[Any]:
    with app.app_context(), seals.snapshot():
        return [difference for _room, difference in seals.inspect(["results:tai-nang"]).named()]


def test_what_is_missing_is_the_paper_in_force() -> None:
    both = {MINUTES: 7, DECISION: 7}
    assert lacks({}, 7, 0) == (PaperLack(MINUTES), PaperLack(DECISION))
    assert lacks(both, 7, 0) == ()
    assert lacks(both, 8, 0) == (PaperLack(MINUTES, replaced=True),), "names were amended: the decision stands"
    assert lacks(both, 8, 8) == (PaperLack(MINUTES, replaced=True), PaperLack(DECISION, replaced=True))
    assert lacks({MINUTES: 8, DECISION: 7}, 8, 8, whole=True) == (PaperLack(DECISION, True, True),)
    assert kinds(lacks({}, 1, 0, whole=True)) == ["whole_minutes", "whole_decision"]


def test_a_release_waits_for_both_papers_and_says_which(app: Flask, panel: Panel) -> None:
    secretary, organiser, other = people(app, panel, "secretary", "organiser", "lan")
    page = organiser.get(TAI_NANG)
    assert "chưa có ảnh chụp hoặc bản quét biên bản đã ký" in page and "Lý do cho đọc khi chưa có bản ký" in page
    refused = organiser.post(TAI_NANG + "/release", 422, **BARE)
    assert "Chưa cho MC đọc: chưa có ảnh chụp" in refused and 'value="phobtc"' in refused
    send(secretary, "minutes", photo(1), photo(2))
    assert "bản quét quyết định" in organiser.post(TAI_NANG + "/release", 422, **BARE)
    send(organiser, "decision", photo(3))
    assert "Lý do cho đọc khi chưa có bản ký" not in organiser.get(TAI_NANG)
    organiser.post(TAI_NANG + "/release", **BARE)
    assert state(app, panel) is ContestState.RELEASED and sealed(app) == []
    assert 'class="sent-page"' in secretary.get(SIGNED)
    with app.app_context(), reading():
        use = db.session.scalars(select(SignedScanUse.id).where(SignedScanUse.kind == MINUTES)).one()
        kept = db.session.scalars(select(SignedScanPage.sha256).order_by(SignedScanPage.id)).all()
    answer = secretary.client.get(f"{SIGNED}/{use}/2")
    assert answer.mimetype == "image/jpeg" and answer.headers["Cache-Control"] == "private, no-store"
    assert len(set(kept)) == 3
    for path, status in ((f"/{use}/3", 404), ("/999/1", 404)):
        assert secretary.client.get(SIGNED + path).status_code == status
    for door in (SIGNED, f"{SIGNED}/{use}/1"):
        other.get(door, 404)
        Desk(app, None).get(door, 302)


def test_two_people_may_say_why_they_do_not_wait(app: Flask, panel: Panel) -> None:
    organiser, deputy = panel.users["organiser"], panel.users["deputy"]
    with app.app_context():
        for by, second, said, wanted in (
            (organiser, deputy, "  ", ladder_people.PapersAsked),
            (None, None, "máy chụp hỏng", ladder_people.WrongPeople),
            (organiser, organiser, "máy chụp hỏng", ladder_people.WrongPeople),
        ):
            with transaction():
                outcome = ladder_people.release(
                    panel.contest_id, by, second, "mất điện", names_reason="chưa dò", papers_reason=said
                )
                assert isinstance(outcome, wanted), said
    assert "--papers-reason" in run(app, "results", "release", "tai-nang", *BY, *SECOND, env=BY_PASSWORDS, ok=False)
    run(app, "results", "release", "tai-nang", *BY, *SECOND, "--names-reason", "x", "--papers-reason", " máy  chụp hỏng ",
        env=BY_PASSWORDS)  # fmt: skip
    with app.app_context(), reading():
        step = db.session.scalars(select(StateChange).where(StateChange.state == ContestState.RELEASED)).one()
        line = db.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "contest.released")).one()
        assert (step.papers_reason, line.subject["without"]) == ("máy chụp hỏng", ["minutes", "decision"])
    assert sealed(app) == []
    (page,) = people(app, panel, "organiser")
    assert "Lý do cho đọc khi chưa có bản ký: máy chụp hỏng" in " ".join(page.get(TAI_NANG).split())
    with app.app_context(), transaction():
        db.session.execute(update(StateChange).where(StateChange.papers_reason != "").values(papers_reason=""))
    assert [(each.table, each.column) for each in sealed(app)] == [("state_change", "papers_reason")]


def test_a_sending_is_replaced_shown_again_and_taken_back_until_the_release(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    send(secretary, "minutes", photo(1))
    send(secretary, "minutes", photo(2))
    assert uses(app) == [(MINUTES, False, ""), (MINUTES, True, "")]
    secretary.post(SIGNED + "/show", 409, use="1", was="1")
    secretary.post(SIGNED + "/show", use="1", was="2")
    assert "Ghi lý do" in secretary.post(SIGNED + "/take-back", 400, use="1", reason=" ")
    secretary.post(SIGNED + "/take-back", 409, use="2", reason="chụp nhầm")
    secretary.post(SIGNED + "/take-back", use="1", reason="chụp nhầm")
    assert uses(app) == [(MINUTES, False, "chụp nhầm"), (MINUTES, False, "")]
    assert "Đã bỏ: chụp nhầm" in secretary.get(SIGNED) and sealed(app) == []
    secretary.post(SIGNED + "/show", use="1", was="0")
    assert uses(app) == [(MINUTES, True, ""), (MINUTES, False, "")]
    with app.app_context():
        scanned([panel.contest_id], [DECISION])
        with transaction():
            sign.release(panel.contest_id, None)
        with pytest.raises(Conflict, match="MC đã được đọc"), transaction():
            keeping.take_back(panel.festival_id, 1, "nhầm", None)
        scanned([panel.contest_id], [MINUTES])
        with transaction():
            keeping.show_again(panel.festival_id, 2, 4, None)
    assert [each[1] for each in uses(app)] == [False, True, True, False]
    assert sealed(app) == []
    with app.app_context(), transaction():
        db.session.execute(update(SignedScanPage).where(SignedScanPage.scan_id == 2).values(content=b"another"))
    assert [(each.table, each.column) for each in sealed(app)] == [("signed_scan_use", "pages")]


def test_bad_files_are_told_and_nothing_is_kept(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    for files, said in (
        ((), "Chưa chọn tệp"),
        ((b"",), "Chưa chọn tệp"),
        ((b"not a picture",), "không phải ảnh đọc được"),
        ((photo(1)[:200],), "không phải ảnh đọc được"),
        ((b"%PDF-1.7 broken",), "PDF"),
        ((b"%PDF-1.7 broken", photo(1)), "không gửi lẫn cả hai"),
    ):
        assert said in send(secretary, "minutes", *files, status=400), said
    assert uses(app) == []
    send(secretary, "minutes", photo(1))
    assert "giấy tờ khác" in send(secretary, "decision", photo(1), status=400)
    send(secretary, "decision", photo(5), status=404, contests="khong-co")
    send(secretary, "picture", photo(5), status=400)
    secretary.post(SIGNED + "/other", 404)
    assert uses(app) == [(MINUTES, True, "")]


def test_a_scan_waits_for_the_signature_and_one_decision_covers_several(app: Flask, panel: Panel) -> None:
    organiser, secretary = people(app, panel, "organiser", "secretary")
    assert "Biên bản chưa ký" in secretary.get("/panel/bong-ro/signed")
    assert "chưa ghi là đã ký" in send(organiser, "decision", photo(3), status=409, contests="bong-ro")
    assert uses(app) == []
    with app.app_context():
        with transaction():
            for entry, balls in zip(panel.sport_entries, (5, 9, 7), strict=True):
                note_measure(panel.sport_id, entry, 1, MeasureState.VALID, balls, 0, None)
        with transaction():
            lock.lock(panel.sport_id, None, None, "thử")
        with transaction():
            sign.sign(panel.sport_id, "1", None)
        with pytest.raises(BadInput), transaction():
            keeping.send(panel.festival_id, MINUTES, [panel.contest_id, panel.sport_id], False, pages(3), None)
        with pytest.raises(BadInput), transaction():
            keeping.send(panel.festival_id, DECISION, [], False, pages(3), None)
    assert 'value="bong-ro"' in organiser.get(SIGNED)
    send(organiser, "decision", photo(3), contests="bong-ro")
    assert uses(app) == [(DECISION, True, ""), (DECISION, True, "")]
    assert 'class="sent-page"' in organiser.get("/panel/bong-ro/signed")
    with app.app_context(), reading():
        scan_ids = db.session.scalars(select(SignedScanUse.scan_id)).all()
        assert len(set(scan_ids)) == 1


def test_an_amendment_asks_for_the_papers_again(app: Flask, panel: Panel) -> None:
    with app.app_context():
        scanned([panel.contest_id])
        with transaction():
            outcome = amend_standings(
                panel.contest_id, Corrections(places={"E000": 2, "E001": 1}), "9/ĐC", "cộng nhầm",
                panel.users["chair"], panel.users["secretary"],
            )  # fmt: skip
            assert isinstance(outcome, Amended), outcome
        with transaction():
            asked = ladder_people.release(
                panel.contest_id, panel.users["organiser"], panel.users["deputy"], names_reason="x"
            )
            assert isinstance(asked, ladder_people.PapersAsked)
            assert [(each.kind, each.replaced) for each in asked.lacks] == [(MINUTES, True), (DECISION, True)]
    (organiser,) = people(app, panel, "organiser")
    assert "chưa có ảnh tờ đính chính đã ký" in organiser.get(SIGNED)
    with app.app_context():
        scanned([panel.contest_id], [DECISION])
        with transaction():
            keeping.send(panel.festival_id, MINUTES, [panel.contest_id], False, pages(77), None)
    organiser.post(TAI_NANG + "/release", **BARE)
    assert sealed(app) == []


def test_number_and_day_of_the_decision_may_follow(app: Flask, panel: Panel) -> None:
    organiser, secretary = people(app, panel, "organiser", "secretary")
    organiser.post(SIGNED + "/number", number="105/QĐ-BTC", day="1/2/2024", was="2")
    assert "105/QĐ-BTC" in organiser.get(TAI_NANG)
    organiser.post(SIGNED + "/number", 409, number="106/QĐ-BTC", was="2")
    assert 'value="mai"' in organiser.post(SIGNED + "/number", 400, number="106/QĐ-BTC", day="mai", was="105/QĐ-BTC")
    secretary.post(SIGNED + "/number", 404, number="106/QĐ-BTC", was="105/QĐ-BTC")
    organiser.post(SIGNED + "/number", number="", was="105/QĐ-BTC")
    assert "số và ngày sẽ ghi sau" in organiser.get(TAI_NANG) and sealed(app) == []
    run(app, "results", "decide-number", "tai-nang", "--number", "107/QĐ", "--day", "2/2/2024")
    with app.app_context(), reading():
        step = db.session.scalars(select(StateChange).where(StateChange.state == ContestState.DECIDED)).one()
        assert (step.number, str(step.paper_day)) == ("107/QĐ", "2024-02-02")
    assert sealed(app) == []


def test_commands_send_what_the_page_sends(app: Flask, panel: Panel, tmp_path: Path) -> None:
    sheet, other, nothing = tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path / "c.jpg"
    sheet.write_bytes(photo(1))
    other.write_bytes(photo(2))
    nothing.write_bytes(b"")
    assert "2 trang" not in run(app, "results", "scan", "tai-nang", "minutes", str(sheet), "--by", "thuky")
    run(app, "results", "scan", "tai-nang", "decision", str(nothing), ok=False)
    run(app, "results", "scan", "tai-nang", "decision", str(other), "--also", "bong-ro", ok=False)
    run(app, "results", "delegations-scan", "minutes", str(other), ok=False)
    run(app, "results", "scan", "tai-nang", "decision", str(other))
    run(app, "results", "release", "tai-nang", *BY, *SECOND, "--names-reason", "x", env=BY_PASSWORDS)


@pytest.mark.both_databases
@pytest.mark.parametrize("naive", [False, True])
def test_a_release_and_a_taking_back_at_once_leave_no_result_without_its_papers(
    app: Flask, panel: Panel, naive: bool
) -> None:
    """Whoever looks before the step and not inside of it lets both pass."""
    with app.app_context():
        scanned([panel.contest_id])
        with reading():
            use = db.session.scalars(select(SignedScanUse.id).where(SignedScanUse.kind == MINUTES)).one()
    looked, done = threading.Barrier(2), []

    def release() -> None:
        with app.app_context():
            if naive:
                with reading():
                    missing = ladder_people.lacks_at_release(db.session.get_one(Contest, panel.contest_id))
                looked.wait(PATIENCE_S)
                with transaction():
                    if not missing:
                        sign.release(panel.contest_id, None)
                        done.append("released")
                return
            looked.wait(PATIENCE_S)
            with transaction():
                two = panel.users["organiser"], panel.users["deputy"]
                outcome = ladder_people.release(panel.contest_id, *two, names_reason="chưa dò")
            done.append("released" if isinstance(outcome, ladder_people.Taken) else "asked")

    def take_back() -> None:
        with app.app_context():
            looked.wait(PATIENCE_S)
            try:
                with transaction():
                    if naive:
                        gone = update(SignedScanUse).where(SignedScanUse.id == use).values(shown=False)
                        db.session.execute(gone)
                    else:
                        keeping.take_back(panel.festival_id, use, "chụp nhầm", None)
            except Refusal:
                done.append("kept")
            else:
                done.append("taken back")

    threads = [threading.Thread(target=each) for each in (release, take_back)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE_S)
    both = sorted(done) == ["released", "taken back"]
    assert both is naive, done


@pytest.mark.both_databases
def test_two_releases_at_once_are_one(app: Flask, panel: Panel) -> None:
    with app.app_context():
        scanned([panel.contest_id])
    together, done = threading.Barrier(2), []

    def release() -> None:
        with app.app_context():
            together.wait(PATIENCE_S)
            try:
                with transaction():
                    two = panel.users["organiser"], panel.users["deputy"]
                    ladder_people.release(panel.contest_id, *two, names_reason="chưa dò")
            except (Conflict, Overtaken):
                done.append("told")
            else:
                done.append("released")

    threads = [threading.Thread(target=release) for _each in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE_S)
    assert sorted(done) == ["released", "told"] and state(app, panel) is ContestState.RELEASED
    with app.app_context(), reading():
        assert len(db.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "contest.released")).all()) == 1
