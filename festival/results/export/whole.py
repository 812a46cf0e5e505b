"""What does an export say of the delegations as a whole: the rule, the lines, the decisions, the awards?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festival.contests.models import ContestState
from festival.editions.models import Festival
from festival.results.delegations.table import WholeTable, read_whole, whole_delegation, whole_json
from festival.results.export.amended import given_in_whole
from festival.results.export.shown import ShownInExport
from festival.results.ladder.states import whole_stream
from festival.results.proof.awarded import whole_awards_told

FULL = (ShownInExport.STANDINGS.value, ShownInExport.MARKS.value)


def whole_told(festival: Festival, shows: Mapping[str, str], *, jury: bool) -> dict[str, Any] | None:
    """None where the rules rank no delegations or nothing of it may be said yet.

    `shows`: by code of contest what the export holds of it; the places stand where each counted contest shows its own.
    """
    if not jury and not read_whole(festival.id, ContestState.PUBLISHED):
        return None
    found = whole_delegation(festival)
    if found is None or (found.provisional and found.minutes is None):
        return None
    told: dict[str, Any] = {
        "stream": whole_stream(festival),
        "contests": [each.code for each in found.contests],
        "signed": found.minutes is not None,
        "awards": whole_awards_told(festival.id),
    }
    if any(shows.get(each.code) not in FULL for each in found.contests) or found.unlike:
        return told
    told["rule"] = festival.ruleset["whole_delegation"]
    if given := given_in_whole(festival.id):
        told["given"] = given
    told["delegations"] = sorted(({"code": line.code} for line in found.lines), key=lambda each: each["code"])
    without = {"name", "given"} if jury else {"name", "given", "reasons"}
    told["lines"] = [
        {key: value for key, value in line.items() if key not in without} for line in whole_json(found.lines)
    ]
    if points := _points(found, jury=jury):
        told["points"] = points
    told["decisions"] = [
        {"id": row.id, "kind": row.kind.value, "content": row.content}
        | ({"reason": row.reason, "names": row.names} if jury else {})
        for row in found.agenda.decided.rows
    ]
    return told


def _points(found: WholeTable, *, jury: bool) -> list[dict[str, Any]]:
    """Points that were given or taken and are in the lines; what they were for is the jury's."""
    rows = [{**each.kept(), "delegation": line.code} for line in found.lines for each in line.given]
    open_to_all = ("n", "delegation", "points")
    return [
        row if jury else {key: row[key] for key in open_to_all} for row in sorted(rows, key=lambda row: int(row["n"]))
    ]
