"""Is what was locked from slips of paper what the slips say? Which slips a second person types again, and what came of it.

After the lock and before the signature. The sheet of paper wins: a difference stops the signature until the contest was
opened and mended, or the panel says with a reason that the slip says what was locked. Opening the contest ends the check.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState, Judge
from festival.contests.panel import SheetState
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.judging.paper.borders import FEWEST_DICE, MOST_DICE, drawn, read_dice, slip_name
from festival.judging.paper.models import (
    BorderCheck,
    BorderEnd,
    BorderTyping,
    SheetConfirmation,
    SlipTyping,
    TypingState,
)
from festival.judging.paper.recording import record
from festival.judging.paper.slips import SlipReading
from festival.judging.tally import Appearance, JudgeSheet, MarkingJudge, Tally

BORDER, DRAWN = "border", "drawn"
REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class LockedSlip:
    """A slip of paper as it was locked."""

    seat: MarkingJudge
    appearance: Appearance
    sheet: JudgeSheet

    @property
    def pair(self) -> tuple[int, int]:
        return self.seat.id, self.appearance.id

    @property
    def name(self) -> str:
        """As the draw calls it."""
        return slip_name(self.appearance.code, self.seat.letter)


@dataclass(frozen=True, slots=True)
class BorderState:
    """A check as it stands."""

    check: BorderCheck
    typed: dict[tuple[int, int], BorderTyping]

    @property
    def pairs(self) -> dict[tuple[int, int], str]:
        """The slips by (judge, entry), and why each is looked at."""
        return {(judge, entry): why for judge, entry, why in self.check.slips}

    @property
    def open(self) -> list[tuple[int, int]]:
        """What nobody has typed yet."""
        return [pair for pair in self.pairs if pair not in self.typed]

    @property
    def differing(self) -> list[BorderTyping]:
        """What differs, and the panel has not said anything about."""
        return [each for each in self.typed.values() if not each.same and not each.settled]

    @property
    def done(self) -> bool:
        return not self.open and not self.differing


def paper_slips(tallied: Tally) -> list[LockedSlip]:
    """The slips of paper that count."""
    return [
        LockedSlip(seat, appearance, sheet)
        for appearance in tallied.appearances
        for seat in tallied.expected(appearance)
        if (sheet := tallied.sheets.get((seat.id, appearance.id))) is not None
        and sheet.on_paper
        and sheet.state is SheetState.MARKED
    ]


def check_of(contest_id: int) -> BorderState | None:
    """The check that stands; None: none was begun."""
    check = db.session.scalars(
        select(BorderCheck).where(BorderCheck.contest_id == contest_id, BorderCheck.standing)
    ).one_or_none()
    if check is None:
        return None
    rows = db.session.scalars(
        select(BorderTyping).where(BorderTyping.check_id == check.id, BorderTyping.standing).order_by(BorderTyping.id)
    )
    return BorderState(check, {(each.judge_id, each.entry_id): each for each in rows})


def checks_of(contest_id: int) -> list[BorderCheck]:
    """Every check of a contest, those that were begun anew too."""
    return list(
        db.session.scalars(select(BorderCheck).where(BorderCheck.contest_id == contest_id).order_by(BorderCheck.number))
    )


def hold_locked(contest_id: int) -> Contest:
    """The contest, locked and not signed, held until this transaction ends."""
    contest = held_contest(contest_id)
    if contest.state is not ContestState.LOCKED:
        raise Conflict(_("Kiểm tra ranh giới sau khi khóa điểm, trước khi ký biên bản."))
    return contest


def begin_check(tallied: Tally, beside: Collection[str], dice: str, reason: str, by: int | None) -> BorderCheck:
    """Draw the slips from the dice. `beside`: entries beside a border; a check that stands is begun anew with a reason."""
    contest = hold_locked(tallied.contest.id)
    seed = read_dice(dice)
    if seed is None:
        raise BadInput(
            _("Gieo xúc xắc rồi gõ các mặt theo thứ tự: từ %(least)s đến %(most)s chữ số, mỗi số từ 1 đến 6.",
              least=FEWEST_DICE, most=MOST_DICE)
        )  # fmt: skip
    slips = paper_slips(tallied)
    if not slips:
        raise Conflict(_("Phần thi này không có phiếu giấy nào để kiểm tra."))
    before, earlier = check_of(contest.id), checks_of(contest.id)
    reason = " ".join(reason.split())[:REASON_LENGTH]
    if before is not None and not reason:
        raise BadInput(_("Ghi rõ lý do bắt đầu lại."))
    ended = [] if before is None else [_ended(before.check, BorderEnd.ANEW)]
    db.session.flush()
    by_name = {each.name: each for each in slips}
    at_border = [each for each in slips if each.appearance.code in beside]
    rest = [each.name for each in slips if each.appearance.code not in beside]
    chosen = [(each, BORDER) for each in at_border] + [(by_name[name], DRAWN) for name in drawn(seed, rest)]
    check = BorderCheck(
        contest_id=contest.id,
        number=len(earlier) + 1,
        seed=seed,
        slips=[[*each.pair, why] for each, why in chosen],
        rest=len(rest),
        begun_by=by,
        begun_at=now(),
        reason=reason if before is not None else "",
        standing=True,
        ended=None,
    )
    db.session.add(check)
    # the names of the rest as well: whoever has the line draws again without anything else
    record(contest, "border.begun", *ended, check, drawn_from=sorted(rest))
    return check


def _ended(check: BorderCheck, why: BorderEnd) -> BorderCheck:
    check.standing, check.ended = False, why
    return check


def type_border(slip: LockedSlip, contest_id: int, reading: SlipReading, by: int) -> BorderTyping:
    """What a person read from a slip of the check, who typed it neither time before."""
    contest = hold_locked(contest_id)
    state = check_of(contest.id)
    if state is None or slip.pair not in state.pairs:
        raise Overtaken(_("Phiếu này không còn trong lần kiểm tra đang mở. Mở lại trang kiểm tra."))
    if by in typists_of(slip):
        raise Conflict(_("Người đã gõ phiếu này không kiểm tra chính phiếu ấy. Nhờ một người khác gõ lại."))
    if by in writers_of(slip):
        raise Conflict(_("Giám khảo không kiểm tra phiếu của chính mình. Nhờ một người khác gõ lại."))
    before = state.typed.get(slip.pair)
    if before is not None:
        before.standing = False
        db.session.flush()
    typing = BorderTyping(
        check_id=state.check.id,
        judge_id=slip.seat.id,
        entry_id=slip.appearance.id,
        marks=dict(reading.marks),
        total_milli=reading.total_milli,
        same=dict(reading.marks) == dict(slip.sheet.marks),
        typed_by=by,
        typed_at=now(),
        standing=True,
        settled="",
        names=[],
        settled_by=None,
    )
    db.session.add(typing)
    record(contest, "border.typed", *([before] if before else []), typing, judge=slip.seat.id, entry=slip.appearance.id)
    return typing


def writers_of(slip: LockedSlip) -> frozenset[int]:
    """The judge who sits there now, and who gave the slip before being replaced."""
    gave = db.session.scalars(select(Judge.user_id).where(Judge.id == slip.sheet.judge_id))
    return frozenset(gave) | {slip.seat.user_id}


def typists_of(slip: LockedSlip) -> frozenset[int]:
    """Who typed what was locked."""
    rows = db.session.scalars(
        select(SlipTyping.typed_by).where(
            # who sat there before has typings of the own slip
            SlipTyping.judge_id.in_((slip.seat.id, slip.sheet.judge_id)),
            SlipTyping.entry_id == slip.appearance.id,
            SlipTyping.state.in_((TypingState.AGREED, TypingState.DECIDED)),
        )
    )
    return frozenset(rows) | ({slip.sheet.typed_by} if slip.sheet.typed_by is not None else frozenset())


def settle(contest_id: int, typing_id: int, reason: str, names: Sequence[str], by: int | None) -> None:
    """The panel says why it signs all the same: the slip says what was locked. An empty reason takes that back."""
    contest = hold_locked(contest_id)
    state = check_of(contest.id)
    typing = next((each for each in state.typed.values() if each.id == typing_id), None) if state else None
    if typing is None:
        raise NotFound()
    if typing.same:
        raise Conflict(_("Phiếu này không còn lệch."))
    reason = " ".join(reason.split())[:REASON_LENGTH]
    clean = [" ".join(name.split()) for name in names if name.strip()]
    if reason and not clean:
        raise BadInput(_("Ghi họ tên những người quyết định."))
    typing.settled, typing.names, typing.settled_by = reason, clean if reason else [], by
    record(contest, "border.settled", typing, judge=typing.judge_id, entry=typing.entry_id)


def end_checks(contest: Contest) -> None:
    """The contest is opened again: what was checked and confirmed was of another lock."""
    state = check_of(contest.id)
    confirmed = db.session.scalars(
        select(SheetConfirmation).where(SheetConfirmation.contest_id == contest.id, SheetConfirmation.standing)
    ).all()
    for each in confirmed:
        each.standing = False
    checks = [] if state is None else [_ended(state.check, BorderEnd.UNLOCKED)]
    if checks or confirmed:
        record(contest, "border.ended", *checks, *confirmed)
