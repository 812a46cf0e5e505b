"""How does the office's inbox call what a device of the ground said: of whom, which try or match, never with what result?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.roster.models import Entry


def measure_words(festival_id: int, bodies: Sequence[Mapping[str, Any]]) -> list[str]:
    """The entry and its try; "" for an entry that nobody knows."""
    asked = [str(body.get("subject", "")).partition("/") for body in bodies]
    names = _names(festival_id, {code for code, _slash, _round in asked})
    return [
        _("%(name)s, lượt %(n)s", name=names[code], n=round_) if code in names and round_ else names.get(code, "")
        for code, _slash, round_ in asked
    ]


def match_words(festival_id: int, bodies: Sequence[Mapping[str, Any]]) -> list[str]:
    """The two sides as the device had them; "" where one is nobody's code."""
    asked = [(str(body.get("a", "")), str(body.get("b", ""))) for body in bodies]
    names = _names(festival_id, {code for pair in asked for code in pair})
    return [_("%(one)s gặp %(two)s", one=names[a], two=names[b]) if a in names and b in names else "" for a, b in asked]


def _names(festival_id: int, codes: Iterable[str]) -> dict[str, str]:
    """One statement for all."""
    wanted = select(Entry.code, Entry.name).join(Contest, Contest.id == Entry.contest_id)
    rows = db.session.execute(wanted.where(Contest.festival_id == festival_id, Entry.code.in_(sorted(codes))))
    return {row.code: row.name for row in rows}
