"""What else waits for the organiser, in rooms that stand above this one? They say it themselves, in one sentence and a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from festival.core.sentence import Sentence

ROOMS = "office_waiting"


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """One line of the dashboard: what waits, where it is done, and whether its day has passed."""

    words: Sentence
    href: str
    door: Sentence
    late: bool = False


def register_waiting(app: Flask, ask: Callable[[int], WaitingWork | None]) -> None:
    """Let a room say what waits in it, by edition; None where nothing does. It asks little, and the same at any size."""
    app.extensions.setdefault(ROOMS, []).append(ask)


def waiting_in(festival_id: int) -> list[WaitingWork]:
    """What the rooms say, in the order in which they came."""
    asked = (ask(festival_id) for ask in current_app.extensions.get(ROOMS, ()))
    return [each for each in asked if each is not None]
