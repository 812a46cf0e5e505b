"""What would become of each row of a file, and why? Pure: the rows as read, and who stands where already.

One refused row refuses nothing else. The same person twice in the file, or on the list already, is told and not written
again; a namesake elsewhere is written only when somebody says that these are other people.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from festival.badges.people import Outsider, told, untold
from festival.core.sentence import N_, Sentence, from_json, to_json


class RowFate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    ALIKE = "alike"
    SAME = "same"
    TWICE = "twice"
    ERROR = "error"


ROW_FATE_WORDS: dict[RowFate, Sentence] = {
    RowFate.NEW: N_("Sẽ ghi mới"),
    RowFate.ALIKE: N_("Trùng tên, cần xem"),
    RowFate.SAME: N_("Đã có, giữ nguyên"),
    RowFate.TWICE: N_("Hai lần trong tệp"),
    RowFate.ERROR: N_("Cần sửa trong tệp"),
}


@dataclass(frozen=True, slots=True)
class CellFault:
    """A fault of one cell: `E7`, the heading of its column, why and what to do."""

    cell: str
    heading: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class BadgeRow:
    """One row as the file says it."""

    row: int
    who: Outsider
    faults: tuple[CellFault, ...] = ()


@dataclass(frozen=True, slots=True)
class FatedRow:
    """A row with what becomes of it; `where`: the row or the place in which the same name stands."""

    read: BadgeRow
    fate: RowFate
    why: Sentence | None = None


def fated(rows: Sequence[BadgeRow], there: Collection[str], namesakes: Mapping[str, str]) -> list[FatedRow]:
    """Every row's fate in the order of the file. `there`: identities on the list; `namesakes`: folded name → where."""
    first: dict[str, int] = {}
    names: dict[str, int] = {}
    found = []
    for each in rows:
        who = each.who
        if each.faults:
            found.append(FatedRow(each, RowFate.ERROR))
        elif who.identity in first:
            why = N_(
                "Trùng với dòng %(row)s (cùng tên, điện thoại và chức danh): chỉ ghi một lần.", row=first[who.identity]
            )
            found.append(FatedRow(each, RowFate.TWICE, why))
        elif who.identity in there:
            found.append(FatedRow(each, RowFate.SAME, N_("Người này đã có trong danh sách.")))
        elif who.folded in namesakes:
            place = namesakes[who.folded]
            why = N_("Cùng tên với một người trong “%(place)s”.", place=place) if place else ELSEWHERE
            found.append(FatedRow(each, RowFate.ALIKE, why))
        elif who.folded in names:
            found.append(FatedRow(each, RowFate.ALIKE, N_("Cùng tên với dòng %(row)s.", row=names[who.folded])))
        else:
            found.append(FatedRow(each, RowFate.NEW))
        if not each.faults:
            first.setdefault(who.identity, each.row)
            names.setdefault(who.folded, each.row)
    return found


ELSEWHERE = N_("Cùng tên với một người ở danh sách hoặc gia đình khác.")


# ------------------------------------------------------------------------------------------------ while it waits


def rows_to_json(rows: Sequence[BadgeRow], remarks: Sequence[Sentence]) -> dict[str, Any]:
    """A file that was read, as it waits for somebody's word."""
    kept = [
        {
            "row": each.row,
            "who": told(each.who),
            "faults": [[fault.cell, fault.heading, to_json(fault.reason)] for fault in each.faults],
        }
        for each in rows
    ]
    return {"rows": kept, "remarks": [to_json(remark) for remark in remarks]}


def rows_from_json(kept: Mapping[str, Any]) -> tuple[list[BadgeRow], list[Sentence]]:
    """The other direction."""
    rows = [
        BadgeRow(
            each["row"],
            untold(each["who"]),
            tuple(CellFault(cell, heading, from_json(reason)) for cell, heading, reason in each["faults"]),
        )
        for each in kept.get("rows", ())
    ]
    return rows, [from_json(remark) for remark in kept.get("remarks", ())]
