"""What would happen to each family of a file, against what the database holds now?"""

from __future__ import annotations

from sqlalchemy import select

from festival.core.database import db
from festival.core.sentence import Sentence
from festival.registration.excel.fates import FamilyFate, fates, other_unit
from festival.registration.excel.sheet import FamilySheet
from festival.roster.families import families_of, identities
from festival.roster.models import (
    Delegation,
)
from festival.roster.rules import Rules
from festival.roster.views import views


def import_fates(rules: Rules, delegation: Delegation, sheet: FamilySheet) -> tuple[FamilyFate, ...]:
    """What would happen to each family of a file, against what the database holds now."""
    existing = [item.household for item in views(families_of(delegation.id), rules)]
    mine = {household.identity for household in existing}
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
