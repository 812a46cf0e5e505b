"""Is every sentence there in both languages, and does a page speak only one?"""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment

from festival.demo.build import PASSWORD

pytestmark = pytest.mark.either_database

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def catalogues() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "scripts" / "catalogues.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.found = cache(module.found)  # type: ignore[attr-defined]
    return module


def test_both_catalogues_are_complete(catalogues: ModuleType) -> None:
    assert catalogues.faults() == []


def test_a_missing_translation_is_noticed(catalogues: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: with one message more than the catalogue holds, the check must speak."""
    ours, scripts = deepcopy(catalogues.found())
    ours.add("Một câu chưa ai dịch")
    monkeypatch.setattr(catalogues, "found", lambda: (ours, scripts))
    assert catalogues.faults() == ["en: Một câu chưa ai dịch"]


def test_vietnamese_comes_first_and_english_is_a_choice(client: FlaskClient) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": "en-US,en"}).text
    assert '<html lang="vi"' in page
    assert "Đăng nhập" in page
    client.set_cookie("lang", "en")
    page = client.get("/sign-in").text
    assert '<html lang="en"' in page
    assert "Sign in" in page


def test_forms_complain_in_vietnamese(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/sign-in", data={"csrf_token": token, "login": "x" * 100, "password": "x"})
    assert "Nhiều nhất 80 ký tự." in answer.text


class Visible(HTMLParser):
    """The words a person sees or hears on a page: text and the attributes that are read out."""

    SPOKEN = frozenset({"alt", "aria-description", "aria-label", "placeholder", "title"})
    SILENT = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        self.words += [value for name, value in attrs if name in self.SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def visible(html: str) -> list[str]:
    """What a page says, piece by piece, with single spaces."""
    reader = Visible()
    reader.feed(html)
    reader.close()
    return [" ".join(piece.split()) for piece in reader.words]


# Values stand in a template as this sign while its text is read.
VALUE = "\x00"
MARKUP = re.compile(r"<\w|\w+=\"")


def bare(source: str) -> list[str]:
    """The pieces of a template that a visitor would read and no catalogue ever sees."""
    lexed = list(Environment(autoescape=True).lex(source))
    text = "".join(value if kind == "data" else VALUE for _line, kind, value in lexed if kind in READ)
    pieces = [part for piece in visible(text) for part in piece.split(VALUE)]
    typed = [ast.literal_eval(value) for _line, kind, value in _outside_calls(lexed) if kind == "string"]
    words = [piece.strip(" .,:;()") for piece in pieces if WORD.search(piece) and not MARKUP.search(piece)]
    return [piece for piece in words if piece not in CLASS_NAMES] + [
        value for value in typed if VIETNAMESE.search(value)
    ]


def _outside_calls(lexed: list[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
    """The tokens that stand in no call of the catalogue."""
    depth = 0
    before = ""
    for line, kind, value in lexed:
        if kind == "whitespace":
            continue
        if depth:
            depth += (value == "(") - (value == ")")
        elif value == "(" and before in {"_", "gettext", "ngettext"}:
            depth = 1
        else:
            yield line, kind, value
        before = value


# Blocks and macros that fill a class or an id: their words are never shown.
CLASS_NAMES = frozenset({"-error", "-hint", "desk", "gate", "gate lost", "judge", "wrap-narrow"})
READ = frozenset({"data", "variable_begin", "block_begin"})
WORD = re.compile(r"[^\W\d_]{2,}")
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
SWITCH = "a language is offered under its own name"
EXAMPLE = "an example of what to type"
ALLOWED = {
    ("layouts/office.html", "Tiếng Việt"): SWITCH,
    ("layouts/public.html", "Tiếng Việt"): SWITCH,
    ("devices/devices.html", "Cổng 1"): EXAMPLE,
    ("devices/enrol.html", "XXXX-XXXX"): EXAMPLE,
    ("results/contest.html", "105/QĐ-BTC"): EXAMPLE,
    ("results/signed.html", "105/QĐ-BTC"): EXAMPLE,
    ("results/meeting/founding.html", "105/QĐ-BTC"): EXAMPLE,
}


def test_no_template_speaks_past_the_catalogue() -> None:
    found = {
        (path.relative_to(ROOT / "templates").as_posix(), piece)
        for path in sorted((ROOT / "templates").rglob("*.*"))
        if path.suffix != ".typ"  # its words come with the data, but for the heading of the state
        for piece in bare(path.read_text(encoding="utf-8"))
    }
    assert found - set(ALLOWED) == set()
    assert set(ALLOWED) - found == set(), "no longer needed"


def test_a_paper_gets_its_words_with_the_values() -> None:
    spoken = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in (ROOT / "templates").rglob("*.typ")
        for line in path.read_text(encoding="utf-8").splitlines()
        if VIETNAMESE.search(line.split("//")[0])
    }
    assert spoken == {"components/paper.typ"}, "but for the head of the state"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Xin chào</p>", ["Xin chào"]),
        ("<p>{{ _('Xin chào') }}, {{ name }}</p>", []),
        ("<p>{{ name }} đã đến</p>", ["đã đến"]),
        ('<button title="Close">×</button>', ["Close"]),
        ('{{ alert("Đã lưu") }}', ["Đã lưu"]),
        ('{{ alert(_("Đã lưu %(name)s.", name="Danh Chung"), tone("good")) }}', []),
    ],
)
def test_bare_text_in_a_template_is_seen(template: str, words: list[str]) -> None:
    """The negative control of the test above."""
    assert bare(template) == words


def test_english_pages_without_data_hold_no_vietnamese(client: FlaskClient) -> None:
    """On an empty database there is no name to excuse a Vietnamese letter; the switch back is the one exception."""
    client.set_cookie("lang", "en")
    for path in ("/", "/sign-in", "/help", "/privacy", "/programme", "/results", "/register", "/no-such-page"):
        words = visible(client.get(path, follow_redirects=True).text)
        assert [piece for piece in words if VIETNAMESE.search(piece) and piece != "Tiếng Việt"] == [], path


# What the demo's organiser called two places; a role of a device has the same words.
PLACES = frozenset({"Bàn tiếp đón", "Trưởng cổng"})


def test_no_page_of_the_festival_falls_back_to_vietnamese(demo_app: Flask, catalogues: ModuleType) -> None:
    """Every page an organiser can open without an argument, in English: data stays Vietnamese, our sentences do not."""
    ours, _scripts = catalogues.found()
    names = [message.id if isinstance(message.id, str) else message.id[0] for message in ours if message.id]
    sentences = {name for name in names if name not in PLACES and VIETNAMESE.search(name) and "%(" not in name}
    client = organiser(demo_app)
    assert sentences & set(visible(client.get("/office").text)), "the control: in Vietnamese they are seen"
    client.set_cookie("lang", "en")
    seen = 0
    for rule in demo_app.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or set()) or rule.rule.startswith("/api/"):
            continue
        answer = client.get(rule.rule)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        seen += 1
        assert sorted(sentences & set(visible(answer.text))) == [], rule.rule
    assert seen >= 10


def organiser(app: Flask) -> FlaskClient:
    """A browser in which the demo's organiser has signed in."""
    client = app.test_client()
    token = client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "login": "bantochuc", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code in {302, 303}
    return client
