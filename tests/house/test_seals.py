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
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Table, select, text, update
from sqlalchemy.exc import DBAPIError

from config import Config
from festival.accounts.models import User
from festival.contests.models import Contest, Criterion, Judge
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.seal.checks import SealReport
from festival.core.statements import table
from festival.core.transaction import reading
from festival.core.types import Day, EnumText, Flag, JsonText, UtcTime
from festival.editions.queries import the_festival
from festival.factory import create_app
from festival.judging.models import Mark, ScoreSheet
from festival.privacy import erasing
from festival.results.meeting.models import FoundingPaper, PanelMeeting
from festival.roster.models import Entry
from tests.conftest import DATABASES, _cloned, test_config
from tests.house.compared import COMPARED
from tests.house.lived_day import live
from tests.house.tamperings import TAMPERINGS

EDITS_OF_EVERY_RUN = 12
# Of the larger run of `make faults`.
EDITS = int(os.environ.get("EDITS", "400"))
SEED = int(os.environ.get("EDITS_SEED", "20240614"))


@pytest.fixture(scope="module", params=DATABASES)
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo after a whole day of acts and corrections; nothing a test does to it is kept."""
    yield from _lived(request, tmp_path_factory)


@pytest.fixture(params=DATABASES)
def lived_apart(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The same, of its own: what a test does to it is kept."""
    yield from _lived(request, tmp_path_factory)


def _lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    kind, folder = request.param, tmp_path_factory.mktemp("lived")
    begun = request.getfixturevalue("demo_templates")(kind)
    template = request.getfixturevalue("templates")("lived", kind, a_day_lived, begun)
    urls: Iterator[str]
    if kind == "sqlite":
        urls = iter([f"sqlite:///{shutil.copyfile(template, folder / 'lived.sqlite3')}"])
    else:
        urls = _cloned(request.getfixturevalue("cluster"), template)
    shutil.copytree(request.getfixturevalue("run_folder") / f"lived-{kind}-instance", folder / "instance")
    for url in urls:
        app = create_app(test_config(folder / "instance", url))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def a_day_lived(config: Config) -> None:
    """The whole day, once a run on each database."""
    app = create_app(config)
    with app.app_context():
        staff = db.session.scalars(select(User.id).where(User.login == "thuky")).one()
        db.session.rollback()
        live(staff)
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


@pytest.mark.either_database
@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_sql_changed_is_named_and_the_chain_alone_is_blind(lived: Flask, what: str) -> None:
    with tampered(lived, *TAMPERINGS[what].split(";")):
        report = seen()
        assert [stream.name for stream in report.streams if stream.faults] == [], "the chain alone says intact"
        assert not report.clean and places(report) != []


def test_the_sheet_is_named_by_contest_judge_entry_and_criterion(lived: Flask) -> None:
    with tampered(lived, *TAMPERINGS["a mark +0.25"].split(";")):
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
        judge = f"giám khảo {sheet.letter} ({sheet.judge})"
        place = f"Phần thi «{sheet.name}», {judge}, «{sheet.entry}», tiêu chí {sheet.code}"
        assert places(report) == [f"{place}: bảng khác với sổ"]
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


def test_after_the_names_are_erased_nothing_differs_and_the_rest_is_still_compared(lived_apart: Flask) -> None:
    """What was erased is counted as erased, not as unknown; what the lines still say is held against the tables."""
    with lived_apart.app_context():
        with reading():
            code = the_festival().code
        for what in ("data", "papers"):
            assert erasing.erase(code, what)
            with seals.snapshot():
                report = seals.inspect()
                assert places(report) == [] and report.clean
                assert (report.counts.unknown, report.counts.rows > 600) == (0, True), report.counts
                assert report.counts.erased > 300
        with reading():
            said = (*db.session.scalars(select(FoundingPaper.says)), *db.session.scalars(select(PanelMeeting.says)))
            assert said == (None,) * 4, "they go with the papers"
    for what in STILL_SEEN:
        with tampered(lived_apart, *TAMPERINGS[what].split(";")):
            assert not seen().clean, what


STILL_SEEN = (
    "a sheet deleted", "a scan removed with its admissions", "an admission removed", "a decision of the panel removed", "a registration approved",
    "an opened lock removed", "a departure removed", "an agreement that was withdrawn stands again",
)  # fmt: skip


def test_a_line_nobody_can_read_is_a_fault_and_no_traceback(lived: Flask) -> None:
    guard = "ledger_payload_erase_only"
    drop = f"DROP TRIGGER {guard}" + (" ON ledger_payload" if db_is_postgresql(lived) else "")
    with tampered(lived, drop, "UPDATE ledger_payload SET content = '[]' WHERE seq = 1 AND stream LIKE 'judging:%'"):
        report = seen()
        assert not report.clean
        assert {fault.reason for stream in report.streams for fault in stream.faults} >= {"không đọc được dòng này"}


# ------------------------------------------------------------------------------------- any column of any compared row


def another(column: Column[Any], value: Any, chance: Random) -> Any:
    """Some other value of the same kind."""
    for key in column.foreign_keys:
        others = db.session.scalars(select(key.column).where(key.column.is_distinct_from(value))).all()
        return chance.choice(sorted(others))
    kind = column.type
    if isinstance(kind, UtcTime):
        return (value or now()) + timedelta(seconds=chance.randrange(1, 9))
    if isinstance(kind, Day):
        return (value or now().date()) + timedelta(days=chance.randrange(1, 9))
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
