"""What follows from changed rules for what is registered, planned and judged already? Said before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator

from festival.core.sentence import Sentence
from festival.editions.ruleset import Ruleset


def follows(code: str, after: Ruleset) -> Iterator[Sentence]:
    """One sentence for each thing that would stand outside the changed rules; reads inside the door's transaction."""
    yield from ()
