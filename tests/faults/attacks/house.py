"""Which festival is attacked? A running one of our own: gunicorn, two workers, real limits, made-up people.

It is reached as outsiders reach it: over HTTP from addresses of this machine, by the commands of its shell, and with its
own database connection. Nothing of the product runs in this process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import pysqlite3
from sqlalchemy import Engine, Row, create_engine, text

from config import ROOT, Config
from tests.faults.attacks.client import Bounds, Browser, Device, loopback
from tests.harness.served import Served, environment, serve
from tests.harness.waiting import PATIENCE_S

PASSWORD = "gia-dinh-2024"
PIN = "271828"


@dataclass
class House:
    """The attacked festival; `fresh` makes another empty database of the same kind, `scale` is 1 in the short form."""

    kind: str
    config: Config
    served: Served
    folder: Path
    seed: int
    scale: int
    bounds: Bounds
    fresh: Callable[[], str]
    ready: Path | None = None  # the folder of a `flask` that has imported the program
    binaries: Path | None = None  # pg_dump and friends
    application: str = "app:app"
    answers: dict[str, object] = field(default_factory=dict)  # what must be the same on every database
    tablets: dict[str, Device] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.luck = Random(self.seed)
        self.engine = engine_of(self.config)
        self._sources = iter(range(20, 250))

    def source(self) -> str:
        """A loopback address nobody has come from yet."""
        return f"127.0.0.{next(self._sources)}"

    def browser(self, source: str = "") -> Browser:
        """Somebody new."""
        return Browser(loopback(self.config.host), self.served.port, self.bounds, source or self.source())

    def sign_in(self, login: str, password: str = PASSWORD, source: str = "") -> Browser:
        """A person of the made-up festival, signed in; ValueError when the server does not let in."""
        browser = self.browser(source)
        answer = browser.post("/sign-in", login=login, password=password)
        if answer.status != 302 or "signin" not in browser.cookies:
            raise ValueError(f"{login} could not sign in: {answer.status}")
        return browser

    def signed_in(self, browser: Browser) -> bool:
        """Whether the server still knows this browser's account."""
        return browser.get("/account").status == 200

    def flask(self, *arguments: str, config: Config | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        """A command at the shell of the machine; an empty setting is taken away."""
        settings = {**environment(config or self.config), **more}
        settings["PATH"] = ":".join(filter(None, (str(self.ready or ""), str(self.binaries or ""), settings["PATH"])))
        program = [str(self.ready / "flask")] if self.ready else [sys.executable, "-m", "flask"]
        found = {"FLASK_APP": self.application, **settings}
        return subprocess.run(
            [*program, *arguments],
            cwd=ROOT, env={name: value for name, value in found.items() if value}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=PATIENCE_S * 2, check=False,
        )  # fmt: skip

    def done(self, *arguments: str, **more: str) -> str:
        """What a command printed; ValueError when it refused."""
        ran = self.flask(*arguments, **more)
        if ran.returncode:
            raise ValueError(f"flask {' '.join(arguments)}: {said(ran)[-300:]}")
        return ran.stdout.strip()

    def rows(self, statement: str, **given: Any) -> list[Row[Any]]:
        """What the application's own connection reads."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(statement), given))

    def one(self, statement: str, **given: Any) -> Any:
        """The first value of the first row; None when there is none."""
        found = self.rows(statement, **given)
        return found[0][0] if found else None

    def change(self, statements: str) -> None:
        """Written past the doors, by the application's own connection; a semicolon after each but the last."""
        with self.engine.begin() as connection:
            for each in filter(None, map(str.strip, statements.split(";"))):
                connection.exec_driver_sql(each)

    def account(self, login: str) -> int:
        """The number of an account."""
        return int(self.one("SELECT id FROM user_account WHERE login = :login", login=login))

    def notes(self, kind: str) -> int:
        """How many lines of this kind the security log has."""
        return int(self.one("SELECT count(*) FROM security_note WHERE kind = :kind", kind=kind))

    def device(self, role: str, by: str = "bantochuc", **options: str) -> Device:
        """A device of the house, enrolled by a code of the office."""
        told = [part for name, value in options.items() for part in (f"--{name}", value)]
        code = self.done("device", "enrol", "--role", role, "--by", by, *told).splitlines()[-1].strip()
        return Device(self.browser(), code, sign=role == "judge")

    def tablet(self, login: str) -> Device:
        """The judge's own tablet, opened with the sealed card and the own PIN; one for each judge."""
        if login not in self.tablets:
            device = self.device("judge", "thuky", user=login)
            card = self.done("device", "cards", login, "--by", "bantochuc").splitlines()[-1].split("\t")[1].strip()
            told = device.call("POST", "/api/v1/activate", {"pin": PIN, "card": card})
            if not (told.json or {}).get("activated"):
                raise ValueError(f"{login} could not open the tablet: {told.text[:200]}")
            self.tablets[login] = device
        return self.tablets[login]

    def judge(self, number: int) -> str:
        """One of those who mark in a contest that is open; another one for each number, while there are enough."""
        found = self.rows(
            """SELECT u.login, min(j.id) FROM judge j JOIN user_account u ON u.id = j.user_id JOIN contest c ON c.id = j.contest_id
               WHERE j.seat = 'member' AND c.state = 'open' AND c.result_kind = 'rubric'
               GROUP BY u.login ORDER BY min(j.id)"""
        )
        if not found:
            raise ValueError("nobody marks in an open contest")
        return str(found[number % len(found)][0])

    def blank_sheet(self, device: Device, login: str) -> dict[str, Any]:
        """A right sheet of this judge for an entry the judge has not marked."""
        found = self.rows(
            """SELECT e.code, c.id FROM entry e JOIN contest c ON c.id = e.contest_id JOIN judge j ON j.contest_id = c.id
               JOIN user_account u ON u.id = j.user_id WHERE u.login = :login AND c.state = 'open' AND e.number IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM score_sheet s WHERE s.judge_id = j.id AND s.entry_id = e.id)
               ORDER BY e.number DESC, e.id""",
            login=login,
        )
        if not found:
            raise ValueError(f"{login} has marked everything")
        place = len([each for each in self.answers if str(each).startswith("sheet ")])
        self.answers[f"sheet {place}"] = True
        entry, contest = found[place % len(found)]
        marks = {
            row.code: row.min_milli
            for row in self.rows("SELECT code, min_milli FROM criterion WHERE contest_id = :id", id=contest)
        }
        return device.write("sheet.send", f"{entry}/1", {"marks": marks}, 0)


def said(ran: subprocess.CompletedProcess[str]) -> str:
    """Everything a command said, on either stream."""
    return ran.stdout + ran.stderr


def engine_of(config: Config) -> Engine:
    """The application's own connection, without the application."""
    if config.is_sqlite:
        return create_engine(config.database_url, module=pysqlite3, connect_args={"timeout": PATIENCE_S})
    return create_engine(config.database_url.replace("postgresql://", "postgresql+psycopg://", 1))


@contextmanager
def open_house(
    config: Config,
    folder: Path,
    fresh: Callable[[], str],
    *,
    seed: int,
    scale: int,
    ready: Path | None = None,
    binaries: Path | None = None,
    application: str = "app:app",
) -> Iterator[House]:
    """Serve it, under an open umask as a careless shell has it, for as long as the block lasts."""
    loopback(config.host)
    wanted = replace(config, rate_limits=True, workers=2)
    kind = "sqlite" if wanted.is_sqlite else "postgresql"
    bounds = Bounds(requests=4_000 * scale, seconds=900.0 * scale)
    before = os.umask(0)
    try:
        with serve(wanted, application=application) as served:
            house = House(kind, wanted, served, folder, seed, scale, bounds, fresh, ready, binaries, application)
            try:
                yield house
            finally:
                house.engine.dispose()
    finally:
        os.umask(before)
