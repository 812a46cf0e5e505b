"""Is a better answer asked for than the one that was shown?"""

from __future__ import annotations

from flask import request

from festival.core.numbers import typed_number
from festival.core.text import cut
from festival.core.web.forms import not_offered
from festival.schedule.mending.proposing import FoundBefore
from festival.schedule.mending.taking import moves_typed

DEEDS = ("look", "further", "take")
STAMP = 64  # letters at most


def deed() -> str:
    """What the form is sent for."""
    do = request.form.get("do", "look")
    if do not in DEEDS:
        raise not_offered("do")
    return do


def found_before() -> FoundBefore | None:
    """What the page showed, as the form brings it back; BadInput when that cannot be read."""
    form = request.form
    if deed() != "further":
        return None
    moves = moves_typed(form["moves"]) if form.get("moves") else ()
    looks, least = (typed_number(form.get(name, "")) or 0 for name in ("looks", "least"))
    return FoundBefore(looks, moves, least, cut(form.get("seen", ""), STAMP))
