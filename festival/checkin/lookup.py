"""Whom does a name, the end of a phone number or a typed code mean at the gate?"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from festival.checkin.listing.held import ListedPass
from festival.checkin.offline_list import gate_list, list_stamp
from festival.core.names import fold
from festival.core.phones import searched_digits
from festival.passes import code, first_form, queries

FOUND_MAX = 6  # what a person at a gate reads before the next family stands there; more names would be browsing

ASKED_LEAST = 3  # letters or digits: two letters list half of a festival

PHONE_TAIL = 4

By = Literal["code", "phone", "name"]


@dataclass(frozen=True, slots=True)
class LookupAnswer:
    """The passes meant, at most `FOUND_MAX`; `more` when others match too; `by` says what the text was taken for.

    `replaced`: the typed code is of a card that another one has taken the place of.
    """

    by: By
    found: tuple[ListedPass, ...] = ()
    more: bool = False
    replaced: bool = False


def long_enough(asked: str) -> bool:
    """Whether a text has enough letters and digits to look for."""
    return sum(character.isalnum() for character in fold(asked)) >= ASKED_LEAST


def look_up(festival_id: int, asked: str) -> LookupAnswer:
    """Passes meant by a typed code, a name (marks do not matter) or the last digits of a phone."""
    text = asked.strip()
    every = gate_list(festival_id, list_stamp(festival_id)).cards
    typed = _typed_code(festival_id, text)
    if typed:
        hit = queries.pass_of_typed(festival_id, typed)
        card = every.get(hit.list_id) if hit else None
        return LookupAnswer("code", (card,) if card else (), replaced=hit is not None and hit.replaced_at is not None)
    digits = searched_digits(text)
    words = fold(text).split()
    by: By = "name"
    hits: list[ListedPass] = []
    if len(digits) >= PHONE_TAIL and not any(character.isalpha() for character in text):
        by = "phone"
        hits = [card for card in every.values() if any(phone.endswith(digits) for phone in card.phones if phone)]
    elif long_enough(text):
        # The unit's words may stand beside a name; alone they would list the unit.
        hits = [
            card
            for card in every.values()
            if any(f" {word}" in f" {card.search}" for word in words)
            and all(f" {word}" in f" {card.search} {_folded(str(card.record['unit']))}" for word in words)
        ]
        # Whose own name it is comes before those who only have somebody of that name among them.
        hits.sort(key=lambda card: not all(word in fold(str(card.record["name"])) for word in words))
    return LookupAnswer(by, tuple(hits[:FOUND_MAX]), len(hits) > FOUND_MAX)


@lru_cache(maxsize=512)
def _folded(unit: str) -> str:
    """Of a unit, which stands on every card of its delegation."""
    return fold(unit)


def _typed_code(festival_id: int, text: str) -> str:
    """The text as a typed code is kept, of the first form only while there are cards of it; "" for anything else."""
    with suppress(code.NotAPass):
        return code.read_typed(text)
    with suppress(code.NotAPass):
        old = first_form.read_typed(text)
        # Eight letters may be a name just as well: a code is what a card has.
        return old if queries.first_form_left(festival_id) and queries.pass_of_typed(festival_id, old) else ""
    return ""


def chosen(festival_id: int, list_id: str) -> ListedPass | None:
    """The pass somebody chose among those found, with its people; None when it is no longer valid."""
    return gate_list(festival_id, list_stamp(festival_id)).cards.get(list_id)


def people_of(record: Mapping[str, Any]) -> list[str]:
    """Codes of everybody a record stands for, the families of a delegation too."""
    return [member["c"] for group in [record, *record.get("groups", [])] for member in group["members"]]
