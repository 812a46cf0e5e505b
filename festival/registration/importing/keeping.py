"""How does an Excel file wait for the officer's word, and how is it written, once?"""

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
from festival.core.sentence import Sentence
from festival.core.statements import run, table
from festival.core.text import cut
from festival.core.transaction import transaction
from festival.core.web.errors import NotFound
from festival.registration.excel.fates import FamilyFate, Fate
from festival.registration.guarding import resembling
from festival.registration.importing.waiting_file import (
    GARBLED,
    OVERTAKEN,
    WITH_OTHERS,
    NewFamily,
    chosen,
    name_of,
    new_of,
    not_written,
    skipped_of,
)
from festival.registration.models import ImportBatch
from festival.registration.outcomes import Registered
from festival.registration.registering import register_families
from festival.roster.models import Delegation, Entry, Family, Origin
from festival.roster.rules import Rules

PREVIEW_LIFETIME = timedelta(days=1)
SKIPPED_LIFETIME = timedelta(days=30)

_ENTRIES = table(Entry)
_TITLE = (
    update(_ENTRIES)
    .where(_ENTRIES.c.family_id == bindparam("of_family"), _ENTRIES.c.contest_id == bindparam("of_contest"))
    .values(title=bindparam("called"))
)


def sweep() -> int:
    """Forget files nobody confirmed, and after a month the rows that were to be mended: they hold names and phones."""
    at = now()
    with transaction():
        files = db.session.scalars(
            delete(ImportBatch)
            .where(ImportBatch.applied_at.is_(None), ImportBatch.created_at < at - PREVIEW_LIFETIME)
            .returning(ImportBatch.id)
        ).all()
        db.session.execute(
            update(ImportBatch)
            .where(ImportBatch.created_at < at - SKIPPED_LIFETIME, ImportBatch.skipped != [])
            .values(skipped=[])
            .execution_options(synchronize_session=False)
        )
        return len(files)


def keep_import(
    delegation: Delegation, file_name: str, fates: Sequence[FamilyFate], by: int | None, *, whole: bool = False
) -> str:
    """Keep what a file would write until the officer confirms; answers the token of the preview.

    `whole`: all of it or nothing. A family that differs from its registration is not written either, so it waits with
    those that are to be mended.
    """
    token = new_token()
    barred = [each for each in fates if each.fate in (Fate.ERROR, Fate.DIFFERENT)]
    new = [each for each in fates if each.fate is Fate.NEW]
    skipped = [row for each in barred for row in skipped_of(each)]
    if whole and barred:
        skipped += [row for each in new for row in not_written(new_of(each), WITH_OTHERS)]
        new = []
    db.session.add(
        ImportBatch(
            delegation_id=delegation.id,
            token_hash=token_hash(token),
            file_name=cut(file_name, 200),
            households=[new_of(each) for each in new],
            skipped=skipped,
            skipped_families=len(barred),
            whole=whole,
            created_by=by,
            created_at=now(),
        )
    )
    db.session.flush()
    return token


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


@dataclass(frozen=True, slots=True)
class NotWhole:
    """All or nothing was asked for, and these families cannot be written; the door lets nothing of it stand."""

    names: tuple[str, ...]


def apply_import(
    rules: Rules, delegation: Delegation, batch: ImportBatch, repaired: Collection[str] | None = ()
) -> FamiliesImported | NotWhole:
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
    written, left_out = chosen(batch.households, repaired)
    if batch.whole and left_out:
        return NotWhole(tuple(map(name_of, left_out)))
    made = register_families(
        rules, delegation, [(each.household, None) for each in written], Origin.EXCEL, method="paper"
    )
    there, overtaken = _by_family(made, written)
    if batch.whole and overtaken:
        return NotWhole(tuple(each.household.name for each in overtaken))
    _call_acts(rules, there)
    alike = resembling.look(rules, [item.family_id for item in made], new=True)
    done = FamiliesImported(
        len(made),
        len(overtaken),
        tuple(each.household.name for each in overtaken),
        tuple(map(name_of, left_out)),
        len(alike),
    )
    back = [*_again(left_out, GARBLED), *_again([each.kept for each in overtaken], OVERTAKEN)]
    db.session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id)
        .values(
            households=[],
            new_families=done.new,
            same_families=done.same,
            made=[item.family_id for item in made],
            skipped=[*batch.skipped, *back],
            skipped_families=batch.skipped_families + len(left_out) + len(overtaken),
        )
        .execution_options(synchronize_session=False)
    )
    return done


def _by_family(
    made: Sequence[Registered], written: Sequence[NewFamily]
) -> tuple[dict[int, NewFamily], list[NewFamily]]:
    """Which of the file's families each new row is; those the database passed over."""
    rows = db.session.execute(
        select(Family.id, Family.identity).where(Family.id.in_([item.family_id for item in made]))
    )
    by_identity = {row.identity: row.id for row in rows}
    there: dict[int, NewFamily] = {}
    overtaken = []
    for each in written:
        family_id = by_identity.pop(each.household.identity, None)
        if family_id is None:
            overtaken.append(each)
        else:
            there[family_id] = each
    return there, overtaken


def _call_acts(rules: Rules, there: Mapping[int, NewFamily]) -> None:
    """The titles of the acts, on the entries that were proposed just now."""
    called = [
        {"of_family": family_id, "of_contest": rules.contests[code].id, "called": title}
        for family_id, each in there.items()
        for code, title in each.titles.items()
        if code in rules.contests
    ]
    if called:
        run(_TITLE, called)


def _again(families: Sequence[Mapping[str, Any]], why: Sentence) -> list[dict[str, Any]]:
    return [row for kept in families for row in not_written(kept, why)]


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
