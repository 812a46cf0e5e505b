"""Whom does a name, the end of a phone number or a typed code mean at the gate?"""

from __future__ import annotations

from sqlalchemy import select

from festival.checkin.offline_list import ListedPass, gate_list, list_stamp
from festival.core.database import db
from festival.core.names import fold
from festival.core.secrets import look_up_hash
from festival.passes import code
from festival.passes.models import Pass

FOUND_MAX = 12

PHONE_TAIL = 4


def look_up(festival_id: int, asked: str) -> tuple[list[ListedPass], bool]:
    """Passes meant by a typed code, a name (marks do not matter) or the last digits of a phone; at most a dozen, and
    whether there are more.
    """
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
            return [every[hit]] if hit in every else [], False
    digits = "".join(character for character in text if character.isdigit())
    words = fold(text).split()
    if len(digits) >= PHONE_TAIL and len(digits) >= len(text.replace(" ", "").replace(".", "")):
        hits = [card for card in every.values() if any(phone.endswith(digits) for phone in card.phones if phone)]
    elif words and len("".join(words)) > 1:
        hits = [card for card in every.values() if all(f" {word}" in f" {card.search}" for word in words)]
        # Whose own name it is comes before those who only have somebody of that name among them.
        hits.sort(key=lambda card: not all(word in fold(str(card.record["name"])) for word in words))
    else:
        hits = []
    return hits[:FOUND_MAX], len(hits) > FOUND_MAX
