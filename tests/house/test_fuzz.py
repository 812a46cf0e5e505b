"""Does any request, however strange, get an answer of 5xx, or another answer on another database?

The same requests go to the festival on SQLite and on PostgreSQL: statuses, verdicts and what is then stored must be equal.
The short form runs always; `make faults` runs the long one (FUZZ=100000, SEED=…).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Request, redirect, request
from flask.testing import FlaskClient
from sqlalchemy import func, select

from festival.core.database import Base, db
from festival.core.text import unstorable
from festival.core.transaction import reading
from festival.core.types import JsonText, PlainText
from festival.core.web.access import public
from festival.factory import create_app
from tests.conftest import _cloned, test_config
from tests.house.fuzzing import Fuzzer, Shot, Side, pages

SEED = int(os.environ.get("SEED", "20240614"))
SHORT = 600
LONG = int(os.environ.get("FUZZ", "100000"))
# Everybody comes again after so many: requests end sign-ins, accounts and devices.
FRESH_AFTER = 1_000


@pytest.fixture
def sides(request: pytest.FixtureRequest, tmp_path: Path, demo_templates: Callable[[str], str]) -> Iterator[list[Side]]:
    """The demo festival on both databases."""
    path = tmp_path / "demo.sqlite3"
    shutil.copyfile(demo_templates("sqlite"), path)
    cloned = _cloned(request.getfixturevalue("cluster"), demo_templates("postgresql"))
    apps: list[Flask] = []
    for kind, url in (("sqlite", f"sqlite:///{path}"), ("postgresql", next(cloned))):
        apps.append(create_app(test_config(tmp_path / kind, url)))
    yield [Side(app) for app in apps]
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    next(cloned, None)


def told(shot: Shot, answers: list[Any]) -> str:
    return f"{answers}: {shot}"[:600]


def fuzz(sides: list[Side], times: int, *, come: bool = True) -> Iterator[str]:
    """What is wrong, as it is found: answers of 5xx, and answers that differ. Without `come` everybody is as they were left."""
    fuzzer = Fuzzer(SEED, sides[0].app, sides[0].forms)
    for number in range(times):
        if number % FRESH_AFTER == 0 and (come or number):
            for side in sides:
                side.come(number)
                side.forms.clear()
                side.read_forms(list(pages(fuzzer)))
            shapes = [{who: len(forms) for who, forms in side.forms.items()} for side in sides]
            if shapes[0] != shapes[1]:
                yield f"pages differ before request {number}: {shapes}"
                for who in shapes[0]:
                    least = min(len(side.forms.get(who, [])) for side in sides)
                    for side in sides:
                        side.forms[who] = side.forms.get(who, [])[:least]
        shot = fuzzer.shot()
        answers = [side.send(shot) for side in sides]
        if answers[0] != answers[1] or answers[0][0] >= 500:
            yield told(shot, answers)


# Drawn by chance, so they differ on purpose; inside other texts they are looked away from, like moments.
BY_CHANCE = {
    "code", "token", "token_hash", "hash", "head", "salt", "secret", "identity", "submission_key", "list_id", "digest", "password_hash",
    "public_key",
}  # fmt: skip
CHANCE = re.compile(
    r"\b(?:[0-9A-Z]{10}|[0-9a-f]{12,}|[\w-]{30,})\b|\d{4}-\d\d-\d\dT[\d:.+Z]+|\d{12,}|[0-9A-Z]{4}-[0-9A-Z]{4}|\d{3} \d{3} \d{4}"
)


def texts(side: Side) -> dict[str, list[str]]:
    """How many rows each table holds, and every text in it that was not drawn by chance."""
    kept: dict[str, list[str]] = {}
    with side.app.app_context(), reading():
        for table in Base.metadata.sorted_tables:
            kept[table.name] = [str(db.session.scalar(select(func.count()).select_from(table)))]
            for column in table.columns:
                if isinstance(column.type, PlainText | JsonText):
                    values = [str(value) for value in db.session.scalars(select(column)) if value is not None]
                    assert not any(map(unstorable, values)), f"{table.name}.{column.name}"
                    if column.name not in BY_CHANCE:
                        kept[f"{table.name}.{column.name}"] = sorted(CHANCE.sub("•", value) for value in values)
    return kept


def different(sides: list[Side]) -> list[str]:
    """Where the two databases hold another number of rows, or other words."""
    first, second = map(texts, sides)
    return [
        f"{name}: {sorted(set(first[name]) ^ set(second[name]))}"[:600] for name in first if first[name] != second[name]
    ]


@pytest.mark.long
def test_no_request_gets_5xx_and_both_databases_answer_alike(sides: list[Side]) -> None:
    wrong = list(fuzz(sides, SHORT))
    assert not wrong, "\n".join(wrong[:20])
    told_apart = different(sides)
    assert not told_apart, "\n".join(told_apart)
    # The control: without the one place that cleans, the same requests find what was found on the first release.
    for side in sides:
        side.app.request_class = Request
        side.app.view_functions["accounts.language"] = public(lambda: redirect(request.form.get("next") or "/"))
    assert any("500" in found for found in fuzz(sides, 10 * SHORT, come=False)), "the requests are not strange enough"


@pytest.mark.faults
def test_no_request_gets_5xx_in_many(sides: list[Side]) -> None:
    wrong = list(fuzz(sides, LONG // 2))
    told_apart = different(sides)
    print(
        f"\n{LONG // 2} requests on each of two databases, seed {SEED}: {len(wrong)} wrong, {len(told_apart)} tables apart"
    )
    assert not wrong, "\n".join(wrong[:40])
    assert not told_apart, "\n".join(told_apart)


def test_a_body_of_50_megabytes_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data=b"x" * (50 * 1024 * 1024), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
