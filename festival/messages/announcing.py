"""How is something announced, corrected, withdrawn and put up again, each on the record?

Everybody who saw the first words sees the correction in the same place: the row stays one, its version grows, what it said
before stays beside it. Of two people at the same moment one wins: every step names the version that was on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.editions.models import Festival
from festival.messages.models import Announcement, AnnouncementState, Audience


@dataclass(frozen=True, slots=True)
class ToWhom:
    """Whom an announcement is for."""

    audience: Audience
    delegation_id: int | None = None
    entry_code: str = ""


def announce(festival: Festival, typed_key: str, to: ToWhom, words: str, until: datetime, by: int | None) -> int:
    """Put it up; answers its id. A form sent twice answers the one it made the first time."""
    insert: Any = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}[db.session.connection().dialect.name]
    row = {
        "festival_id": festival.id,
        "typed_key": typed_key,
        "audience": to.audience,
        "delegation_id": to.delegation_id,
        "entry_code": to.entry_code,
        "words": words,
        "until": until,
        "state": AnnouncementState.STANDING,
        "version": 1,
        "earlier": [],
        "made_at": now(),
        "made_by": by,
        "changed_at": None,
    }
    made = insert(Announcement).values(**row).on_conflict_do_nothing(index_elements=["typed_key"])
    new: int | None = db.session.scalar(made.returning(Announcement.id))
    if new is not None:
        _record(db.session.get_one(Announcement, new), "announcement_made", by)
        return new
    known = select(Announcement.id).where(Announcement.typed_key == typed_key, Announcement.festival_id == festival.id)
    found = db.session.scalar(known)
    if found is None:
        raise Conflict()
    return found


def correct(row: Announcement, version: int, words: str, until: datetime, by: int | None) -> None:
    """Other words or another hour; it stands again when it was withdrawn. What it said before is kept."""
    before = {"words": row.words, "until": row.until.isoformat(), "at": (row.changed_at or row.made_at).isoformat()}
    values = {"words": words, "until": until, "state": AnnouncementState.STANDING, "earlier": [*row.earlier, before]}
    _step(row, version, "announcement_corrected", by, values)


def withdraw(row: Announcement, version: int, by: int | None) -> None:
    """It does not hold any more; those who saw it read so for a while."""
    if row.state is AnnouncementState.WITHDRAWN:
        raise Overtaken(_("Thông báo này đã được rút."))
    _step(row, version, "announcement_withdrawn", by, {"state": AnnouncementState.WITHDRAWN})


def put_up_again(row: Announcement, version: int, by: int | None) -> None:
    """Withdrawn by a slip: it stands as before."""
    if row.state is not AnnouncementState.WITHDRAWN:
        raise Overtaken(_("Thông báo này đang đứng."))
    if row.until <= now():
        raise Conflict(_("Thông báo đã qua giờ hết hiệu lực. Hãy sửa, chọn giờ mới rồi đăng lại."))
    _step(row, version, "announcement_restored", by, {"state": AnnouncementState.STANDING})


def announcement(festival: Festival, number: int) -> Announcement:
    """One of this edition. NotFound for any other."""
    found = db.session.scalar(
        select(Announcement).where(Announcement.id == number, Announcement.festival_id == festival.id)
    )
    if found is None:
        raise NotFound()
    return found


def _step(row: Announcement, version: int, kind: str, by: int | None, values: dict[str, Any]) -> None:
    changed = db.session.execute(
        update(Announcement)
        .where(Announcement.id == row.id, Announcement.version == version)
        .values(**values, version=version + 1, changed_at=now())
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Overtaken(_("Có người vừa sửa thông báo này. Xem lại bản mới nhất rồi làm tiếp."))
    db.session.refresh(row)
    _record(row, kind, by)


def _record(row: Announcement, kind: str, by: int | None) -> None:
    """One line with all that the row then holds."""
    ledger.append(
        f"decisions:{row.festival.code}",
        kind,
        {"announcement": row.id, "by": by},
        {
            "audience": row.audience.value,
            "delegation": row.delegation_id,
            "entry": row.entry_code,
            "words": row.words,
            "until": row.until.isoformat(),
            "state": row.state.value,
            "version": row.version,
        },
    )
