"""Empty score sheets: made in pieces, carried on after a kill with the same bytes, asked for twice and made once."""

from __future__ import annotations

import gzip
import re
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from config import ROOT, Config
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.work import jobs, making
from festival.core.work.jobs import Job, JobState
from festival.judging.sheets import blank_sheets
from festival.roster.models import Entry
from tests.harness.served import environment
from tests.judging.panel_cast import Panel, cast
from tests.results.test_pages_of_the_panel import TAI_NANG, Desk, people

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

ENTRIES = 12
SHEETS = 3 * ENTRIES - 1  # judge B is tied to one entry
BLANK = TAI_NANG + "/blank"

# A worker that dies by SIGKILL in the middle of its second piece, holding the lock.
DYING = """
import os, signal
from dataclasses import replace
from app import app
from festival.core.work import making
from festival.judging.sheets import blank_sheets

def make(plan, start, until):
    if start:
        os.kill(os.getpid(), signal.SIGKILL)
    return blank_sheets.MAKER.make(plan, start, until)

making.register_maker(app, replace(blank_sheets.MAKER, make=make))
with app.app_context():
    making.work(60)
"""


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        return cast(entries=ENTRIES)


@pytest.fixture
def secretary(app: Flask, panel: Panel) -> Desk:
    (desk,) = people(app, panel, "secretary")
    return desk


def everything(app: Flask) -> list[tuple[JobState, int, int]]:
    with app.app_context(), reading():
        return [(row.state, row.done, row.whole) for row in db.session.scalars(select(Job).order_by(Job.id))]


def work(app: Flask) -> None:
    with app.app_context():
        while making.work():
            pass


def fetched(desk: Desk) -> bytes:
    answer = desk.client.get(BLANK + "/file", headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "gzip")
    return gzip.decompress(answer.data)


def test_a_sheet_for_each_judge_and_entry_in_order(app: Flask, panel: Panel, secretary: Desk) -> None:
    assert f"{SHEETS} phiếu" in secretary.get(BLANK)
    secretary.get(BLANK + "/file", 404)
    secretary.post(BLANK)
    work(app)
    page = secretary.get(BLANK + "/file")
    slips = re.findall(r'class="who">(.*?)</p>.*?Giám khảo ([A-C]): ', page, re.S)
    names = [f"Số {at + 1}. Gia đình ông Danh Chung {at}" for at in range(ENTRIES)]
    assert [(name.strip(), letter) for name, letter in slips] == [
        (name, letter) for letter in "ABC" for name in names if (letter, name) != ("B", names[2])
    ]
    assert (page.count("<svg"), page.count("<article"), page.count("</html>")) == (SHEETS, SHEETS, 1)
    # one file that needs no server
    assert re.findall(r"(?:src|href)=\"(?!data:)[^\"]*\"", page) == []
    assert fetched(secretary).decode() == page


def test_killed_half_way_it_is_carried_on_and_yields_the_same_bytes(
    app: Flask, config: Config, panel: Panel, secretary: Desk
) -> None:
    secretary.post(BLANK)
    work(app)
    whole = fetched(secretary)
    secretary.post(BLANK)
    killed = subprocess.run([sys.executable, "-c", DYING], cwd=ROOT, env=environment(config), check=False)
    assert killed.returncode == -signal.SIGKILL
    assert everything(app) == [(JobState.READY, SHEETS, SHEETS), (JobState.WORKING, 20, SHEETS)]
    page = secretary.get(BLANK)
    assert f"20/{SHEETS}" in page and f'value="20" max="{SHEETS}"' in page
    assert secretary.client.get(BLANK + "/state").get_json() == {"state": "working", "done": 20, "whole": SHEETS}
    secretary.get(BLANK + "/file", 404)
    # what changes meanwhile does not come into the second half
    with app.app_context(), transaction():
        db.session.execute(update(Entry).where(Entry.code == "E007").values(name="Gia đình bà Thị Mận"))
    work(app)
    assert everything(app) == [(JobState.READY, SHEETS, SHEETS)] * 2
    assert fetched(secretary) == whole
    assert "đã đổi sau khi làm phiếu" in secretary.get(BLANK)
    secretary.post(BLANK)
    work(app)
    assert fetched(secretary) == whole.replace("Gia đình ông Danh Chung 7".encode(), "Gia đình bà Thị Mận".encode())
    assert "đã đổi sau khi làm phiếu" not in secretary.get(BLANK)


def test_two_requests_make_one_job(app: Flask, panel: Panel, secretary: Desk) -> None:
    secretary.post(BLANK)
    secretary.post(BLANK)
    assert everything(app) == [(JobState.WAITING, 0, 0)]
    assert "Đang chờ đến lượt làm" in secretary.get(BLANK)
    with app.app_context():
        making.work(pieces=1)
    secretary.post(BLANK)
    assert everything(app) == [(JobState.WORKING, 20, SHEETS)]
    # the database holds it, whoever forgets to ask first
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        one = db.session.scalars(select(Job)).one()
        again = {name: getattr(one, name) for name in ("kind", "subject", "language", "asked_at")}
        db.session.add(Job(code="KHAC", **again))


def test_only_one_process_works_at_a_time(app: Flask, panel: Panel, secretary: Desk) -> None:
    secretary.post(BLANK)
    with app.app_context():
        with making._only_worker() as alone:
            assert (alone, making.work()) == (True, 0)
        assert making.work(pieces=1) == 1


def test_what_cannot_be_made_says_so_and_is_asked_for_again(app: Flask, panel: Panel, secretary: Desk) -> None:
    def broken(_plan: making.Plan, start: int, _until: int) -> bytes:
        if start:
            raise OSError("no space")
        return b"first"

    making.register_maker(app, replace(blank_sheets.MAKER, make=broken))
    secretary.post(BLANK)
    work(app)
    with app.app_context(), reading():
        failed = db.session.scalars(select(Job)).one()
        assert (failed.state, failed.done, failed.error) == (JobState.FAILED, 20, "OSError")
        assert sorted(path.name for path in jobs.folder().iterdir()) == [".lock"]
    page = secretary.get(BLANK)
    assert "Chưa làm được phiếu" in page and "Thử lại" in page
    making.register_maker(app, blank_sheets.MAKER)
    secretary.post(BLANK)
    work(app)
    assert everything(app) == [(JobState.FAILED, 20, SHEETS), (JobState.READY, SHEETS, SHEETS)]


def test_a_piece_that_kills_its_worker_does_not_do_so_for_ever(app: Flask, panel: Panel, secretary: Desk) -> None:
    secretary.post(BLANK)
    with app.app_context():
        with transaction():
            db.session.execute(update(Job).values(tries=making.TRIES))
        making.work()
    assert everything(app) == [(JobState.FAILED, 0, 0)]


def test_nobody_else_asks_or_fetches(app: Flask, panel: Panel, secretary: Desk) -> None:
    secretary.post(BLANK)
    work(app)
    chair, organiser, other = people(app, panel, "chair", "organiser", "other")
    for desk, status in ((chair, 403), (organiser, 403), (other, 404)):
        for path in (BLANK, BLANK + "/state", BLANK + "/file"):
            desk.get(path, status)
        desk.post(BLANK, status)
    assert len(everything(app)) == 1


def test_files_are_private_and_expire(app: Flask, panel: Panel, secretary: Desk) -> None:
    secretary.post(BLANK)
    work(app)
    with app.app_context():
        folder = jobs.folder()
        (made,) = folder.glob("*.gz")
        assert (folder.stat().st_mode & 0o777, made.stat().st_mode & 0o777) == (0o700, 0o600)
        stray = folder / "KHONGCOHANG.gz"
        stray.write_bytes(b"")
        assert (jobs.clear_away(), kept(folder)) == (0, [made.name])
        with transaction():
            db.session.execute(update(Job).values(finished_at=now() - timedelta(days=2)))
        assert (jobs.clear_away(), kept(folder)) == (1, [])
    secretary.get(BLANK + "/file", 404)
    assert "Làm phiếu" in secretary.get(BLANK)


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_document_in_english_is_another_one(app: Flask, panel: Panel, secretary: Desk) -> None:
    secretary.post(BLANK)
    secretary.client.set_cookie("lang", "en")
    secretary.post(BLANK)
    work(app)
    english = fetched(secretary).decode()
    assert '<html lang="en"' in english and "Phiếu chấm điểm" not in english


def test_a_document_carries_the_lines_a_judge_writes_between(app: Flask, panel: Panel, secretary: Desk) -> None:
    secretary.post(BLANK)
    work(app)
    page = fetched(secretary).decode()
    styles = unquote(re.search(r"data:text/css;charset=utf-8,([^\"]+)", page)[1])
    assert 'class="ruled' in page or " ruled" in page
    assert re.search(r"\.ruled[^{]*\{[^}]*border", styles)
