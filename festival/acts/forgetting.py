"""How do an edition's acts go with its data, and a family's with the family? Rows in the open transaction; files after it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select, update

from festival.acts.models import ActFile, ActFileKind, ActUpload, ActVersion
from festival.contests.models import Contest
from festival.core.database import db
from festival.roster.models import Entry

TEXTS = ("title", "genre", "props", "words", "said")


def forget_edition(festival_id: int) -> list[str]:
    """Everything; answers which files are to be removed once this is written."""
    own = select(Entry.id).join(Contest, Contest.id == Entry.contest_id).where(Contest.festival_id == festival_id)
    keys = _keys(own)
    for model in (ActVersion, ActFile, ActUpload):
        db.session.execute(delete(model).where(model.entry_id.in_(own)).execution_options(synchronize_session=False))
    return keys


def forget_family(family_id: int) -> list[str]:
    """All texts and files of a family's acts; that there was something, with its digest, stays as a row."""
    files = ActFile.family_id == family_id
    keys = list(db.session.scalars(select(ActFile.key).where(files, ActFile.key.is_not(None))))
    nothing = dict.fromkeys(TEXTS, "")
    for statement in (
        update(ActVersion).where(ActVersion.family_id == family_id).values(nothing),
        update(ActFile).where(files).values(key=None, name=""),
        delete(ActUpload).where(ActUpload.entry_id.in_(select(Entry.id).where(Entry.family_id == family_id))),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    return [key for key in keys if key]


def forget_person(entry_ids: list[int], family_id: int, names: Mapping[str, str]) -> list[str]:
    """Texts say a number instead of the name, and the photos the person may be on go."""
    for model, columns in ((ActVersion, TEXTS), (ActFile, ("name",))):
        own = (model.entry_id.in_(entry_ids)) | (model.family_id == family_id)
        for row in db.session.scalars(select(model).where(own)):
            for column in columns:
                text: str = getattr(row, column)
                for name, label in names.items():
                    text = text.replace(name, label)
                setattr(row, column, text)
    photos = (ActFile.kind == ActFileKind.PHOTO) & ((ActFile.family_id == family_id) | ActFile.entry_id.in_(entry_ids))
    keys = [key for key in db.session.scalars(select(ActFile.key).where(photos)) if key]
    db.session.execute(update(ActFile).where(photos).values(key=None).execution_options(synchronize_session=False))
    return keys


def _keys(entries: object) -> list[str]:
    held = select(ActFile.key).where(ActFile.entry_id.in_(entries), ActFile.key.is_not(None))  # type: ignore[arg-type]
    return [key for key in db.session.scalars(held) if key]
