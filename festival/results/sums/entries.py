"""Who takes part in a sum? Each family (or delegation) with an entry in a component; nobody registers for it.

They come when a component is locked and when the sum itself is; who comes later comes with the next of these. A withdrawal
reaches them as every entry that came from another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select, update

from festival.contests.models import Contest, ContestState, EntrantKind, ResultKind
from festival.core.clock import now
from festival.core.database import db
from festival.results.sums.parts import components_of, is_sum
from festival.roster.deriving.derived import derive_entries
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState


def refresh_sums_of(component: Contest) -> None:
    """The entries of every open sum that counts this contest. Each sum is held after its component, in one order."""
    wanted = select(Contest).where(
        Contest.festival_id == component.festival_id,
        Contest.result_kind == ResultKind.SUM,
        Contest.state == ContestState.OPEN,
    )
    for each in db.session.scalars(wanted.order_by(Contest.id).with_for_update()).all():
        if component.code in {of["contest"] for of in each.sum_of or ()}:
            each.rules_fixed_at = each.rules_fixed_at or now()
            refresh_entries(each)


def refresh_entries(contest: Contest) -> None:
    """Entries for whoever has none yet. The sum is held: two that come at one moment make each once."""
    if not is_sum(contest):
        return
    place = {each.contest.id: at for at, each in enumerate(components_of([contest])[contest.id])}
    by_family = contest.entrant is EntrantKind.FAMILY
    own = _keys([contest.id], EntryState, by_family=by_family)
    there = {key for key, _entry, _contest in own}
    first: dict[int, tuple[int, int]] = {}
    for key, entry_id, contest_id in _keys(place, (EntryState.ENROLLED,), by_family=by_family):
        if key not in there:
            first[key] = min(first.get(key, (place[contest_id], entry_id)), (place[contest_id], entry_id))
    made = derive_entries(contest, [entry_id for _place, entry_id in sorted(first.values())])
    if not made:
        return
    # the act of one component is none of the sum's; a delegation stands under its own name and ends with no family
    values: dict[str, Any] = {"title": ""}
    if not by_family:
        values["family_id"] = None
        people = delete(EntryPerson).where(EntryPerson.entry_id.in_([each.id for each in made]))
        db.session.execute(people.execution_options(synchronize_session=False))
        values["name"] = select(Delegation.name).where(Delegation.id == Entry.delegation_id).scalar_subquery()
    every = update(Entry).where(Entry.id.in_([each.id for each in made])).values(**values)
    db.session.execute(every.execution_options(synchronize_session=False))
    db.session.expire_all()


def _keys(contest_ids: Iterable[int], states: Iterable[Any], *, by_family: bool) -> list[tuple[int, int, int]]:
    """Whose each entry is (a family's or a delegation's), the entry and its contest."""
    whose = Entry.family_id if by_family else Entry.delegation_id
    rows = select(whose, Entry.id, Entry.contest_id).where(
        Entry.contest_id.in_(list(contest_ids)), Entry.state.in_(list(states)), whose.is_not(None)
    )
    found: list[Any] = list(db.session.execute(rows.order_by(Entry.id)))
    return [(key, entry_id, contest_id) for key, entry_id, contest_id in found]
