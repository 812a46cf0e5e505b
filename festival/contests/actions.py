"""What can happen to a contest and its panel: its rules fixed by the first mark, people seated, ties noted.

From the first mark on what decides points stands: `fix_rules` is called by whoever writes it (`saving` holds it).
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from festival.accounts.models import User
from festival.contests.models import (
    PRESENT_SEATS,
    Contest,
    ContestState,
    Judge,
    PanelSeat,
    ResultKind,
    Unavailability,
)
from festival.contests.replacing.models import SeatReplacement
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.editions.models import Unit


def fix_rules(contest_id: int) -> None:
    """Called with the first mark, count or time, in its transaction; every later call changes nothing."""
    db.session.execute(
        update(Contest).where(Contest.id == contest_id, Contest.rules_fixed_at.is_(None)).values(rules_fixed_at=now())
    )


def held_contest(contest_id: int) -> Contest:
    """The contest as it is now, held until the transaction ends. NotFound."""
    contest = db.session.scalars(
        select(Contest).where(Contest.id == contest_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if contest is None:
        raise NotFound()
    return contest


def open_to_change(contest_id: int) -> Contest:
    """The contest, held against its lock: who counts is part of what was locked, so the panel stands from then on."""
    contest = held_contest(contest_id)
    if contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không đổi ban giám khảo được nữa."))
    return contest


class SeatRefused(Conflict):
    """409: the seat cannot be given; who holds it is said, and what to do."""

    code = "seat_refused"
    title = _l("Chưa xếp được ghế này")


@dataclass(frozen=True, slots=True)
class Seated:
    """A new seat in the panel; `letter` is how the judge appears in public (None: does not mark)."""

    judge_id: int
    letter: str | None


def seat(
    contest_id: int, user_id: int, in_seat: PanelSeat, unit_id: int | None = None, letter: str | None = None
) -> Seated:
    """Give somebody a seat in the panel of a contest, with this letter or the next that is free.

    SeatRefused when the person has a seat, when chair, secretary or letter is taken, when the panel is complete.
    Conflict after the lock.
    """
    contest = open_to_change(contest_id)
    if in_seat is not PanelSeat.SECRETARY and contest.result_kind is not ResultKind.RUBRIC:
        raise BadInput(_("Phần thi này không chấm theo tiêu chí, chỉ cần thư ký."))
    if in_seat not in PRESENT_SEATS:
        raise BadInput(_("Chưa chọn nhiệm vụ. Chọn trưởng ban, giám khảo hoặc thư ký."))
    known = list(db.session.scalars(select(Judge).where(Judge.contest_id == contest_id).order_by(Judge.letter)))
    held = [judge for judge in known if judge.seat is not PanelSeat.STOOD_DOWN]
    if any(judge.user_id == user_id for judge in held):
        raise SeatRefused(_("Người này đã có trong ban giám khảo của phần thi."))
    if in_seat is PanelSeat.RESERVE:
        return _in_reserve(contest, user_id, known, unit_id)
    if in_seat is not PanelSeat.MEMBER and (sits := [judge for judge in held if judge.seat is in_seat]):
        chair = _("Trưởng ban giám khảo đang là %(who)s. Rút tên người đó trước, hoặc đổi ghế.", who=_names(sits))
        secretary = _("Thư ký đang là %(who)s. Rút tên người đó trước.", who=_names(sits))
        raise SeatRefused(chair if in_seat is PanelSeat.CHAIR else secretary)
    marks = in_seat is not PanelSeat.SECRETARY
    marking = [judge for judge in held if judge.marks]
    if marks and contest.panel_size and len(marking) >= contest.panel_size:
        names = _names(marking)
        raise SeatRefused(
            _(
                "Ban giám khảo đã đủ %(size)s người theo thể lệ: %(who)s. Muốn thêm người này thì rút tên một người trước, hoặc sửa số"
                " giám khảo trong thể lệ.",
                size=contest.panel_size,
                who=names,
            )
        )
    taken = {judge.letter: judge for judge in held if judge.letter}
    if marks and letter in taken:
        raise SeatRefused(
            _(
                "Chữ %(letter)s đã là của %(who)s. Chọn chữ khác, hoặc đổi ghế.",
                letter=letter,
                who=_names([taken[letter]]),
            )
        )
    free = next((each for each in string.ascii_uppercase if each not in taken), None)
    letter = (letter or free) if marks else None
    judge = Judge(contest_id=contest_id, user_id=user_id, seat=in_seat, letter=letter, marks=marks, unit_id=unit_id)
    db.session.add(judge)
    db.session.flush()
    record_seat(
        contest,
        "judge_seated",
        judge.id,
        {"seat": in_seat.value, "letter": letter, "user": user_id, "marks": marks, "unit": unit_id},
    )
    return Seated(judge.id, letter)


def _in_reserve(contest: Contest, user_id: int, known: Iterable[Judge], unit_id: int | None) -> Seated:
    """A judge in reserve has no letter and marks beside the others; who stood down comes back to the own sheets."""
    judge = next((each for each in known if each.user_id == user_id), None)
    if judge is not None:
        judge.seat = PanelSeat.RESERVE
        db.session.flush()
        record_seat(contest, "judge_reseated", judge.id, {"seat": judge.seat.value, "letter": None})
        return Seated(judge.id, None)
    judge = Judge(
        contest_id=contest.id, user_id=user_id, seat=PanelSeat.RESERVE, letter=None, marks=False, unit_id=unit_id
    )
    db.session.add(judge)
    db.session.flush()
    line: dict[str, object] = {"seat": "reserve", "letter": None, "user": user_id, "marks": False, "unit": unit_id}
    record_seat(contest, "judge_seated", judge.id, line)
    return Seated(judge.id, None)


def _names(judges: Iterable[Judge]) -> str:
    """Who sits there: "A Trần Mai, B Lê Hoa"."""
    those = list(judges)
    wanted = select(User.id, User.name).where(User.id.in_([judge.user_id for judge in those]))
    names = {row.id: row.name for row in db.session.execute(wanted)}
    return ", ".join(f"{judge.letter or ''} {names[judge.user_id]}".strip() for judge in those)


def unseat(judge_id: int) -> None:
    """Take somebody out of a panel; Conflict once the person has marked (the sheets keep the seat), after the lock."""
    judge = db.session.get(Judge, judge_id)
    if judge is None:
        raise NotFound()
    contest = open_to_change(judge.contest_id)
    if judge.seat is PanelSeat.RESERVE:
        # Whether there are sheets is nobody's to know before the seat is taken: the row stays either way.
        judge.seat = PanelSeat.STOOD_DOWN
        db.session.flush()
        record_seat(contest, "judge_reseated", judge_id, {"seat": judge.seat.value, "letter": None})
        return
    replaced = select(SeatReplacement.id).where(
        (SeatReplacement.out_id == judge_id) | (SeatReplacement.in_id == judge_id)
    )
    if db.session.scalars(replaced.limit(1)).first() is not None:
        raise Conflict(_("Ghế này đã thay người, nên chỉ thay tiếp hoặc trả lại ghế, không rút tên."))
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Unavailability).where(Unavailability.judge_id == judge_id))
            db.session.execute(delete(Judge).where(Judge.id == judge_id))
    except IntegrityError as error:
        raise Conflict(_("Giám khảo này đã chấm điểm, không rút tên được nữa.")) from error
    record_seat(contest, "judge_unseated", judge_id, {})


def note_unavailable(judge_id: int, unit_id: int | None, reason: str, *, family_id: int | None = None) -> None:
    """A judge who is tied to a unit, or to one family alone, does not mark its entries; saying it again changes nothing.

    Conflict after the lock. Whether there is such a family is the caller's to know.
    """
    judge = db.session.get(Judge, judge_id)
    if judge is None or (unit_id is not None and db.session.get(Unit, unit_id) is None):
        raise NotFound()
    contest = open_to_change(judge.contest_id)
    said = " ".join(reason.split())
    if not said:
        raise BadInput(_("Ghi rõ lý do không chấm."))
    tie = Unavailability(judge_id=judge_id, unit_id=unit_id, family_id=family_id, reason=said, noted_at=now())
    try:
        with db.session.begin_nested():
            db.session.add(tie)
            db.session.flush()
    except IntegrityError:
        return
    record_seat(contest, "judge_unavailable", judge_id, tie_written(tie) | {"reason": said})


def tie_written(tie: Unavailability) -> dict[str, object]:
    """How the ledger names what a judge is tied to."""
    return {"unit": tie.unit_id} if tie.family_id is None else {"family": tie.family_id}


def drop_unavailable(unavailability_id: int) -> None:
    """The tie was noted by mistake. Conflict after the lock."""
    row = db.session.get(Unavailability, unavailability_id)
    if row is None:
        raise NotFound()
    judge = db.session.get_one(Judge, row.judge_id)
    record_seat(open_to_change(judge.contest_id), "judge_available_again", judge.id, tie_written(row))
    db.session.delete(row)
    db.session.flush()


def record_seat(contest: Contest, kind: str, judge_id: int, payload: dict[str, object], **about: object) -> None:
    """One line of the ledger about a seat; `about`: what more of it stays when its words are erased."""
    subject: dict[str, object] = {"contest": contest.code, "judge": judge_id, **about}
    ledger.append(f"decisions:{contest.festival.code}", kind, subject, payload)
