"""Which name has the state of a contest on the pages? The same everywhere, read once for all contests of a page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from festival.contests.life import LIFE_LOOKS, LIFE_WORDS, Life, life_of
from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import once
from festival.core.web.i18n import say
from festival.editions.models import Phase, PhaseKind
from festival.editions.queries import keep_phases, phase_state
from festival.schedule.models import Draw


@dataclass(frozen=True, slots=True)
class NamedState:
    """A contest's state as a badge shows it."""

    life: Life
    words: str
    tone: str
    symbol: str


def contest_life(contest: Contest) -> NamedState:
    """At most one statement for all contests of a page, and none for one that has a mark."""
    marked = contest.rules_fixed_at is not None
    if not contest.on_stage and contest.state is ContestState.OPEN:
        life = Life.TO_BE_SUMMED
    elif contest.after is not None and contest.cut is None and contest.state is ContestState.OPEN:
        life = Life.TO_BE_TAKEN
    elif marked or contest.state is not ContestState.OPEN:
        life = life_of(contest.state, marked=marked, judging_open=False, registration="", drawn=False)
    else:
        at, (drawn, known) = now(), _drawn_and_phases(contest.festival_id)
        life = life_of(
            contest.state,
            marked=False,
            judging_open=phase_state(known.get(PhaseKind.JUDGING), at) == "open",
            # A final and a blind contest wait for nobody's registration, only for their order or their plates.
            registration=phase_state(known.get(PhaseKind.REGISTRATION), at) if contest.registers else "closed",
            drawn=contest.id in drawn or not contest.has_order,
        )
    return NamedState(life, say(LIFE_WORDS[life]), *LIFE_LOOKS[life])


def _drawn_and_phases(festival_id: int) -> tuple[frozenset[int], dict[PhaseKind, Phase]]:
    """Which contests have their draw, and the phases; whoever asks for the phases after this finds them read."""

    def read() -> tuple[frozenset[int], dict[PhaseKind, Phase]]:
        rows = db.session.execute(
            select(Phase, Draw.contest_id)
            .select_from(Contest)
            .outerjoin(Phase, Phase.festival_id == Contest.festival_id)
            .outerjoin(Draw, Draw.contest_id == Contest.id)
            .where(Contest.festival_id == festival_id)
        ).all()
        phases: list[Phase | None] = [row[0] for row in rows]
        drawn: list[int | None] = [row[1] for row in rows]
        known = {phase.kind: phase for phase in phases if phase is not None}
        return frozenset(each for each in drawn if each is not None), keep_phases(festival_id, known)

    return once(("drawn contests", festival_id), read)
