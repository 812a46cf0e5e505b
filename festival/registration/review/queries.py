"""What does the organiser's list of registrations show, and who has waited longest?"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from festival.accounts.models import User
from festival.core.database import db
from festival.core.web.paging import part
from festival.registration.editing.changes import ChangeSeen, changes
from festival.registration.typed import former
from festival.roster.families import WITH_MEMBERS
from festival.roster.models import Delegation, Family, FamilyState, Reserve
from festival.roster.rules import Rules
from festival.roster.searching.finding import found_by
from festival.roster.views import FamilyView, views

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of the organiser's list; `counts` are by state for the same festival, unfiltered."""

    families: list[FamilyView]
    counts: dict[FamilyState, int]
    changed: set[int]  # those that were changed since they were last seen
    found: int
    page: int
    last: int


# What waits for a decision: who was accepted in reserve waits for a place, not for the organiser.
_WAITS = (Family.state == FamilyState.SUBMITTED, Family.reserve.is_distinct_from(Reserve.ACCEPTED))


def review_page(
    rules: Rules, *, state: FamilyState | None, delegation: str, search: str, page: int, reserve: bool = False
) -> ReviewPage:
    """Filtered by state and delegation, searched as `roster.searching.finding` says, the longest waiting first."""
    festival_id = rules.festival.id
    conditions: list[ColumnElement[bool]] = [Family.festival_id == festival_id]
    if reserve:
        conditions += [Family.reserve.is_not(None), Family.state != FamilyState.WITHDRAWN]
    elif state is FamilyState.SUBMITTED:
        conditions += _WAITS
    elif state is not None:
        conditions.append(Family.state == state)
    if delegation:
        conditions.append(Family.delegation_id.in_(select(Delegation.id).where(Delegation.code == delegation)))
    conditions += found_by(festival_id, search)
    # Counted with the first page: a search looks at everybody of the edition, and once is enough.
    wanted = (
        select(Family.id, func.count().over().label("found"))
        .where(*conditions)
        .order_by(Family.submitted_at.is_(None), Family.submitted_at, Family.id)
        .limit(PAGE)
    )
    rows = db.session.execute(wanted).all()
    shown = part(rows[0].found if rows else 0, PAGE, page)
    if shown.offset:
        rows = db.session.execute(wanted.offset(shown.offset)).all()
    order = [row.id for row in rows]
    query = select(Family).where(Family.id.in_(order)).options(*WITH_MEMBERS)
    families = sorted(db.session.scalars(query), key=lambda family: order.index(family.id))
    standing = Family.reserve.is_distinct_from(Reserve.ACCEPTED)
    counted = select(Family.state, func.count(Family.id)).where(Family.festival_id == festival_id, standing)
    counts = dict.fromkeys(FamilyState, 0)
    grouped = db.session.execute(counted.group_by(Family.state))
    counts.update((counted_state, number) for counted_state, number in grouped)
    changed = former.changed_unseen([family.id for family in families])
    return ReviewPage(views(families, rules), counts, changed, shown.found, shown.number, shown.last)


def next_waiting(family: Family) -> Family | None:
    """The registration that has waited longest in the same festival, but this one; None when nothing else waits."""
    query = (
        select(Family)
        .where(Family.festival_id == family.festival_id, *_WAITS, Family.id != family.id)
        .order_by(Family.submitted_at, Family.id)
        .limit(1)
    )
    return db.session.scalar(query)


@dataclass(frozen=True, slots=True)
class Unseen:
    """What changed since the last look; `names` of the accounts that changed it."""

    changes: tuple[ChangeSeen, ...]
    names: dict[int, str]


def changed_since(item: FamilyView) -> Unseen:
    """What a registration says otherwise than when whoever reviews last saw it."""
    made = changes(former.unseen(item.family.id), item.household)
    by = {each.by for each in made if each.by is not None}
    names = (
        {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(by)))}
        if by
        else {}
    )
    return Unseen(made, names)
