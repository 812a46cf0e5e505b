"""Which step is this, and what stands in the others?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from festival.core.web.i18n import say
from festival.setup.deadlines import until
from festival.setup.pieces import Document


@dataclass(frozen=True, slots=True)
class Steps:
    """The three steps with their addresses, and which of them is open now (3: none, all are done)."""

    items: list[tuple[str, str | None]]
    current: int
    trail: list[tuple[str, str]]


def steps(code: str | None, current: int) -> Steps:
    """Every step of an edition that is there can be opened at any time."""
    words = (_("Ngày hội gì"), _("Ai dự thi"), _("Thi những gì"))
    doors = ("setup.what", "setup.who", "setup.contests")
    items = [(each, url_for(door, code=code) if code else None) for each, door in zip(words, doors, strict=True)]
    trail = [(_("Tổng quan"), "/office")]
    return Steps(items, current, [*trail, (_("Tổng hợp"), url_for("setup.one", code=code))] if code else trail)


def page(template: str, code: str | None, current: int, document: Document | None, **values: Any) -> str:
    """One of the pages of the steps."""
    return render_template(
        f"setup/{template}.html",
        code=code,
        steps=steps(code, current),
        document=document or {},
        **values,
    )


def notes(prefix: str, *keys: str) -> dict[str, str]:
    """Until when what stands under each key may change, and what follows: said beside its field once the edition is there."""
    told = {key: until(f"{prefix}{key}") for key in keys}
    return {key: " ".join([say(each.words), say(each.after)]) for key, each in told.items() if each.after is not None}
