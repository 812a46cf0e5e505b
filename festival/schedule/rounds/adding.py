"""How are the matches after the first round of a knock-out taken into the timetable before anybody knows who plays them, and out of it?

They come without a time, and are put on the board, planned and moved like every act. One step each, with its way back.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from festival.contests.models import Contest, ResultKind
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.errors import Conflict, NotFound
from festival.core.web.i18n import say
from festival.roster.models import Entry, EntryState
from festival.schedule.history.steps import a_step
from festival.schedule.later.brackets import known_brackets
from festival.schedule.later.models import BEGUN, LaterMatch
from festival.schedule.later.naming import MEET, THIRD_PLACE, MatchPlace, later_rounds, match_called
from festival.schedule.later.reading import later_matches, third_played
from festival.schedule.models import Act
from festival.schedule.sessions import locked


def own_knock_out(festival_id: int, contest_id: int) -> Contest:
    """A knock-out of this festival."""
    contest = db.session.get(Contest, contest_id)
    if contest is None or contest.festival_id != festival_id:
        raise NotFound()
    if contest.result_kind is not ResultKind.MATCH:
        raise NotFound(_("Chỉ phần thi đấu loại có các trận vòng sau."))
    return contest


def matches_of(contest: Contest) -> list[MatchPlace]:
    """After the first round: of the bracket in force, else of a bracket for as many as take part."""
    bracket = known_brackets([contest.id]).get(contest.id)
    if bracket is not None:
        first = max(at[0] for at in bracket.matches)
        return [at for at in bracket.matches if at[0] < first]
    wanted = select(func.count(Entry.id)).where(Entry.contest_id == contest.id, Entry.state == EntryState.ENROLLED)
    return later_rounds(db.session.scalar(wanted) or 0, third_played=third_played(contest))


def first_round_apart(contest: Contest) -> list[Sentence]:
    """Matches of the first round, as the bracket has them, whose two have different times in the draft, or one of them none."""
    bracket = known_brackets([contest.id]).get(contest.id)
    if bracket is None:
        return []
    rows = db.session.execute(
        select(Act.entry_id, Act.session_id, Act.starts_at)
        .join(Entry, Entry.id == Act.entry_id)
        .where(Entry.contest_id == contest.id, Entry.state == EntryState.ENROLLED)
    )
    stands = {row.entry_id: (row.session_id, row.starts_at) for row in rows}
    first = max(at[0] for at in bracket.matches)
    return [
        MEET.filled(match=match_called(at), a=bracket.names[sides.a], b=bracket.names[sides.b])
        for at, sides in bracket.matches.items()
        if at[0] == first and at != THIRD_PLACE and sides.a and sides.b and stands.get(sides.a) != stands.get(sides.b)
    ]


def add_later_rounds(festival_id: int, contest_id: int, by: int | None) -> int:
    """Those that the timetable does not have yet; answers how many."""
    festival = locked(festival_id)
    contest = own_knock_out(festival_id, contest_id)
    have = {each.at for each in later_matches(festival_id) if each.contest_id == contest_id}
    wanted = matches_of(contest)
    missing = [at for at in wanted if at not in have]
    if not wanted:
        raise Conflict(_("Phần thi này có ít hơn ba đội: chỉ có một trận, đã nằm trong lịch."))
    if not missing:
        raise Conflict(_("Lịch đã có đủ các trận vòng sau của phần thi này."))
    with a_step(festival, "matches_added", by, contest=contest.name):
        for at in missing:
            db.session.add(
                LaterMatch(contest_id=contest_id, to_final=at[0], number=at[1], duration_min=contest.duration_min)
            )
        db.session.flush()
    return len(missing)


def drop_later_rounds(festival_id: int, contest_id: int, by: int | None) -> int:
    """All of them go, with their times; undone on the board. Conflict when one is locked or has been played."""
    festival = locked(festival_id)
    contest = own_knock_out(festival_id, contest_id)
    own = [each for each in later_matches(festival_id) if each.contest_id == contest_id]
    if not own:
        raise Conflict(_("Lịch chưa có trận vòng sau nào của phần thi này."))
    for each in own:
        if each.state in BEGUN:
            raise Conflict(_("«%(match)s» đã thi, không bỏ khỏi lịch được.", match=say(match_called(each.at))))
        if each.locked or (each.session is not None and each.session.locked):
            raise Conflict(
                _(
                    "«%(match)s» hoặc buổi của trận đã khóa. Mở khóa ở bảng lịch rồi bỏ.",
                    match=say(match_called(each.at)),
                )
            )
    with a_step(festival, "matches_dropped", by, contest=contest.name):
        db.session.execute(delete(LaterMatch).where(LaterMatch.id.in_([each.id for each in own])))
        db.session.expire_all()
    return len(own)
