"""Makes strange requests, the same ones for the festival on SQLite and on PostgreSQL.

They come from the URL map, from the names our forms read, and from the forms of our own pages with a few fields spoilt.
A value of the database stands in them as its place in a list, because the two databases drew their codes separately.
"""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import ROOT
from festival.accounts.roles import Role
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading
from festival.editions.models import Festival
from festival.passes.models import Pass
from festival.roster.models import Delegation, Entry, Family, Person
from festival.schedule.models import Act
from tests.house.test_access import ANYBODY, FAMILY, allowed, come_as, doors

ACTORS = [ANYBODY, FAMILY, *Role, "device-gate", "device-lead", "device-judge"]
LEFT_OUT = {"accounts.sign_out", "registration.family_forget"}  # they would end what the others need

STRANGE: list[str] = [
    "", " ", "0", "1", "-1", "-0", "9" * 19, "9" * 20, "9" * 24, "9" * 5000, "9007199254740992", "9223372036854775808", "1e309",
    "NaN", "inf", "9,25", "9.25", "٣", "１２", "²", "\x00", "a\x00b", "\ud800", "a\udc00b", "\ud83d", "\r\nX-Evil: 1", "/\r\nX: 1",
    "//x.example", "/\\x.example", "%00", "%", "../../etc/passwd", "<script>alert(1)</script>", "{{7*7}}", "%s%n", "'; DROP TABLE family; --",
    "đĐ", "Nguye\u0302\u0303n", "🎉" * 10, "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "a\u200db", "x\U000e0041", "\ufeff", "\u202e\u2066", "\ufffe", "\U0010ffff", "e" + "\u0301" * 300,
    "\x85\x9f\x7f", "\u2028", "ㅤ", "a" * 5000, "[]", "{}", "null", "2024-06-14", "2024-02-30", "0000-00-00", "14/6/2024", "31/2/2024",
    "14/6/99999", "25:61", "0912000111", "+84912000111", "=1+1", "on", "yes", "a.1.b", "x." + "9" * 20, "TrÇn V¨n KiÓm",
]  # fmt: skip

HEADERS = (
    "AUTHORIZATION", "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "ACCEPT_LANGUAGE", "ACCEPT", "ACCEPT_ENCODING", "COOKIE", "RANGE", "REFERER",
    "ORIGIN", "USER_AGENT", "CONTENT_ENCODING", "X_FORWARDED_FOR", "X_REQUESTED_WITH", "HOST",
)  # fmt: skip
STRANGE_HEADERS = (
    "", " ", "Bearer", "Bearer \xff", "Bearer " + "a" * 5000, "Basic ////", '"', 'W/"\xff"', '"a", "b', "*", "gzip;q=9", "\xe1\xba\xa5=\xff; signin=\xff",
    "signin=\x80; lang=\xff; family=" + "a" * 4000, "bytes=9-1", "bytes=" + "9" * 30 + "-", "Thu, 99 Foo 99999", "vi;q=x,,;=", "\t", "gzip", "br", "1.2.3.4, \xff",
    "::1", "x" * 300, "[::", "a.example:99999999", "localhost", "\x7f",
)  # fmt: skip


NO_JSON = (b"\xff\x00", b"[" * 100_000, b'{"a":' * 50_000, b'"\xed\xa0\x80"', b"9" * 6000, b"", b"{}", b"[[]]")
# What a server hands on as latin-1 and Werkzeug decodes.
RAW_QUERIES = ("q=\xff\xfe", "q=\xe1\xba\xa5", "%", "q=%ff&q=%ED%A0%80", "&&=&", "\x7f", "festival=\xc3")


@dataclass(frozen=True)
class Real:
    """The value at this place of the database's own list, whichever database it is."""

    place: int


@dataclass(frozen=True)
class Shot:
    """A request: who sends it, where to (parts are text or Real), and what with."""

    actor: str
    method: str
    path: tuple[Any, ...]
    query: tuple[tuple[str, Any], ...] = ()
    form: tuple[tuple[str, Any], ...] | None = None
    file: tuple[str, bytes] | None = None
    body: Any = None
    raw: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    grown: tuple[str, int] | None = None  # a form of our own pages: who saw it, its place in the list


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str]]]] = []
        self.choosing = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.found.append((given.get("action", ""), []))
        elif self.found and tag in {"input", "textarea", "button", "select"} and given.get("name"):
            if tag == "select":
                self.choosing = given["name"]
            elif given.get("type") != "file":
                self.found[-1][1].append((given["name"], given.get("value", "")))
        elif self.found and tag == "option" and self.choosing:
            self.found[-1][1].append((self.choosing, given.get("value", "")))
            self.choosing = ""


@cache
def names_by_file() -> dict[str, set[str]]:
    """By the path of each module: the names that forms and queries are read by in it."""
    found = {}
    for path in (ROOT / "festival").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        names = set(re.findall(r"^\s+(\w+)\s*=\s*\w*Field\(", text, re.M))
        names |= set(re.findall(r"(?:form|args|values)\.(?:get|getlist)\(\s*\"([\w-]+)\"", text))
        found[str(path)] = names | set(re.findall(r"(?:asked|form)_number\(\"([\w-]+)\"", text))
    return found


def field_names(under: str = "") -> list[str]:
    """Those names in the modules under this path."""
    return sorted(set().union(*(names for path, names in names_by_file().items() if under in path)))


def key_names() -> list[str]:
    """Names of members of the JSON we read."""
    names: set[str] = set()
    for path in (ROOT / "festival").rglob("*.py"):
        if "pydantic" in (text := path.read_text(encoding="utf-8")):
            names |= set(re.findall(r"^    (\w+): ", text, re.M))
    return sorted(names)


@dataclass
class Side:
    """The festival on one database, with its people."""

    app: Flask
    real: list[str] = field(default_factory=list)
    people: dict[str, tuple[FlaskClient, dict[str, str]]] = field(default_factory=dict)
    forms: dict[str, list[tuple[str, list[tuple[str, str]]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.app.config["WTF_CSRF_METHODS"] = set()
        with self.app.app_context(), reading():
            self.real = [
                str(value)
                for column in (Family.code, Delegation.code, Contest.code, Entry.code, Person.code, Pass.list_id, Act.id, Festival.code)
                for value in db.session.scalars(select(column).order_by(column.class_.id).limit(4))
            ] + ["1", "2", "3", "registration", "2024-06-14"]  # fmt: skip

    def come(self, number: int) -> None:
        """Everybody comes (again): requests may have ended somebody's sign-in or device."""
        for actor in ACTORS:
            with self.app.app_context():
                self.people[actor] = come_as(self.app, actor, login=f"thu-{actor}-{number}")
                db.session.remove()

    def read_forms(self, paths: list[tuple[str, tuple[Any, ...]]]) -> None:
        """Open these pages as who may, and keep their forms."""
        for actor, parts in paths:
            client, headers = self.people[actor]
            answer = client.get(self.path(parts), headers=headers)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                parser = _Forms()
                parser.feed(answer.text)
                self.forms.setdefault(actor, []).extend(parser.found)

    def filled(self, value: Any) -> Any:
        """The value with what this database calls it."""
        match value:
            case Real(place):
                return self.real[place % len(self.real)]
            case list() | tuple():
                return [self.filled(each) for each in value]
            case dict():
                return {self.filled(key): self.filled(each) for key, each in value.items()}
        return value

    def path(self, parts: tuple[Any, ...]) -> str:
        return "".join(part if place % 2 == 0 else _quoted(self.filled(part)) for place, part in enumerate(parts))

    def send(self, shot: Shot) -> tuple[int, Any]:
        """The status, and of a delivery the verdicts."""
        client, headers = self.people[shot.actor]
        path, fields = self.path(shot.path), shot.form
        if shot.grown is not None:
            actor, place = shot.grown
            action, kept = self.forms[actor][place]
            spoilt = dict(shot.form or ())
            path = urlsplit(action).path or path
            fields = tuple((name, spoilt.get(name, value)) for name, value in kept)
        given: dict[str, Any] = {"headers": headers}
        given["query_string"] = _encoded([(name, self.filled(value)) for name, value in shot.query])
        if shot.file is not None:
            named = {name: str(self.filled(value)).encode("utf-8", "replace").decode() for name, value in fields or ()}
            given["data"] = named | {"file": (io.BytesIO(shot.file[1]), shot.file[0])}
        elif fields is not None:
            given["data"] = _encoded([(name, self.filled(value)) for name, value in fields])
            given["content_type"] = "application/x-www-form-urlencoded"
        elif shot.raw is not None:
            given |= {"data": shot.raw, "content_type": "application/json"}
        elif shot.method != "GET":
            given |= {"data": json.dumps(self.filled(shot.body)), "content_type": "application/json"}
        if shot.headers:
            given["environ_overrides"] = dict(shot.headers)
            if "HTTP_COOKIE" in given["environ_overrides"]:
                client = self.app.test_client(use_cookies=False)  # a client's own cookies would take its place
        try:
            answer = client.open(path, method=shot.method, **given)
        except Exception as error:  # to a server, whatever is raised is a 500
            return 500, type(error).__name__
        sent = answer.json if answer.mimetype == "application/json" and "/sync" in path else None
        verdicts = (
            [(each["verdict"], each["reason"]) for each in sent["verdicts"]] if sent and "verdicts" in sent else None
        )
        return answer.status_code, verdicts


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _encoded(pairs: list[tuple[str, Any]]) -> str:
    return urlencode([(name, str(value)) for name, value in pairs], errors="surrogatepass")


class Fuzzer:
    """Thinks requests up; the same seed thinks the same."""

    def __init__(self, seed: int, app: Flask, forms: dict[str, list[tuple[str, list[tuple[str, str]]]]]) -> None:
        self.luck = random.Random(seed)
        self.names, self.keys, self.forms = field_names(), key_names(), forms
        assert len(self.names) > 40 and len(self.keys) > 40
        modules = {rule.endpoint: app.view_functions[rule.endpoint].__module__ for _, rule, _ in doors(app)}
        # A door reads names of its own module and its room's forms; a few of others show that it does not mind them.
        self.own = {endpoint: self._names_of(module) for endpoint, module in modules.items()}
        self.doors = [door for door in doors(app) if door[1].endpoint not in LEFT_OUT]
        self.round: list[Any] = []

    def _names_of(self, module: str) -> list[str]:
        own = {*field_names(module.replace(".", "/") + ".py"), *field_names(f"/{module.split('.')[1]}/forms.py")}
        return sorted(own) or self.names

    def some_names(self, endpoint: str, most: int) -> list[str]:
        own = self.own[endpoint]
        return self.luck.sample(own, min(len(own), most)) + self.luck.sample(
            [*self.names, "page", "known", "cursor"], 2
        )

    def value(self) -> Any:
        return Real(self.luck.randrange(64)) if self.luck.random() < 0.3 else self.luck.choice(STRANGE)

    def json(self, depth: int = 0) -> Any:
        kind = self.luck.randrange(9 if depth < 4 else 6)
        if kind < 3:
            return self.value()
        if kind < 6:
            return self.luck.choice([None, True, False, 0, -1, 2**53, 2**63, 10**24, 1.5, 1e308])
        if kind == 6:
            return [self.json(depth + 1) for _ in range(self.luck.randrange(4))]
        return {
            self.luck.choice([*self.keys, self.luck.choice(STRANGE)]): self.json(depth + 1)
            for _ in range(self.luck.randrange(6))
        }

    def mutation(self) -> dict[str, Any]:
        """A mutation that is nearly right."""
        made: dict[str, Any] = {
            "v": 2,
            "mid": f"0190{self.luck.randrange(16**4):04x}-0000-7000-8000-{self.luck.randrange(16**12):012x}",
            "seq": self.luck.randrange(1, 10**6),
            "kind": self.luck.choice(["scan", "scan.undo", "sheet.send", "sheet.abstain", "sheet.resolve", self.luck.choice(STRANGE)[:60]]),
            "subject": self.luck.choice([Real(self.luck.randrange(64)), self.luck.choice(STRANGE)[:200]]),
            "body": self.luck.choice(
                [
                    {"pass": Real(self.luck.randrange(64)), "persons": None},
                    {"marks": {self.luck.choice(STRANGE): self.json()}},
                    {"state": self.luck.choice(STRANGE), "note": self.luck.choice(STRANGE)},
                    self.json(),
                ]
            ),
            "base_version": self.luck.choice([None, 0, 1, -1]),
            "wall_ms": self.luck.choice([1718323200000, 0, 10**20, -1]),
            "offset_ms": 0,
            "prev_hash": None,
        }  # fmt: skip
        if self.luck.random() < 0.4:
            made[self.luck.choice([*made, self.luck.choice(STRANGE)])] = self.json()
        return made

    def registration(self) -> dict[str, Any]:
        member = {
            "name": "Danh Chung",
            "relation": "Người đại diện",
            "sex": "Nam",
            "birth": "1984",
            "agreed_by": "Danh Chung",
        }
        made: dict[str, Any] = {
            "key": f"fuzz-{self.luck.randrange(10**9)}", "festival": Real(28), "delegation": Real(4), "phone": "0912345678",
            "members": [member, {**member, "relation": "Con", self.luck.choice(list(member)): self.json()}],
        }  # fmt: skip
        made[self.luck.choice([*made, *self.keys])] = self.json()
        return made

    def shot(self) -> Shot:
        """One request: a form of ours spoilt, or any door (each in turn) with anything."""
        headers: tuple[tuple[str, str], ...] = ()
        if self.luck.random() < 0.15:
            headers = ((f"HTTP_{self.luck.choice(HEADERS)}", self.luck.choice(STRANGE_HEADERS)),)
        elif self.luck.random() < 0.05:
            headers = (("QUERY_STRING", self.luck.choice(RAW_QUERIES)),)
        if self.forms and self.luck.random() < 0.35:
            actor = self.luck.choice(sorted(self.forms))
            place = self.luck.randrange(len(self.forms[actor]))
            names = [name for name, _ in self.forms[actor][place][1]] or ["x"]
            spoilt = tuple((self.luck.choice(names), self.value()) for _ in range(self.luck.randint(1, 3)))
            return Shot(actor, "POST", ("/",), form=spoilt, headers=headers, grown=(actor, place))
        if not self.round:
            self.round = self.luck.sample(self.doors, len(self.doors))
        method, rule, policy = self.round.pop()
        may = [actor for actor in ACTORS if allowed(policy, actor)]
        actor = self.luck.choice(may if may and self.luck.random() < 0.75 else ACTORS)
        pieces = re.split(r"<[^>]+>", rule.rule)
        path: list[Any] = [pieces[0]]
        for piece in pieces[1:]:
            path += [self.value(), piece]
        query = [(name, self.value()) for name in self.some_names(rule.endpoint, 3)] if self.luck.random() < 0.5 else []
        shot = Shot(actor, method, tuple(path), tuple(query), headers=headers)
        if method == "GET":
            return shot
        if rule.rule.startswith("/api"):
            return self.json_shot(shot, rule.rule)
        form = tuple((name, self.value()) for name in self.some_names(rule.endpoint, 10))
        if "import" in rule.rule and self.luck.random() < 0.1:
            return replace(shot, form=form, file=("danh\u202e-sach\x07.xlsx", self.luck.randbytes(2000)))
        return replace(shot, form=form)

    def json_shot(self, shot: Shot, rule: str) -> Shot:
        """The same with a body that is nearly right, JSON of any kind, or none at all."""
        if self.luck.random() < 0.1:
            return replace(shot, raw=self.luck.choice(NO_JSON))
        if "sync" in rule:
            known = self.json(3) if self.luck.random() < 0.2 else []
            return replace(shot, body={"v": 2, "mutations": [self.mutation() for _ in range(3)], "known": known})
        if "registrations" in rule and self.luck.random() < 0.7:
            return replace(shot, body=self.registration())
        return replace(shot, body=self.json())


def pages(fuzzer: Fuzzer) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every page, as the first who may open it, once with each of a few values of the database."""
    for method, rule, policy in fuzzer.doors:
        if method != "GET" or rule.rule.startswith("/api"):
            continue
        actor = next(
            (each for each in (Role.ORGANISER, Role.SECRETARY, Role.OFFICER, *ACTORS) if allowed(policy, each)), None
        )
        pieces = re.split(r"<[^>]+>", rule.rule)
        for place in (0, 4, 8, 24) if len(pieces) > 1 else (0,):
            path: list[Any] = [pieces[0]]
            for piece in pieces[1:]:
                path += [Real(place), piece]
            if actor is not None:
                yield actor, tuple(path)
