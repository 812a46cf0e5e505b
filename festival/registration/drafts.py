"""What waits on the server for somebody's word: a form between its steps, an Excel file between preview and confirmation?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from festival.core import secrets
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import new_token, token_hash
from festival.core.text import cut
from festival.core.transaction import transaction
from festival.core.types import UtcTime
from festival.core.web.errors import NotFound
from festival.registration.excel.fates import FamilyFate, Fate
from festival.registration.guarding import resembling
from festival.registration.models import ImportBatch, RegistrationDraft
from festival.registration.registering import register_families
from festival.roster.household import Household, cleaned, from_json, to_json
from festival.roster.models import Delegation, Family, Origin
from festival.roster.rules import Rules

DRAFT_LIFETIME = timedelta(days=60)
PREVIEW_LIFETIME = timedelta(days=1)


def sweep() -> int:
    """Forget forms nobody went on with and files nobody confirmed: they hold names and phones. Answers how many went."""
    at = now()
    with transaction():
        forms = db.session.scalars(
            delete(RegistrationDraft).where(RegistrationDraft.expires_at <= at).returning(RegistrationDraft.id)
        ).all()
        files = db.session.scalars(
            delete(ImportBatch)
            .where(ImportBatch.applied_at.is_(None), ImportBatch.created_at < at - PREVIEW_LIFETIME)
            .returning(ImportBatch.id)
        ).all()
        return len(forms) + len(files)


def start_draft(festival_id: int) -> str:
    """An empty form kept on the server; answers the token of its link."""
    token = new_token()
    at = now()
    db.session.add(
        RegistrationDraft(
            festival_id=festival_id,
            token_hash=token_hash(token),
            content={"delegation": "", "household": to_json(Household())},
            created_at=at,
            expires_at=at + DRAFT_LIFETIME,
        )
    )
    db.session.flush()
    return token


def save_draft(draft: RegistrationDraft, delegation: str, household: Household, *, doubtful: bool = False) -> None:
    """Keep what was typed so far; `doubtful`: hardly by a person."""
    db.session.execute(
        update(RegistrationDraft)
        .where(RegistrationDraft.id == draft.id)
        .values(
            content={"delegation": delegation, "household": to_json(cleaned(household)), "doubtful": doubtful},
            version=RegistrationDraft.version + 1,
        )
    )


_CLEAR = (
    update(RegistrationDraft)
    .where(RegistrationDraft.id == bindparam("of_draft"))
    .values(content={"delegation": "", "household": to_json(Household())})
    .execution_options(synchronize_session=False)
)
_DRAFT = select(RegistrationDraft).where(
    RegistrationDraft.token_hash == bindparam("hashed"),
    RegistrationDraft.expires_at > bindparam("at", type_=UtcTime()),
)
_DRAFT_HELD = _DRAFT.with_for_update()


def clear_draft(draft: RegistrationDraft) -> None:
    """The form has become a family: its copy of the data goes, the link stays to lead there."""
    db.session.execute(_CLEAR, {"of_draft": draft.id})


def keep_import(delegation: Delegation, file_name: str, fates: Sequence[FamilyFate], by: int | None) -> str:
    """Keep what a file would write until the officer confirms; answers the token of the preview."""
    token = new_token()
    at = now()
    db.session.add(
        ImportBatch(
            delegation_id=delegation.id,
            token_hash=token_hash(token),
            file_name=cut(file_name, 200),
            households=[_kept(each) for each in fates if each.fate is Fate.NEW],
            created_by=by,
            created_at=at,
        )
    )
    db.session.flush()
    return token


def _kept(each: FamilyFate) -> dict[str, Any]:
    """A household as it will be written, and as it may be written instead."""
    kept = to_json(each.household)
    if each.offered is not None:
        kept |= {"label": each.label, "garbled": each.garbled, "offered": to_json(each.offered)}
    return kept


def _chosen(item: Mapping[str, Any], repaired: Collection[str] | None) -> Household | None:
    """The household with or without the offered names; None when a name cannot stay and its repair was not chosen."""
    if "offered" in item:
        if repaired is None or item["label"] in repaired:
            return from_json(item["offered"])
        if item["garbled"]:
            return None
    return from_json(item)


@dataclass(frozen=True, slots=True)
class FamiliesImported:
    """What a confirmed file did; the same counts however often it is confirmed.

    `passed_over` names, the first time, the families somebody else registered between preview and confirmation.
    """

    new: int
    same: int
    passed_over: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()  # a garbled name, and its repair was not chosen
    to_look: int = 0  # perhaps the same people as a registration that is there


def apply_import(
    rules: Rules, delegation: Delegation, batch: ImportBatch, repaired: Collection[str] | None = ()
) -> FamiliesImported:
    """Write a previewed file, all families in this one transaction, once.

    `repaired`: the numbers of the families whose offered names are written (None: all).
    """
    first = db.session.scalar(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id, ImportBatch.applied_at.is_(None))
        .values(applied_at=now())
        .returning(ImportBatch.id)
        .execution_options(synchronize_session=False)
    )
    if first is None:
        row = db.session.execute(
            select(ImportBatch.new_families, ImportBatch.same_families).where(ImportBatch.id == batch.id)
        ).one()
        return FamiliesImported(row.new_families, row.same_families)
    chosen = [(_chosen(item, repaired), item) for item in batch.households]
    left_out = tuple(from_json(item).name for household, item in chosen if household is None)
    households: list[tuple[Household, str | None]] = [(each, None) for each, _item in chosen if each is not None]
    made = register_families(rules, delegation, households, Origin.EXCEL, method="paper")
    alike = resembling.look(rules, [item.family_id for item in made])
    written = set(db.session.scalars(select(Family.identity).where(Family.id.in_([item.family_id for item in made]))))
    passed_over = tuple(household.name for household, _key in households if household.identity not in written)
    done = FamiliesImported(len(made), len(households) - len(made), passed_over, left_out, len(alike))
    db.session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id)
        .values(households=[], new_families=done.new, same_families=done.same)
        .execution_options(synchronize_session=False)
    )
    return done


def draft_of(token: str, *, lock: bool = False) -> RegistrationDraft:
    """The unfinished form behind a link; locked when it is about to change. NotFound when it is unknown or too old."""
    asked = {"hashed": secrets.token_hash(token), "at": now()}
    draft = db.session.scalar(_DRAFT_HELD if lock else _DRAFT, asked)
    if draft is None:
        raise NotFound()
    return draft


def import_of(delegation_id: int, token: str) -> ImportBatch:
    """An upload of this delegation. NotFound for any other."""
    batch = db.session.scalar(
        select(ImportBatch).where(
            ImportBatch.token_hash == secrets.token_hash(token), ImportBatch.delegation_id == delegation_id
        )
    )
    if batch is None:
        raise NotFound()
    return batch
