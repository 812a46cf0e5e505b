"""What does the worker do for each room, and how often? Rooms say so here; `operations.worker` does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do every `period_s` seconds. `later`: the first time after so many too, not at once when the worker starts."""

    name: str
    period_s: float
    work: Callable[[], object]
    later: bool = False


def register_chore(app: Flask, name: str, period_s: float, work: Callable[[], object]) -> None:
    """Let the worker do `work` regularly."""
    app.extensions.setdefault("chores", []).append(Chore(name, period_s, work))
