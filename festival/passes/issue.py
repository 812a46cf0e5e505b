"""Which pass does somebody hold now? A new issue makes the old one a tombstone that gates still know."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from festival.core.clock import now
from festival.core.database import db
from festival.passes.making import NewPass, make_passes
from festival.passes.models import Pass
from festival.passes.tokens import Owner
from festival.roster.models import Family
from festival.roster.rules import Rules
from festival.roster.steps import note


def issue_pass(owner: Owner, owner_id: int, festival_id: int) -> Pass:
    """The next issue of a pass; an older one becomes a tombstone that gates still know."""
    retire_passes(owner, owner_id)
    newest = select(Pass.issue).where(passes_of(owner, owner_id)).order_by(Pass.issue.desc()).limit(1)
    last = db.session.scalar(newest) or 0
    return make_passes([NewPass(festival_id, owner, owner_id, last + 1)])[0]


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
    lock_passes(owner, owner_id)
    valid = update(Pass).where(passes_of(owner, owner_id), Pass.replaced_at.is_(None))
    db.session.execute(valid.values(replaced_at=now()))


def passes_of(owner: Owner, owner_id: int) -> ColumnElement[bool]:
    """All passes this owner ever had."""
    column = {"family": Pass.family_id, "delegation": Pass.delegation_id, "person": Pass.person_id}[owner]
    return column == owner_id


def lock_passes(owner: Owner, owner_id: int) -> None:
    """Of two who change the passes of one owner the second waits, and then sees what the first has left valid."""
    db.session.execute(select(Pass.id).where(passes_of(owner, owner_id)).order_by(Pass.id).with_for_update())


def changed_since(owner: Owner, owner_id: int, seen: int | None) -> bool:
    """Whether another issue is valid than the one somebody saw (None: did not look); it stays so until the transaction ends."""
    if seen is None:
        return False
    lock_passes(owner, owner_id)
    valid = select(Pass.issue).where(passes_of(owner, owner_id), Pass.replaced_at.is_(None))
    return db.session.scalar(valid) != seen


def delegation_pass(family: Family) -> None:
    """The bus in one scan: a delegation has its own pass from its first approved family on."""
    # Its row is locked by this approval's quota update, so two approvals do not both find none.
    known = db.session.scalar(select(Pass.id).where(Pass.delegation_id == family.delegation_id).limit(1))
    if known is None:
        issue_pass("delegation", family.delegation_id, family.festival_id)
