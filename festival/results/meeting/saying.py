"""How are founding decisions and a panel's meeting written, put right, taken back and brought again?

One step back is always there: a decision typed wrongly is typed anew, taken back by mistake it is brought again. Of two
who write at the same moment the version lets one through. The minutes that are signed keep what they said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Conflict, Overtaken
from festival.editions.models import Festival
from festival.results.ladder.states import signers_of
from festival.results.ladder.steps import hold_contest
from festival.results.meeting.models import FoundingKind, FoundingPaper, PanelMeeting, SaidOnce
from festival.results.meeting.recorded import SAID
from festival.results.meeting.told import FoundingTold, MeetingTold

Row = TypeVar("Row", bound=SaidOnce)


def said_columns(row: SaidOnce) -> dict[str, Any]:
    """What a line of the ledger says of a row."""
    return {name: getattr(row, name) for name in SAID}


def say_founding(
    festival: Festival, what: FoundingKind, told: FoundingTold | None, version: int, by: int | None
) -> bool:
    """This decision founded it; None takes back what was said. False when nothing is different."""
    row = said_row(FoundingPaper, FoundingPaper.festival_id == festival.id, FoundingPaper.what == what)
    row = row or FoundingPaper(festival_id=festival.id, what=what)
    return say_once(festival, row, None if told is None else told.kept(), version, by)


def undo_founding(festival: Festival, what: FoundingKind, version: int, by: int | None) -> None:
    """One step back; done again it is the step forth."""
    row = said_row(FoundingPaper, FoundingPaper.festival_id == festival.id, FoundingPaper.what == what)
    undo_once(festival, row, version, by)


def say_meeting(contest_id: int, told: MeetingTold, version: int, by: int | None) -> bool:
    """Of a contest that is locked and whose minutes are not signed. Overtaken when the panel changed meanwhile."""
    contest = _held(contest_id)
    refuse_other_people(told, (each.judge_id for each in signers_of(contest_id)))
    row = said_row(PanelMeeting, PanelMeeting.contest_id == contest_id) or PanelMeeting(contest_id=contest_id)
    return say_once(contest.festival, row, told.kept(), version, by)


def undo_meeting(contest_id: int, version: int, by: int | None) -> None:
    """One step back; done again it is the step forth."""
    contest = _held(contest_id)
    undo_once(contest.festival, said_row(PanelMeeting, PanelMeeting.contest_id == contest_id), version, by)


def refuse_other_people(told: MeetingTold, wanted: Iterable[int]) -> None:
    """Who is named is who meets now: a seat that changed hands since the page was opened is asked anew."""
    if {*told.present, *(one for one, _why in told.absent)} != set(wanted):
        raise Overtaken(_("Ban giám khảo vừa đổi người. Mở lại trang để ghi đủ từng người."))


def _held(contest_id: int) -> Contest:
    said = _("Thành phần họp được ghi sau khi khóa điểm, và sửa được đến khi ký biên bản.")
    return hold_contest(contest_id, ContestState.LOCKED, said)


def said_row(model: type[Row], *own: Any) -> Row | None:
    """The row as it is now, whatever this transaction read before."""
    return db.session.scalars(select(model).where(*own).execution_options(populate_existing=True)).one_or_none()


def undo_once(festival: Festival, row: SaidOnce | None, version: int, by: int | None) -> None:
    """What stood before stands again."""
    if row is None or row.before == row.says:
        raise Conflict(_("Chưa ghi gì trước đó nên không có gì để trả lại."))
    _late(row.version, version)
    _write(festival, row, row.before, by)


def say_once(festival: Festival, row: SaidOnce, wanted: dict[str, Any] | None, version: int, by: int | None) -> bool:
    """From now on it says this; None takes it back. False when nothing is different."""
    _late(row.version or 0, version)
    if wanted == row.says:
        return False
    _write(festival, row, wanted, by)
    return True


def _late(is_now: int, seen: int) -> None:
    if is_now != seen:
        raise Overtaken(_("Vừa có người khác ghi mục này. Mở lại trang để xem; chưa có gì bị ghi đè."))


def _write(festival: Festival, row: SaidOnce, wanted: dict[str, Any] | None, by: int | None) -> None:
    seen = row.version or 0
    if not seen:
        row.says, row.before, row.version, row.said_by, row.said_at = wanted, None, 1, by, now()
        try:
            with db.session.begin_nested():
                db.session.add(row)
                db.session.flush()
        except IntegrityError as taken:
            raise Overtaken(_("Vừa có người khác ghi mục này. Mở lại trang để xem; chưa có gì bị ghi đè.")) from taken
    else:
        model = type(row)
        values = {"says": wanted, "before": row.says, "version": seen + 1, "said_by": by, "said_at": now()}
        own = update(model).where(model.id == row.id, model.version == seen).values(values)
        done = db.session.execute(own.execution_options(synchronize_session=False))
        _late(getattr(done, "rowcount", 0), 1)
        db.session.refresh(row)
    kind, subject = row.line()
    ledger.append(f"decisions:{festival.code}", kind, {"festival": festival.code, **subject}, said_columns(row))
