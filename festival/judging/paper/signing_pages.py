"""Which pages does a judge sign with a pen: one for each session, of what was locked from the own tablet?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.judging.paper.confirming import on_tablet
from festival.judging.tally import Appearance, JudgeSheet, MarkingJudge, Tally


@dataclass(frozen=True, slots=True)
class SigningPage:
    """One page: a judge, a session, the sheets in the order of appearance."""

    seat: MarkingJudge
    session_id: int | None
    session: str
    stage: str
    rows: tuple[tuple[Appearance, JudgeSheet], ...]


def pages_to_sign(tallied: Tally) -> list[SigningPage]:
    """Judge by judge, session by session."""
    found = []
    for seat in on_tablet(tallied):
        by_session: dict[int | None, list[tuple[Appearance, JudgeSheet]]] = {}
        for each in tallied.appearances:
            sheet = tallied.sheets.get((seat.id, each.id))
            if sheet is not None and not sheet.on_paper:
                by_session.setdefault(each.session_id, []).append((each, sheet))
        for session_id, rows in by_session.items():
            first = rows[0][0]
            found.append(SigningPage(seat, session_id, first.session, first.stage, tuple(rows)))
    return found
