"""How is the bracket of a knock-out drawn, drawn again and taken back?

The seed comes from dice or lots in the hall; who has it finds the same bracket (`lots`). What was drawn stands in the
ledger. A further draw needs a reason and is refused as soon as a match has a result.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from festival.contests.models import Contest, ContestState, ResultKind
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.judging.contest_rules import judging_stream
from festival.judging.matches.lots import drawn_lines
from festival.judging.matches.models import BracketDraw
from festival.judging.matches.reading import draw_in_force, read_bracket
from festival.judging.matches.tree import FEWEST, MOST
from festival.judging.tally import Appearance, Tally, read_tally
from festival.schedule.drawing import SEED


@dataclass(frozen=True, slots=True)
class BracketDrawn:
    """It stands: the how manieth draw of the contest, and codes of entries on its lines ("" a bye)."""

    drawing: int
    lines: tuple[str, ...]


def to_be_drawn(tallied: Tally) -> list[Appearance]:
    """Who takes part: who did not come or is out stands in no bracket."""
    return [each for each in tallied.appearances if not tallied.out(each.id)]


def draw_bracket(contest_id: int, seed: str, base_drawing: int, reason: str, by: int | None) -> BracketDrawn:
    """Draw. `base_drawing`: number of the draw that stands as its reader saw it, 0 for none."""
    contest = _held(contest_id)
    if not SEED.fullmatch(seed):
        raise BadInput(_("Số gieo gồm 1 đến 64 ký tự, chỉ dùng chữ, số và các dấu . : / + -"))
    tallied = read_tally(contest)
    if tallied.order is not None and base_drawing == 0:
        raise Conflict(_("Đã ghi thứ hạng chung cuộc bằng tay. Bỏ thứ hạng đó trước rồi bốc thăm bảng đấu."))
    entries = to_be_drawn(tallied)
    if not FEWEST <= len(entries) <= MOST:
        raise Conflict(
            _("Bảng đấu cần từ %(least)s đến %(most)s đội; phần thi có %(n)s.", least=FEWEST, most=MOST, n=len(entries))
        )
    _end(contest, base_drawing, reason, by)
    lines = drawn_lines(seed, contest.code, {each.code: str(each.delegation_id) for each in entries})
    ids = {each.code: each.id for each in entries}
    last = db.session.scalar(select(func.max(BracketDraw.drawing)).where(BracketDraw.contest_id == contest.id))
    drawn = BracketDraw(
        contest_id=contest.id,
        drawing=(last or 0) + 1,
        seed=seed,
        lines=[ids.get(code, 0) for code in lines],
        drawn_by=by,
        drawn_at=now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(drawn)
            db.session.flush()
    except IntegrityError as error:
        raise _overtaken() from error
    ledger.append(
        judging_stream(contest),
        "bracket.drawn",
        _subject(contest, drawn.drawing),
        {"seed": seed, "lines": drawn.lines, "drawn_by": by},
    )
    return BracketDrawn(drawn.drawing, tuple(lines))


def drop_bracket(contest_id: int, base_drawing: int, reason: str, by: int | None) -> None:
    """There is no bracket any more: it is drawn later, or the order is typed by hand."""
    contest = _held(contest_id)
    if base_drawing == 0:
        raise Conflict(_("Phần thi này chưa có bảng đấu."))
    _end(contest, base_drawing, reason, by)


def _held(contest_id: int) -> Contest:
    """The contest against its lock; every draw of it waits for the one before."""
    contest = db.session.scalars(
        select(Contest).where(Contest.id == contest_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if contest is None:
        raise NotFound()
    if contest.result_kind is not ResultKind.MATCH:
        raise BadInput(_("Chỉ phần thi đấu loại có bảng đấu."))
    if contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không ghi thêm được nữa."))
    return contest


def _end(contest: Contest, base_drawing: int, reason: str, by: int | None) -> None:
    """The draw that stands, if any, ends here; of two that end the same one finds its row."""
    standing = draw_in_force(contest.id, held=True)
    if (standing.drawing if standing else 0) != base_drawing:
        raise _overtaken()
    if standing is None:
        return
    why = " ".join(reason.split())
    if not why:
        raise BadInput(_("Ghi rõ vì sao bỏ lần bốc thăm trước."))
    if read_bracket(contest, standing).tree.played:
        raise Conflict(_("Đã có trận ghi kết quả. Bỏ các kết quả đó trước rồi mới bốc thăm lại được."))
    ended = update(BracketDraw).where(BracketDraw.id == standing.id, BracketDraw.ended_at.is_(None))
    changed = db.session.execute(ended.values(ended_at=now(), ended_by=by, ended_why=why))
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise _overtaken()
    db.session.expire_all()
    ledger.append(
        judging_stream(contest),
        "bracket.ended",
        _subject(contest, base_drawing),
        {"reason": why, "ended_by": by},
    )


def _subject(contest: Contest, drawing: int) -> dict[str, object]:
    return {"contest": contest.code, "contest_id": contest.id, "drawing": drawing}


def _overtaken() -> Overtaken:
    return Overtaken(_("Bảng đấu vừa được người khác bốc thăm hoặc bỏ. Mở lại trang để xem bảng mới nhất."))
