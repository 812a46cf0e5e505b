"""Which packages do the lock files name, at which version?"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON, NODE = "PyPI", "npm"
_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", flags=re.MULTILINE)
_PURL = {PYTHON: "pypi", NODE: "npm"}


@dataclass(frozen=True, slots=True, order=True)
class Locked:
    """A package as its registry names it."""

    registry: str
    name: str
    version: str

    @property
    def purl(self) -> str:
        """The name other programs know it by."""
        return f"pkg:{_PURL[self.registry]}/{self.name.replace('@', '%40')}@{self.version}"


def canonical(registry: str, name: str) -> str:
    """One name for what PyPI takes for one."""
    return re.sub(r"[-_.]+", "-", name).lower() if registry == PYTHON else name


def locked(path: Path) -> list[Locked]:
    """All of one file, by name; ValueError when it names none."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        found = {
            Locked(NODE, where.rpartition("node_modules/")[2], each["version"])
            for where, each in json.loads(text)["packages"].items()
            if where
        }
    else:
        found = {Locked(PYTHON, canonical(PYTHON, name), version) for name, version in _PINNED.findall(text)}
    if not found:
        raise ValueError(f"{path} names no package")
    return sorted(found)
