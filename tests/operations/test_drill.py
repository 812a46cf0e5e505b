"""Is a copy that could not be put back found at night, before it is needed?"""

from __future__ import annotations

import os
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from config import Config
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.pulse.pulses import PulseKind, beat, claim, pulses
from festival.core.pulse.signs import Level, WatchedPart
from festival.core.pulse.watching import signs_of_pulses
from festival.core.transaction import reading, transaction
from festival.factory import create_app
from festival.operations.backup import back_up, default_target
from festival.operations.copies import BackupError, alone, verify_engine
from festival.operations.drill import PLACE, _thrown_away, _tried, drill, drill_now, drill_tonight
from festival.operations.restore import NOTHING
from tests.conftest import test_config as settings_for_tests
from tests.harness.postgres import Cluster

NIGHT = datetime(2026, 6, 13, 20, 10, tzinfo=UTC)  # ten past three in Vietnam


@pytest.fixture(autouse=True)
def own_tools(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version."""
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")


def write(number: int) -> None:
    with transaction():
        ledger.append("decisions:thu", "approved", {"family": number}, {"name": "Danh Chung"})


def left_behind(config: Config) -> list[str]:
    """Places of a drill that still stand."""
    if config.is_sqlite:
        return [path.name for path in config.instance.glob("drill*")]
    url = make_url(config.database_url)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(connection.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE '%_drill'")))
    finally:
        engine.dispose()


def test_a_copy_is_put_back_beside_compared_and_thrown_away(app: Flask, config: Config) -> None:
    with app.app_context():
        write(0)
        target = default_target(config, now())
        back_up(config, target)
        write(1)
        done = drill()
        assert (done.name, done.streams, done.lines) == (target.name, 1, 1)
        with reading():
            assert ledger.head("decisions:thu").size == 2
        db.session.remove()
        assert left_behind(config) == []


def test_without_a_copy_of_the_day_one_is_made(app: Flask, config: Config) -> None:
    with app.app_context():
        write(0)
        old = default_target(config, now())
        back_up(config, old)
        os.utime(old, ((now() - timedelta(hours=30)).timestamp(),) * 2)
        write(1)
        done = drill()
        assert (done.lines, done.name != old.name) == (2, True)


def test_a_copy_of_another_festival_is_found_although_it_is_whole(
    app: Flask, config: Config, second_database_url: str, tmp_path: Path
) -> None:
    second_config = settings_for_tests(tmp_path / "second", second_database_url)
    with create_app(second_config).app_context():
        write(7)
        strange = default_target(second_config, now())
        back_up(second_config, strange)
        db.session.remove()
        db.engine.dispose()
    with app.app_context():
        write(0)
        target = default_target(config, now())
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(strange, target)
        with pytest.raises(BackupError, match="không phải sổ của ngày hội này"):
            drill()
        assert left_behind(config) == []


def test_a_copy_that_was_cut_is_found_and_seen(app: Flask, config: Config) -> None:
    with app.app_context():
        write(0)
        target = default_target(config, NIGHT)
        with time_machine.travel(NIGHT, tick=True):
            back_up(config, target)
            os.utime(target, (now().timestamp(),) * 2)
            os.truncate(target, target.stat().st_size // 2)
            drill_tonight()
            with reading():
                (sign,) = [each for each in signs_of_pulses(pulses()) if each.part is WatchedPart.DRILL]
        assert sign.level is Level.BAD and "không được" in str(sign.words)


def test_it_is_done_once_a_night_and_not_by_day(app: Flask, config: Config) -> None:
    found = []
    with app.app_context():
        write(0)
        for at in (NIGHT - timedelta(hours=4), NIGHT, NIGHT + timedelta(hours=1), NIGHT + timedelta(hours=9), NIGHT + timedelta(days=1)):  # fmt: skip
            with time_machine.travel(at, tick=True):
                drill_tonight()
                with reading():
                    row = pulses().get(PulseKind.DRILL)
                    found.append(None if row is None else (row.at - NIGHT).days)
    assert found == [None, 0, 0, 0, 1]


def test_of_two_workers_one_does_it(app: Flask) -> None:
    since = now() - timedelta(minutes=10)
    with app.app_context(), time_machine.travel(now() - timedelta(days=1), tick=False), transaction():
        beat(PulseKind.DRILL)
    won: list[bool] = []
    ready = threading.Barrier(4)

    def ask() -> None:
        with app.app_context():
            ready.wait(30)
            with transaction():
                won.append(claim(PulseKind.DRILL, since))

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for each in asking:
        each.start()
    for each in asking:
        each.join(60)
    assert sorted(won) == [False, False, False, True]


def test_of_two_drills_at_once_the_second_is_told_and_the_first_goes_on(app: Flask, config: Config) -> None:
    with app.app_context():
        write(0)
        target = default_target(config, now())
        back_up(config, target)
        with alone(config, PLACE), _thrown_away(config, target) as engine:
            with pytest.raises(BackupError, match="ở một tiến trình khác"):
                drill_now()
            assert verify_engine(engine) == (1, 1)
            if config.is_sqlite:  # the control: who does not ask takes the place of the first away
                _tried(config, target, NOTHING)
                assert left_behind(config) == []
            else:  # another machine on the same database
                with pytest.raises(BackupError, match="ở một tiến trình khác"):
                    _tried(config, target, NOTHING)
                assert verify_engine(engine) == (1, 1)
        with reading():
            assert PulseKind.DRILL not in pulses()
        db.session.remove()


def test_the_command_says_what_it_found_and_what_a_killed_one_left_is_cleared(
    app: Flask, config: Config, tmp_path: Path
) -> None:
    with app.app_context():
        write(0)
        back_up(config, default_target(config, now()))
        db.session.remove()
        if config.is_sqlite:
            (config.instance / "drill").mkdir()
            (config.instance / "drill" / "festival.sqlite3").write_bytes(b"half")
        else:
            url = make_url(config.database_url)
            engine = create_engine(url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f'CREATE DATABASE "{url.database}_drill"'))
            engine.dispose()
    done = app.test_cli_runner().invoke(args=["drill"])
    assert done.exit_code == 0, done.output
    assert "1 sổ, 1 dòng, khớp" in done.output
    with app.app_context():
        assert left_behind(config) == []
