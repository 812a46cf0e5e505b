"""What of a file waits for somebody's word, and how is it kept until then? Pure: plain JSON of an import's row.

`new`: a family that would be written, as it will be and as it may be written instead. `skipped`: one that is not, with every
cell as it stands in the file, so that it can be handed back to be mended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from festival.core.sentence import N_, Sentence
from festival.core.sentence import from_json as sentence_from
from festival.core.sentence import to_json as sentence_to
from festival.registration.excel.fates import FamilyFate
from festival.registration.excel.sheet import CellProblem
from festival.roster.household import Household, from_json, to_json

GARBLED = N_(
    "Tên bị hỏng chữ. Hãy gõ lại tên trong tệp, hoặc đánh dấu “Ghi với tên đã sửa” khi xem trước.", "left_garbled"
)
OVERTAKEN = N_("Gia đình này vừa được người khác ghi trước. Hãy mở gia đình trên trang để xem lại.", "passed_over")
WITH_OTHERS = N_("Gia đình này không có lỗi. Nó chờ các gia đình khác trong tệp được sửa.", "waits_for_others")


@dataclass(frozen=True, slots=True)
class NewFamily:
    """A family of the file as it will be written, with the titles of its acts."""

    household: Household
    titles: Mapping[str, str]
    kept: Mapping[str, Any]


def new_of(each: FamilyFate) -> dict[str, Any]:
    """A family that will be written."""
    kept: dict[str, Any] = {"home": to_json(each.household), "titles": dict(each.titles), "rows": _rows(each)}
    if each.offered is not None:
        kept |= {"label": each.label, "garbled": each.garbled, "offered": to_json(each.offered)}
    return kept


def skipped_of(each: FamilyFate) -> list[dict[str, Any]]:
    """The rows of a family that is not written, with what is wrong; what is wrong with the family stands in its first row."""
    rows = []
    for place, row in enumerate(each.rows):
        why = [*(each.reasons if place == 0 else ()), *(_at_cell(problem) for problem in row.problems)]
        rows.append(
            {
                "cells": dict(row.cells),
                "faults": [problem.key for problem in row.problems if problem.key],
                "why": [sentence_to(reason) for reason in why],
            }
        )
    return rows


def not_written(kept: Mapping[str, Any], why: Sentence) -> list[dict[str, Any]]:
    """The rows of a family that would have been written and was not."""
    return [
        {"cells": cells, "faults": [], "why": [sentence_to(why)] if place == 0 else []}
        for place, cells in enumerate(kept.get("rows", ()))
    ]


def chosen(
    households: Iterable[Mapping[str, Any]], repaired: Collection[str] | None
) -> tuple[list[NewFamily], list[Mapping[str, Any]]]:
    """What is written, with or without the offered names; and those whose name cannot stay and whose repair was not chosen.

    `repaired`: the labels of the families whose offered names are taken (None: all).
    """
    written, left_out = [], []
    for kept in households:
        home = kept.get("home", kept)  # of an earlier release: the household alone
        if "offered" in kept and (repaired is None or kept["label"] in repaired):
            home = kept["offered"]
        elif kept.get("garbled"):
            left_out.append(kept)
            continue
        written.append(NewFamily(from_json(home), kept.get("titles", {}), kept))
    return written, left_out


def name_of(kept: Mapping[str, Any]) -> str:
    """How a family that was kept is called."""
    return from_json(kept.get("home", kept)).name


def reasons_of(row: Mapping[str, Any]) -> list[Sentence]:
    """What is wrong with a row that was kept."""
    return [sentence_from(each) for each in row["why"]]


def _rows(each: FamilyFate) -> list[dict[str, str]]:
    return [dict(row.cells) for row in each.rows]


def _at_cell(problem: CellProblem) -> Sentence:
    return N_("%(column)s: %(reason)s", "at_cell", column=problem.heading, reason=problem.reason)
