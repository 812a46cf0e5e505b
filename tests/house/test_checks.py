"""When is the ledger held against the tables, who is told, and what may each of them know?"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text, update

from config import Config
from festival.accounts import actions as accounts
from festival.accounts.models import User
from festival.accounts.queries import SESSION_COOKIE
from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import VIETNAM, now
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.seal import checks as seals
from festival.core.seal.checks import CheckCause, LedgerCheck
from festival.core.seal.compare import RecordLine, SealCounts, SealDifference
from festival.core.security_log import SecurityNote
from festival.core.transaction import reading, transaction
from festival.demo.festival import the_rules
from festival.editions.queries import the_festival
from festival.factory import create_app
from festival.judging.contest_rules import judging_stream
from festival.judging.measuring import note_measure
from festival.judging.models import Mark, Measure, MeasureState
from festival.judging.seal.rows import JudgingReplay
from festival.office.festival_import import import_festival, read_file
from festival.operations.backup import back_up
from festival.results.ladder.states import results_stream
from festival.roster.models import Delegation, Entry
from tests.harness.postgres import Cluster
from tests.house import lived_day, lived_gates, lived_sheets


def change_a_mark() -> int:
    """By SQL, behind the doors' back; answers what the table says then."""
    with transaction():
        first = select(func.min(Mark.sheet_id)).scalar_subquery()
        db.session.execute(update(Mark).where(Mark.sheet_id == first).values(milli=Mark.milli + 250))
        return db.session.scalars(select(Mark.milli).where(Mark.sheet_id == first)).first() or 0


def checks() -> list[tuple[str, bool]]:
    with reading():
        rows = db.session.scalars(select(LedgerCheck).order_by(LedgerCheck.id)).all()
        return [(row.cause.value, row.finished_at is not None and row.clean) for row in rows]


# ------------------------------------------------------------------------------------------------------------ when


def test_a_night_is_due_from_its_hour_on() -> None:
    at = [datetime(2024, 6, 15, hour, minute, tzinfo=VIETNAM) for hour, minute in ((0, 5), (2, 29), (2, 30), (23, 0))]
    assert [seals.due_night(each) for each in at] == ["2024-06-14", "2024-06-14", "2024-06-15", "2024-06-15"]


def test_the_worker_checks_once_a_night_and_when_asked(demo_app: Flask) -> None:
    chores = {chore.name: chore for chore in demo_app.extensions["chores"]}
    work = chores["check the ledger"].work
    with demo_app.app_context():
        assert (work(), work(), checks()) == (True, False, [("nightly", True)])
        with transaction():
            assert (seals.ask_for_check(), seals.ask_for_check()) == (True, False)
        assert (work(), work(), checks()) == (True, False, [("nightly", True), ("asked", True)])


def test_a_check_that_died_is_done_again_and_a_missed_night_is_made_up_for(demo_app: Flask) -> None:
    with demo_app.app_context():
        seals.nightly()
        with transaction():
            yesterday = (now() - timedelta(days=1)).date().isoformat()
            died = now() - seals.LEASE - timedelta(minutes=1)
            row = db.session.scalars(select(LedgerCheck)).one()
            row.night, row.begun_at, row.finished_at = yesterday, died, None
        assert seals.nightly() and seals.nightly() and not seals.nightly()
        assert checks() == [("nightly", True), ("nightly", True)]


def test_of_two_workers_one_checks(demo_app: Flask) -> None:
    with demo_app.app_context(), transaction():
        db.session.add(
            LedgerCheck(
                cause=CheckCause.NIGHTLY, night=seals.due_night(now()), asked_at=now(), begun_at=now(), found={}
            )
        )
    with demo_app.app_context():
        assert not seals.nightly()
        assert checks() == [("nightly", False)]


# ---------------------------------------------------------------------------------------------------- one moment


def halfway(app: Flask, moment: Callable[[], AbstractContextManager[None]]) -> list[SealDifference]:
    """Somebody types a count between the reading of the lines and the reading of the rows."""
    with app.app_context(), reading():
        contest = db.session.scalars(select(Contest).where(Contest.code == "bong-ro")).one()
        contest_id, stream = contest.id, judging_stream(contest)
        entry_id, version = db.session.execute(
            select(Measure.entry_id, Measure.version).join(Entry).where(Entry.contest_id == contest_id).limit(1)
        ).one()

    def type_it() -> None:
        with app.app_context(), transaction():
            note_measure(contest_id, entry_id, 1, MeasureState.DISQUALIFIED, None, version, None)

    with app.app_context(), moment():
        replay = JudgingReplay(stream, [contest_id])
        for entry, payload in ledger.lines(stream):
            content = json.loads(payload.content) if payload and payload.content else None
            replay.take(RecordLine(entry.seq, entry.kind, entry.subject, content))
        writer = threading.Thread(target=type_it)
        writer.start()
        writer.join()
        return list(replay.differences(SealCounts()))


def test_what_is_written_meanwhile_is_no_difference(demo_app: Flask) -> None:
    assert halfway(demo_app, seals.snapshot) == []


def test_without_the_snapshot_it_would_be_one(demo_app: Flask) -> None:
    """The naive control. A transaction of SQLite is a snapshot by itself; one of PostgreSQL is not."""
    with demo_app.app_context():
        naive = db.engine.dialect.name == "postgresql"
    assert bool(halfway(demo_app, reading)) is naive


def test_more_lines_are_no_more_statements(demo_app: Flask) -> None:
    def asked() -> int:
        seen: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", count)
        try:
            with seals.snapshot():
                assert seals.inspect().clean
        finally:
            event.remove(db.engine, "before_cursor_execute", count)
        return len(seen)

    with demo_app.app_context():
        staff = db.session.scalars(select(User.id).where(User.login == "thuky")).one()
        festival_id = the_festival().id
        db.session.rollback()
        before = asked()
        lived_gates.read_again(festival_id)
        lived_sheets.in_versions(staff)
        lived_day._measures(staff)
        assert asked() == before


# -------------------------------------------------------------------------------------------------------- who is told


def test_a_difference_reaches_the_office_readiness_and_the_organiser(demo_app: Flask, tmp_path: Path) -> None:
    settings = replace(demo_app.config["FESTIVAL"], organiser_email="truong-ban@example.vn")
    app = create_app(settings)
    client = app.test_client()
    assert client.get("/readyz").json["status"] == "ready"
    with app.app_context():
        found = change_a_mark()
        seals.nightly()
        with reading():
            letter = db.session.scalars(select(OutboxMail)).one()
            head = ledger.head("judging:tai-nang")
        db.engine.dispose()
    ready = client.get("/readyz").json
    assert (ready["status"], len(ready["warnings"])) == ("degraded", 1)
    assert head.short not in str(ready) and "tai-nang" not in str(ready)
    assert letter.recipient == "truong-ban@example.vn" and "KHÔNG KHỚP" in letter.subject
    assert f"judging:tai-nang:{head.size}:{head.hash}" in letter.body and "/office/ledger" in letter.body
    organiser = signed_in(app, "bantochuc")
    page = organiser.get("/office/ledger").text
    assert "Có chỗ không khớp" in page and "giám khảo" in page and "tiêu chí" in page
    assert str(found) not in page and f"{found // 1000},{found % 1000}" not in page
    assert "/office/ledger" in organiser.get("/office").text


def test_a_clean_night_sends_the_heads_and_no_alarm(demo_app: Flask) -> None:
    app = create_app(replace(demo_app.config["FESTIVAL"], organiser_email="truong-ban@example.vn"))
    with app.app_context():
        seals.nightly()
        with transaction():
            seals.ask_for_check()
        seals.nightly()
        with reading():
            letters = db.session.scalars(select(OutboxMail)).all()
            streams = ledger.streams()
        db.engine.dispose()
    assert [letter.subject for letter in letters] == ["Sổ ghi: mọi bảng khớp với sổ"]
    assert all(f"\n{stream}:" in letters[0].body for stream in streams)


def signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    with app.app_context(), transaction():
        user_id = db.session.scalars(select(User.id).where(User.login == login)).one()
        client.set_cookie(SESSION_COOKIE, accounts.open_sign_in(user_id, 1).token)
    return client


def test_the_page_asks_for_a_check_and_shows_that_it_waits(demo_app: Flask) -> None:
    client = signed_in(demo_app, "bantochuc")
    page = client.get("/office/ledger").text
    assert "Chưa đối chiếu lần nào" in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/office/ledger/check", data={"csrf_token": token}).status_code == 302
    assert "đang chờ" in client.get("/office/ledger").text


def test_the_command_names_rows_and_shows_values_only_when_told_to_and_noted(demo_app: Flask) -> None:
    runner = demo_app.test_cli_runner()
    clean = runner.invoke(args=["ledger", "verify"])
    assert clean.exit_code == 0 and "BẢNG KHÁC SỔ" not in clean.output, clean.output
    with demo_app.app_context():
        found = change_a_mark()
        with reading():
            before = db.session.scalar(select(func.max(SecurityNote.id)))
    told = runner.invoke(args=["ledger", "verify"])
    assert told.exit_code == 1 and "BẢNG KHÁC SỔ" in told.output and "khôi phục" in told.output
    assert f"bảng: {found}" not in told.output
    shown = runner.invoke(args=["ledger", "verify", "--values"])
    assert shown.exit_code == 1 and f"(sổ: {found - 250}; bảng: {found})" in shown.output
    with demo_app.app_context(), reading():
        noted = select(SecurityNote.kind, SecurityNote.actor, SecurityNote.subject).where(SecurityNote.id > before)
        notes = db.session.execute(noted).all()
    assert [tuple(note) for note in notes] == [("read_marks", "command", {"command": "ledger verify"})]


# ------------------------------------------------------------------------------------------------------- restore


def test_a_restore_says_that_the_copy_was_changed_before_it_was_taken(
    demo_app: Flask, tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(cluster.binaries), prepend=":")
    config: Config = demo_app.config["FESTIVAL"]
    runner = demo_app.test_cli_runner()
    with demo_app.app_context():
        back_up(config, tmp_path / "good")
        db.session.remove()
        change_a_mark()
        back_up(config, tmp_path / "changed")  # the chain of it is whole, so the copy is taken
        db.session.remove()
        db.engine.dispose()
    bad = runner.invoke(args=["restore", str(tmp_path / "changed"), "--yes"])
    assert bad.exit_code == 1 and "CHƯA mở máy chủ" in bad.output, bad.output
    with demo_app.app_context():
        db.session.remove()
        db.engine.dispose()
    good = runner.invoke(args=["restore", str(tmp_path / "good"), "--yes"])
    assert good.exit_code == 0 and ": khớp." in good.output, good.output
    with demo_app.app_context():
        assert checks() == [("restore", True)]


# --------------------------------------------------------------------------------------------------- two editions


def test_a_later_edition_with_the_same_contests_has_streams_of_its_own(demo_app: Flask) -> None:
    rules = the_rules(75)
    rules["festival"]["code"] = "kien-giang-2026"
    with demo_app.app_context():
        with transaction():
            before = {stream: ledger.head(stream) for stream in ledger.streams()}
            second = import_festival(read_file(json.dumps(rules).encode())).festival
            contest = db.session.scalars(
                select(Contest).where(Contest.festival_id == second.id, Contest.code == "bong-ro")
            ).one()
            delegation = db.session.scalars(select(Delegation).where(Delegation.festival_id == second.id)).first()
            assert delegation is not None
            entry = Entry(contest_id=contest.id, delegation_id=delegation.id, code="E2026", name="Đội mới")
            db.session.add(entry)
            db.session.flush()
            note_measure(contest.id, entry.id, 1, MeasureState.VALID, 7, 0, None)
            assert judging_stream(contest) == "judging:kien-giang-2026/contest/bong-ro"
            assert results_stream(contest) == "results:kien-giang-2026/contest/bong-ro"
        with seals.snapshot():
            assert {stream: ledger.head(stream) for stream in before} == before
            assert ledger.head("judging:kien-giang-2026/contest/bong-ro").size == 1
            report = seals.inspect()
            assert report.named() == [] and report.clean
        with transaction():
            db.session.execute(text("UPDATE measure SET value = 8 WHERE entry_id = (SELECT max(id) FROM entry)"))
        with seals.snapshot():
            (stream,) = [each for each in seals.inspect().streams if not each.clean]
            assert stream.name == "judging:kien-giang-2026/contest/bong-ro"
