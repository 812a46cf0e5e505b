"""Do the documents speak of every setting, command, permission and route of the API that there is, and of no other?"""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from config import PREFIX, ROOT
from festival.core.web.access import Permission
from festival.operations.commands import RoomCommand

pytestmark = pytest.mark.either_database

DOCS = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
# Flask's and its extensions' own commands; `db upgrade` is ours to explain.
BORROWED = {"run", "shell", "routes", "limiter", "db"}


def everything() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in DOCS)


def settings() -> set[str]:
    """Every name config.py reads."""
    source = (ROOT / "config.py").read_text(encoding="utf-8")
    return {PREFIX + name for name in re.findall(r"read\.(?:text|number|flag|address)\(\s*\"([A-Z_]+)\"", source)}


def test_every_setting_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    written = set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", text))
    assert len(settings()) > 15
    assert written == settings()
    assert "DATABASE_URL" in text


def commands(app: Flask) -> set[str]:
    """`flask …` lines there are."""
    found = set()
    for name, known in app.cli.commands.items():
        if name in BORROWED:
            continue
        command = known.load() if isinstance(known, RoomCommand) else known
        if isinstance(command, click.Group):
            found |= {f"flask {name} {inner}" for inner in command.commands}
        else:
            found.add(f"flask {name}")
    return found


def test_every_command_is_documented(app: Flask) -> None:
    text = everything()
    known = commands(app)
    assert [line for line in sorted(known) if not re.search(rf"{re.escape(line)}(?![\w-])", text)] == []


def test_every_permission_is_documented() -> None:
    text = everything()
    assert [permission.value for permission in Permission if f"`{permission.value}`" not in text] == []


def test_every_link_inside_the_documents_leads_somewhere() -> None:
    broken = []
    for path in DOCS:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{Path(path).relative_to(ROOT)}: {target}")
    assert broken == []
