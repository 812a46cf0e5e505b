"""Does `flask ledger verify` see what somebody changed in the tables behind the doors' back, and cry wolf never?

A demo after a whole day of corrections (`lived_day`) is clean. Then one row after another is changed by plain SQL, looked
at inside the same transaction, and rolled back. The naive control looks at the chains only, as the first releases did:
intact, every time.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Table, select, text, update
from sqlalchemy.exc import DBAPIError

from festival.accounts.models import User
from festival.checkin.models import Admission, Scan
from festival.contests.models import Contest, Criterion, Judge, Unavailability
from festival.core import ledger, seals
from festival.core.database import db
from festival.core.seals import SealReport
from festival.core.statements import table
from festival.core.types import EnumText, Flag, JsonText
from festival.editions.models import Festival
from festival.factory import create_app
from festival.judging.models import Mark, Measure, Overtime, ScoreSheet, SheetRevision
from festival.papers.models import WholeMinutes
from festival.results.models import Award, PanelDecision, Standing, StateChange
from festival.roster.models import Entry, Family
from festival.schedule.models import Act, Draw, Plan
from tests.conftest import DATABASES, _cloned, test_config
from tests.house.lived_day import live

EDITS_OF_EVERY_RUN = 12
# Of the larger run of `make faults`.
EDITS = int(os.environ.get("EDITS", "400"))
SEED = int(os.environ.get("EDITS_SEED", "20240614"))


@pytest.fixture(scope="module", params=DATABASES)
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo after a whole day of acts and corrections; nothing a test does to it is kept."""
    folder = tmp_path_factory.mktemp("lived")
    template = request.getfixturevalue("demo_templates")(request.param)
    urls: Iterator[str]
    if request.param == "sqlite":
        shutil.copyfile(template, folder / "demo.sqlite3")
        urls = iter([f"sqlite:///{folder / 'demo.sqlite3'}"])
    else:
        urls = _cloned(request.getfixturevalue("cluster"), template)
    for url in urls:
        app = create_app(test_config(folder / "instance", url))
        with app.app_context():
            staff = db.session.scalars(select(User.id).where(User.login == "thuky")).one()
            db.session.rollback()
            live(staff)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def tampered(app: Flask, *statements: str) -> Iterator[None]:
    """These statements were run by somebody with a shell; undone at the end."""
    with app.app_context():
        try:
            for statement in statements:
                db.session.execute(text(statement))
            yield
        finally:
            db.session.rollback()
            db.session.remove()


def seen() -> SealReport:
    db.session.expire_all()
    return seals.inspect()


def chains_only() -> dict[str, int]:
    """The naive control: what release 0.3.0 would have said."""
    return {stream: len(faults) for stream in ledger.streams() if (faults := ledger.verify(stream))}


def places(report: SealReport) -> list[str]:
    return [str(said) for said in seals.worded(report.named())]


def test_a_day_of_corrections_is_no_difference(lived: Flask) -> None:
    with lived.app_context(), seals.snapshot():
        report = seals.inspect()
        assert places(report) == [] and report.clean
    assert (report.counts.erased, report.counts.unknown) == (0, 0)
    assert report.counts.rows > 900


def test_the_demo_as_it_is_built_is_clean(demo_app: Flask) -> None:
    with demo_app.app_context(), seals.snapshot():
        report = seals.inspect()
        assert places(report) == [] and report.clean


SHEET = "(SELECT min(sheet_id) FROM mark)"
TAMPERINGS = {
    "a mark +0.25": (f"UPDATE mark SET milli = milli + 250 WHERE sheet_id = {SHEET} AND criterion_id = (SELECT min(m.criterion_id) FROM mark m WHERE m.sheet_id = {SHEET})",),
    "a mark and its total +0.25": (
        f"UPDATE mark SET milli = milli + 250 WHERE sheet_id = {SHEET} AND criterion_id = (SELECT min(m.criterion_id) FROM mark m WHERE m.sheet_id = {SHEET})",
        f"UPDATE score_sheet SET total_milli = total_milli + 250 WHERE id = {SHEET}",
    ),
    "two judges swapped in their sheets": (
        "CREATE TEMPORARY TABLE two AS SELECT a.id AS one_id, b.id AS other_id, a.judge_id AS one, b.judge_id AS other"
        " FROM score_sheet a JOIN score_sheet b ON b.entry_id = a.entry_id AND b.judge_id > a.judge_id"
        " WHERE a.state = 'marked' AND b.state = 'marked' AND a.total_milli <> b.total_milli ORDER BY a.id, b.id LIMIT 1",
        "UPDATE score_sheet SET round = 2 WHERE id = (SELECT one_id FROM two)",
        "UPDATE score_sheet SET judge_id = (SELECT one FROM two) WHERE id = (SELECT other_id FROM two)",
        "UPDATE score_sheet SET judge_id = (SELECT other FROM two), round = 1 WHERE id = (SELECT one_id FROM two)",
        "DROP TABLE two",
    ),
    "two judges swapped with versions and marks": (
        "CREATE TEMPORARY TABLE two AS SELECT a.id AS one_id, b.id AS other_id"
        " FROM score_sheet a JOIN score_sheet b ON b.entry_id = a.entry_id AND b.judge_id > a.judge_id"
        " WHERE a.state = 'marked' AND b.state = 'marked' AND a.total_milli <> b.total_milli ORDER BY a.id, b.id LIMIT 1",
        "CREATE TEMPORARY TABLE totals AS SELECT id, total_milli FROM score_sheet",
        "CREATE TEMPORARY TABLE given AS SELECT * FROM mark WHERE sheet_id IN (SELECT one_id FROM two UNION SELECT other_id FROM two)",
        "DELETE FROM mark WHERE sheet_id IN (SELECT one_id FROM two UNION SELECT other_id FROM two)",
        "INSERT INTO mark (sheet_id, criterion_id, milli) SELECT CASE WHEN sheet_id = one_id THEN other_id ELSE one_id END,"
        " criterion_id, milli FROM given, two",
        "UPDATE score_sheet SET total_milli = (SELECT t.total_milli FROM totals t, two WHERE t.id = CASE WHEN score_sheet.id ="
        " one_id THEN other_id ELSE one_id END) WHERE id IN (SELECT one_id FROM two UNION SELECT other_id FROM two)",
        "DROP TABLE two", "DROP TABLE totals", "DROP TABLE given",
    ),
    "two judges swapped on their seats": (
        "CREATE TEMPORARY TABLE two AS SELECT a.id AS one_id, b.id AS other_id, a.user_id AS one, b.user_id AS other"
        " FROM judge a JOIN judge b ON b.contest_id = a.contest_id AND b.id > a.id WHERE a.seat = 'member' AND b.seat = 'member'"
        " AND NOT EXISTS (SELECT 1 FROM judge c WHERE c.contest_id = a.contest_id AND c.seat = 'secretary' AND c.user_id IN (a.user_id, b.user_id))"
        " ORDER BY a.id, b.id LIMIT 1",
        "UPDATE judge SET seat = 'secretary' WHERE id = (SELECT one_id FROM two)",
        "UPDATE judge SET user_id = (SELECT one FROM two) WHERE id = (SELECT other_id FROM two)",
        "UPDATE judge SET user_id = (SELECT other FROM two), seat = 'member' WHERE id = (SELECT one_id FROM two)",
        "DROP TABLE two",
    ),
    "a sheet deleted": (
        f"DELETE FROM sheet_revision WHERE sheet_id = {SHEET}",
        f"DELETE FROM score_sheet WHERE id = {SHEET}",
    ),
    "a sheet added": (
        "INSERT INTO score_sheet (judge_id, entry_id, round, version, state, total_milli, conflict, on_paper, note, updated_at)"
        " SELECT judge_id, entry_id, 2, 1, state, total_milli, conflict, on_paper, note, updated_at FROM score_sheet"
        " ORDER BY id LIMIT 1",
    ),
    "a judge who recused made to have marked": (
        "UPDATE score_sheet SET state = 'marked', total_milli = 90000 WHERE state = 'recused'",
    ),
    "a count changed": ("UPDATE measure SET value = value + 1 WHERE id = (SELECT min(id) FROM measure WHERE state = 'valid')",),
    "an overtime taken away": ("DELETE FROM overtime WHERE seconds > 0",),
    "an admission removed": ("DELETE FROM admission WHERE id = (SELECT min(id) FROM admission)",),
    "an admission added": (
        "INSERT INTO admission (festival_id, person_id, purpose, day_window, scan_id, at_ms, device_number, seq, changed_ms)"
        " SELECT festival_id, person_id, 'meal', day_window, scan_id, at_ms, device_number, seq, changed_ms FROM admission"
        " ORDER BY id LIMIT 1",
    ),
    "a scan removed with its admissions": (
        "DELETE FROM admission WHERE scan_id = (SELECT min(scan_id) FROM admission)",
        "DELETE FROM scan WHERE id = (SELECT min(id) FROM scan WHERE id NOT IN (SELECT scan_id FROM admission))",
    ),
    "the name of an award changed": ("UPDATE award SET prize = 'Giải Nhất (đặc biệt)' WHERE id = (SELECT min(id) FROM award)",),
    "an award given to another entry": (
        "UPDATE award SET entry_id = (SELECT max(e.id) FROM entry e WHERE e.contest_id = award.contest_id AND e.id NOT IN"
        " (SELECT o.entry_id FROM award o WHERE o.entry_id IS NOT NULL)) WHERE id = (SELECT min(id) FROM award WHERE NOT special)",
    ),
    "the rank of a standing changed": ("UPDATE standing SET place = place + 1 WHERE id = (SELECT min(id) FROM standing WHERE place = 1)",),
    "a decision of the panel changed": ("UPDATE jury_decision SET reason = 'khác' WHERE id = (SELECT min(id) FROM jury_decision)",),
    "a decision of the panel removed": ("DELETE FROM jury_decision WHERE id = (SELECT max(id) FROM jury_decision)",),
    "the state of a contest set": ("UPDATE contest SET state = 'published' WHERE code = 'bong-ro'",),
    "the state of a contest set with its steps": (
        "UPDATE contest SET state = 'released' WHERE code = 'bong-ro'",
        "INSERT INTO state_change (contest_id, state, at, number, note, ledger_hash) SELECT contest_id, 'released', at, number,"
        " note, ledger_hash FROM state_change WHERE state = 'decided' AND contest_id ="
        " (SELECT id FROM contest WHERE code = 'bong-ro')",
    ),
    "a registration approved": (
        "UPDATE family SET state = 'approved' WHERE id = (SELECT min(id) FROM family WHERE state IN ('draft', 'submitted'))",
    ),
    "a number drawn changed": ("UPDATE entry SET number = 900 WHERE number = 1",),
    "two turns swapped": (
        "UPDATE act SET position = 900 WHERE id = (SELECT min(id) FROM act)",
    ),
    "the rule of a contest changed": ("UPDATE contest SET delta_milli = delta_milli + 1 WHERE code = 'tai-nang'",),
    "the rules of the edition changed": ("UPDATE festival SET ruleset = '{}'",),
    "the minutes of the delegations changed": ("UPDATE whole_minutes SET number = '10/BB'",),
    "a prize of a delegation changed": ("UPDATE award SET prize = 'Giải X' WHERE contest_id IS NULL",),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_sql_changed_is_named_and_the_chain_alone_is_blind(lived: Flask, what: str) -> None:
    with tampered(lived, *TAMPERINGS[what]):
        assert chains_only() == {}, "the naive control: the chain alone says intact"
        report = seen()
        assert not report.clean and places(report) != []


def test_the_sheet_is_named_by_contest_judge_entry_and_criterion(lived: Flask) -> None:
    with tampered(lived, *TAMPERINGS["a mark +0.25"]):
        report = seen()
        ((_seal, difference),) = report.named()
        sheet = db.session.execute(
            select(Contest.name, Judge.letter, User.name.label("judge"), Entry.name.label("entry"), Criterion.code)
            .select_from(ScoreSheet)
            .join(Mark, Mark.sheet_id == ScoreSheet.id)
            .join(Criterion, Criterion.id == Mark.criterion_id)
            .join(Entry, Entry.id == ScoreSheet.entry_id)
            .join(Contest, Contest.id == Entry.contest_id)
            .join(Judge, Judge.id == ScoreSheet.judge_id)
            .join(User, User.id == Judge.user_id)
            .order_by(ScoreSheet.id, Criterion.id)
            .limit(1)
        ).one()
        assert places(report) == [
            f"Phần thi «{sheet.name}», giám khảo {sheet.letter} ({sheet.judge}), «{sheet.entry}», tiêu chí {sheet.code}:"
            " bảng khác với sổ"
        ]
        assert isinstance(difference.recorded, int) and difference.found == difference.recorded + 250
        kept = difference.as_json()
        assert str(difference.recorded) not in str(kept) and str(difference.found) not in str(kept)


def test_rules_that_change_what_the_pages_show_are_recounted(lived: Flask) -> None:
    """Marks and stored standings are as recorded, and yet the pages would show another order."""
    turned = "NOT lower_wins" if db_is_postgresql(lived) else "1 - lower_wins"
    with tampered(lived, f"UPDATE contest SET lower_wins = {turned} WHERE code = 'bong-ro'"):
        said = places(seen())
    assert any("tính lại từ điểm và thể lệ ra xếp hạng khác" in each for each in said), said


def db_is_postgresql(app: Flask) -> bool:
    with app.app_context():
        return db.engine.dialect.name == "postgresql"


def test_an_erased_line_is_counted_and_raises_no_alarm(lived: Flask) -> None:
    """Erasing is allowed (it is how personal data goes), so it hides what it erased; the count shows that it was done."""
    erase = (
        "UPDATE ledger_payload SET content = NULL, salt = NULL WHERE (stream, seq) IN"
        " (SELECT stream, max(seq) FROM ledger_entry WHERE kind IN ('sheet.sent', 'admitted') GROUP BY stream)"
    )
    with tampered(lived, erase):
        report = seen()
        assert report.clean and report.counts.erased > 0


def test_a_line_nobody_can_read_is_a_fault_and_no_traceback(lived: Flask) -> None:
    guard = "ledger_payload_erase_only"
    drop = f"DROP TRIGGER {guard}" + (" ON ledger_payload" if db_is_postgresql(lived) else "")
    with tampered(lived, drop, "UPDATE ledger_payload SET content = '[]' WHERE seq = 1 AND stream LIKE 'judging:%'"):
        report = seen()
        assert not report.clean
        assert {fault.reason for stream in report.streams for fault in stream.faults} >= {"không đọc được dòng này"}


# ------------------------------------------------------------------------------------- any column of any compared row

COMPARED: dict[type[Any], tuple[str, ...]] = {
    ScoreSheet: ("judge_id", "entry_id", "round", "version", "state", "total_milli", "conflict", "on_paper", "note", "typed_by"),
    Mark: ("milli", "criterion_id"),
    SheetRevision: ("sheet_id", "version", "mid", "content", "open_conflict"),
    Measure: ("entry_id", "round", "state", "value", "version", "typed_by"),
    Overtime: ("seconds", "noted_by"),
    Scan: ("device_number", "seq", "at_ms", "gate", "pass_id", "purpose", "day_window", "persons", "how"),
    Admission: ("person_id", "purpose", "day_window", "scan_id", "at_ms", "device_number", "seq"),
    Judge: ("contest_id", "user_id", "seat", "letter", "marks", "unit_id"),
    Unavailability: ("judge_id", "unit_id", "reason"),
    Contest: ("state", "name", "delta_milli", "prizes", "tie_ladder", "secrecy", "place_points", "special_prizes", "ledger_name"),
    Criterion: ("code", "name", "max_milli", "min_milli"),
    Family: ("state", "version", "return_reason", "decided_by", "name", "delegation_id"),
    Draw: ("method", "seed", "order", "drawn_by"),
    Act: ("session_id", "position"),
    Plan: ("version", "content", "note", "published_by"),
    StateChange: ("state", "by_user", "with_user", "number", "note", "ledger_size", "ledger_hash"),
    Standing: ("entry_id", "state", "place", "shared", "score_milli", "reasons", "detail"),
    Award: ("entry_id", "prize", "position", "special"),
    PanelDecision: ("kind", "content", "reason", "names", "noted_by"),
    WholeMinutes: ("number", "contests", "standings", "by_user"),
    Festival: ("ruleset",),
}  # fmt: skip


def another(column: Column[Any], value: Any, chance: Random) -> Any:
    """Some other value of the same kind."""
    for key in column.foreign_keys:
        others = db.session.scalars(select(key.column).where(key.column.is_distinct_from(value))).all()
        return chance.choice(sorted(others))
    kind = column.type
    if isinstance(kind, EnumText):
        states: list[StrEnum] = [each for each in kind.members if each != value]
        return chance.choice(states)
    if isinstance(kind, Flag):
        return not value
    if isinstance(kind, JsonText):
        return [*value, "x"] if isinstance(value, list) else {**(value or {}), "x": 1}
    return (value or 0) + chance.choice([1, 250, 1000]) if column.type.python_type is int else f"{value or ''}x"


def edit(of: Table, name: str, chance: Random) -> bool:
    """Change one column of one row; False when the database itself refuses that, or there is no row."""
    keys = list(of.primary_key.columns)
    rows = db.session.execute(select(*keys, of.c[name].label("value")).order_by(*keys)).all()
    if not rows:
        return False
    row = chance.choice(rows)
    which = [key == getattr(row, key.name) for key in keys]
    try:
        with db.session.begin_nested():
            db.session.execute(update(of).where(*which).values({name: another(of.c[name], row.value, chance)}))
    except (DBAPIError, IndexError):
        return False
    return True


def test_every_single_edit_of_a_compared_column_is_seen(lived: Flask) -> None:
    assert missed_edits(lived, EDITS_OF_EVERY_RUN) == []


@pytest.mark.faults
def test_hundreds_of_edits_are_seen(lived: Flask) -> None:
    missed = missed_edits(lived, EDITS)
    print(f"{EDITS - len(missed)} of {EDITS} edits seen (seed {SEED})")
    assert missed == []


def missed_edits(app: Flask, edits: int) -> list[str]:
    """What of so many random edits the check does not see; the naive control must see none of them."""
    chance = Random(SEED)
    columns = [(table(model), name) for model, names in COMPARED.items() for name in names]
    missed, made = [], 0
    while made < edits:
        of, name = chance.choice(columns)
        with tampered(app):
            if not edit(of, name, chance):
                continue
            made += 1
            if chains_only() != {}:
                missed.append(f"{of.name}.{name}: the control sees it")
            elif seen().clean:
                missed.append(f"{of.name}.{name}")
    return missed
