"""How are many names said in one sentence? Pure: the first twenty, and how many more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from festival.core.sentence import N_, Sentence, Value

MOST = 20
AND_MORE = N_("%(names)s và %(more)s nữa")
MORE = N_("… và %(more)s nữa.")


def listed(names: Sequence[str]) -> Value:
    """The names in one value of a sentence."""
    said = ", ".join(names[:MOST])
    return said if len(names) <= MOST else AND_MORE.filled(names=said, more=len(names) - MOST)


def first(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """One sentence for each, and one for all that are too many."""
    yield from sentences[:MOST]
    if len(sentences) > MOST:
        yield MORE.filled(more=len(sentences) - MOST)
