"""What does the organiser decide about a registration, and what keeps it true when several decide at once?

A quota is a conditional UPDATE; two reviewers are told apart by the version they saw; each decision is a line of the ledger
stream `decisions:<festival code>` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, insert, select, update

from festival.contests.models import Contest, EntrantKind
from festival.core.clock import now
from festival.core.database import db
from festival.core.outbox import Attachment
from festival.core.secrets import new_typed_code
from festival.registration import dependents, queries
from festival.registration.letters import send_approved, send_decided
from festival.registration.models import (
    ContestPlace,
    Delegation,
    Entry,
    EntryPerson,
    EntryState,
    Family,
    FamilyState,
    Person,
)
from festival.registration.outcomes import (
    Bound,
    Decision,
    Done,
    NotComplete,
    QuotaFull,
    Stale,
    Undoing,
)
from festival.registration.pass_tokens import typed_of
from festival.registration.passes import delegation_pass, issue_pass, retire_passes
from festival.registration.queries import FamilyView, Rules
from festival.registration.writing import current, insert_or_pass, note, step

CODE_CHARACTERS = 10


class _Undo(Exception):
    """Rolls the savepoint of one decision back and carries its outcome out."""

    def __init__(self, outcome: Stale | QuotaFull) -> None:
        super().__init__()
        self.outcome = outcome


def approve(
    rules: Rules, item: FamilyView, version: int, by: int | None, attachments: Sequence[Attachment] = ()
) -> Decision:
    """Take a complete, waiting family in: a place of the delegation and of each contest, a pass, a letter.

    The quota is held by conditional updates: of 64 approvals at once for 10 places, 10 get one. `attachments` (the
    picture of the pass) are made before the transaction.
    """
    if item.lacks:
        return NotComplete(item.lacks)
    family = item.family
    try:
        with db.session.begin_nested():
            _take_family_place(family)
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
                raise _Undo(decided)
            _enrol_entries(rules, family)
    except _Undo as undo:
        return undo.outcome
    row = issue_pass("family", family.id, family.festival_id)
    delegation_pass(family)
    note(rules.festival, "registration.approved", family, decided.version, {"family": family.name, "by": by})
    send_approved(family, rules.festival, typed_of(row), queries.link_code(family), attachments)
    return decided


def _take_family_place(family: Family) -> None:
    taken = db.session.scalar(
        update(Delegation)
        .where(Delegation.id == family.delegation_id, Delegation.approved_count < Delegation.families_max)
        .values(approved_count=Delegation.approved_count + 1)
        .returning(Delegation.approved_count)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        most = db.session.scalar(select(Delegation.families_max).where(Delegation.id == family.delegation_id))
        raise _Undo(QuotaFull("", most or 0))


def _enrol_entries(rules: Rules, family: Family) -> None:
    """The family's entries take their places; who is in a mixed team joins the delegation's one."""
    # In the order of contests, so that two approvals never wait for each other crosswise.
    entries = db.session.execute(
        select(Entry.id, Contest)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.family_id == family.id, Entry.state == EntryState.PROPOSED)
        .order_by(Contest.id)
    ).all()
    for entry_id, contest in entries:
        if contest.entrant is EntrantKind.TEAM:
            _join_team(family, entry_id, contest)
            continue
        _take_contest_place(family, contest)
        db.session.execute(update(Entry).where(Entry.id == entry_id).values(state=EntryState.ENROLLED))


def _take_contest_place(family: Family, contest: Contest) -> None:
    place = {"delegation_id": family.delegation_id, "contest_id": contest.id}
    db.session.execute(insert_or_pass(ContestPlace).values(**place, taken=0).on_conflict_do_nothing())
    taken = db.session.scalar(
        update(ContestPlace)
        .where(
            ContestPlace.delegation_id == family.delegation_id,
            ContestPlace.contest_id == contest.id,
            ContestPlace.taken < contest.entries_per_delegation,
        )
        .values(taken=ContestPlace.taken + 1)
        .returning(ContestPlace.taken)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise _Undo(QuotaFull(contest.name, contest.entries_per_delegation))


def _join_team(family: Family, entry_id: int, contest: Contest) -> None:
    """The delegation's row is locked by the approval, so one team is made however many families join at once."""
    team_id = db.session.scalar(
        select(Entry.id).where(
            Entry.contest_id == contest.id,
            Entry.delegation_id == family.delegation_id,
            Entry.family_id.is_(None),
            Entry.state == EntryState.ENROLLED,
        )
    )
    if team_id is None:
        _take_contest_place(family, contest)
        name = db.session.scalar(select(Delegation.name).where(Delegation.id == family.delegation_id))
        team_id = db.session.scalar(
            insert(Entry)
            .values(
                contest_id=contest.id,
                delegation_id=family.delegation_id,
                code=new_typed_code(CODE_CHARACTERS),
                name=name,
                state=EntryState.ENROLLED,
            )
            .returning(Entry.id)
        )
    people = db.session.scalars(select(EntryPerson.person_id).where(EntryPerson.entry_id == entry_id)).all()
    if people:
        rows = [{"entry_id": team_id, "person_id": person_id} for person_id in people]
        db.session.execute(insert_or_pass(EntryPerson).on_conflict_do_nothing(), rows)


def approve_complete(
    rules: Rules, delegation: Delegation, by: int | None, pictures: Mapping[int, Attachment] | None = None
) -> tuple[list[Family], list[tuple[Family, Decision]]]:
    """All complete waiting families of a delegation: those approved, and those not with the reason."""
    approved: list[Family] = []
    refused: list[tuple[Family, Decision]] = []
    for item in queries.complete_and_waiting(delegation.id, rules):
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
    send_decided(family, rules.festival, reason, queries.link_code(family), returned=returned)
    return outcome


def undo_approval(rules: Rules, family: Family, version: int, reason: str, by: int | None) -> Undoing:
    """Back to waiting, as long as nothing stands on the approval yet; the pass becomes a tombstone."""
    _lock_delegation(family)
    bound = dependents.reasons(family.id)
    if bound:
        return Bound(bound)
    outcome = _back_to_waiting(family, version, FamilyState.APPROVED, reason)
    if isinstance(outcome, Stale):
        return outcome
    _release_places(family, EntryState.PROPOSED)
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


def withdraw_family(rules: Rules, family: Family, version: int | None, by: str) -> Done | Stale:
    """The family does not come: its places are free again, its pass ends. `version` None = whatever it is now."""
    _lock_delegation(family)
    was = db.session.scalar(select(Family.state).where(Family.id == family.id).with_for_update())
    seen = version if version is not None else current(family).version
    outcome = step(
        family,
        seen,
        (FamilyState.DRAFT, FamilyState.SUBMITTED, FamilyState.RETURNED, FamilyState.APPROVED),
        state=FamilyState.WITHDRAWN,
        decided_at=now(),
    )
    if isinstance(outcome, Stale):
        return outcome
    if was is FamilyState.APPROVED:
        _release_places(family, EntryState.WITHDRAWN)
        retire_passes("family", family.id)
    db.session.execute(
        update(Entry)
        .where(Entry.family_id == family.id, Entry.state == EntryState.PROPOSED)
        .values(state=EntryState.WITHDRAWN)
    )
    note(rules.festival, "registration.withdrawn", family, outcome.version, {"family": family.name, "by": by})
    return outcome


def _lock_delegation(family: Family) -> None:
    """Delegation first, then family, as an approval does: two that lock crosswise would wait for each other for ever."""
    db.session.execute(select(Delegation.id).where(Delegation.id == family.delegation_id).with_for_update())


def _release_places(family: Family, entries_become: EntryState) -> None:
    db.session.execute(
        update(Delegation)
        .where(Delegation.id == family.delegation_id)
        .values(approved_count=Delegation.approved_count - 1)
        .execution_options(synchronize_session=False)
    )
    freed = db.session.scalars(
        update(Entry)
        .where(Entry.family_id == family.id, Entry.state == EntryState.ENROLLED)
        .values(state=entries_become)
        .returning(Entry.contest_id)
    ).all()
    _free_contest_places(family.delegation_id, freed)
    _leave_teams(family)


def _leave_teams(family: Family) -> None:
    """Take the family's people out of the delegation's mixed teams; a team nobody is in any more ends."""
    teams = select(Entry.id).where(Entry.delegation_id == family.delegation_id, Entry.family_id.is_(None))
    people = select(Person.id).where(Person.family_id == family.id)
    left = db.session.scalars(
        delete(EntryPerson)
        .where(EntryPerson.entry_id.in_(teams), EntryPerson.person_id.in_(people))
        .returning(EntryPerson.entry_id)
    ).all()
    occupied = set(db.session.scalars(select(EntryPerson.entry_id).where(EntryPerson.entry_id.in_(set(left)))))
    empty = set(left) - occupied
    if empty:
        contests = db.session.scalars(
            update(Entry)
            .where(Entry.id.in_(empty), Entry.state == EntryState.ENROLLED)
            .values(state=EntryState.WITHDRAWN)
            .returning(Entry.contest_id)
        ).all()
        _free_contest_places(family.delegation_id, contests)


def _free_contest_places(delegation_id: int, contest_ids: Iterable[int]) -> None:
    for contest_id in contest_ids:
        db.session.execute(
            update(ContestPlace)
            .where(
                ContestPlace.delegation_id == delegation_id,
                ContestPlace.contest_id == contest_id,
                ContestPlace.taken > 0,
            )
            .values(taken=ContestPlace.taken - 1)
            .execution_options(synchronize_session=False)
        )
