"""A judge came late, is absent or steps aside for an act: how does the secretary note it, and how is that undone?

A state is a sheet without marks, never a zero. Undone, the sheet says again what it said before; where it said nothing, the
row goes and the line `sheet.undone` keeps what it was. What the judge marked is corrected on the slip, not here.
"""

from __future__ import annotations

import uuid

from flask_babel import gettext as _
from sqlalchemy import delete, select

from festival.contests.models import Contest, ContestState
from festival.contests.panel import SheetState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.judging.contest_rules import judging_stream
from festival.judging.models import ScoreSheet, SheetRevision
from festival.judging.sheet_messages import SheetApart, SheetMessage, SheetRefused
from festival.judging.sheets.knowledge import hold_contests
from festival.judging.taking_sheets import take_sheets
from festival.judging.tally import Appearance, JudgeSheet, MarkingJudge, Tally, read_tally
from festival.judging.words import REFUSED_WORDS

AWAY = (SheetState.LATE, SheetState.ABSENT, SheetState.RECUSED)


def note_away(contest: Contest, letter: str, entry_code: str, state: str, reason: str, by: int | None) -> None:
    """The seat gives no marks to this entry, and why. Conflict when there are marks, after the lock, or for a tie."""
    tallied, seat, appearance, sheet = _at(contest, letter, entry_code)
    if state not in [each.value for each in AWAY]:
        raise BadInput(_("Chọn đến muộn, vắng mặt hoặc có liên quan."))
    said = " ".join(reason.split())
    if not said:
        raise BadInput(_("Ghi rõ vì sao giám khảo không chấm."))
    if (seat.id, appearance.id) in tallied.tied:
        raise Conflict(_("Giám khảo này có liên quan đến đơn vị dự thi, không chấm tiết mục này."))
    if sheet is not None and sheet.state is SheetState.MARKED:
        raise Conflict(_("Ghế này đã có điểm cho tiết mục. Muốn đổi thì sửa trên phiếu."))
    base = sheet.version if sheet is not None and sheet.judge_id == seat.id else 0
    _take(seat, appearance, {"state": state, "note": said}, base, by)


def undo_away(contest: Contest, letter: str, entry_code: str, by: int | None) -> None:
    """What the secretary noted is taken back: the sheet says what it said before, or is not there again."""
    _tallied, seat, appearance, sheet = _at(contest, letter, entry_code)
    if sheet is None or sheet.state is SheetState.MARKED or sheet.judge_id != seat.id or not sheet.on_paper:
        raise Conflict(_("Ở đây không có lời ghi nào của thư ký để bỏ."))
    if sheet.conflict:
        raise Conflict(_("Phiếu này có hai bản, chờ giám khảo chọn trên máy của mình."))
    before = db.session.scalars(
        select(SheetRevision)
        .where(SheetRevision.sheet_id == sheet.id, SheetRevision.version == sheet.version - 1)
        .order_by(SheetRevision.id.desc())
        .limit(1)
    ).first()
    if before is not None:
        content = before.content
        marked = content["state"] == SheetState.MARKED.value
        body = {"marks": content["marks"]} if marked else {"state": content["state"]}
        _take(seat, appearance, {**body, "note": content.get("note", "")}, sheet.version, by)
        return
    gone = db.session.execute(delete(ScoreSheet).where(ScoreSheet.id == sheet.id, ScoreSheet.version == sheet.version))
    if getattr(gone, "rowcount", 0) != 1:
        raise Overtaken()
    ledger.append(
        judging_stream(contest),
        "sheet.undone",
        {"judge": seat.id, "entry": appearance.id, "round": sheet.round},
        {"version": sheet.version, "state": sheet.state.value, "note": sheet.note, "by": by},
    )


def _at(contest: Contest, letter: str, entry_code: str) -> tuple[Tally, MarkingJudge, Appearance, JudgeSheet | None]:
    """The seat and the entry, with the contest held open until the transaction ends."""
    held = hold_contests([contest.id])[contest.id]
    if held.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không ghi thêm được nữa."))
    tallied = read_tally(held)
    seat = next((each for each in tallied.seats if each.letter == letter), None)
    appearance = next((each for each in tallied.appearances if each.code == entry_code), None)
    if seat is None or appearance is None:
        raise NotFound()
    return tallied, seat, appearance, tallied.sheets.get((seat.id, appearance.id))


def _take(seat: MarkingJudge, appearance: Appearance, body: dict[str, object], base: int, by: int | None) -> None:
    message = SheetMessage(
        mid=f"paper-{uuid.uuid4().hex}", user_id=seat.user_id, entry_code=appearance.code, round=1,
        verb="send" if "marks" in body else "abstain", body=body, base_version=base, received_at=now(), typed_by=by,
    )  # fmt: skip
    (outcome,) = take_sheets([message])
    if isinstance(outcome, SheetRefused):
        raise Conflict(REFUSED_WORDS.get(outcome.reason, _("Phiếu này không ghi được.")))
    if isinstance(outcome, SheetApart):
        raise Overtaken(_("Giám khảo vừa gửi phiếu cho tiết mục này. Mở lại trang để xem."))
