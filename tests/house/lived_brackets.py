"""On the courts: a bracket is drawn, drawn again, played, one match corrected, one taken back with what follows, all is played."""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.matches.drawing import draw_bracket, drop_bracket
from festival.judging.matches.match_rule import HowEnded, MatchResult
from festival.judging.matches.ordering import drop_order, note_order, to_be_placed
from festival.judging.matches.playing import MatchTaken, note_match, take_back_match
from festival.judging.matches.reading import DrawnBracket, bracket_of
from festival.judging.tally import read_tally


def knocked_out(festival_id: int, staff: int) -> None:
    """Of the knock-out of the festival; at the end the bracket is put away and the order that stood is typed again."""
    with reading():
        wanted = Contest.festival_id == festival_id, Contest.code == "cau-long"
        contest_id = db.session.scalars(select(Contest.id).where(*wanted)).one()
        tallied = read_tally(db.session.get_one(Contest, contest_id))
        order = [[code] for code in to_be_placed(tallied)]
        stood, version = tallied.order, tallied.order_version
    if stood is not None:
        with transaction():
            drop_order(contest_id, version, staff)
    for base, reason in ((0, ""), (1, "đọc nhầm số gieo")):
        with transaction():
            draw_bracket(contest_id, f"4-6-{base}", base, reason, staff)
    _play_on(contest_id, staff)
    now = _bracket(contest_id)
    first = next(each for each in now.tree if each.result is not None)
    with transaction():
        after = [each.key for each in now.tree.played_after(first.key)]
        taken = take_back_match(contest_id, first.key, now.version(first.key), staff, after)
        assert isinstance(taken, MatchTaken)
    with transaction():
        other = MatchResult(HowEnded.DISQUALIFIED, first.loser or "")
        assert isinstance(note_match(contest_id, first.key, other, taken.version, staff), MatchTaken)
    with transaction():
        again = MatchResult(HowEnded.PLAYED, first.winner or "")
        assert isinstance(note_match(contest_id, first.key, again, taken.version + 1, staff), MatchTaken)
    _play_on(contest_id, staff)
    now = _bracket(contest_id)
    for each in reversed([each for each in now.tree if each.result is not None]):
        with transaction():
            assert isinstance(take_back_match(contest_id, each.key, now.version(each.key), staff), MatchTaken)
    with transaction():
        drop_bracket(contest_id, 2, "thi vòng tròn", staff)
    with transaction():
        note_order(contest_id, order, read_tally(db.session.get_one(Contest, contest_id)).order_version, staff)


def _bracket(contest_id: int) -> DrawnBracket:
    with reading():
        found = bracket_of(db.session.get_one(Contest, contest_id))
    assert found is not None
    return found


def _play_on(contest_id: int, staff: int) -> None:
    while True:
        now = _bracket(contest_id)
        ready = [each for each in now.tree if each.ready]
        if not ready:
            return
        for each in ready:
            with transaction():
                said = MatchResult(HowEnded.PLAYED, each.a or "")
                assert isinstance(note_match(contest_id, each.key, said, now.version(each.key), staff), MatchTaken)
