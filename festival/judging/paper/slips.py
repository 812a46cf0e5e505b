"""What does a person's typing of a slip become: held until a second person typed it, a sheet, or a question to a third?

The judge's row is held while this is decided, as it is when a tablet's sheet is taken: what stands when two readings are
compared is what stands when the sheet is written.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from festival.contests.models import Contest, ContestState, Judge, PanelSeat
from festival.contests.panel import SheetState
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Conflict, Overtaken
from festival.judging.paper.models import SlipDecision, SlipTyping, TypingState
from festival.judging.paper.recording import record
from festival.judging.sheet_messages import SheetApart, SheetMessage, SheetOutcome, SheetRefused
from festival.judging.sheets.knowledge import hold_contests
from festival.judging.taking_sheets import take_sheets
from festival.judging.tally import JudgeSheet, sheets_of
from festival.judging.words import REFUSED_WORDS

WAITING_SEATS = (PanelSeat.RESERVE, PanelSeat.STOOD_DOWN, PanelSeat.SECRETARY)
WAITS = (TypingState.HELD, TypingState.DIFFERS)


@dataclass(frozen=True, slots=True)
class Slip:
    """The slip of one judge for one entry."""

    contest_id: int
    judge_id: int
    user_id: int
    entry_id: int
    entry_code: str

    @property
    def pair(self) -> tuple[int, int]:
        """As the tally keys sheets."""
        return self.judge_id, self.entry_id


@dataclass(frozen=True, slots=True)
class SlipReading:
    """What somebody read from a slip."""

    marks: Mapping[str, int]
    total_milli: int
    note: str


@dataclass(frozen=True, slots=True)
class TypingHeld:
    """It waits for the other person."""


@dataclass(frozen=True, slots=True)
class TypingsAgree:
    """Both say the same; the sheet stands."""

    total_milli: int


@dataclass(frozen=True, slots=True)
class TypingsDiffer:
    """A third person decides."""


TypingOutcome = TypingHeld | TypingsAgree | TypingsDiffer


def hold_slip(slip: Slip) -> Contest:
    """The contest, still open, and the judge's seat, held until this transaction ends."""
    contest = hold_contests([slip.contest_id])[slip.contest_id]
    if contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không ghi thêm được nữa."))
    db.session.execute(select(Judge.id).where(Judge.id == slip.judge_id).with_for_update())
    return contest


def waiting_typings(slip: Slip) -> list[SlipTyping]:
    """The typings of a slip that wait, the first before the second."""
    wanted = select(SlipTyping).where(
        SlipTyping.judge_id == slip.judge_id, SlipTyping.entry_id == slip.entry_id, SlipTyping.state.in_(WAITS)
    )
    return list(db.session.scalars(wanted.order_by(SlipTyping.place)))


def standing_sheet(slip: Slip) -> JudgeSheet | None:
    """The sheet as it stands: of who sits there, or of who gave it before being replaced."""
    own = (Judge.contest_id == slip.contest_id, Judge.user_id == slip.user_id, Judge.seat.not_in(WAITING_SEATS))
    gave = list(db.session.scalars(select(Judge.id).where(*own)))
    return next(iter(sheets_of(gave, [slip.entry_id]).values()), None)


def type_slip(slip: Slip, reading: SlipReading, by: int, own: int | None = None) -> TypingOutcome:
    """Hold what a person typed, or compare it with what another did. `own`: the typing of the same person it corrects."""
    contest = hold_slip(slip)
    waiting = waiting_typings(slip)
    before = next((each for each in waiting if each.typed_by == by), None)
    if before is not None and own != before.id:
        raise Conflict(
            _("Lần gõ thứ nhất của phiếu này là của chính người đang gõ. Lần thứ hai phải do một người khác gõ.")
        )
    if own is not None and before is None:
        raise Overtaken(_("Lượt gõ này không còn chờ nữa. Mở lại phiếu để xem tình trạng."))
    if before is None and len(waiting) > 1:
        raise Overtaken(_("Phiếu này vừa có đủ hai người gõ. Mở lại phiếu để xem tình trạng."))
    changed = _dropped(before)
    place = before.place if before is not None else 1 + any(each.place == 1 for each in waiting)
    typing = SlipTyping(
        judge_id=slip.judge_id,
        entry_id=slip.entry_id,
        round=1,
        place=place,
        state=TypingState.HELD,
        marks=dict(reading.marks),
        total_milli=reading.total_milli,
        note=reading.note,
        typed_by=by,
        typed_at=now(),
    )
    _add(typing)
    other = next((each for each in waiting if each is not before), None)
    if other is None:
        record(contest, "slip.held", *changed, typing, judge=slip.judge_id, entry=slip.entry_id)
        return TypingHeld()
    return _compared(contest, slip, [other, typing], changed)


def _dropped(before: SlipTyping | None) -> list[SlipTyping]:
    if before is None:
        return []
    before.state = TypingState.DROPPED
    db.session.flush()
    return [before]


def _add(typing: SlipTyping) -> None:
    """The unique indices have the last word: one first and one second, of two people."""
    try:
        db.session.add(typing)
        db.session.flush()
    except IntegrityError as taken:
        raise Overtaken(_("Phiếu này vừa có người gõ. Mở lại phiếu để xem tình trạng.")) from taken


def _compared(contest: Contest, slip: Slip, both: list[SlipTyping], changed: Sequence[SlipTyping]) -> TypingOutcome:
    sheet, last = standing_sheet(slip), both[-1]
    apart = both[0].marks != last.marks or _other_on_the_tablet(sheet, last.marks)
    for each in both:
        each.state = TypingState.DIFFERS if apart else TypingState.AGREED
    kind = "slip.differs" if apart else "slip.agreed"
    rows: list[SlipTyping | SlipDecision] = [*changed, *both]
    if not apart:
        if sheet is None or sheet.state is not SheetState.MARKED or dict(sheet.marks) != last.marks:
            put_sheet(slip, last.marks, last.note, sheet, last.typed_by)
        if (
            before := standing_decision(slip)
        ) is not None:  # typed anew by two people: nothing is to be decided any more
            before.standing = False
            rows.append(before)
    typed_by = [each.typed_by for each in sorted(both, key=lambda each: each.place)]
    record(contest, kind, *rows, judge=slip.judge_id, entry=slip.entry_id, typed_by=typed_by)
    return TypingsDiffer() if apart else TypingsAgree(last.total_milli)


def _other_on_the_tablet(sheet: JudgeSheet | None, marks: Mapping[str, int]) -> bool:
    """A sheet that came from the judge's tablet and says something else; one from paper is corrected by two typings."""
    if sheet is None or (sheet.on_paper and not sheet.conflict):
        return False
    return sheet.conflict or sheet.state is not SheetState.MARKED or dict(sheet.marks) != dict(marks)


def put_sheet(slip: Slip, marks: Mapping[str, int], note: str, sheet: JudgeSheet | None, by: int) -> None:
    """The sheet says these marks from now on, by the same way as every sheet."""
    base = sheet.version if sheet is not None else 0
    said = [_message(slip, {"marks": dict(marks), "note": note}, base, by)]
    if sheet is not None and sheet.conflict:
        # the judge's own two versions wait: whoever decides what the slip says ends that, too
        said.insert(0, _message(slip, {"keep": "current"}, base, by))
        said[1] = _message(slip, {"marks": dict(marks), "note": note}, base + 1, by)
    for outcome in take_sheets(said):
        _refuse(outcome)


def _message(slip: Slip, body: dict[str, object], base: int, by: int) -> SheetMessage:
    return SheetMessage(
        mid=f"paper-{uuid.uuid4().hex}",
        user_id=slip.user_id,
        entry_code=slip.entry_code,
        round=1,
        verb="resolve" if "keep" in body else "send",
        body=body,
        base_version=base,
        received_at=now(),
        typed_by=by,
    )


def _refuse(outcome: SheetOutcome) -> None:
    if isinstance(outcome, SheetRefused):
        raise Conflict(REFUSED_WORDS.get(outcome.reason, _("Phiếu này không ghi được.")))
    if isinstance(outcome, SheetApart):
        raise Overtaken(_("Giám khảo vừa gửi một bản khác. Mở lại phiếu rồi làm tiếp."))


def take_back_typing(slip: Slip, typing_id: int, by: int) -> None:
    """A typing that waits is taken back by who typed it; the other one waits for a second person again."""
    contest = hold_slip(slip)
    waiting = waiting_typings(slip)
    own = next((each for each in waiting if each.id == typing_id), None)
    if own is None:
        raise Overtaken(_("Lượt gõ này không còn chờ nữa. Mở lại phiếu để xem tình trạng."))
    if own.typed_by != by:
        raise Conflict(_("Chỉ người đã gõ mới bỏ được lượt gõ của mình."))
    own.state = TypingState.DROPPED
    for each in waiting:
        if each is not own:
            each.state = TypingState.HELD
    record(contest, "slip.dropped", *waiting, judge=slip.judge_id, entry=slip.entry_id)


def standing_decision(slip: Slip) -> SlipDecision | None:
    """What a third person decided of a slip, as it stands."""
    return db.session.scalars(
        select(SlipDecision).where(
            SlipDecision.judge_id == slip.judge_id, SlipDecision.entry_id == slip.entry_id, SlipDecision.standing
        )
    ).one_or_none()
