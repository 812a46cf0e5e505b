"""Which judges of a contest mark on paper only, and who says so?"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flask_babel import gettext as _
from sqlalchemy import delete, select

from festival.contests.actions import held_contest
from festival.contests.models import ContestState, Judge, ResultKind
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict
from festival.judging.paper.models import PaperSeat
from festival.judging.paper.recording import record


def paper_seats(contest_ids: Iterable[int]) -> frozenset[int]:
    """The judges of these contests who mark on paper only."""
    of_contests = select(PaperSeat.judge_id).join(Judge, Judge.id == PaperSeat.judge_id)
    return frozenset(db.session.scalars(of_contests.where(Judge.contest_id.in_(list(contest_ids)))))


def set_paper_seats(contest_id: int, letters: Collection[str], by: int | None) -> int:
    """These judges mark on paper, all others on their tablets; answers for how many that is new."""
    contest = held_contest(contest_id)
    if contest.state is not ContestState.OPEN or contest.result_kind is not ResultKind.RUBRIC:
        raise Conflict(_("Chỉ đổi được khi phần thi do giám khảo chấm đang mở."))
    judges = db.session.scalars(select(Judge).where(Judge.contest_id == contest.id, Judge.marks)).all()
    if strangers := set(letters) - {judge.letter for judge in judges}:
        raise BadInput(_("Phần thi không có giám khảo %(letters)s.", letters=", ".join(sorted(strangers))))
    before, changed = paper_seats([contest.id]), 0
    for judge in judges:
        wanted = judge.letter in letters
        if wanted == (judge.id in before):
            continue
        changed += 1
        if wanted:
            seat = PaperSeat(judge_id=judge.id, noted_by=by, noted_at=now())
            db.session.add(seat)
            record(contest, "seat.paper", seat, judge=judge.id)
        else:
            db.session.execute(delete(PaperSeat).where(PaperSeat.judge_id == judge.id))
            record(contest, "seat.tablet", gone={"paper_seat": judge.id}, judge=judge.id)
    return changed
