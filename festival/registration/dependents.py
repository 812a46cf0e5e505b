"""What stands on an approval already, so that undoing it quietly would leave something hanging?

Rooms above (arrivals, timetable) know; this one may not look up. They register a question here when the house is put
together, and it is asked inside the transaction of the undoing.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

from festival.core.sentence import Sentence

Question = Callable[[int], Sentence | None]
_KEY = "registration_dependents"


def register(app: Flask, question: Question) -> None:
    """`question(family_id)` answers why the approval must stay, or None."""
    app.extensions.setdefault(_KEY, []).append(question)


def reasons(family_id: int) -> tuple[Sentence, ...]:
    """All reasons against undoing the approval of a family."""
    asked: list[Question] = current_app.extensions.get(_KEY, [])
    return tuple(reason for question in asked if (reason := question(family_id)) is not None)
