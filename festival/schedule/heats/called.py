"""A heat is called, begins and ends as one: who goes along with a tap on one of them? Pure.

Absent is marked of one alone, and who comes late after all is called alone. Who is absent does not go along with the others.
"""

from __future__ import annotations

from collections.abc import Mapping

NOBODY: frozenset[str] = frozenset()
PENDING = frozenset({"waiting", "ready"})
# (what it was, what it becomes) -> the states of those of its heat who become the same
ALONG: Mapping[tuple[str, str], frozenset[str]] = {
    ("waiting", "ready"): frozenset({"waiting"}),
    ("ready", "waiting"): frozenset({"ready"}),
    ("waiting", "on_stage"): PENDING,
    ("ready", "on_stage"): PENDING,
    ("on_stage", "ready"): frozenset({"on_stage"}),
    ("on_stage", "done"): frozenset({"on_stage"}),
    ("done", "on_stage"): frozenset({"done"}),
}


def goes_along(was: str, to: str, other: str) -> bool:
    """Whether one of the heat whose state is `other` does the same step."""
    return other in ALONG.get((was, to), NOBODY)
