"""Which name has the state of a contest on the pages? The same everywhere, read once for all contests of a page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from festival.contests.life import LIFE_LOOKS, LIFE_WORDS, Life, life_of
from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import once
from festival.core.web.i18n import say
from festival.editions.models import PhaseKind
from festival.editions.queries import phase_state, phases
from festival.schedule.models import Draw


@dataclass(frozen=True, slots=True)
class NamedState:
    """A contest's state as a badge shows it."""

    life: Life
    words: str
    tone: str
    symbol: str


def contest_life(contest: Contest) -> NamedState:
    """Two statements for all contests of a page."""
    at, known = now(), phases(contest.festival_id)
    life = life_of(
        contest.state,
        marked=contest.rules_fixed_at is not None,
        judging_open=phase_state(known.get(PhaseKind.JUDGING), at) == "open",
        registration=phase_state(known.get(PhaseKind.REGISTRATION), at),
        drawn=contest.id in _drawn(contest.festival_id),
    )
    return NamedState(life, say(LIFE_WORDS[life]), *LIFE_LOOKS[life])


def _drawn(festival_id: int) -> frozenset[int]:
    drawn = select(Draw.contest_id).join(Contest, Contest.id == Draw.contest_id)
    drawn = drawn.where(Contest.festival_id == festival_id)
    return once(("drawn contests", festival_id), lambda: frozenset(db.session.scalars(drawn)))
