"""Which acts have a track that an item of the order can play?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from festival.acts.keeping import USB
from festival.acts.models import ActFile, ActFileKind
from festival.contests.models import Contest
from festival.core.database import db
from festival.roster.models import Entry, EntryState
from festival.roster.shown.public_names import names_held


@dataclass(frozen=True, slots=True)
class ActTrack:
    """An act as it may be called, and the file that is played."""

    code: str
    act: str
    file: str


def tracks(festival_id: int, codes: Collection[str] | None = None) -> list[ActTrack]:
    """Of every act that has one; `codes`: of these. As many statements for any number."""
    own = (
        select(Entry.id, Entry.code, Entry.name, Entry.title, ActFile.name.label("file"), ActFile.format)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(ActFile, ActFile.entry_id == Entry.id)
        .where(Contest.festival_id == festival_id, Entry.state != EntryState.WITHDRAWN)
        .where(ActFile.kind == ActFileKind.TRACK, ActFile.standing)
        .order_by(Contest.position, Entry.id)
    )
    rows = db.session.execute(own if codes is None else own.where(Entry.code.in_(codes))).all()
    held = names_held(festival_id)
    found = []
    for row in rows:
        title, name = held.title(row.id, row.title), held.entry(row.id, row.name)
        file = str(_("trên USB ở bàn âm thanh")) if row.format == USB else row.file or row.format
        if title == "" and row.title:  # the file is called after what may not be said
            file = row.format
        found.append(ActTrack(row.code, f"«{title}», {name}" if title else name, file))
    return found
