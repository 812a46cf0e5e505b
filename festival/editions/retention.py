"""Until when is what a festival knows of people kept, who may move that day, and may it be erased now?

Personal data goes on the day the rule set names (180 days after the festival without one), signed papers five years after
the festival. The organiser moves a day with a reason as long as it has not come, or holds everything (a complaint, a court).
The decision is pure; the days stand on the privacy page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from festival.core import ledger
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival, Retention

PAPER_YEARS = 5


class Due(StrEnum):
    """Whether something is erased now, or why not."""

    DUE = "due"
    NOT_YET = "not_yet"
    HELD = "held"
    DONE = "done"
    DEMO = "demo"
    BORN_LATE = "born_late"


DUE_WORDS: dict[Due, Sentence] = {
    Due.DUE: N_("đã đến ngày xóa"),
    Due.NOT_YET: N_("chưa đến ngày xóa"),
    Due.HELD: N_("đang giữ lại theo yêu cầu"),
    Due.DONE: N_("đã xóa"),
    Due.DEMO: N_("dữ liệu mẫu, không tự xóa"),
    Due.BORN_LATE: N_("ngày xóa đã qua từ trước khi nhập ngày hội, hãy đặt lại ngày"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """How long an edition's data and papers are kept, and what has become of them."""

    data_until: date
    papers_until: date
    held: str  # why everything is held, '' when it is not
    data_erased: bool
    papers_erased: bool
    born_on: date
    demo: bool

    def soon(self, on: date, days: int = 30) -> bool:
        """Whether the organiser should be told that the day of the data comes near."""
        return not self.demo and not self.data_erased and (self.data_until - on).days <= days

    def due(self, what: str, on: date) -> Due:
        """May "data" or "papers" be erased by itself on that day? The last day they are kept is not yet over on it."""
        until, done = (self.data_until, self.data_erased) if what == "data" else (self.papers_until, self.papers_erased)
        if done:
            return Due.DONE
        if self.held:
            return Due.HELD
        if on <= until:
            return Due.NOT_YET
        if self.demo:
            return Due.DEMO
        # An edition of the past, typed in today, would lose within the hour what somebody is typing.
        return Due.BORN_LATE if self.born_on > until else Due.DUE


def row_of(festival: Festival) -> Retention | None:
    """What was set for an edition, None while everything is as by default."""
    return db.session.scalar(
        select(Retention).where(Retention.festival_id == festival.id).execution_options(populate_existing=True)
    )


def kept(festival: Festival) -> Kept:
    """What holds for an edition; what nobody has set is the default."""
    row = festival.retention
    return Kept(
        festival.data_kept_until,
        (row.papers_until if row else None) or years_after(festival.ends_on, PAPER_YEARS),
        row.held if row else "",
        bool(row and row.data_erased_at),
        bool(row and row.papers_erased_at),
        festival.created_at.date(),
        festival.demo,
    )


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def fault_of(now_kept: Kept, ends_on: date, what: str, until: date, on: date) -> Sentence | None:
    """Why a day may not be set: it is over, lies inside the festival, or the papers would go before the data."""
    if now_kept.data_erased if what == "data" else now_kept.papers_erased:
        return N_("Đã xóa rồi, không đặt lại ngày được.", "erased")
    if until < on:
        return N_("Ngày này đã qua. Hãy chọn từ hôm nay trở đi.", "past")
    if until <= ends_on:
        return N_("Ngày xóa phải sau ngày kết thúc ngày hội.", "before_end")
    data, papers = (until, now_kept.papers_until) if what == "data" else (now_kept.data_until, until)
    if papers < data:
        return N_("Giấy tờ đã ký không được xóa trước dữ liệu.", "papers_first")
    return None


def keep_until(festival: Festival, what: str, until: date, reason: str, by: int | None) -> Sentence | None:
    """Move a day; answers why not. Noted in the ledger with both days, who, and the reason."""
    before = kept(festival)
    fault = fault_of(before, festival.ends_on, what, until, today())
    if fault is not None:
        return fault
    row = _made(festival)
    old = before.data_until if what == "data" else before.papers_until
    if what == "data":
        festival.data_kept_until, row.data_day_set = until, True
    else:
        row.papers_until = until
    _note(festival, "retention.moved", {"what": what, "from": old.isoformat(), "until": until.isoformat()}, reason, by)
    return None


def hold(festival: Festival, reason: str, by: int | None) -> None:
    """Nothing is erased until somebody lets go."""
    _made(festival).held = reason
    _note(festival, "retention.held", {"what": "all"}, reason, by)


def let_go(festival: Festival, reason: str, by: int | None) -> None:
    """The days hold again."""
    _made(festival).held = ""
    _note(festival, "retention.let_go", {"what": "all"}, reason, by)


def note_erased(festival: Festival, what: str) -> None:
    """The edition remembers that it was done; the ledger's line holds no name."""
    row = _made(festival)
    if what == "data":
        row.data_erased_at = now()
    else:
        row.papers_erased_at = now()
    ledger.append(f"decisions:{festival.code}", "retention.erased", {"festival": festival.code, "what": what}, {})


def day_was_set(festival: Festival) -> bool:
    """Whether the organiser moved the day of the data, so that importing the rule set again does not move it back."""
    row = row_of(festival)
    return row is not None and row.data_day_set


def _made(festival: Festival) -> Retention:
    row = row_of(festival)
    if row is None:
        row = festival.retention = Retention(festival_id=festival.id)
        db.session.flush()
    return row


def _note(festival: Festival, kind: str, subject: dict[str, object], reason: str, by: int | None) -> None:
    db.session.flush()
    ledger.append(
        f"decisions:{festival.code}", kind, {"festival": festival.code, **subject}, {"reason": reason, "by": by}
    )
