"""Whom is greeted in which order, who receives a keepsake, and how is each award handed over? A fixed number of statements at any size.

Who receives an award is read from what was **released** and from nothing else, in the names that may be said at this hour;
before that an award is a line of the rules, without anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from festival.badges.queries import BadgeLine, guests_of
from festival.ceremony.order import ranked
from festival.ceremony.order.models import CeremonyPart
from festival.ceremony.order.stage import (
    AwardCall,
    AwardGiver,
    AwardPlan,
    AwardReceiver,
    plan_of,
)
from festival.ceremony.order.writing import written
from festival.ceremony.reveal.reading import EveningPart, evening, foreseen_prizes, spoken_names
from festival.ceremony.reveal.slides import called
from festival.ceremony.reveal.steps import WHOLE, WIDE, read_aloud
from festival.checkin.merge import AdmissionPurpose
from festival.checkin.models import Admission
from festival.core.database import db
from festival.core.transaction import once
from festival.editions.models import Festival
from festival.logistics.queries import needs_said
from festival.papers.scans.award_sheets import AwardSheet
from festival.results.award_papers.said import read_said
from festival.results.awards import AwardWinner
from festival.roster.models import Delegation, Entry, Person
from festival.roster.shown.pictures import entries_without_pictures
from festival.roster.shown.public_names import names_held


@dataclass(frozen=True, slots=True)
class GreetedGuest:
    """Somebody who is greeted. `mark`: absent or late; `came`: let in at a gate."""

    line: BadgeLine
    mark: str
    came: bool

    @property
    def code(self) -> str:
        return self.line.code

    @property
    def spoken(self) -> str:
        return self.line.spoken


def greeted(festival_id: int, *, at_gates: bool = True) -> list[GreetedGuest]:
    """By rank and name, or as they were put in order by hand; whoever came onto the list since stands after them.

    `at_gates` False: whether they came is not asked.
    """
    content, _version = written(festival_id)[CeremonyPart.GUESTS]
    lines = {each.code: each for each in guests_of(festival_id)}
    entered = Admission.festival_id == festival_id, Admission.purpose == AdmissionPurpose.ENTRY
    came: set[int] = set()
    if lines and at_gates:
        came = set(db.session.scalars(select(Admission.person_id).where(*entered, ~Admission.annulled)))
    marks = ranked.marks_of(content, lines)
    order = ranked.by_hand(list(lines), content.get("order", ()))
    return [GreetedGuest(lines[code], marks.get(code, ""), lines[code].person_id in came) for code in order]


@dataclass(frozen=True, slots=True)
class DelegationKeepsake:
    """A delegation and who receives its keepsake: its head, or who was named."""

    code: str
    name: str
    who: str
    named: bool
    mark: str


def _delegations(festival_id: int) -> list[Any]:
    """Code, name and head of each, in their own order; read once a transaction."""
    own = select(Delegation.code, Delegation.name, Delegation.head_name).where(Delegation.festival_id == festival_id)
    wanted = own.order_by(Delegation.position, Delegation.name)
    return once(("keepsakes", festival_id), lambda: list(db.session.execute(wanted)))


def keepsakes(festival_id: int) -> list[DelegationKeepsake]:
    """In the delegations' own order, or as they were put in order by hand."""
    content, _version = written(festival_id)[CeremonyPart.KEEPSAKES]
    rows = {row.code: row for row in _delegations(festival_id)}
    who, marks = content.get("who", {}), ranked.marks_of(content, rows)
    return [
        DelegationKeepsake(
            code, rows[code].name, who.get(code) or rows[code].head_name, bool(who.get(code)), marks.get(code, "")
        )
        for code in ranked.by_hand(list(rows), content.get("order", ()))
    ]


@dataclass(frozen=True, slots=True)
class GiverStands:
    """Who gives, in words; `open`: nobody of this name is there any more, or is absent tonight, so another has to be named."""

    giver: AwardGiver
    words: str
    open: bool


@dataclass(frozen=True, slots=True)
class AwardsTonight:
    """All awards in the order of the evening with how each is handed over; `money`: typed for an award of a name."""

    calls: tuple[tuple[AwardCall, AwardPlan], ...]
    money: Mapping[str, int]
    guests: Mapping[str, GreetedGuest]

    def called(self, code: str) -> tuple[AwardCall, AwardPlan] | None:
        """The award of this address."""
        return next((each for each in self.calls if each[0].code == code), None)

    def of_key(self, key: str) -> tuple[AwardCall, AwardPlan] | None:
        return next((each for each in self.calls if each[0].key == key), None)

    def givers(self, plan: AwardPlan) -> list[GiverStands]:
        """As they are spoken to."""
        return [self._stands(each) for each in plan.givers]

    def _stands(self, giver: AwardGiver) -> GiverStands:
        if not giver.guest:
            return GiverStands(giver, giver.name, open=False)
        guest = self.guests.get(giver.guest)
        return GiverStands(giver, guest.spoken if guest else "", open=guest is None or bool(guest.mark))


def paid(money: Mapping[str, int], call: AwardCall) -> bool:
    """Whether money was typed for it."""
    return bool(money.get(call.prize))


def money_of(festival_id: int) -> Mapping[str, int]:
    """What the last proposal or decision says of each award's money."""
    last = select(AwardSheet.said).where(AwardSheet.festival_id == festival_id).order_by(AwardSheet.id.desc())
    return read_said(db.session.scalars(last.limit(1)).first() or {}).amounts


def tonight(
    festival: Festival, parts: Sequence[EveningPart] | None = None, only: Iterable[str] | None = None
) -> AwardsTonight:
    """Everything about the awards; `only`: of these alone who receives and gives them is read, by their keys, and no money."""
    read = evening(festival) if parts is None else parts
    found = calls_of(festival, read)
    wanted = None if only is None else set(only)
    won = {key: winners for key, winners in found.values() if wanted is None or key in wanted}
    receivers = _receivers(festival.id, read, won)
    content, _version = written(festival.id)[CeremonyPart.AWARDS]
    money = money_of(festival.id) if wanted is None else {}
    calls = []
    for call, (key, _winners) in found.items():
        full = replace(call, receivers=receivers.get(key, ()))
        calls.append((full, plan_of(content, key, paid(money, call))))
    asked = wanted is None or any(each.guest for call, plan in calls if call.key in wanted for each in plan.givers)
    guests = greeted(festival.id, at_gates=False) if asked else []
    return AwardsTonight(tuple(calls), money, {each.code: each for each in guests})


def key_of(part: str, prize: str, special: bool, wide: Iterable[str]) -> str:
    """An award by contest and name; a special one of the whole festival by its name alone, whichever contest brings it."""
    if special and prize in wide:
        return f"{WIDE}/special/{prize}"
    return f"{part}/{'special' if special else 'prize'}/{prize}"


def wide_specials(festival: Festival) -> tuple[str, ...]:
    """The special prizes of no single contest."""
    return tuple(each.name for each in foreseen_prizes(festival).special_prizes if each.contest is None)


def calls_of(festival: Festival, parts: Sequence[EveningPart]) -> dict[AwardCall, tuple[str, tuple[AwardWinner, ...]]]:
    """Each award in the order of the evening, with its key and who won it; of a contest that is not released nobody."""
    known, wide = foreseen_prizes(festival), wide_specials(festival)
    by_code = {each.code: each for each in known.contests}
    found: dict[AwardCall, tuple[str, tuple[AwardWinner, ...]]] = {}
    given = {each.prize for part in parts for each in part.lists if each.special}
    open_wide = [each for each in wide if each not in given] if not all(part.released for part in parts) else []
    for part in parts:
        name = called(part.code, part.name)
        if part.code == WHOLE:
            _foreseen(found, WIDE, "", [(each, True, 1) for each in open_wide])
        if part.released:
            for each in read_aloud(part.lists):
                key = key_of(part.code, each.prize, each.special, wide)
                call = AwardCall(key, part.code, name, each.prize, each.special, True)
                found[call] = key, each.winners
            continue
        prizes = known.whole_delegation if part.code == WHOLE else by_code.get(part.code)
        ordinary = [(each.name, False, each.count) for each in reversed(prizes.prizes)] if prizes else []
        own = [(each.name, True, 1) for each in known.special_prizes if each.contest == part.code]
        _foreseen(found, part.code, name, [*ordinary, *own])
    if not any(part.code == WHOLE for part in parts):
        _foreseen(found, WIDE, "", [(each, True, 1) for each in open_wide])
    return found


def _foreseen(
    found: dict[AwardCall, tuple[str, tuple[AwardWinner, ...]]],
    part: str,
    name: str,
    prizes: Sequence[tuple[str, bool, int | None]],
) -> None:
    for prize, special, count in prizes:
        key = f"{part}/{'special' if special else 'prize'}/{prize}"
        found[AwardCall(key, part, name, prize, special, False, expected=count)] = key, ()


def _receivers(
    festival_id: int, parts: Sequence[EveningPart], won: Mapping[str, Sequence[AwardWinner]]
) -> dict[str, tuple[AwardReceiver, ...]]:
    """With how a name is said, who comes up for a family, what to see to and of how many no picture may be taken."""
    entries = [each.entry for winners in won.values() for each in winners if each.entry is not None]
    heads: dict[str, str] = {}
    if any(each.entry is None for winners in won.values() for each in winners):
        heads = {row.name: row.head_name for row in _delegations(festival_id)}
    said, leads, helped, hidden = {}, {}, {}, {}
    if entries:
        said = spoken_names(festival_id, [each for winners in won.values() for each in winners])
        leads = _leads(festival_id, entries)
        helped = needs_said(festival_id)
        hidden = entries_without_pictures(*(each.contest_id for each in parts if each.contest_id and each.released))

    def receiver(each: AwardWinner) -> AwardReceiver:
        if each.entry is None:
            return AwardReceiver(f"d:{each.name}", each.name, leads=heads.get(each.name, ""))
        unit = "" if each.delegation == each.name else each.delegation
        at = each.entry
        return AwardReceiver(
            f"e:{at}",
            each.name,
            unit,
            said.get(at, ""),
            each.number,
            leads.get(at, ""),
            helped.get(at, ""),
            hidden.get(at, 0),
        )

    return {key: tuple(receiver(each) for each in winners) for key, winners in won.items()}


def _leads(festival_id: int, entries: Sequence[int]) -> dict[int, str]:
    """The representative of each entry's family, unless the name is held back."""
    own = (
        select(Entry.id, Entry.family_id, Person.id.label("person"), Person.name)
        .join(Person, Person.family_id == Entry.family_id)
        .where(Entry.id.in_(entries), Person.representative, ~Person.out)
    )
    held = names_held(festival_id)
    return {row.id: row.name for row in db.session.execute(own) if row.person not in held.people}
