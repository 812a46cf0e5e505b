"""Which empty slips does a third marking need? For each group a slip of every judge who may mark it and entry, and of a third judge.

They are the slips of the contest, under another heading; their QR opens the contest's page, where the signed totals are typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from festival.core import qr
from festival.judging.sheets import blank_sheets
from festival.judging.tally import Tally


def plan_of(tallied: Tally) -> dict[str, Any]:
    """What is printed on every slip."""
    return blank_sheets.plan_of(tallied) | {"heading": _("Phiếu chấm lại")}


def slips_of(plan: dict[str, Any], tallied: Tally, groups: Iterable[Sequence[str]]) -> list[tuple[dict[str, Any], str]]:
    """Each slip with its code. Who is tied to one of a group marks none of it again."""
    code = qr.svg(plan["address"] + url_for("results.contest", code=plan["code"]), level="M")
    found: list[tuple[dict[str, Any], str]] = []
    for group in groups:
        own = [each for each in plan["slips"] if each["entry"] in group]
        given: dict[str, list[dict[str, Any]]] = {}
        for slip in own:
            given.setdefault(slip["letter"], []).append(slip)
        whole = [slips for slips in given.values() if len(slips) == len(group)]
        third = [{**slip, "letter": "", "judge": ""} for slip in {each["entry"]: each for each in own}.values()]
        found += [(slip, code) for slips in (*whole, third) for slip in slips]
    return found
