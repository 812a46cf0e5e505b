"""Which judges may not mark which entries: tied to the unit, to the family, or to a family that gives people to a team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select

from festival.contests.models import Judge, PanelSeat, Unavailability
from festival.core.database import db
from festival.roster.models import Delegation, Entry, EntryPerson, Person


def of_the_family() -> ColumnElement[bool]:
    """Whether the family of a tie enters, or somebody of it performs in a mixed team."""
    in_team = (
        exists()
        .where(EntryPerson.entry_id == Entry.id, EntryPerson.person_id == Person.id)
        .where(Person.family_id == Unavailability.family_id)
    )
    return or_(Unavailability.family_id == Entry.family_id, and_(Unavailability.family_id.is_not(None), in_team))


def tied_pairs(contest_ids: Iterable[int]) -> dict[int, frozenset[tuple[int, int]]]:
    """By contest, the (judge, entry) pairs in which the judge is tied to the entry and does not mark."""
    rows = db.session.execute(
        select(Judge.contest_id, Judge.id, Entry.id)
        .join(Entry, Entry.contest_id == Judge.contest_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(
            Unavailability,
            and_(
                Unavailability.judge_id == Judge.id,
                or_(Unavailability.unit_id == Delegation.unit_id, of_the_family()),
            ),
        )
        .where(
            Judge.contest_id.in_(list(contest_ids)),
            or_(Judge.marks, Judge.seat == PanelSeat.RESERVE),
            or_(Judge.unit_id == Delegation.unit_id, Unavailability.id.is_not(None)),
        )
    )
    found: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for contest_id, judge_id, entry_id in rows:
        found[contest_id].add((judge_id, entry_id))
    return {contest_id: frozenset(pairs) for contest_id, pairs in found.items()}


def tied_by_family(judge_ids: Sequence[int], entry_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Of these judges and entries: the pairs that a tie to one family parts. Asks nothing when there is no such tie."""
    if not judge_ids:
        return set()
    rows = db.session.execute(
        select(Unavailability.judge_id, Entry.id).where(
            Unavailability.judge_id.in_(judge_ids), Entry.id.in_(entry_ids), of_the_family()
        )
    )
    return {(judge_id, entry_id) for judge_id, entry_id in rows}
