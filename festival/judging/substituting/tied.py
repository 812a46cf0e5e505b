"""Which judges would be tied to an entry that goes on with others, and how many are left to mark it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from festival.accounts.models import User
from festival.contests.models import Contest, Judge, PanelSeat, Unavailability
from festival.contests.replacing.models import DeclaredRelation
from festival.core.database import db
from festival.judging.substituting.foreseen import JudgeTie
from festival.roster.models import Delegation, Entry


@dataclass(frozen=True, slots=True)
class Panelled:
    """An entry before a panel, with the families that are in it before and after."""

    entry: Entry
    before: frozenset[int]
    after: frozenset[int]


def ties_of(those: Sequence[Panelled]) -> list[JudgeTie]:
    """Who is tied by the change, freed by it, or declared something of who comes in. One statement."""
    incoming = {family for each in those for family in each.after - each.before}
    rows = db.session.execute(
        select(
            Judge.id,
            Judge.contest_id,
            Judge.unit_id,
            Judge.marks,
            User.name,
            Contest.name.label("contest"),
            Contest.smallest_panel,
            Delegation.unit_id.label("own_unit"),
            Unavailability.unit_id.label("tied_unit"),
            Unavailability.family_id.label("tied_family"),
            DeclaredRelation.family_id.label("declared"),
        )
        .select_from(Judge)
        .join(User, User.id == Judge.user_id)
        .join(Contest, Contest.id == Judge.contest_id)
        .join(Delegation, Delegation.id.in_({each.entry.delegation_id for each in those}))
        .outerjoin(Unavailability, Unavailability.judge_id == Judge.id)
        .outerjoin(
            DeclaredRelation,
            (DeclaredRelation.user_id == Judge.user_id) & DeclaredRelation.family_id.in_(incoming),
        )
        .where(
            Judge.contest_id.in_({each.entry.contest_id for each in those}),
            or_(Judge.marks, Judge.seat == PanelSeat.RESERVE),
        )
        .order_by(Judge.letter, Judge.id)
    ).all()
    units: dict[int, set[int | None]] = defaultdict(set)
    families: dict[int, set[int]] = defaultdict(set)
    declared: set[tuple[int, int]] = set()
    for row in rows:
        units[row.id] |= {row.unit_id, row.tied_unit}
        if row.tied_family is not None:
            families[row.id].add(row.tied_family)
        declared.add((row.id, row.declared))
    judges = list({row.id: row for row in rows}.values())
    found: list[JudgeTie] = []
    for each in those:
        panel = [row for row in judges if row.contest_id == each.entry.contest_id]
        of_unit = {row.id for row in panel if row.own_unit in units[row.id]}
        tied = {row.id for row in panel if families[row.id] & each.after} | of_unit
        left = sum(row.marks and row.id not in tied for row in panel)
        for row in panel:
            was, will = bool(families[row.id] & each.before), bool(families[row.id] & each.after)
            new = any((row.id, family) in declared for family in each.after - each.before)
            how = "" if row.id in of_unit else "tied" if will and not was else "freed" if was and not will else ""
            if not how and new and not will and row.id not in of_unit:
                how = "declared"
            if how:
                found.append(JudgeTie(row.name, row.contest, how, left, row.smallest_panel))
    return found
