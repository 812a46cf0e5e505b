"""Is there one kind of sentence, and does nobody who makes one word it in the language of the moment?"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT

HOUSE = sorted((ROOT / "festival").rglob("*.py"))
TRANSLATORS = {"flask_babel", "gettext", "babel"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The outermost packages a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def says_sentences(tree: ast.AST) -> bool:
    """Whether a module marks sentences of its own."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"
        for node in ast.walk(tree)
    )


def words_too_early(source: str) -> bool:
    """Whether a module makes sentences and knows the languages too."""
    tree = ast.parse(source)
    return says_sentences(tree) and not TRANSLATORS.isdisjoint(imported(tree))


def test_sentences_are_marked_by_one_function() -> None:
    defined = [
        path.relative_to(ROOT).as_posix()
        for path in HOUSE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == "N_"
    ]
    assert defined == ["festival/core/sentence.py"]


def test_who_makes_a_sentence_does_not_word_it() -> None:
    assert [str(path) for path in HOUSE if words_too_early(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("source", "early"),
    [
        ("from flask_babel import gettext as _\nREASON = N_('bằng điểm')", True),
        ("import gettext\ndef why(): return N_('bằng điểm')", True),
        ("REASON = N_('bằng điểm')", False),
        ("from flask_babel import gettext as _", False),
    ],
)
def test_words_too_early_are_seen(source: str, early: bool) -> None:
    """The negative control of the test above."""
    assert words_too_early(source) is early


def test_no_pure_rule_asks_for_a_translation() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (pure,) = (each["source_modules"] for each in contracts if each["id"] == "pure")
    places = [ROOT / Path(*name.split(".")) for name in pure]  # a module, or a folder of them
    paths = [path for place in places for path in (sorted(place.rglob("*.py")) or [place.with_suffix(".py")])]
    asking = [str(path) for path in paths if TRANSLATORS & set(imported(ast.parse(path.read_text(encoding="utf-8"))))]
    assert asking == []


def test_only_one_helper_words_a_sentence() -> None:
    """Whoever hands a template to the catalogue by himself forgets the values that are sentences and figures."""
    by_hand = re.compile(r"\b(?:_|gettext)\(\s*[\w.]+\.template\b")
    paths = [*HOUSE, *sorted((ROOT / "templates").rglob("*.html"))]
    found = [path.relative_to(ROOT).as_posix() for path in paths if by_hand.search(path.read_text(encoding="utf-8"))]
    assert found == ["festival/core/web/i18n.py"]
