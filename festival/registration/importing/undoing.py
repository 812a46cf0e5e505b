"""How is a whole import taken back while nothing stands on it, and given back?

What was written is withdrawn in one transaction, under the version each family was written with: whoever agreed, was
corrected or sent meanwhile keeps the whole file where it is, and is named.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Overtaken
from festival.registration import decisions
from festival.registration.models import ImportBatch
from festival.registration.outcomes import Bound
from festival.roster.models import Entry, EntryState, Family, FamilyState
from festival.roster.outcomes import Done
from festival.roster.rules import Rules
from festival.roster.steps import stream

WRITTEN = 1  # the version of a family nobody has touched since
OFFICER = "officer"  # whose the file is; each family may also be taken back singly by that door
A_QUERY = 500


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """How many families went, or came back; the names of those that could not come back."""

    families: int
    stay: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandsOnIt:
    """Families of the file about which something was done since; the door lets nothing of the undoing stand."""

    names: tuple[str, ...]


def undo_import(rules: Rules, batch: ImportBatch, by: int | None) -> ImportUndone | StandsOnIt:
    """Withdraw everything the file wrote, if nobody has touched any of it; who was withdrawn already stays so."""
    _turn(batch, undone=True, by=by)
    gone: list[Any] = []
    for part in _parts(batch.made):
        went = db.session.execute(
            update(Family)
            .where(Family.id.in_(part), Family.state == FamilyState.DRAFT, Family.version == WRITTEN)
            .values(
                state=FamilyState.WITHDRAWN,
                version=Family.version + 1,
                decided_at=now(),
                withdrawn_from=FamilyState.DRAFT,
                withdrawn_road=OFFICER,
            )
            .returning(Family.id, Family.code, Family.name, Family.version)
            .execution_options(synchronize_session=False)
        ).all()
        gone += went
        db.session.execute(
            update(Entry)
            .where(Entry.family_id.in_([row.id for row in went]), Entry.state == EntryState.PROPOSED)
            .values(state=EntryState.WITHDRAWN)
            .execution_options(synchronize_session=False)
        )
    stay = _named(batch.made, Family.state != FamilyState.WITHDRAWN)
    if stay:
        return StandsOnIt(tuple(stay))
    payload = {"by": by, "import": batch.id}
    lines = [
        (
            "registration.withdrawn",
            {"family": row.code, "version": row.version, "was": str(FamilyState.DRAFT), "road": OFFICER},
            {"family": row.name, **payload},
        )
        for row in sorted(gone, key=lambda each: each.id)
    ]
    ledger.append_many(stream(rules.festival), lines)
    return ImportUndone(len(gone))


def redo_import(rules: Rules, batch: ImportBatch, by: int | None) -> ImportUndone:
    """The families that the undoing took are drafts again, as many as nobody registered anew meanwhile."""
    _turn(batch, undone=False, by=by)
    back, stay = 0, []
    for part in _parts(batch.made):
        taken = db.session.scalars(
            select(Family)
            .where(Family.id.in_(part), Family.state == FamilyState.WITHDRAWN, Family.version == WRITTEN + 1)
            .order_by(Family.id)
            .execution_options(populate_existing=True)
        )
        for family in list(taken):
            outcome = decisions.restore_family(rules, family, family.version, "", by)
            if isinstance(outcome, Done):
                back += 1
            elif isinstance(outcome, Bound):
                stay.append(family.name)
    return ImportUndone(back, tuple(stay))


def touched(family_ids: Collection[int]) -> set[int]:
    """Those of these families about which something was done since they were written."""
    since = (Family.state != FamilyState.DRAFT) | (Family.version != WRITTEN)
    return {
        family_id
        for part in _parts(sorted(family_ids))
        for family_id in db.session.scalars(
            select(Family.id).where(Family.id.in_(part), Family.state != FamilyState.WITHDRAWN, since)
        )
    }


def _turn(batch: ImportBatch, *, undone: bool, by: int | None) -> None:
    """Of two at once one goes on; Overtaken for the other."""
    was = ImportBatch.undone_at.is_(None) if undone else ImportBatch.undone_at.is_not(None)
    turned = db.session.scalar(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id, ImportBatch.applied_at.is_not(None), was)
        .values(undone_at=now() if undone else None, undone_by=by if undone else None)
        .returning(ImportBatch.id)
        .execution_options(synchronize_session=False)
    )
    if turned is None:
        raise Overtaken()


def _named(family_ids: Sequence[int], *where: Any) -> list[str]:
    return [
        name
        for part in _parts(family_ids)
        for name in db.session.scalars(select(Family.name).where(Family.id.in_(part), *where).order_by(Family.id))
    ]


def _parts(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + A_QUERY] for start in range(0, len(ids), A_QUERY)]
