"""Does any request, however strange, get an answer of 5xx?

Requests are made from the URL map and the field names of our own forms, with values people and machines really get
wrong: NUL, lone surrogates, NFD, enormous numbers, wrong types, deep JSON. The short form runs always; `make faults`
runs the long one (FUZZ=100000).
"""

from __future__ import annotations

import io
import json
import os
import random
import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import ROOT
from festival.accounts.roles import Role
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading
from festival.passes.models import Pass
from festival.roster.models import Delegation, Entry, Family
from tests.house.test_access import ANYBODY, FAMILY, come_as, doors

SEED = 20240614
SHORT = 400
LONG = int(os.environ.get("FUZZ", "100000"))
ACTORS = [ANYBODY, FAMILY, Role.ORGANISER, Role.OFFICER, Role.SECRETARY, Role.CHAIR, "device-gate", "device-judge"]

STRANGE: list[str] = [
    "", " ", "0", "1", "-1", "-0", "999999999999999999999999", "1e309", "NaN", "inf", "9,25", "9.25", "٣", "１２",
    "\x00", "a\x00b", "\r\nX-Evil: 1", "%00", "../../etc/passwd", "<script>alert(1)</script>", "{{7*7}}", "%s%n",
    "'; DROP TABLE family; --", "đĐ", "Nguye\u0302\u0303n", "🎉" * 10, "\ufeff", "\u202e", "a" * 5000, "[]", "null",
    "2024-06-14", "2024-02-30", "14/6/2024", "31/2/2024", "25:61", "0912000111", "+84912000111", "=1+1", "on", "yes",
]  # fmt: skip


def field_names() -> list[str]:
    """Names our forms read."""
    names: set[str] = set()
    for path in (ROOT / "festival").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        names |= set(re.findall(r"^\s+(\w+)\s*=\s*\w*Field\(", text, re.M))
        names |= set(re.findall(r"(?:form|args|values)\.(?:get|getlist)\(\"([\w-]+)\"", text))
    return sorted(names)


class Fuzzer:
    """Makes requests; the same seed makes the same ones."""

    def __init__(self, app: Flask) -> None:
        self.luck = random.Random(SEED)
        self.names = field_names()
        assert len(self.names) > 20
        self.doors = [(method, rule) for method, rule, _ in doors(app) if rule.endpoint != "accounts.sign_out"]
        with app.app_context(), reading():
            self.real = [
                str(value)
                for column in (Family.code, Delegation.code, Contest.code, Entry.code, Pass.list_id)
                for value in db.session.scalars(select(column).limit(5))
            ] + ["1", "2", "3"]

    def value(self) -> str:
        return self.luck.choice(self.real if self.luck.random() < 0.5 else STRANGE)

    def json(self, depth: int = 0) -> Any:
        kind = self.luck.randrange(9 if depth < 4 else 6)
        if kind < 3:
            return self.value()
        if kind < 6:
            return self.luck.choice([None, True, False, 0, -1, 2**53, 2**70, 1.5, 1e308])
        if kind == 6:
            return [self.json(depth + 1) for _ in range(self.luck.randrange(4))]
        keys = [
            "v",
            "mutations",
            "mid",
            "seq",
            "kind",
            "subject",
            "body",
            "marks",
            "pass",
            "persons",
            "code",
            "wall_ms",
        ]
        return {self.luck.choice([*keys, self.value()]): self.json(depth + 1) for _ in range(self.luck.randrange(6))}

    def mutation(self) -> dict[str, Any]:
        """A mutation that is nearly right."""
        made: dict[str, Any] = {
            "v": 2,
            "mid": f"0190{self.luck.randrange(16**8):08x}"[:8] + f"-0000-7000-8000-{self.luck.randrange(16**12):012x}",
            "seq": self.luck.randrange(1, 10**6),
            "kind": self.luck.choice(["scan", "sheet.send", "sheet.abstain", "sheet.resolve", self.value()]),
            "subject": self.value()[:200],
            "body": self.luck.choice(
                [
                    {"pass": self.luck.choice(self.real), "persons": None},
                    {"marks": {self.value(): self.json()}},
                    {"state": self.value(), "note": self.value()},
                    self.json(),
                ]
            ),
            "base_version": self.luck.choice([None, 0, 1, -1]),
            "wall_ms": self.luck.choice([1718323200000, 0, 10**20, -1]),
            "offset_ms": 0,
            "prev_hash": None,
        }
        if self.luck.random() < 0.3:
            made[self.luck.choice(list(made))] = self.json()
        return made

    def send(self, client: FlaskClient, headers: dict[str, str]) -> tuple[str, int]:
        """One request; what it was and the status."""
        method, rule = self.luck.choice(self.doors)
        path = re.sub(r"<[^>]+>", lambda _found: quote(self.value() or "x", safe=""), rule.rule)
        given: dict[str, Any] = {"headers": headers}
        if self.luck.random() < 0.3:
            given["query_string"] = {self.luck.choice(self.names): self.value() for _ in range(3)}
        if method != "GET":
            if rule.rule.startswith("/api"):
                body = (
                    {"v": 2, "mutations": [self.mutation() for _ in range(3)]} if "sync" in rule.rule else self.json()
                )
                raw = json.dumps(body).encode() if self.luck.random() < 0.9 else os.urandom(50)
                given |= {"data": raw, "content_type": "application/json"}
            else:
                form: dict[str, Any] = {name: self.value() for name in self.luck.sample(self.names, 12)}
                if self.luck.random() < 0.15:
                    form["file"] = (io.BytesIO(self.luck.randbytes(2000)), "danh-sach.xlsx")
                given["data"] = form
        answer = client.open(path, method=method, **given)
        return f"{method} {path[:120]} {str(given)[:400]}", answer.status_code


def fuzz(app: Flask, times: int) -> list[str]:
    app.config["WTF_CSRF_METHODS"] = set()
    fuzzer = Fuzzer(app)
    people = [come_as(app, actor) for actor in ACTORS]
    bad = []
    for _ in range(times):
        client, headers = fuzzer.luck.choice(people)
        request, status = fuzzer.send(client, headers)
        if status >= 500:
            bad.append(f"{status} {request}")
    return bad


def test_no_request_gets_5xx(demo_app: Flask) -> None:
    bad = fuzz(demo_app, SHORT)
    assert not bad, "\n".join(bad[:10])


@pytest.mark.faults
def test_no_request_gets_5xx_in_many(demo_app: Flask) -> None:
    bad = fuzz(demo_app, LONG // 2)
    print(f"\n{demo_app.config['FESTIVAL'].database_url.split(':')[0]}: {LONG // 2} requests, {len(bad)} of 5xx")
    assert not bad, "\n".join(bad[:10])


def test_a_body_of_50_megabytes_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data=b"x" * (50 * 1024 * 1024), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
