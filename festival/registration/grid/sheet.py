"""What is kept of an officer's grid between two presses of a button, and how does a paste or a removal come undone? Pure.

A step keeps the families as they stood before it. Undoing one keeps what stands now, so that it comes back too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from festival.core import sentence
from festival.core.names import nfc
from festival.core.sentence import N_, Sentence
from festival.registration.grid import typed
from festival.registration.grid.pasting import Pasted
from festival.registration.grid.typed import MOST_FAMILIES, TypedFamily, TypedPerson
from festival.roster.household import MOST_MEMBERS

MOST_STEPS = 10
TYPED_OVER = N_("chép đè bản gõ ở trang khác", "typed_elsewhere")
TYPING_DROPPED = N_("bỏ phần gõ dở", "typing_dropped")


@dataclass(frozen=True, slots=True)
class GridStep:
    """One thing that was done to the grid, and the families before it (for one that was undone: after it)."""

    what: Sentence
    families: tuple[TypedFamily, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`key` names the page; `checked`: keeping it was refused, so that what is missing is said too; `text`: pasted and not placed."""

    key: str
    families: tuple[TypedFamily, ...] = ()
    back: tuple[GridStep, ...] = ()
    forth: tuple[GridStep, ...] = ()
    checked: bool = False
    text: str = ""
    refused: Sentence | None = None

    def typing(self, families: tuple[TypedFamily, ...]) -> Sheet:
        """With what stands in the cells now."""
        return replace(self, families=families)

    def did(self, what: Sentence, families: Iterable[TypedFamily]) -> Sheet:
        """After a step that can be undone."""
        back = (*self.back, GridStep(what, self.families))[-MOST_STEPS:]
        return replace(self, families=tuple(families), back=back, forth=(), text="", refused=None)

    def undone(self) -> Sheet:
        """Before the last step; unchanged when there is none."""
        if not self.back:
            return self
        last = self.back[-1]
        forth = (*self.forth, GridStep(last.what, self.families))[-MOST_STEPS:]
        return replace(self, families=last.families, back=self.back[:-1], forth=forth)

    def redone(self) -> Sheet:
        """After the step that was undone last."""
        if not self.forth:
            return self
        next_one = self.forth[-1]
        back = (*self.back, GridStep(next_one.what, self.families))[-MOST_STEPS:]
        return replace(self, families=next_one.families, back=back, forth=self.forth[:-1])

    def without_row(self, family: int, row: int) -> Sheet:
        """One person taken off."""
        people = self._people(family)
        if row >= len(people):
            return self
        what = N_("bỏ dòng của %(name)s", "row_removed", name=nfc(people[row].name) or "—")
        return self.did(what, self._with(family, (*people[:row], *people[row + 1 :])))

    def without_family(self, family: int) -> Sheet:
        """One family taken off."""
        if family >= len(self.families):
            return self
        what = N_("bỏ gia đình thứ %(n)s", "family_removed", n=family + 1)
        return self.did(what, (*self.families[:family], *self.families[family + 1 :]))

    def taking(self, text: str, found: Pasted, family: int, row: int) -> Sheet:
        """A paste at the row where the hand was; what cannot be placed stays to be seen."""
        if found.refused is not None:
            return replace(self, text=text, refused=found.refused)
        if found.column is not None:
            key, values = found.column
            what = N_("dán %(n)s ô", "cells_pasted", n=len(values))
            return self.did(what, self._filled(family, row, key, values))
        families = self._placed(found.families, family)
        if families is None:
            return replace(self, text=text, refused=_NO_ROOM)
        what = N_(
            "dán %(families)s gia đình, %(people)s người",
            "families_pasted",
            families=len(found.families),
            people=found.people,
        )
        return self.did(what, families)

    def _placed(self, found: tuple[TypedFamily, ...], at: int) -> tuple[TypedFamily, ...] | None:
        """Into the family where the hand is while nobody began it, else behind all; people alone join the family at hand."""
        kept = list(self.families)
        here = kept[at] if at < len(kept) else TypedFamily()
        if len(found) == 1 and not here.blank and not found[0].phone:
            joined = typed.joined(here, found[0])
            return (*kept[:at], joined, *kept[at + 1 :]) if len(joined.people) <= MOST_MEMBERS else None
        put = kept[:at] + list(found) + kept[at + 1 :] if here.blank else kept + list(found)
        whole = [each for each in put if not each.blank]
        return tuple(whole) if len(whole) <= MOST_FAMILIES else None

    def _filled(self, family: int, row: int, key: str, values: tuple[str, ...]) -> tuple[TypedFamily, ...]:
        if key == "phone":
            values = tuple(filter(None, values))
            kept = [*self.families, *[TypedFamily()] * (family + len(values) - len(self.families))][:MOST_FAMILIES]
            return tuple(
                replace(each, phone=values[at - family]) if 0 <= at - family < len(values) else each
                for at, each in enumerate(kept)
            )
        people = list(self._people(family))
        people += [TypedPerson()] * (min(row + len(values), MOST_MEMBERS) - len(people))
        for at, value in enumerate(values[: MOST_MEMBERS - row], row):
            people[at] = typed.with_cell(people[at], key, value)
        return self._with(family, tuple(people))

    def _people(self, family: int) -> tuple[TypedPerson, ...]:
        return self.families[family].people if family < len(self.families) else ()

    def _with(self, family: int, people: tuple[TypedPerson, ...]) -> tuple[TypedFamily, ...]:
        kept = [*self.families, *[TypedFamily()] * (family + 1 - len(self.families))]
        kept[family] = replace(kept[family], people=people)
        return tuple(kept)


_NO_ROOM = N_(
    "Bảng này nhận nhiều nhất %(most)s gia đình. Hãy lưu các gia đình đang có rồi dán tiếp.",
    "grid_full",
    most=MOST_FAMILIES,
)


def to_json(sheet: Sheet) -> dict[str, Any]:
    """Plain JSON of a sheet."""
    return {
        "key": sheet.key,
        "families": typed.to_json(sheet.families),
        "back": [
            {"what": sentence.to_json(step.what), "families": typed.to_json(step.families)} for step in sheet.back
        ],
        "forth": [
            {"what": sentence.to_json(step.what), "families": typed.to_json(step.families)} for step in sheet.forth
        ],
        "checked": sheet.checked,
        "text": sheet.text,
        "refused": sentence.to_json(sheet.refused) if sheet.refused else None,
    }


def from_json(content: Mapping[str, Any]) -> Sheet:
    """What `to_json` wrote (our own JSON)."""
    refused = content.get("refused")
    return Sheet(
        content["key"],
        typed.from_json(content["families"]),
        _steps(content["back"]),
        _steps(content["forth"]),
        content["checked"],
        content["text"],
        sentence.from_json(refused) if refused else None,
    )


def _steps(steps: Iterable[Mapping[str, Any]]) -> tuple[GridStep, ...]:
    return tuple(GridStep(sentence.from_json(each["what"]), typed.from_json(each["families"])) for each in steps)
