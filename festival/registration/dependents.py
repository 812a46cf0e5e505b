"""What stands on an approval already, so that undoing it quietly would leave something hanging?

Rooms above (arrivals, timetable) know; this one may not look up. They register a question here when the house is put
together, and it is asked inside the transaction of the undoing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Flask, current_app

from festival.core.sentence import Sentence

Question = Callable[[int], Sentence | None]
_KEY = "registration_dependents"
_ENTRIES = "registration_entries"
_CLASHES = "registration_clashes"


def register(app: Flask, question: Question) -> None:
    """`question(family_id)` answers why the approval must stay, or None."""
    app.extensions.setdefault(_KEY, []).append(question)


def register_entries(app: Flask, question: Question) -> None:
    """`question(entry_id)` answers why an entry that came by a change must stay, or None."""
    app.extensions.setdefault(_ENTRIES, []).append(question)


def register_clashes(app: Flask, question: Callable[[int], list[Sentence]]) -> None:
    """`question(festival_id)` answers where the timetable has somebody in two places, as it stands in this transaction."""
    app.extensions.setdefault(_CLASHES, []).append(question)


def entry_reasons(entry_ids: Iterable[int]) -> tuple[Sentence, ...]:
    """What stands on these entries."""
    asked: list[Question] = current_app.extensions.get(_ENTRIES, [])
    found = [question(each) for each in entry_ids for question in asked]
    return tuple(reason for reason in found if reason is not None)


def clashes(festival_id: int) -> list[Sentence]:
    """Where the timetable has somebody in two places now."""
    asked: list[Callable[[int], list[Sentence]]] = current_app.extensions.get(_CLASHES, [])
    return [clash for question in asked for clash in question(festival_id)]


def reasons(family_id: int) -> tuple[Sentence, ...]:
    """All reasons against undoing the approval of a family."""
    asked: list[Question] = current_app.extensions.get(_KEY, [])
    return tuple(reason for question in asked if (reason := question(family_id)) is not None)
