"""Which accounts register the families of a delegation?"""

from __future__ import annotations

from sqlalchemy import delete

from festival.core import ledger
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.roster.models import Delegation, DelegationOfficer
from festival.roster.rules import Rules
from festival.roster.steps import stream


def assign_officer(rules: Rules, delegation: Delegation, user_id: int) -> None:
    """This account registers the families of the delegation from now on."""
    values = {"delegation_id": delegation.id, "user_id": user_id}
    db.session.execute(insert_or_pass(DelegationOfficer).values(**values).on_conflict_do_nothing())
    ledger.append(stream(rules.festival), "officer.assigned", {"delegation": delegation.code, "user": user_id}, {})


def dismiss_officer(rules: Rules, delegation: Delegation, user_id: int) -> None:
    """This account registers them no longer."""
    db.session.execute(
        delete(DelegationOfficer).where(
            DelegationOfficer.delegation_id == delegation.id, DelegationOfficer.user_id == user_id
        )
    )
    ledger.append(stream(rules.festival), "officer.dismissed", {"delegation": delegation.code, "user": user_id}, {})
