"""Does a reason ever show a number that nobody typed?"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from festival.contests.models import Contest, ContestState, ResultKind, Secrecy
from festival.core.sentence import Points, Sentence, Stopped, Value
from festival.judging.models import MeasureState
from festival.judging.tally import Appearance, Attempt, Tally
from festival.results.table import compute_table
from festival.results.ties import Rung, Shown, part


def tally(kind: ResultKind, tries: list[list[int | None]], *, lower: bool = False, attempts: int = 3) -> Tally:
    """A contest of nobody in particular: each entry with its tries, None for one that failed."""
    contest = Contest(
        code="x",
        name="X",
        result_kind=kind,
        secrecy=Secrecy.AT_ONCE,
        state=ContestState.LOCKED,
        attempts=attempts,
        attempts_count="best",
        lower_wins=lower,
        smallest_panel=1,
        tie_ladder=[{"by": "best_attempt"}, {"by": "members"}, {"by": "jury"}],
        prizes=[],
    )
    appearances = tuple(
        Appearance(at, f"e{at}", at, f"Nhà {at}", "", at, f"Đoàn {at}", at, at % 3, None, "", "", None)
        for at in range(len(tries))
    )
    measures = {
        at: tuple(
            Attempt(n, MeasureState.VALID if value is not None else MeasureState.DID_NOT_FINISH, value, 1)
            for n, value in enumerate(own, start=1)
        )
        for at, own in enumerate(tries)
        if own
    }
    return Tally(contest, (), (), appearances, frozenset(), {}, measures, {})


def said(made: Tally) -> dict[str, list[str]]:
    return {
        each.entry: [str(reason) for reason in each.reasons] for each in compute_table(made, settled=True).standings
    }


def test_who_has_no_second_good_try_is_said_to_have_none() -> None:
    """Release 0.3.0 printed 16666:40 for a time and −1 for a count."""
    times = said(tally(ResultKind.TIME, [[20_000, None], [20_000, 31_500]], lower=True, attempts=2))
    assert times == {
        "e1": ["Bằng điểm, xét «lượt tốt thứ 2»: 31,5."],
        "e0": ["Bằng điểm, xét «lượt tốt thứ 2»: không có lượt tốt thứ 2."],
    }
    counts = said(tally(ResultKind.COUNT, [[12], [12, 0]], attempts=2))
    assert counts == {
        "e1": ["Bằng điểm, xét «lượt tốt thứ 2»: 0."],
        "e0": ["Bằng điểm, xét «lượt tốt thứ 2»: không có lượt tốt thứ 2."],
    }


def figures(value: Value) -> set[int]:
    """Every number a sentence shows, in its own unit."""
    match value:
        case Sentence():
            return set().union(*map(figures, value.values.values()))
        case Points(milli):
            return {milli}
        case Stopped(ms):
            return {ms}
        case int():
            return {value}
        case str():
            return set()


@given(
    tries=st.lists(st.lists(st.none() | st.sampled_from([0, 1, 7, 20_000]), max_size=3), min_size=1, max_size=5),
    timed=st.booleans(),
    lower=st.booleans(),
)
def test_no_reason_shows_a_sentinel(tries: list[list[int | None]], timed: bool, lower: bool) -> None:
    made = tally(ResultKind.TIME if timed else ResultKind.COUNT, tries, lower=timed and lower)
    typed = {value for own in tries for value in own if value is not None}
    people = {each.members for each in made.appearances}
    ordinals = set(range(1, made.contest.attempts + 1))
    for each in compute_table(made, settled=True).standings:
        for reason in each.reasons:
            assert figures(reason) <= typed | people | ordinals


@given(st.lists(st.none() | st.integers(0, 5), min_size=2, max_size=6), st.booleans())
def test_who_has_none_stands_behind_who_has_one(facts: list[int | None], higher: bool) -> None:
    entries = [f"e{at}" for at in range(len(facts))]
    rung = Rung("x", dict(zip(entries, facts, strict=True)), higher, Shown.COUNT, Sentence("không có"))
    order = [entry for group in part(entries, [rung]) for entry in group.entries]
    have = [facts[entries.index(entry)] is not None for entry in order]
    assert have == sorted(have, reverse=True)


def test_a_missing_fact_still_parts_nobody_where_it_means_nothing() -> None:
    (group,) = part(["a", "b"], [Rung("Nội dung", {"a": Fraction(1), "b": None})])
    assert [str(each) for each in group.reasons] == [
        "Bằng điểm, chưa xét được «Nội dung»: thiếu số liệu.",
        "Bằng điểm, đồng hạng: các bậc xét chưa phân định được.",
    ]
