"""What can an account judge, and on which days; how is that said, and taken back by one step?

The proposal for all panels reads it. Of two who say it at the same moment the version lets one through.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from festival.contests.assigning.models import JudgeScope
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.judging.panel.recording import record_scope


@dataclass(frozen=True, slots=True)
class ScopeSaid:
    """None: all contests, all days. `before`: what one step back brings again; None: nothing was said."""

    contests: frozenset[str] | None = None
    days: frozenset[str] | None = None
    version: int = 0
    before: ScopeSaid | None = None


def scopes_of(festival_id: int) -> dict[int, ScopeSaid]:
    """By account, of whom something was said."""
    rows = db.session.scalars(select(JudgeScope).where(JudgeScope.festival_id == festival_id))
    return {row.user_id: _read(row) for row in rows}


def scope_of(festival_id: int, user_id: int) -> ScopeSaid:
    """The same of one account."""
    row = _row(festival_id, user_id)
    return ScopeSaid() if row is None else _read(row)


def say_scope(festival_id: int, user_id: int, said: ScopeSaid, known: ScopeSaid, by: int | None) -> bool:
    """It can judge these contests on these days; False when that is what was said already.

    `known`: the contests and days there are to choose from. `said.version`: which version was seen.
    """
    strange = {*(said.contests or ()), *(said.days or ())} - {*(known.contests or ()), *(known.days or ())}
    if strange:
        raise BadInput(_("Không có phần thi hoặc ngày thi này: %(names)s.", names=", ".join(sorted(strange))[:200]))
    wanted, row = _kept(said), _row(festival_id, user_id)
    if said.version != (row.version if row else 0):
        raise Overtaken(_("Vừa có người khác ghi phạm vi chấm của người này. Mở lại trang để xem."))
    if wanted == (row.says if row else _kept(ScopeSaid())):
        return False
    _write(festival_id, user_id, row, wanted, by)
    return True


def undo_scope(festival_id: int, user_id: int, version: int, by: int | None) -> None:
    """One step back; done again it is the step forth."""
    row = _row(festival_id, user_id)
    if row is None or row.before is None:
        raise Conflict(_("Chưa ghi gì cho người này nên không có gì để trả lại."))
    if row.version != version:
        raise Overtaken(_("Vừa có người khác ghi phạm vi chấm của người này. Mở lại trang để xem."))
    _write(festival_id, user_id, row, row.before, by)


def _write(festival_id: int, user_id: int, row: JudgeScope | None, wanted: dict[str, Any], by: int | None) -> None:
    late = _("Vừa có người khác ghi phạm vi chấm của người này. Mở lại trang để xem.")
    if row is None:
        row = JudgeScope(
            festival_id=festival_id, user_id=user_id, version=1, says=wanted, before=_kept(ScopeSaid()), said_by=by,
            said_at=now(),
        )  # fmt: skip
        try:
            with db.session.begin_nested():
                db.session.add(row)
                db.session.flush()
        except IntegrityError as taken:
            raise Overtaken(late) from taken
    else:
        own = update(JudgeScope).where(JudgeScope.id == row.id, JudgeScope.version == row.version)
        values = {"says": wanted, "before": row.says, "version": row.version + 1, "said_by": by, "said_at": now()}
        done = db.session.execute(own.values(values).execution_options(synchronize_session=False))
        if getattr(done, "rowcount", 0) != 1:
            raise Overtaken(late)
        db.session.refresh(row)
    record_scope(row)


def _row(festival_id: int, user_id: int) -> JudgeScope | None:
    own = select(JudgeScope).where(JudgeScope.festival_id == festival_id, JudgeScope.user_id == user_id)
    return db.session.scalars(own.execution_options(populate_existing=True)).one_or_none()


def _kept(said: ScopeSaid) -> dict[str, Any]:
    return {"contests": _sorted(said.contests), "days": _sorted(said.days)}


def _sorted(those: Collection[str] | None) -> list[str] | None:
    return None if those is None else sorted(those)


def _read(row: JudgeScope) -> ScopeSaid:
    before = None if row.before is None else _told(row.before)
    told = _told(row.says)
    return ScopeSaid(told.contests, told.days, row.version, before)


def _told(kept: dict[str, Any]) -> ScopeSaid:
    contests, days = kept.get("contests"), kept.get("days")
    return ScopeSaid(None if contests is None else frozenset(contests), None if days is None else frozenset(days))
