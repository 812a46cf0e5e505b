"""What is left to do when a festival is over: is each step's state its fact, and does the archive prove itself?"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from config import Config
from festival.accounts.roles import Role
from festival.ceremony.report.models import ReportFile, ReportForm, ReportVersion
from festival.contests.models import Contest, ContestState
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.rehearsing.marked import Rehearsal
from festival.core.transaction import reading, transaction
from festival.core.work import making
from festival.devices.models import Device
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.office.after import archiving
from festival.office.after.afterwards import AfterFacts, after_steps
from festival.office.after.facts import after_facts
from festival.papers.models import PaperKind, PaperState, SignedPaper
from tests.office.test_paper_day import come, csrf

LAST, ERASED = date(2024, 6, 16), date(2024, 12, 13)
DONE = AfterFacts(
    ends_on=LAST, erase_on=ERASED, erased=True, held=False, contests=5, unpublished=0, waiting=0, papers_open=0,
    letters_stuck=0, thanks_left=0, devices=0, unsent=0, rehearsal=False, archived=True, away=True, next_edition=True,
)  # fmt: skip
LACKING = {
    "results": {"unpublished": 1},
    "waiting": {"waiting": 1},
    "papers": {"papers_open": 2},
    "thanks": {"thanks_left": 3},
    "devices": {"devices": 4, "unsent": 1},
    "rehearsal": {"rehearsal": True},
    "archive": {"archived": False, "erased": False},
    "away": {"away": False},
    "copy": {"next_edition": False},
    "erasure": {"erased": False},
}


def states(facts: AfterFacts, on: date) -> dict[str, str]:
    return {step.key: step.state.value for step in after_steps(facts, on)}


def test_a_step_is_done_by_its_fact_and_opens_when_the_festival_is_over() -> None:
    monday = LAST + timedelta(1)
    assert set(states(DONE, monday).values()) == {"done"}
    for key, lack in LACKING.items():
        facts = replace(DONE, **lack)
        assert states(facts, LAST)[key] == "later", key  # its last day is not over
        assert states(facts, monday)[key] == ("later" if key == "erasure" else "next"), key
        named = next(step for step in after_steps(facts, monday) if step.key == key)
        assert named.lacks is not None
    assert states(replace(DONE, erased=False), ERASED + timedelta(1))["erasure"] == "next"
    unpublished = states(replace(DONE, unpublished=1, thanks_left=1, archived=False, erased=False), monday)
    assert (unpublished["thanks"], unpublished["archive"]) == ("later", "later")


@pytest.fixture
def over(demo_app: Flask) -> Flask:
    """The demo on the Monday after, one paper signed and one only printed."""
    with demo_app.app_context(), transaction():
        festival = the_festival()
        days = {"starts_on": today() - timedelta(3), "ends_on": today() - timedelta(1)}
        db.session.execute(update(Festival).where(Festival.id == festival.id).values(**days))
        contests = list(
            db.session.scalars(select(Contest).where(Contest.festival_id == festival.id).order_by(Contest.id))
        )
        about = {
            "drawn": "0" * 64,
            "static_tree": "",
            "signers": [],
            "reason": "",
            "number": "",
            "festival_id": festival.id,
        }
        for contest, state in zip(contests, (PaperState.SIGNED, PaperState.PRINTED), strict=False):
            content = f"<p>Biên bản {contest.name}</p>".encode()
            db.session.add(
                SignedPaper(
                    **about, contest_id=contest.id, kind=PaperKind.MINUTES, state=state, content=content,
                    sha256=sha256(content).hexdigest(), printed_at=now(),
                    signed_at=now() if state is PaperState.SIGNED else None,
                )
            )  # fmt: skip
    return demo_app


def facts(app: Flask) -> AfterFacts:
    with app.app_context(), reading():
        return after_facts(the_festival(), 0)


@pytest.mark.either_database
def test_the_archive_proves_itself_and_closes_its_step_until_something_changes(over: Flask, tmp_path: Path) -> None:
    organiser = come(over, Role.ORGANISER)
    before = facts(over)
    with over.app_context(), reading():
        open_ones = select(func.count()).where(Contest.state != ContestState.PUBLISHED)
        assert 0 < before.unpublished == db.session.scalar(open_ones)
    assert (before.papers_open, before.archived, before.next_edition) == (1, False, False)
    assert before.devices > 0 and before.rehearsal is False
    page = organiser.get("/office/after").get_data(as_text=True)
    assert "1 tờ chưa có bản ký" in page
    assert organiser.get("/office/after/file").status_code == 404

    with over.app_context():
        reported(the_festival_id())

    form = {"csrf_token": csrf(organiser, "/office/after")}
    assert organiser.post("/office/after", data=form).status_code == 303
    assert "Đang chờ đến lượt làm." in organiser.get("/office/after").get_data(as_text=True)
    with over.app_context():
        making.work(600)
    assert facts(over).archived is False  # made, and nobody has it
    answer = organiser.get("/office/after/file")
    assert answer.status_code == 200 and "ho-so-" in answer.headers["Content-Disposition"]
    assert facts(over).archived is True

    tmp_path = tmp_path / "out"
    with ZipFile(BytesIO(answer.data)) as packed:
        packed.extractall(tmp_path)
    listed = dict(reversed(line.split("  ")) for line in (tmp_path / archiving.MANIFEST).read_text().splitlines())
    found = {
        path.relative_to(tmp_path).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert {name: digest for name, digest in found.items() if name != archiving.MANIFEST} == listed
    (paper,) = (name for name in listed if name.startswith("giay-to/"))
    assert {name for name in listed if name.startswith("bao-cao/")} == {f"bao-cao/ban-2.{form}" for form in ReportForm}
    assert (tmp_path / "bao-cao/ban-2.docx").read_bytes() == b"the report as docx"
    assert paper.endswith("-bien-ban-da-ky.html") and b"Bi\xc3\xaan b\xe1\xba\xa3n" in (tmp_path / paper).read_bytes()
    heads = [each for line in (tmp_path / "dau-so.txt").read_text().split() for each in ("--head", line)]
    recount = subprocess.run(
        [sys.executable, "-I", "verify.py", "ket-qua.json", *heads],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (recount.returncode, recount.stdout[:5]) == (0, "Khớp:"), recount.stdout

    with over.app_context(), transaction():
        printed = db.session.scalars(select(SignedPaper).where(SignedPaper.state == PaperState.PRINTED)).one()
        printed.state, printed.signed_at = PaperState.SIGNED, now() + timedelta(seconds=1)
    later = facts(over)
    assert (later.papers_open, later.archived) == (0, False)


def the_festival_id() -> int:
    with reading():
        return the_festival().id


def reported(festival_id: int) -> None:
    """Two versions of the report; the first was taken back."""
    with transaction():
        for number in (1, 2):
            row = ReportVersion(festival_id=festival_id, number=number, content={}, sha256=str(number), made_at=now())
            if number == 1:
                row.taken_back_at, row.reason = now(), "làm thử"
            db.session.add(row)
            db.session.flush()
            for form in ReportForm:
                said = f"the report as {form}".encode()
                db.session.add(ReportFile(report_id=row.id, form=form, content=said, sha256="", drawn_at=now()))


@pytest.mark.either_database
def test_what_each_step_asks_is_what_the_tables_say(over: Flask) -> None:
    config: Config = over.config["FESTIVAL"]
    assert config.rehearsal is False
    with over.app_context(), transaction():
        db.session.execute(update(Device).values(revoked_at=now()))
        db.session.add(Rehearsal(id=1, here=False, made_at=now(), until=today() + timedelta(3), real_url=""))
    found = facts(over)
    assert (found.devices, found.rehearsal) == (0, True)
    organiser = come(over, Role.ORGANISER)
    assert "flask festival rehearse --drop" in organiser.get("/office/after").get_data(as_text=True)
    assert "Bản tổng duyệt" in organiser.get("/office/system").get_data(as_text=True)
