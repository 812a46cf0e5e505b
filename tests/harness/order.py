"""In which order do the workers of a run take its tests, so that none ends alone with a long one?"""

from __future__ import annotations

import pytest


def long_first(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests, with those marked `long` in turn at the head of each worker's share; else nothing moves.

    A share is what xdist's `worksteal` gives a worker at first: the next so many of the tests as they stand.
    """
    long = [item for item in items if item.get_closest_marker("long")]
    rest = iter([item for item in items if not item.get_closest_marker("long")])
    left, ordered = len(items), list[pytest.Item]()
    for worker in range(workers):
        share = left // (workers - worker)
        left -= share
        head = long[worker::workers]
        ordered += head
        ordered += [item for item, _place in zip(rest, range(share - len(head)), strict=False)]
    return ordered
