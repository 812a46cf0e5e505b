"""What does the organiser decide about a registration, and what keeps it true when several decide at once?

Two reviewers are told apart by the version they saw; each decision is a line of the ledger stream
`decisions:<festival code>` in the same transaction. Places are held by `roster.places`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError

from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import Attachment
from festival.core.sentence import N_
from festival.passes.issue import delegation_pass, issue_pass, retire_passes
from festival.passes.tokens import typed_of
from festival.registration import dependents
from festival.registration.guarding import held, resembling
from festival.registration.kept import copies
from festival.registration.letters import send_approved, send_decided
from festival.registration.locked.withdrawn import locked_with
from festival.registration.outcomes import (
    Bound,
    Decision,
    NotComplete,
    NotLookedAt,
    NotSigned,
    StandsInLine,
    StandsInReserve,
    Undoing,
)
from festival.registration.queueing.holding import stands_in_line
from festival.registration.signing.units import not_signed_yet
from festival.roster import views
from festival.roster.links import of_families
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState, Family, FamilyState, Reserve
from festival.roster.outcomes import Done, Stale
from festival.roster.places import NoPlace, enrol_entries, free_places, lock_delegation, take_family_place
from festival.roster.rules import Rules
from festival.roster.steps import current, note, step
from festival.roster.views import FamilyView

REGISTERED_ANEW = N_("Gia đình này đã được đăng ký lại bằng hồ sơ khác.", "registered_anew")


def approve(
    rules: Rules, item: FamilyView, version: int, by: int | None, attachments: Sequence[Attachment] = ()
) -> Decision:
    """Take a family in, where no line says whose turn it is."""
    return StandsInLine() if stands_in_line(item.family) else admit(rules, item, version, by, attachments)


def admit(
    rules: Rules, item: FamilyView, version: int, by: int | None, attachments: Sequence[Attachment] = ()
) -> Decision:
    """Take a complete, waiting family in: a place of the delegation and of each contest, a pass, a letter.

    The quota is held by conditional updates: of 64 approvals at once for 10 places, 10 get one. `attachments` (the
    picture of the pass) are made before the transaction.
    """
    if item.lacks:
        return NotComplete(item.lacks)
    family = item.family
    if family.reserve is not None:
        return StandsInReserve()
    if held.is_held(family.id):
        return NotLookedAt()
    if not_signed_yet(family):
        return NotSigned()
    try:
        with db.session.begin_nested():
            take_family_place(family)
            decided = step(
                family,
                version,
                (FamilyState.SUBMITTED,),
                state=FamilyState.APPROVED,
                decided_at=now(),
                decided_by=by,
                return_reason="",
            )
            if isinstance(decided, Stale):
                raise NoPlace(decided)
            enrol_entries(family)
    except NoPlace as undo:
        return undo.outcome
    row = issue_pass("family", family.id, family.festival_id)
    delegation_pass(family)
    note(rules.festival, "registration.approved", family, decided.version, {"family": family.name, "by": by})
    send_approved(family, rules.festival, typed_of(row), of_families.link_code(family), attachments)
    return decided


def approve_complete(
    rules: Rules, delegation: Delegation, by: int | None, pictures: Mapping[int, Attachment] | None = None
) -> tuple[list[Family], list[tuple[Family, Decision]]]:
    """All complete waiting families of a delegation: those approved, and those not with the reason."""
    approved: list[Family] = []
    refused: list[tuple[Family, Decision]] = []
    for item in views.complete_and_waiting(delegation.id, rules):
        picture = (pictures or {}).get(item.family.id)
        outcome = approve(rules, item, item.family.version, by, [picture] if picture else [])
        if isinstance(outcome, Done):
            approved.append(item.family)
        else:
            refused.append((item.family, outcome))
    return approved, refused


def return_family(rules: Rules, family: Family, version: int, reason: str, by: int | None) -> Done | Stale:
    """Give it back with what to mend."""
    return _decide(rules, family, version, FamilyState.RETURNED, reason, by, "registration.returned")


def reject_family(rules: Rules, family: Family, version: int, reason: str, by: int | None) -> Done | Stale:
    """Refuse it, with the reason."""
    return _decide(rules, family, version, FamilyState.REJECTED, reason, by, "registration.rejected")


def _decide(
    rules: Rules, family: Family, version: int, state: FamilyState, reason: str, by: int | None, kind: str
) -> Done | Stale:
    if family.reserve is Reserve.ACCEPTED:
        return current(family)
    outcome = step(
        family,
        version,
        (FamilyState.SUBMITTED, FamilyState.RETURNED) if state is FamilyState.REJECTED else (FamilyState.SUBMITTED,),
        state=state,
        return_reason=reason,
        decided_at=now(),
        decided_by=by,
    )
    if isinstance(outcome, Stale):
        return outcome
    note(rules.festival, kind, family, outcome.version, {"family": family.name, "reason": reason, "by": by})
    returned = state is FamilyState.RETURNED
    send_decided(family, rules.festival, reason, of_families.link_code(family), returned=returned)
    return outcome


def undo_approval(rules: Rules, family: Family, version: int, reason: str, by: int | None) -> Undoing:
    """Back to waiting, as long as nothing stands on the approval yet; the pass becomes a tombstone."""
    lock_delegation(family)
    bound = dependents.reasons(family.id)
    if bound:
        return Bound(bound)
    outcome = _back_to_waiting(family, version, FamilyState.APPROVED, reason)
    if isinstance(outcome, Stale):
        return outcome
    free_places(family, EntryState.PROPOSED)
    retire_passes("family", family.id)
    payload = {"family": family.name, "reason": reason, "by": by}
    note(rules.festival, "registration.approval_undone", family, outcome.version, payload)
    return outcome


def undo_rejection(rules: Rules, family: Family, version: int, reason: str, by: int | None) -> Done | Stale:
    """A refusal that was a mistake: back to waiting. The household could not even be registered again without this."""
    outcome = _back_to_waiting(family, version, FamilyState.REJECTED, reason)
    if isinstance(outcome, Done):
        payload = {"family": family.name, "reason": reason, "by": by}
        note(rules.festival, "registration.rejection_undone", family, outcome.version, payload)
        resembling.look(rules, [family.id])
    return outcome


def restore_family(
    rules: Rules,
    family: Family,
    version: int,
    reason: str,
    by: int | None,
    *,
    to: FamilyState = FamilyState.DRAFT,
) -> Undoing:
    """A withdrawal that was a mistake: undecided again with the contests it had; approved like any other.

    Nothing is taken for it yet, so quota and draw are asked where they always are, at the approval. Bound when the
    household was registered anew meanwhile.
    """
    lock_delegation(family)
    if copies.forgotten(Family.id == family.id):
        return Bound((copies.FORGOTTEN,))
    anew: dict[str, Any] = {"return_reason": reason, "decided_at": None, "decided_by": None, "submitted_at": None}
    try:
        with db.session.begin_nested():
            outcome = step(
                family,
                version,
                (FamilyState.WITHDRAWN,),
                state=to,
                reserve=Reserve.PROPOSED if family.reserve is not None else None,
                withdrawn_from=None,
                withdrawn_road=None,
                **(anew if to is FamilyState.DRAFT else {}),
            )
    except IntegrityError:
        return Bound((REGISTERED_ANEW,))
    if isinstance(outcome, Stale):
        return outcome
    # A contest the family gives up itself is deleted, so what is withdrawn was withdrawn with the family; an entry that
    # ended before, when the last one in it stopped taking part, has nobody and waits for who comes back.
    somebody = exists().where(EntryPerson.entry_id == Entry.id)
    db.session.execute(
        update(Entry)
        .where(Entry.family_id == family.id, Entry.state == EntryState.WITHDRAWN, somebody)
        .values(state=EntryState.PROPOSED)
        .execution_options(synchronize_session=False)
    )
    payload = {"family": family.name, "reason": reason, "by": by}
    note(rules.festival, "registration.restored", family, outcome.version, payload, to=str(to))
    held.hold_again(rules.festival, family)
    resembling.look(rules, [family.id])
    return outcome


def _back_to_waiting(family: Family, version: int, was: FamilyState, reason: str) -> Done | Stale:
    """The reason stays on the registration until it is sent or decided again: the family and the officer read it."""
    return step(
        family,
        version,
        (was,),
        state=FamilyState.SUBMITTED,
        return_reason=reason,
        decided_at=None,
        decided_by=None,
    )


def withdraw_family(rules: Rules, family: Family, version: int | None, by: str, road: str = "office") -> Done | Stale:
    """The family does not come: its places are free again, its pass ends. `version` None = whatever it is now.

    `road`: through whose door ("link", "officer", "office"); who may undo it depends on that (`coming_back`).
    """
    lock_delegation(family)
    # What was locked with the family in it: its results stay, and a withdrawal that is undone finds the family there again.
    locked = " ".join(locked_with(family.id))
    was = db.session.scalar(select(Family.state).where(Family.id == family.id).with_for_update())
    seen = version if version is not None else current(family).version
    outcome = step(
        family,
        seen,
        (FamilyState.DRAFT, FamilyState.SUBMITTED, FamilyState.RETURNED, FamilyState.APPROVED),
        state=FamilyState.WITHDRAWN,
        decided_at=now(),
        withdrawn_from=was,
        withdrawn_road=road,
    )
    if isinstance(outcome, Stale):
        return outcome
    if was is FamilyState.APPROVED:
        free_places(family, EntryState.WITHDRAWN)
        retire_passes("family", family.id)
    db.session.execute(
        update(Entry)
        .where(Entry.family_id == family.id, Entry.state == EntryState.PROPOSED)
        .values(state=EntryState.WITHDRAWN)
    )
    payload = {"family": family.name, "by": by}
    about = {"was": str(was), "road": road} | ({"locked": locked} if locked else {})
    note(rules.festival, "registration.withdrawn", family, outcome.version, payload, **about)
    return outcome
