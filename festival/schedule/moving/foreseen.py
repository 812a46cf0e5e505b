"""What would follow if an act were put down here: from when, whom does it push, who would be in two places?

The words stand beside the place before anything is put down; their stamp comes back with the step, so that what is done is
what was said, also when somebody else changed the draft meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from festival.core.clock import local
from festival.core.seal.compare import digest
from festival.core.sentence import N_, Sentence
from festival.schedule.conflicts import Clash, Placed, check, day_clock
from festival.schedule.models import Session
from festival.schedule.moving.lying import Lying
from festival.schedule.moving.placing import InTheWay, StageTurn, placed_before
from festival.schedule.planning import IMPOSSIBLE
from festival.schedule.queries import GAP_MIN


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a session, before another act (`before` "": behind all). `turns`: the session with it; () when it cannot be."""

    session: Session
    before: str
    starts_at: datetime
    turns: tuple[StageTurn, ...]
    pushed: tuple[Sentence, ...] = ()
    clashes: tuple[Sentence, ...] = ()
    in_the_way: Sentence | None = None

    @property
    def stamp(self) -> str:
        """The same for the same consequences, in every language."""
        said = [[turn.code, turn.starts_at.isoformat()] for turn in self.turns]
        return digest([self.session.id, said, [str(each) for each in self.clashes]])[:12]

    @property
    def written(self) -> str:
        """As a button brings it back."""
        return f"{self.session.id}.{self.before}.{self.stamp}"


def places(table: Lying, code: str, sessions: Iterable[Session]) -> list[Spot]:
    """Every place of these sessions where it could be put, those where it cannot be too; not the one where it stands, unless
    its two stand apart.
    """
    found = []
    for session in sessions:
        near = _near(table, code, session)
        said = frozenset(_conflicts(table, near.values()))
        turns = table.turns(session.id)
        for before in [turn.code for turn in turns if turn.code != code] + [""]:
            place = _place(table, code, session, before, turns, near, said)
            if place.turns != tuple(turns) or table.apart(code):
                found.append(place)
    return found


def place(table: Lying, code: str, session: Session, before: str) -> Spot:
    """One of them."""
    near = _near(table, code, session)
    return _place(
        table, code, session, before, table.turns(session.id), near, frozenset(_conflicts(table, near.values()))
    )


def _place(
    table: Lying, code: str, session: Session, before: str, turns: Sequence[StageTurn], near: dict[str, Placed],
    said: frozenset[Sentence],
) -> Spot:  # fmt: skip
    act = table.acts[code]
    new = StageTurn(code, act.title, local(session.starts_at), act.duration_min)
    result = placed_before(turns, new, before or None, table.hours(session.id))
    if isinstance(result, InTheWay):
        held = result.turn
        why = N_(
            "«%(name)s» lúc %(time)s đã thi hoặc đã khóa, không lùi được.",
            name=held.title,
            time=day_clock(held.starts_at),
        )
        return Spot(session, before, held.starts_at, (), in_the_way=why)
    was = {turn.code: turn.starts_at for turn in turns}
    planned = table.planned(session.id)
    after = dict(near)
    for turn in result:
        if turn.code in table.acts:
            known = near.get(turn.code) or Placed(table.acts[turn.code], planned, turn.starts_at)
            after[turn.code] = replace(known, session=planned, starts_at=turn.starts_at)
    return Spot(
        session,
        before,
        next(turn.starts_at for turn in result if turn.code == code),
        result,
        tuple(
            _moved(turn, was[turn.code])
            for turn in result
            if turn.code in was and turn.code != code and turn.starts_at != was[turn.code]
        ),
        tuple(each for each in _conflicts(table, after.values()) if each not in said),
    )


def _moved(turn: StageTurn, was: datetime) -> Sentence:
    minutes = int((turn.starts_at - was).total_seconds()) // 60
    if minutes > 0:
        return N_("«%(name)s» muộn hơn %(minutes)s phút.", name=turn.title, minutes=minutes)
    return N_("«%(name)s» sớm hơn %(minutes)s phút.", name=turn.title, minutes=-minutes)


def _near(table: Lying, code: str, session: Session) -> dict[str, Placed]:
    """Whoever can have to do with it: the same stage, the same contest, the same families and people, before or after it."""
    act = table.acts[code]
    here = [act, *(each.act for each in table.placed.values() if each.session.code == str(session.id))]
    families = {who for each in here for who in each.families}
    persons = {who for each in here for who in each.persons}
    bound = {each for pair in table.given.wishes.before for each in pair}
    return {
        each.act.code: each
        for each in table.placed.values()
        if each.session.stage == session.stage.name
        or each.act.contest == act.contest
        or not families.isdisjoint(each.act.families)
        or not persons.isdisjoint(each.act.persons)
        or each.act.code in bound
    }


def _conflicts(table: Lying, placed: Iterable[Placed]) -> list[Sentence]:
    """The hard ones first. Of judges only the whole plan can tell."""
    checked = check(list(placed), gap_min=GAP_MIN, wishes=table.given.wishes)
    found = [each for each in checked if each.kind is not Clash.JUDGE]
    return [each.reason for each in sorted(found, key=lambda each: each.kind not in IMPOSSIBLE)]
