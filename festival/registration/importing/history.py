"""Which files were given for a delegation, what became of each, and what of them is still to be mended?"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import defer

from festival.accounts.models import User
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.core.web.i18n import say
from festival.registration.excel.writing import FileRow
from festival.registration.importing.undoing import touched
from festival.registration.importing.waiting_file import reasons_of
from festival.registration.models import ImportBatch

SHOWN = 50


@dataclass(frozen=True, slots=True)
class PastImport:
    """A file that was given: who gave it, whether it can be taken back as a whole, whether rows are kept to be mended."""

    batch: ImportBatch
    who: str
    undoable: bool
    to_mend: bool


def imports_of(delegation_id: int) -> list[PastImport]:
    """The last files of a delegation, the newest first."""
    query = (
        select(ImportBatch, User.name, (ImportBatch.skipped != []).label("to_mend"))
        .outerjoin(User, User.id == ImportBatch.created_by)
        .where(ImportBatch.delegation_id == delegation_id)
        .options(defer(ImportBatch.households), defer(ImportBatch.skipped))
        .order_by(ImportBatch.id.desc())
        .limit(SHOWN)
    )
    rows = db.session.execute(query).all()
    standing = [row.ImportBatch for row in rows if row.ImportBatch.made and row.ImportBatch.undone_at is None]
    bound = touched({family_id for batch in standing for family_id in batch.made})
    return [
        PastImport(
            row.ImportBatch,
            row.name or "",
            row.ImportBatch in standing and bound.isdisjoint(row.ImportBatch.made),
            bool(row.to_mend),
        )
        for row in rows
    ]


def import_in(delegation_id: int, batch_id: int) -> ImportBatch:
    """A file of this delegation. NotFound for any other."""
    batch = db.session.scalar(
        select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.delegation_id == delegation_id)
    )
    if batch is None:
        raise NotFound()
    return batch


def rows_to_mend(batch: ImportBatch) -> list[FileRow]:
    """The rows that were not written, with what is wrong in words; NotFound when none are kept."""
    if not batch.skipped:
        raise NotFound()
    with force_locale("vi"):  # the file is Vietnamese whoever asks for it
        return [
            FileRow(
                {**row["cells"], "wrong": "\n".join(say(reason) for reason in reasons_of(row))},
                frozenset(row["faults"]),
            )
            for row in batch.skipped
        ]
