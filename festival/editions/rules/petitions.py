"""Until when does the jury review petitions: so many minutes after a step of the contest's ladder?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from festival.core.sentence import N_
from festival.editions.rules.document import Node

MOST_MINUTES = 14 * 24 * 60
TOGETHER = N_("petitions_after và petitions_minutes phải ghi cùng nhau")


class PetitionAfter(StrEnum):
    """From which step on the minutes count."""

    LOCKED = "locked"
    SIGNED = "signed"
    RELEASED = "released"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class PetitionRule:
    """Without it the jury reviews whenever a petition comes."""

    after: PetitionAfter
    until_minutes: int


def read_petitions(node: Node) -> PetitionRule | None:
    """The two keys beside the others of the edition."""
    after, minutes = node.at("petitions_after"), node.at("petitions_minutes")
    if after.value is None and minutes.value is None:
        return None
    if after.value is None or minutes.value is None:
        (after if after.value is None else minutes).wrong(TOGETHER)
        return None
    return PetitionRule(after.one_of(PetitionAfter), minutes.whole(0, MOST_MINUTES))
