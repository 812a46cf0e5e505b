"""How do matches of later rounds stand on a programme and on a stage: under their own code, called by the two who meet?

In a published version they bear no name: that is said anew for each reader, as the bracket then stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from festival.core.clock import local
from festival.core.web.i18n import say
from festival.editions.models import Unit
from festival.roster.models import Delegation, Entry, EntryState
from festival.schedule.later.naming import awaited_sides, match_called
from festival.schedule.later.reading import ToldMatch, matches_in, playing_of, told_matches
from festival.schedule.models import Act, Session

BEHIND = 10_000  # its place among the acts of a session is said by its hour alone


def matches_in_snapshot(sessions: Sequence[Session]) -> list[dict[str, Any]]:
    """As `queries.snapshot` writes acts; those nobody has to play are left out."""
    rows = {row.id: row for row in sessions}
    return [
        _written(each, rows[each.match.session_id or 0]) for each in playing_of(told_matches(matches_in(list(rows))))
    ]


def in_programme_order(acts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As a version holds them: by time, on one stage by their places."""
    return sorted(acts, key=lambda act: (act["starts_at"], act["stage"], act["position"]))


def _written(each: ToldMatch, row: Session) -> dict[str, Any]:
    match = each.match
    one, other = awaited_sides(match.at)
    return {
        "act": -match.id,
        "entry": match.code,
        "number": None,
        "name": str(match_called(match.at)),
        "title": f"{one} – {other}",
        "unit": "",
        "contest": row.contest.code,
        "contest_name": row.contest.name,
        "stage": row.stage.code,
        "stage_name": row.stage.name,
        "session": row.id,
        "session_label": row.label,
        "position": BEHIND + match.id,
        "starts_at": local(match.starts_at).isoformat() if match.starts_at else "",
        "duration_min": match.duration_min,
    }


def stand_in(each: ToldMatch) -> Act:
    """The match as an act that a stage can follow: a copy outside the transaction, with a number below nought."""
    match = each.match
    nobody = Delegation(id=0, code="", name="", position=0, unit=Unit(name="", kind=""))
    entry = Entry(
        id=-match.id,
        code=match.code,
        name=say(each.words),
        title="",
        number=None,
        state=EntryState.WITHDRAWN if each.off else EntryState.ENROLLED,
        contest_id=match.contest_id,
        contest=match.contest,
        delegation=nobody,
    )
    act = Act(
        id=-match.id,
        entry_id=-match.id,
        session_id=match.session_id,
        position=BEHIND + match.id,
        starts_at=match.starts_at,
        duration_min=match.duration_min,
        locked=match.locked,
        state=match.state,
        began_at=match.began_at,
        ended_at=match.ended_at,
    )
    act.entry = entry
    return act
