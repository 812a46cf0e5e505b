"""Who is pushed when an act is put before another one, and who cannot be? Pure."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from festival.schedule.history.difference import difference, strays, turned
from festival.schedule.moving.placing import Hours, InTheWay, StageTurn, placed_before

VN = timezone(timedelta(hours=7))
HOURS = Hours(datetime(2024, 6, 28, 9, tzinfo=VN), changeover_min=2)


def turns(*said: str) -> list[StageTurn]:
    """«A 9:00 10» and, of one that keeps its place, «A 9:00 10 !»."""
    made = []
    for each in said:
        name, clock, minutes, *fixed = each.split()
        hour, minute = map(int, clock.split(":"))
        made.append(StageTurn(name, name, datetime(2024, 6, 28, hour, minute, tzinfo=VN), int(minutes), bool(fixed)))
    return made


def told(result: tuple[StageTurn, ...] | InTheWay) -> str:
    if isinstance(result, InTheWay):
        return f"not {result.turn.code}"
    return " ".join(f"{turn.code} {turn.starts_at:%-H:%M}" for turn in result)


FOUR = ("A 9:00 10", "B 9:12 10", "C 9:24 10", "D 9:36 10")


@pytest.mark.parametrize(
    ("stand", "code", "before", "then"),
    [
        (FOUR, "D", "B", "A 9:00 D 9:12 B 9:24 C 9:36"),
        (FOUR, "A", "", "B 9:00 C 9:12 D 9:24 A 9:36"),
        (FOUR, "B", "C", "A 9:00 B 9:12 C 9:24 D 9:36"),  # where it stands already
        # a pause that was planned stays where it is
        (("A 9:00 10", "B 9:12 10", "C 10:00 10"), "A", "C", "B 9:00 A 9:12 C 10:00"),
        # a longer one in front pushes those behind, as far as it must
        (("A 9:00 10", "B 9:12 20", "C 9:34 10", "D 10:00 10"), "B", "A", "B 9:00 A 9:22 C 9:34 D 10:00"),
        # nobody goes past one that keeps its place, but into a room that is free behind it one may
        (("A 9:00 10", "B 9:12 10 !", "C 9:24 10"), "A", "", "B 9:12 C 9:24 A 9:36"),
        (("A 9:00 10", "B 9:12 10 !", "C 9:24 10"), "C", "A", "not B"),
        (("A 9:30 10 !", "C 9:42 10"), "C", "A", "C 9:00 A 9:30"),
        # from elsewhere: behind the one in front, pushing only who stands in the way
        (("A 9:00 10", "B 9:12 10", "C 9:50 10"), "new", "B", "A 9:00 new 9:12 B 9:29 C 9:50"),
        (("A 9:00 10", "B 9:12 10", "C 9:50 10"), "new", "C", "A 9:00 B 9:12 new 9:24 C 9:50"),
        (("A 9:00 10", "B 9:12 10 !"), "new", "B", "not B"),
        (("A 9:00 10", "B 9:12 10"), "new", "", "A 9:00 B 9:12 new 9:24"),
        ((), "new", "", "new 9:00"),
    ],
)
def test_where_it_comes_to_stand_and_who_is_pushed(stand: tuple[str, ...], code: str, before: str, then: str) -> None:
    there = turns(*stand)
    new = next((turn for turn in there if turn.code == code), turns("new 8:00 15")[0])
    result = placed_before(there, new, before or None, HOURS)
    assert told(result) == then
    if isinstance(result, tuple):
        ends = [turn.starts_at + timedelta(minutes=turn.minutes) for turn in result]
        assert all(next_.starts_at >= end for end, next_ in zip(ends, result[1:], strict=False))


def test_a_step_is_what_differs_and_is_turned_only_where_it_still_stands() -> None:
    before = {"stages": {"a": ["A", 1]}, "sessions": {}, "acts": {"1": [5, 1], "2": [5, 2]}, "matches": {}}
    after = {"stages": {"a": ["A", 1]}, "sessions": {"9": ["a"]}, "acts": {"2": [5, 1], "3": [5, 2]}, "matches": {}}
    changed = difference(before, after)
    assert changed == {
        "sessions": {"9": [None, ["a"]]},
        "acts": {"1": [[5, 1], None], "2": [[5, 2], [5, 1]], "3": [None, [5, 2]]},
    }
    assert difference(after, after) == {}
    assert [to for *_what, to in turned(changed, back=True)] == [None, [5, 1], [5, 2], None]
    assert [to for *_what, to in turned(changed, back=False)] == [["a"], None, [5, 1], [5, 2]]
    assert (strays(changed, after, back=True), strays(changed, before, back=False)) == ([], [])
    moved = {**after, "acts": {**after["acts"], "2": [6, 1]}}
    assert strays(changed, moved, back=True) == [("acts", "2")]
