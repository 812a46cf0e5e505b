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
from festival.schedule.moving.placing import InTheWay, Slot, placed_before
from festival.schedule.planning import IMPOSSIBLE
from festival.schedule.queries import GAP_MIN


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a session, before another act (`before` "": behind all). `slots`: the session with it; () when it cannot be."""

    session: Session
    before: str
    starts_at: datetime
    slots: tuple[Slot, ...]
    pushed: tuple[Sentence, ...] = ()
    clashes: tuple[Sentence, ...] = ()
    in_the_way: Sentence | None = None

    @property
    def stamp(self) -> str:
        """The same for the same consequences, in every language."""
        said = [[slot.code, slot.starts_at.isoformat()] for slot in self.slots]
        return digest([self.session.id, said, [str(each) for each in self.clashes]])[:16]

    @property
    def written(self) -> str:
        """As a button brings it back."""
        return f"{self.session.id}.{self.before}.{self.stamp}"


def places(table: Lying, code: str, sessions: Iterable[Session]) -> list[Spot]:
    """Every place of these sessions where it could be put, those where it cannot be too; not the one where it stands."""
    found = []
    for session in sessions:
        near = _near(table, code, session)
        said = _said(near.values())
        slots = table.slots(session.id)
        for before in [slot.code for slot in slots if slot.code != code] + [""]:
            place = _place(table, code, session, before, slots, near, said)
            if place.slots != tuple(slots):
                found.append(place)
    return found


def place(table: Lying, code: str, session: Session, before: str) -> Spot:
    """One of them."""
    near = _near(table, code, session)
    return _place(table, code, session, before, table.slots(session.id), near, _said(near.values()))


def _place(
    table: Lying, code: str, session: Session, before: str, slots: Sequence[Slot], near: dict[str, Placed],
    said: frozenset[Sentence],
) -> Spot:  # fmt: skip
    act = table.acts[code]
    new = Slot(code, act.title, local(session.starts_at), act.duration_min)
    result = placed_before(slots, new, before or None, table.hours(session.id))
    if isinstance(result, InTheWay):
        held = result.slot
        why = N_(
            "«%(name)s» lúc %(time)s đã thi hoặc đã khóa, không lùi được.",
            name=held.title,
            time=day_clock(held.starts_at),
        )
        return Spot(session, before, held.starts_at, (), in_the_way=why)
    was = {slot.code: slot.starts_at for slot in slots}
    planned = table.planned(session.id)
    after = dict(near)
    for slot in result:
        if slot.code in table.acts:
            known = near.get(slot.code) or Placed(table.acts[slot.code], planned, slot.starts_at)
            after[slot.code] = replace(known, session=planned, starts_at=slot.starts_at)
    return Spot(
        session,
        before,
        next(slot.starts_at for slot in result if slot.code == code),
        result,
        tuple(
            _moved(slot, was[slot.code])
            for slot in result
            if slot.code in was and slot.code != code and slot.starts_at != was[slot.code]
        ),
        tuple(each for each in _conflicts(after.values()) if each not in said),
    )


def _moved(slot: Slot, was: datetime) -> Sentence:
    minutes = int((slot.starts_at - was).total_seconds()) // 60
    if minutes > 0:
        return N_("«%(name)s» muộn hơn %(minutes)s phút.", name=slot.title, minutes=minutes)
    return N_("«%(name)s» sớm hơn %(minutes)s phút.", name=slot.title, minutes=-minutes)


def _near(table: Lying, code: str, session: Session) -> dict[str, Placed]:
    """Whoever can have to do with it: the same stage, the same contest, the same families and people."""
    act = table.acts[code]
    here = [act, *(each.act for each in table.placed.values() if each.session.code == str(session.id))]
    families = {who for each in here for who in each.families}
    persons = {who for each in here for who in each.persons}
    return {
        each.act.code: each
        for each in table.placed.values()
        if each.session.stage == session.stage.name
        or each.act.contest == act.contest
        or not families.isdisjoint(each.act.families)
        or not persons.isdisjoint(each.act.persons)
    }


def _said(placed: Iterable[Placed]) -> frozenset[Sentence]:
    return frozenset(_conflicts(placed))


def _conflicts(placed: Iterable[Placed]) -> list[Sentence]:
    """The hard ones first. Of judges only the whole plan can tell."""
    found = [each for each in check(list(placed), gap_min=GAP_MIN) if each.kind is not Clash.JUDGE]
    return [each.reason for each in sorted(found, key=lambda each: each.kind not in IMPOSSIBLE)]
