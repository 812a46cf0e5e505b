"""What was wished of the timetable, as values of the rules: who is away, pauses, hours and orders of acts, costumes, stages.

Acts are named by their codes, stages by their names and contests by their codes, as in `planned`. Pure.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from festival.core.sentence import Sentence
from festival.schedule.rules.planned import PlannedAct, PlannedSession

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class AwayTime:
    """Somebody who is not there: families with their acts, a judge, or the whole panel of a contest."""

    who: Sentence
    begins: datetime
    ends: datetime
    families: frozenset[Hashable] = frozenset()
    acts: frozenset[str] = frozenset()  # of teams, which belong to no family
    judge: Hashable = None
    panel: str = ""

    def binds_act(self, act: PlannedAct) -> bool:
        return bool(act.families & self.families) or act.code in self.acts

    def binds_session(self, session: PlannedSession) -> bool:
        """Whether its panel is not whole."""
        return (self.judge is not None and self.judge in session.judges) or self.panel == session.contest


@dataclass(frozen=True, slots=True)
class PauseTime:
    """Nobody is on this stage then; `stage` "": on none."""

    title: str
    begins: datetime
    ends: datetime
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that stands.

    `earliest`, `latest`: from when an act may begin, by when it is over. `before`: the first act is over when the second
    begins. `opening`, `closing`: acts that are the first or the last of their session. `change_min`: minutes a person
    needs after an act of this contest and before one of it ("": of every other). `takes`: what a stage takes; a stage that
    is not in it takes every contest.
    """

    away: tuple[AwayTime, ...] = ()
    pauses: tuple[PauseTime, ...] = ()
    earliest: Mapping[str, datetime] = field(default_factory=dict)
    latest: Mapping[str, datetime] = field(default_factory=dict)
    before: tuple[tuple[str, str], ...] = ()
    opening: frozenset[str] = frozenset()
    closing: frozenset[str] = frozenset()
    change_min: Mapping[str, int] = field(default_factory=dict)
    takes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def change_of(self, contest: str) -> int:
        """Minutes for the costume around an act of this contest."""
        return self.change_min.get(contest, self.change_min.get("", 0))

    def takes_it(self, session: PlannedSession) -> bool:
        return session.contest in self.takes.get(session.stage, (session.contest,))

    def closed(self, session: PlannedSession) -> list[Span]:
        """When nothing can be on the stage of this session: pauses, and a panel that is not whole."""
        pauses = [(each.begins, each.ends) for each in self.pauses if each.stage in ("", session.stage)]
        return pauses + [(each.begins, each.ends) for each in self.away if each.binds_session(session)]

    def absent(self, act: PlannedAct) -> list[Span]:
        """When those of this act are away."""
        return [(each.begins, each.ends) for each in self.away if each.binds_act(act)]


NO_WISHES = Wishes()


def free_spans(act: PlannedAct, session: PlannedSession, wishes: Wishes) -> list[Span]:
    """When this act could be on the stage in this session, were it alone there."""
    free = [
        (
            max(session.starts_at + timedelta(minutes=session.together_min), wishes.earliest.get(act.code, session.starts_at)),
            min(session.ends_at, wishes.latest.get(act.code, session.ends_at)),
        )
    ]  # fmt: skip
    for begins, ends in wishes.closed(session):
        free = list(_without(free, begins, ends))
    for begins, ends in wishes.absent(act):
        if not session.together_min:
            free = list(_without(free, begins, ends))
        elif ends > session.starts_at:
            # who works together is bound from the start of the session until the act is over
            free = list(_without(free, begins, max(session.ends_at, ends)))
    return [(begins, ends) for begins, ends in free if begins < ends]


def _without(spans: Iterable[Span], begins: datetime, ends: datetime) -> Iterable[Span]:
    for first, last in spans:
        if ends <= first or last <= begins:
            yield first, last
        else:
            yield first, min(last, begins)
            yield max(first, ends), last
