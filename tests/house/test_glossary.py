"""Does the code speak the words of the glossary: every table, every permission, and none of the words it does not use?"""

from __future__ import annotations

import ast
import re

import pytest
from flask import Flask

from config import ROOT
from festival.core.database import Base
from festival.core.web.access import Permission

pytestmark = pytest.mark.either_database

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    """The cells of the first table, without its head."""
    table = GLOSSARY.split("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(column: int) -> set[str]:
    return {word.strip() for row in rows() for word in row[column].split(",") if word.strip()}


# Words the glossary leaves to other meanings ("place of origin") are sentences, not single words.
NEVER = {word for word in named(4) if " " not in word}


def words_of(name: str) -> set[str]:
    """`PanelDecision`, `panel_decision` and `/panel-decision` are panel and decision."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_every_table_is_a_word_of_the_glossary(app: Flask) -> None:
    tables = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    assert {name for name in named(3) if not name.startswith("`")} == tables


def test_every_permission_is_a_word_of_the_glossary() -> None:
    assert {name.strip("`") for name in named(3) if name.startswith("`")} == {each.value for each in Permission}


def names() -> list[str]:
    """Classes and functions of the house, its files, and those of templates and scripts."""
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in ("festival", "templates", "static/js")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".js"} and "data" not in path.parts
    ]
    for path in (ROOT / "festival").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.append(node.name)
    return found


def test_no_name_uses_a_word_the_glossary_does_not() -> None:
    assert {"jury", "ticket", "ballot"} <= NEVER
    assert [name for name in names() if words_of(name) & NEVER] == []


def test_no_address_uses_a_word_the_glossary_does_not(app: Flask) -> None:
    # what was printed and shared before still leads somewhere
    kept = {"/jury", "/jury/<path:rest>"}
    assert [
        str(rule) for rule in app.url_map.iter_rules() if words_of(str(rule)) & NEVER and str(rule) not in kept
    ] == []


@pytest.mark.parametrize("name", ["JuryMember", "festival/results/jury_pages.py", "/jury/<code>", "ticket_of"])
def test_the_search_bites(name: str) -> None:
    assert words_of(name) & NEVER
