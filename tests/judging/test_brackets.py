"""A bracket is drawn, drawn again with a reason, typed, corrected, taken back, gives the final order, and is sealed."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.judging.matches.drawing import draw_bracket, drop_bracket
from festival.judging.matches.lots import drawn_lines
from festival.judging.matches.match_rule import HowEnded, MatchResult
from festival.judging.matches.models import BracketDraw, PlayedMatch
from festival.judging.matches.ordering import note_order
from festival.judging.matches.playing import MatchRefused, MatchTaken, note_match, take_back_match
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.judging.tally import read_tally
from festival.results.ladder.lock import Locked, NotReady, lock
from festival.results.published import published_results
from festival.roster.models import Entry, EntryState
from tests.harness.waiting import PATIENCE_S
from tests.judging.bracket_cast import BADMINTON, bracket, drawn, knock_out, play_on, won
from tests.judging.panel_cast import Panel

pytestmark = pytest.mark.either_database


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        return knock_out(7, BADMINTON)


def order(panel: Panel) -> list[list[str]] | None:
    with reading():
        tallied = read_tally(db.session.get_one(Contest, panel.sport_id))
        names = {each.id: each.code for each in tallied.appearances}
        return None if tallied.order is None else [[names[each] for each in group] for group in tallied.order]


def kinds() -> list[str]:
    found = [line.kind for line, _payload in ledger.lines("judging:bong-ro")]
    db.session.rollback()
    return found


def sealed() -> list[str]:
    """What the ledger says otherwise than the tables."""
    db.session.expire_all()
    with checks.snapshot():
        report = checks.inspect(["judging:bong-ro"])
        return [str(said) for said in checks.worded(report.named())]


def public(panel: Panel) -> list[tuple[int | None, str]]:
    found = next(each for each in published_results(panel.festival_id) if each.code == "bong-ro")
    told = [(line.place, line.name[-1]) for line in found.lines]
    db.session.rollback()
    return told


def test_from_draw_to_the_final_order_and_its_lock(app: Flask, panel: Panel) -> None:
    with app.app_context():
        first = drawn(panel)
        of = {f"S{at:03d}": str(at) for at in range(7)}
        codes = {team.id: code for code, team in first.teams.items()}
        assert [codes.get(each, "") for each in first.draw.lines] == drawn_lines("4-6-1-3", "bong-ro", of)
        with pytest.raises(Conflict, match="tính từ các trận"), transaction():
            note_order(panel.sport_id, [[code] for code in of], 0, None)
        with transaction():
            assert isinstance(lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"]), NotReady)
        play_on(panel)
        tree = bracket(panel).tree
        final, third = tree.rounds[-1][0], tree.third
        assert third is not None
        quarter_lost = sorted(each.loser or "" for each in tree.rounds[0] if each.loser)
        assert order(panel) == [[final.winner], [final.loser], [third.winner], [third.loser], quarter_lost]
        assert [place for place, _ in public(panel)] == [1, 2, 3, 4, 5, 5, 5]
        assert kinds() == ["bracket.drawn", *["match.noted"] * 7, "order.noted"]
        assert sealed() == []
        with transaction():
            assert isinstance(lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"]), Locked)
        with pytest.raises(Conflict, match="đã khóa điểm"):
            won(panel, (3, 1), final.loser, 1)


def test_a_further_draw_needs_a_reason_and_no_match(app: Flask, panel: Panel) -> None:
    with app.app_context():
        first = drawn(panel)
        for base, reason, fault in ((0, "x", Overtaken), (1, " ", BadInput)):
            with pytest.raises(fault):
                drawn(panel, "9", base, reason)
        again = drawn(panel, "9", 1, "một đội đến muộn")
        assert again.draw.drawing == 2 and again.draw.lines != first.draw.lines
        won(panel, (1, 2))
        with pytest.raises(Conflict, match="Đã có trận ghi kết quả"):
            drawn(panel, "8", 2, "lại")
        with transaction():
            assert isinstance(take_back_match(panel.sport_id, (1, 2), 1, None), MatchTaken)
        with transaction():
            drop_bracket(panel.sport_id, 2, "thi vòng tròn", None)
        with transaction():
            note_order(panel.sport_id, [[f"S{at:03d}"] for at in range(7)], 0, None)
        with pytest.raises(Conflict, match="bằng tay"):
            drawn(panel, "8")
        assert [row.ended_why for row in db.session.scalars(select(BracketDraw).order_by(BracketDraw.drawing))] == [
            "một đội đến muộn",
            "thi vòng tròn",
        ]
        db.session.rollback()
        assert sealed() == []


def test_what_follows_is_taken_back_first_or_with_it(app: Flask, panel: Panel) -> None:
    with app.app_context():
        drawn(panel)
        play_on(panel)
        tree = bracket(panel).tree
        semi = tree.match((2, 1))
        assert semi is not None
        other = won(panel, (2, 1), semi.b, 1)
        assert isinstance(other, MatchRefused) and other.first == ((3, 2), (3, 1))
        assert str(other.said) == (
            "Trận sau đã có kết quả: bỏ kết quả «Tranh hạng ba» trước, hoặc bỏ cả nhánh sau trận này."
        )
        sets = ((21, 19), (15, 21), (30, 29))
        assert won(panel, (2, 1), None, 1, sets=sets) == MatchTaken(2, order=True)  # the same winner: nothing follows
        with transaction():
            assert isinstance(take_back_match(panel.sport_id, (2, 1), 2, None), MatchRefused)
        with pytest.raises(Overtaken), transaction():
            take_back_match(panel.sport_id, (2, 1), 2, None, [(3, 1)])
        with transaction():
            taken = take_back_match(panel.sport_id, (2, 1), 2, None, [(3, 1), (3, 2)])
        assert taken == MatchTaken(3, order=False) and order(panel) is None and public(panel)[0][0] is None
        assert won(panel, (2, 1), semi.b, 3) == MatchTaken(4, order=False)
        play_on(panel)
        final = bracket(panel).tree.rounds[-1][0]
        assert (final.a, final.result is not None) == (semi.b, True)
        assert [each["version"] for each in bracket(panel).typed[2, 1].before] == [1, 2]
        assert sealed() == []


def test_matches_that_cannot_be(app: Flask, panel: Panel) -> None:
    with app.app_context():
        now = drawn(panel)
        (bye,) = [each for each in now.tree.rounds[0] if each.bye]
        first = next(each for each in now.tree.rounds[0] if not each.bye)

        def said(key: tuple[int, int], result: MatchResult, base: int = 0) -> str:
            with transaction():
                outcome = note_match(panel.sport_id, key, result, base, None)
            assert isinstance(outcome, MatchRefused)
            return str(outcome.said)

        a, b = first.a or "", first.b or ""
        level = MatchResult(HowEnded.PLAYED, a, ((21, 21), (21, 5)))
        assert said(first.key, level) == "Hiệp 1 đang hòa 21:21: hiệp đã xong phải có bên thắng."
        other = MatchResult(HowEnded.PLAYED, b, ((21, 15), (21, 15)))
        assert said(first.key, other) == "Bên thắng đã chọn khác với bên thắng theo điểm các hiệp."
        early = MatchResult(HowEnded.WALKOVER, a)
        assert "Chưa biết hai bên" in said((2, 1), early) and "Chưa biết hai bên" in said(bye.key, early)
        with pytest.raises(BadInput), transaction():
            note_match(panel.sport_id, (9, 9), early, 0, None)
        with transaction():
            db.session.execute(update(Entry).where(Entry.code == a).values(state=EntryState.WITHDRAWN))
        assert "đã rút" in said(first.key, MatchResult(HowEnded.PLAYED, a, ((21, 15), (21, 15))))
        assert won(panel, first.key, b, how=HowEnded.WALKOVER, sets=()) == MatchTaken(1, order=False)
        assert order(panel) is None and sealed() == []


def test_the_disqualified_and_the_absent_take_no_place_until_taken_back(app: Flask, panel: Panel) -> None:
    with app.app_context():
        now = drawn(panel)
        first = next(each for each in now.tree.rounds[0] if not each.bye)
        a, b = first.a or "", first.b or ""
        won(panel, first.key, b, how=HowEnded.DISQUALIFIED, sets=())
        assert now.teams[a].gone is False and bracket(panel).teams[a].gone
        # who was wrongly shut out wins after all
        assert won(panel, first.key, a, 1) == MatchTaken(2, order=False)
        assert not bracket(panel).teams[a].gone
        won(panel, first.key, b, 2, how=HowEnded.DISQUALIFIED, sets=())
        play_on(panel)
        assert [each for each in public(panel) if each[0] is None] == [(None, a[-1])]
        gone = bracket(panel).tree.rounds[-1][0]
        with transaction():
            note_measure(panel.sport_id, now.teams[gone.loser or ""].id, 1, MeasureState.DID_NOT_FINISH, None, 0, None)
        assert [place for place, _ in public(panel)] == [1, 2, 3, 4, 4, None, None]
        assert sealed() == []


Typing = Callable[[Panel, str, threading.Barrier], None]


def honest(panel: Panel, winner: str, together: threading.Barrier) -> None:
    together.wait(PATIENCE_S)
    won(panel, (1, 1), winner, 2)


def naive(panel: Panel, winner: str, together: threading.Barrier) -> None:
    """Looks first, then writes: what must never be built."""
    now = bracket(panel)
    free = now.version((1, 1)) == 2
    together.wait(PATIENCE_S)
    if not free:
        raise Conflict()
    of_match = PlayedMatch.draw_id == now.draw.id, PlayedMatch.round == 1, PlayedMatch.number == 1
    with transaction():
        said = {"how": HowEnded.PLAYED, "winner_id": now.teams[winner].id, "version": 3}
        db.session.execute(update(PlayedMatch).where(*of_match).values(said))


@pytest.mark.parametrize(("act", "got"), [(honest, ["conflict", "stored"]), (naive, ["stored", "stored"])])
@pytest.mark.both_databases
def test_of_two_who_type_a_match_at_once_one_is_told(app: Flask, act: Typing, got: list[str]) -> None:
    with app.app_context():
        panel = knock_out(4, BADMINTON)
        match = drawn(panel).tree.rounds[0][0]
        won(panel, (1, 1))
        with transaction():
            take_back_match(panel.sport_id, (1, 1), 1, None)
    together = threading.Barrier(2)
    told: list[str] = []

    def one(winner: str) -> None:
        with app.app_context():
            try:
                act(panel, winner, together)
            except Conflict:
                told.append("conflict")
            else:
                told.append("stored")

    threads = [threading.Thread(target=one, args=(each or "",)) for each in (match.a, match.b)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(told) == got


@pytest.mark.both_databases
def test_of_two_who_draw_at_once_one_bracket_stands(app: Flask, panel: Panel) -> None:
    together = threading.Barrier(2)
    told: list[str] = []

    def one(seed: str) -> None:
        with app.app_context():
            together.wait(PATIENCE_S)
            try:
                with transaction():
                    draw_bracket(panel.sport_id, seed, 0, "", None)
            except Overtaken:
                told.append("overtaken")
            else:
                told.append("stored")

    threads = [threading.Thread(target=one, args=(each,)) for each in ("1", "2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(told) == ["overtaken", "stored"]
    with app.app_context():
        assert len(db.session.scalars(select(BracketDraw)).all()) == 1
        db.session.rollback()
