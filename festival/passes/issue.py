"""Which pass does somebody hold now? A new issue makes the old one a tombstone that gates still know."""

from __future__ import annotations

from sqlalchemy import select, update

from festival.core.clock import now
from festival.core.database import db
from festival.passes.models import Pass
from festival.passes.tokens import Owner, new_pass_values
from festival.roster.models import Family
from festival.roster.rules import Rules
from festival.roster.steps import note


def issue_pass(owner: Owner, owner_id: int, festival_id: int) -> Pass:
    """The next issue of a pass; an older one becomes a tombstone that gates still know."""
    at = now()
    column = {"family": Pass.family_id, "delegation": Pass.delegation_id, "person": Pass.person_id}[owner]
    retire_passes(owner, owner_id)
    last = db.session.scalar(select(Pass.issue).where(column == owner_id).order_by(Pass.issue.desc()).limit(1)) or 0
    row = Pass(
        festival_id=festival_id,
        family_id=owner_id if owner == "family" else None,
        delegation_id=owner_id if owner == "delegation" else None,
        person_id=owner_id if owner == "person" else None,
        issue=last + 1,
        issued_at=at,
        **new_pass_values(owner, owner_id, last + 1),
    )
    db.session.add(row)
    db.session.flush()
    return row


def reissue_pass(rules: Rules, family: Family, by: int | None) -> Pass:
    """A lost card: a new pass, the old one is refused from the next list on."""
    row = issue_pass("family", family.id, family.festival_id)
    payload = {"family": family.name, "issue": row.issue, "by": by}
    note(rules.festival, "pass.reissued", family, family.version, payload)
    return row


def next_issue(owner_id: int) -> int:
    """The number the next pass of a family will have (to draw its picture before the transaction)."""
    last = db.session.scalar(select(Pass.issue).where(Pass.family_id == owner_id).order_by(Pass.issue.desc()).limit(1))
    return (last or 0) + 1


def retire_passes(owner: Owner, owner_id: int) -> None:
    column = {"family": Pass.family_id, "delegation": Pass.delegation_id, "person": Pass.person_id}[owner]
    db.session.execute(update(Pass).where(column == owner_id, Pass.replaced_at.is_(None)).values(replaced_at=now()))


def delegation_pass(family: Family) -> None:
    """The bus in one scan: a delegation has its own pass from its first approved family on."""
    # Its row is locked by this approval's quota update, so two approvals do not both find none.
    known = db.session.scalar(select(Pass.id).where(Pass.delegation_id == family.delegation_id).limit(1))
    if known is None:
        issue_pass("delegation", family.delegation_id, family.festival_id)
