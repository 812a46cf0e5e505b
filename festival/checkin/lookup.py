"""Whom does a name, the end of a phone number or a typed code mean at the gate?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select

from festival.checkin.offline_list import ListedPass, gate_list, list_stamp
from festival.core.database import db
from festival.core.names import fold
from festival.core.phones import searched_digits
from festival.core.secrets import look_up_hash
from festival.passes import code
from festival.passes.models import Pass

FOUND_MAX = 6  # what a person at a gate reads before the next family stands there; more names would be browsing

ASKED_LEAST = 3  # letters or digits: two letters list half of a festival

PHONE_TAIL = 4

By = Literal["code", "phone", "name"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The passes meant, at most `FOUND_MAX`; `more` when others match too; `by` says what the text was taken for."""

    by: By
    found: tuple[ListedPass, ...] = ()
    more: bool = False


def long_enough(asked: str) -> bool:
    """Whether a text has enough letters and digits to look for."""
    return sum(character.isalnum() for character in fold(asked)) >= ASKED_LEAST


def look_up(festival_id: int, asked: str) -> Answer:
    """Passes meant by a typed code, a name (marks do not matter) or the last digits of a phone."""
    text = asked.strip()
    every = gate_list(festival_id, list_stamp(festival_id)).cards
    try:
        typed = code.read_typed(text)
    except code.NotAPass:
        typed = ""
    if typed:
        hit = db.session.scalar(
            select(Pass.list_id).where(
                Pass.festival_id == festival_id, Pass.typed_hash == look_up_hash(typed), Pass.replaced_at.is_(None)
            )
        )
        if hit:
            return Answer("code", (every[hit],) if hit in every else ())
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
            and all(f" {word}" in f" {card.search} {fold(str(card.record['unit']))}" for word in words)
        ]
        # Whose own name it is comes before those who only have somebody of that name among them.
        hits.sort(key=lambda card: not all(word in fold(str(card.record["name"])) for word in words))
    return Answer(by, tuple(hits[:FOUND_MAX]), len(hits) > FOUND_MAX)


def chosen(festival_id: int, list_id: str) -> ListedPass | None:
    """The pass somebody chose among those found, with its people; None when it is no longer valid."""
    return gate_list(festival_id, list_stamp(festival_id)).cards.get(list_id)


def people_of(record: Mapping[str, Any]) -> list[str]:
    """Codes of everybody a record stands for, the families of a delegation too."""
    return [member["c"] for group in [record, *record.get("groups", [])] for member in group["members"]]
