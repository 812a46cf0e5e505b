"""What does an edition ask in its Excel file, what stands already, and what would happen to each family of one?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from festival.contests.models import Contest, EntrantKind, ResultKind
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.registration.excel.columns import AskedColumns
from festival.registration.excel.comparing import KnownFamily
from festival.registration.excel.fates import FamilyFate, fates, other_unit
from festival.registration.excel.sheet import FamilySheet
from festival.roster.families import families_of, identities
from festival.roster.models import (
    Delegation,
    Entry,
    EntryState,
)
from festival.roster.rules import Rules
from festival.roster.views import views


def asked_of(rules: Rules) -> AskedColumns:
    """The columns of this edition: an act is shown where a family stands before a jury."""
    shows = select(Contest.code).where(
        Contest.festival_id == rules.festival.id,
        Contest.result_kind == ResultKind.RUBRIC,
        Contest.entrant == EntrantKind.FAMILY,
    )
    acts = set(db.session.scalars(shows))
    return AskedColumns(rules.names, {code: name for code, name in rules.names.items() if code in acts})


def titles_of(delegation_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The titles of the families' acts, by family and contest."""
    query = (
        select(Entry.family_id, Contest.code, Entry.title)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            Entry.delegation_id.in_(delegation_ids),
            Entry.title != "",
            Entry.state != EntryState.WITHDRAWN,
            Contest.entries_from_id.is_(None),
        )
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in db.session.execute(query):
        if row.family_id is not None:
            found[row.family_id][row.code] = row.title
    return found


def import_fates(rules: Rules, delegation: Delegation, sheet: FamilySheet) -> tuple[FamilyFate, ...]:
    """What would happen to each family of a file, against what the database holds now."""
    titles = titles_of([delegation.id])
    existing = [
        KnownFamily(item.household, item.family.code, titles.get(item.family.id, {}))
        for item in views(families_of(delegation.id), rules)
    ]
    mine = {known.household.identity for known in existing}
    file = fates(sheet, existing, {}, rules.quotas, rules.festival.starts_on)
    elsewhere = {
        identity: ""
        for identity in identities(rules.festival.id, (each.household.identity for each in file))
        if identity not in mine
    }
    return fates(sheet, existing, elsewhere, rules.quotas, rules.festival.starts_on) if elsewhere else file


def import_remarks(delegation: Delegation, sheet: FamilySheet) -> tuple[Sentence, ...]:
    """What an officer should know of a file before saying yes: made for another unit, sheets and columns not read."""
    names = db.session.scalars(
        select(Delegation.name).where(Delegation.festival_id == delegation.festival_id, Delegation.id != delegation.id)
    )
    wrong = other_unit(sheet, delegation.name, names)
    return (wrong, *sheet.remarks) if wrong else sheet.remarks
