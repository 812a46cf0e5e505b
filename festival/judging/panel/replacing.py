"""How does a seat of a panel go to somebody else in the middle of a contest, and how does it come back?

The sheets that were given stay with who gave them. A substitute out of the reserve brings the sheets marked in parallel:
they are written into the contest's ledger now, as sheets of the seat. Letter and duty are the seat's. The contest is held
against its lock and against another replacement; of two at the same moment the number of the replacement lets one through.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from festival.accounts.models import User
from festival.contests.actions import SeatRefused, held_contest, record_seat, tie_written
from festival.contests.models import Contest, ContestState, Judge, PanelSeat, Unavailability
from festival.contests.panel import SheetState
from festival.contests.replacing.models import SeatReplacement
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.judging.models import ScoreSheet, SheetRevision
from festival.judging.sheet_messages import SheetMessage, SheetRefused
from festival.judging.taking_sheets import take_sheets
from festival.judging.tally import JudgeSheet, read_tally, sheets_of
from festival.roster.models import Entry


@dataclass(frozen=True, slots=True)
class SeatTaken:
    """Somebody else sits there now; so many sheets marked in reserve came along, so many could not be taken.

    `typed`: so many slips of who sat there before wait for a second person.
    """

    judge_id: int
    letter: str
    brought: int
    left: int
    typed: int = 0


def replace_judge(
    out_judge_id: int, user_id: int, reason: str, chair_id: int | None, secretary_id: int | None
) -> SeatTaken:
    """The seat of a judge goes to another account, in reserve or not. Who decided it was proved before.

    Conflict after the lock; Overtaken when the seat went to somebody else meanwhile; SeatRefused when the person cannot
    take it.
    """
    known = db.session.get(Judge, out_judge_id)
    if known is None:
        raise NotFound()
    contest = open_for_replacing(known.contest_id)
    out = db.session.scalars(
        select(Judge).where(Judge.id == out_judge_id).execution_options(populate_existing=True)
    ).one()
    if not out.marks or out.letter is None:
        raise Overtaken(_("Ghế này vừa có người khác thay. Mở lại trang để xem ai đang ngồi."))
    said = stated(reason)
    root, number = _root_of(out.id)
    into, reserve = _coming_in(contest, out, user_id, root)
    seat, letter, unit = out.seat, out.letter, into.unit_id
    out.seat, out.letter, out.marks = PanelSeat.REPLACED, None, False
    db.session.flush()
    into.seat, into.letter, into.marks = seat, letter, True
    db.session.flush()
    row = SeatReplacement(
        root_id=root, number=number, out_id=out.id, in_id=into.id, letter=letter, reason=said, replaced_at=now(),
        chair_id=chair_id, secretary_id=secretary_id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as error:
        raise Overtaken(_("Ghế này vừa có người khác thay. Mở lại trang để xem ai đang ngồi.")) from error
    line: dict[str, object] = {
        "user": user_id, "seat": seat.value, "letter": letter, "unit": unit, "reason": said, "chair": chair_id,
        "secretary": secretary_id,
    }  # fmt: skip
    record_seat(contest, "judge_replaced", out.id, line, into=into.id, root=root, number=number)
    if reserve is not None:
        _ties_along(contest, reserve, into)
        reserve.seat = PanelSeat.STOOD_DOWN
        db.session.flush()
        record_seat(contest, "judge_reseated", reserve.id, {"seat": reserve.seat.value, "letter": None})
    brought, left = _sheets_along(contest, reserve, into) if reserve is not None else (0, 0)
    return SeatTaken(into.id, letter, brought, left)


def open_for_replacing(contest_id: int) -> Contest:
    """The contest, held; in words why no seat of it changes any more."""
    contest = held_contest(contest_id)
    if contest.state is ContestState.LOCKED:
        raise Conflict(_("Phần thi đã khóa điểm nên không thay giám khảo được. Mở lại phần thi rồi thay."))
    if contest.state is not ContestState.OPEN:
        raise Conflict(_("Biên bản đã ký: ghế này đã ký tên nên không thay người được nữa."))
    return contest


def stated(reason: str) -> str:
    said = " ".join(reason.split())[:500]
    if not said:
        raise BadInput(_("Ghi rõ lý do thay giám khảo."))
    return said


def _root_of(judge_id: int) -> tuple[int, int]:
    """Who was given this seat first, and the number of the next time it goes to somebody else."""
    came = select(SeatReplacement.root_id).where(SeatReplacement.in_id == judge_id)
    root = db.session.scalar(came.order_by(SeatReplacement.id.desc()).limit(1)) or judge_id
    counted = select(func.count()).select_from(SeatReplacement).where(SeatReplacement.root_id == root)
    return root, (db.session.scalar(counted) or 0) + 1


def _coming_in(contest: Contest, out: Judge, user_id: int, root: int) -> tuple[Judge, Judge | None]:
    """The row of who comes in, and the one in reserve when there is one."""
    user = db.session.get(User, user_id)
    if user is None or not user.active:
        raise BadInput(_("Chưa chọn người thay, hoặc tài khoản này đã khóa. Chọn một người trong danh sách."))
    own = {
        each.seat: each
        for each in db.session.scalars(select(Judge).where(Judge.contest_id == contest.id, Judge.user_id == user_id))
    }
    if any(each.marks for each in own.values()):
        raise SeatRefused(_("Người này đang ngồi một ghế của phần thi. Chọn người khác."))
    if PanelSeat.SECRETARY in own:
        raise SeatRefused(_("Người này là thư ký của phần thi, không chấm được. Chọn người khác."))
    reserve, before = own.get(PanelSeat.RESERVE), own.get(PanelSeat.REPLACED)
    if before is not None:
        if before.id != root and before.id not in _sat_in(root):
            raise SeatRefused(_("Người này đã chấm ở một ghế khác của phần thi nên chỉ trở lại được ghế ấy."))
        return before, reserve
    unit = reserve.unit_id if reserve is not None else None
    into = Judge(
        contest_id=contest.id, user_id=user_id, seat=PanelSeat.REPLACED, letter=None, marks=False, unit_id=unit
    )
    db.session.add(into)
    db.session.flush()
    return into, reserve


def _sat_in(root: int) -> set[int]:
    return set(db.session.scalars(select(SeatReplacement.in_id).where(SeatReplacement.root_id == root)))


def _ties_along(contest: Contest, reserve: Judge, into: Judge) -> None:
    """Ties are the person's: whoever was tied in reserve is tied in the seat."""
    wanted = select(Unavailability).where(Unavailability.judge_id.in_([reserve.id, into.id]))
    rows = list(db.session.scalars(wanted))
    there = {(each.unit_id, each.family_id) for each in rows if each.judge_id == into.id}
    for each in rows:
        if each.judge_id == reserve.id and (each.unit_id, each.family_id) not in there:
            db.session.add(
                Unavailability(
                    judge_id=into.id, unit_id=each.unit_id, family_id=each.family_id, reason=each.reason, noted_at=now()
                )
            )
            record_seat(contest, "judge_unavailable", into.id, tie_written(each) | {"reason": each.reason})
    db.session.flush()


def _sheets_along(contest: Contest, reserve: Judge, into: Judge) -> tuple[int, int]:
    """What was marked in reserve becomes sheets of the seat, in both versions where two wait; how many came, how many not."""
    codes = {
        row.id: row.code
        for row in db.session.execute(select(Entry.id, Entry.code).where(Entry.contest_id == contest.id))
    }
    sheets = sheets_of([reserve.id, into.id])
    own = {entry: sheet for (judge, entry), sheet in sheets.items() if judge == into.id}
    waiting: dict[int, list[SheetRevision]] = {}
    offered = (
        select(SheetRevision, ScoreSheet.entry_id)
        .join(ScoreSheet, ScoreSheet.id == SheetRevision.sheet_id)
        .where(ScoreSheet.judge_id == reserve.id, SheetRevision.open_conflict)
        .order_by(SheetRevision.id)
    )
    for revision, entry_id in db.session.execute(offered):
        waiting.setdefault(entry_id, []).append(revision)
    messages: list[SheetMessage] = []
    for (judge, entry_id), sheet in sorted(sheets.items()):
        if judge != reserve.id:
            continue
        base = own[entry_id].version if entry_id in own else 0
        messages.append(_message(into, codes[entry_id], _said_by(sheet), base, sheet))
        messages += [_message(into, codes[entry_id], each.content, -1, sheet) for each in waiting.get(entry_id, ())]
    outcomes = take_sheets(messages)
    left = sum(isinstance(outcome, SheetRefused) for outcome in outcomes)
    return len(outcomes) - left, left


def _said_by(sheet: JudgeSheet) -> dict[str, object]:
    return {"state": sheet.state.value, "marks": dict(sheet.marks), "note": sheet.note}


def _message(into: Judge, entry_code: str, said: dict[str, object], base: int, sheet: JudgeSheet) -> SheetMessage:
    marked = said["state"] == SheetState.MARKED.value
    body = {"marks": said["marks"], "note": said["note"]} if marked else {"state": said["state"], "note": said["note"]}
    return SheetMessage(
        mid=f"reserve-{uuid.uuid4().hex}", user_id=into.user_id, entry_code=entry_code, round=sheet.round,
        verb="send" if marked else "abstain", body=body, base_version=base, received_at=sheet.updated_at,
    )  # fmt: skip


def take_back(out_judge_id: int, reason: str, by: Sequence[int | None]) -> str:
    """The last replacement of a seat was a mistake: who was replaced sits there again. Before the substitute's first sheet
    that counts; afterwards the seat goes back by a further replacement.
    """
    known = db.session.get(Judge, out_judge_id)
    if known is None:
        raise NotFound()
    contest = open_for_replacing(known.contest_id)
    row = db.session.scalars(
        select(SeatReplacement)
        .where(SeatReplacement.out_id == out_judge_id, SeatReplacement.taken_back_at.is_(None))
        .order_by(SeatReplacement.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()
    into = None if row is None else db.session.get(Judge, row.in_id, populate_existing=True)
    if row is None or into is None or not into.marks:
        raise Overtaken(_("Lần thay này đã được trả lại hoặc đã có người khác thay tiếp. Mở lại trang để xem."))
    said = " ".join(reason.split())[:500]
    if not said:
        raise BadInput(_("Ghi rõ lý do trả lại ghế."))
    given = read_tally(contest).sheets
    if any(sheet.judge_id == into.id and sheet.updated_at >= row.replaced_at for sheet in given.values()):
        raise SeatRefused(
            _("Người thay đã chấm từ ghế này, nên không trả lại được nữa. Muốn người cũ trở lại thì thay lần nữa.")
        )
    out = db.session.get_one(Judge, row.out_id, populate_existing=True)
    done = db.session.execute(
        update(SeatReplacement)
        .where(SeatReplacement.id == row.id, SeatReplacement.taken_back_at.is_(None))
        .values(taken_back_at=now(), taken_back_why=said)
    )
    if getattr(done, "rowcount", 0) != 1:
        raise Overtaken(_("Lần thay này đã được trả lại hoặc đã có người khác thay tiếp. Mở lại trang để xem."))
    seat = into.seat
    into.seat, into.letter, into.marks = PanelSeat.REPLACED, None, False
    db.session.flush()
    out.seat, out.letter, out.marks = seat, row.letter, True
    db.session.flush()
    record_seat(
        contest, "judge_replacement_taken_back", out.id,
        {"seat": seat.value, "letter": row.letter, "reason": said, "by": list(by)},
        into=into.id, root=row.root_id, number=row.number,
    )  # fmt: skip
    waits = db.session.scalars(
        select(Judge).where(
            Judge.contest_id == contest.id, Judge.user_id == into.user_id, Judge.seat == PanelSeat.STOOD_DOWN
        )
    ).first()
    if waits is not None:
        waits.seat = PanelSeat.RESERVE
        db.session.flush()
        record_seat(contest, "judge_reseated", waits.id, {"seat": waits.seat.value, "letter": None})
    return row.letter
