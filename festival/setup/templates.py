"""Which contests and whole editions of published practice can an organiser start from?

The rules are data in `data/templates` and `data/packs`, each naming its source; a test reads every one of them through the
reader of rule files, alone and all together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from festival.core.sentence import Sentence
from festival.setup.fitting import fitted, with_whole
from festival.setup.pieces import Document, Piece, with_contest
from festival.setup.template_words import PACKS, TEMPLATES

__all__ = ["Pack", "Template", "fitted", "offered", "pack", "packs", "template", "with_pack", "with_template"]

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Template:
    """A contest to start from. `piece` is a contest of a rule document: a copy each time it is asked for."""

    code: str
    name: Sentence
    about: Sentence
    sources: tuple[Mapping[str, str], ...]
    _piece: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self._piece["kind"])

    @property
    def source(self) -> Mapping[str, str]:
        """The first of its sources, as a rule document names one: `url`, `what`, perhaps `date`."""
        return self.sources[0]

    @property
    def piece(self) -> Piece:
        return deepcopy(dict(self._piece))


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole edition to start from; `contests` are codes of templates, its prizes speak of the codes of their contests."""

    code: str
    name: Sentence
    about: Sentence
    sources: tuple[Mapping[str, str], ...]
    commune_contest: bool
    quotas: Mapping[str, Any]
    contests: tuple[str, ...]
    whole_delegation: Mapping[str, Any]
    special_prizes: tuple[Mapping[str, Any], ...]


def offered() -> tuple[Template, ...]:
    """Every template, in the order in which they are shown."""
    return tuple(_templates().values())


def template(code: str) -> Template | None:
    """The template of this code; None when there is none."""
    return _templates().get(code)


def packs() -> tuple[Pack, ...]:
    """Every whole edition, the smallest first."""
    return tuple(_packs().values())


def pack(code: str) -> Pack | None:
    """The whole edition of this code; None when there is none."""
    return _packs().get(code)


def with_template(document: Mapping[str, Any], chosen: Template) -> Document:
    """The document with the contest of the template at its end, fitted to it, and with the template's sources."""
    changed = with_contest(document, fitted(chosen.piece, document))
    return with_whole(changed, {}, (), chosen.sources)


def with_pack(document: Mapping[str, Any], chosen: Pack) -> Document:
    """The document with everything of the pack: contests, quotas, whole delegation, special prizes, sources.

    What the document says already stays. Delegations should stand in it before: points for places are then as many as there
    are delegations.
    """
    parts = {
        "quotas": chosen.quotas,
        "whole_delegation": chosen.whole_delegation,
        "special_prizes": chosen.special_prizes,
    }
    pieces = [found.piece for code in chosen.contests if (found := template(code))]
    changed = with_whole(document, parts, pieces, chosen.sources)
    if chosen.commune_contest:
        changed["festival"].setdefault("commune_contest", True)
    return changed


@cache
def _templates() -> Mapping[str, Template]:
    found = {}
    for code, words in TEMPLATES.items():
        data = _read("templates", code)
        found[code] = Template(code, words.name, words.about, tuple(data["sources"]), data["contest"])
    return found


@cache
def _packs() -> Mapping[str, Pack]:
    found = {}
    for code, words in PACKS.items():
        data = _read("packs", code)
        found[code] = Pack(
            code,
            words.name,
            words.about,
            tuple(data["sources"]),
            data.get("commune_contest", False),
            data["quotas"],
            tuple(data["contests"]),
            data["whole_delegation"],
            tuple(data["special_prizes"]),
        )
    return found


def _read(folder: str, code: str) -> Any:
    return json.loads((DATA / folder / f"{code}.json").read_text(encoding="utf-8"))
