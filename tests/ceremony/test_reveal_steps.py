"""Which steps come of which awards, and where does a run stand when the awards have changed?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from festival.ceremony.reveal.in_hand import in_hand, parts_kept
from festival.ceremony.reveal.models import ScriptPrint
from festival.ceremony.reveal.steps import (
    WHOLE,
    RevealedName,
    RevealedPrize,
    RevealKind,
    RevealPart,
    contest_of,
    digest_of,
    found_again,
    sample_part,
    steps_of,
)
from festival.editions.rules.prizes import PrizeRule


def names(first: int, count: int) -> tuple[RevealedName, ...]:
    return tuple(RevealedName(f"Nhà {n}", f"Xã {n}") for n in range(first, first + count))


def prize(name: str, first: int, count: int, *, special: bool = False) -> RevealedPrize:
    return RevealedPrize(name, special, names(first, count))


SONG = RevealPart(
    "hat",
    "Hát",
    (
        prize("Nhất", 1, 1),
        prize("Nhì", 2, 2),
        prize("Ba", 4, 0),
        prize("Khuyến khích", 7, 11),
        prize("Trang phục", 1, 1, special=True),
    ),
)
RACE = RevealPart("chay", "Chạy", (prize("Nhất", 30, 1),))
ALL = RevealPart(WHOLE, "Toàn đoàn", (prize("Nhất", 40, 1), prize("Nhì", 41, 1)))


def test_from_the_lowest_prize_to_the_highest_then_special_ones_then_the_whole_delegation() -> None:
    steps = steps_of([SONG, RevealPart("rong", "Không giải", (prize("Nhất", 1, 0),)), RACE, ALL])
    told = [(each.contest, each.prize, len(each.winners), each.part, each.parts) for each in steps]
    assert told == [
        ("", "", 0, 1, 1),
        ("Hát", "", 0, 1, 1),
        ("Hát", "Khuyến khích", 5, 1, 3),
        ("Hát", "Khuyến khích", 5, 2, 3),
        ("Hát", "Khuyến khích", 1, 3, 3),
        ("Hát", "Nhì", 2, 1, 1),
        ("Hát", "Nhất", 1, 1, 1),
        ("Hát", "Trang phục", 1, 1, 1),
        ("Chạy", "", 0, 1, 1),
        ("Chạy", "Nhất", 1, 1, 1),
        ("Toàn đoàn", "", 0, 1, 1),
        ("Toàn đoàn", "Nhì", 1, 1, 1),
        ("Toàn đoàn", "Nhất", 1, 1, 1),
        ("", "", 0, 1, 1),
    ]
    assert [won.name for each in steps[2:5] for won in each.winners] == [f"Nhà {n}" for n in range(7, 18)]
    assert (steps[0].kind, steps[-1].kind) == (RevealKind.WELCOME, RevealKind.CLOSING)
    assert len({each.key for each in steps}) == len(steps)
    assert [contest_of(steps[at].key) for at in (0, 1, 6, 9, 11, 13)] == ["", "hat", "hat", "chay", WHOLE, ""]


def test_a_step_is_found_by_its_award_and_never_by_its_number() -> None:
    before = steps_of([SONG, RACE])
    key = "chay/prize/Nhất/1"
    at = [each.key for each in before].index(key)
    fewer = RevealPart("hat", "Hát", (prize("Nhất", 1, 1),))
    after = steps_of([fewer, RACE])
    assert after[found_again(after, key, at)].key == key
    gone = steps_of([fewer])
    assert found_again(gone, key, at) == len(gone) - 1
    assert digest_of(before) != digest_of(after)
    respelt = RevealPart("chay", "Chạy", (RevealedPrize("Nhất", False, (RevealedName("Nhà ba mươi", "Xã 30"),)),))
    assert digest_of(steps_of([SONG, respelt])) != digest_of(before)
    assert digest_of(steps_of([SONG, RACE])) == digest_of(before)


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (12, 12), (40, 12), (None, 7)])
def test_a_rehearsal_has_the_shape_of_the_rules_and_names_of_nobody(count: int | None, shown: int) -> None:
    part = sample_part(
        "hat", "Hát", [PrizeRule("Nhất", 1), PrizeRule("Cuối", count)], ["Trang phục"], "Gia đình mẫu", "Đơn vị mẫu"
    )
    assert [(each.prize, each.special, len(each.winners)) for each in part.prizes] == [
        ("Nhất", False, 1),
        ("Cuối", False, shown),
        ("Trang phục", True, 1),
    ]
    said = [won.name for each in part.prizes for won in each.winners]
    assert said == [f"Gia đình mẫu {n}" for n in range(1, shown + 3)]


FIRST = [("Hát", ["A", "B"]), ("Chạy", ["C"]), ("Chạy", ["D"]), ("Vẽ", [])]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (FIRST, (True, (), 0, False)),
        ([("Hát", ["A", "X"]), *FIRST[1:]], (False, ("Hát",), 0, False)),
        ([*FIRST[:2], ("Chạy", ["E"]), ("Múa", [])], (False, ("Chạy", "Múa"), 1, False)),
        ([FIRST[3], *FIRST[:3]], (False, (), 0, True)),
    ],
)
def test_a_paper_in_the_hand_is_held_against_what_stands_part_by_part(
    now: list[tuple[str, list[str]]], said: tuple[bool, tuple[str, ...], int, bool]
) -> None:
    at = datetime(2024, 6, 14, tzinfo=UTC)
    prints = [ScriptPrint(number=1, digest=str(FIRST), parts=parts_kept(FIRST), printed_at=at)]
    paper = in_hand(prints, str(now), now)
    assert paper is not None
    assert (paper.good, paper.changed, paper.gone, paper.moved) == said
    newer = [ScriptPrint(number=2, digest=str(now), parts=parts_kept(now), printed_at=at), *prints]
    after = in_hand(newer, str(now), now)
    assert after is not None
    assert (after.number, after.good, after.changed, after.gone) == (2, True, *said[1:3])
    assert not any(word in str(prints[0].parts) for word in ("Hát", "Chạy", "Vẽ", "A"))


def test_a_print_of_before_that_kept_no_parts_only_says_that_it_is_overtaken() -> None:
    paper = in_hand(
        [ScriptPrint(number=3, digest="x", parts={}, printed_at=datetime(2024, 6, 14, tzinfo=UTC))], "y", FIRST
    )
    assert paper is not None
    assert (paper.good, paper.changed, paper.gone, paper.moved) == (False, (), 0, False)
    assert in_hand([], "y", FIRST) is None
