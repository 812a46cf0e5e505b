"""Do corrected and taken-back counts come to the same for every order and repetition of delivery? Pure."""

from __future__ import annotations

from itertools import permutations

from festival.checkin.handouts.standing import SaidHandout, handed, standing
from festival.checkin.merge import Moment


def said(root: str, mid: str, at: int, device: int = 1, seq: int = 1, **items: int) -> SaidHandout:
    return SaidHandout(
        "hon-dat", root, mid, Moment(at, device, seq), items, receiver="Danh Chung" if root == mid else ""
    )


MORNING = [
    said("a", "a", 100, card=30, meal=90),
    said("a", "b", 200, seq=2, card=28, meal=84),  # counted again
    said("c", "c", 300, seq=3, card=2, flag=1),  # the two who came late
    said("d", "d", 400, device=2, card=2),  # the same two, at another desk
    said("d", "e", 500, device=2, seq=2),  # taken back there
]


def test_every_order_and_repetition_tells_one_story() -> None:
    told = standing(MORNING)
    assert [(each.said.root, each.said.mid, each.corrections, each.holds) for each in told] == [
        ("a", "b", 1, True),
        ("c", "c", 0, True),
        ("d", "e", 1, False),
    ]
    assert [each.receiver for each in told] == ["Danh Chung"] * 3
    assert handed(told) == {"card": 30, "meal": 84, "flag": 1, "number": 0}
    for order in permutations(MORNING):
        assert standing([*order, *order[:2]]) == told


def test_what_came_last_naively_would_be_another_story_for_another_order() -> None:
    naive = {tuple(sorted({each.root: each.mid for each in order}.items())) for order in permutations(MORNING)}
    assert len(naive) == 4


def test_a_correction_holds_against_a_first_message_of_a_clock_that_runs_ahead() -> None:
    first, after = said("a", "a", 9_000_000, card=30), said("a", "b", 100, device=2, card=29)
    for order in permutations([first, after]):
        (held,) = standing(order)
        assert (held.said.mid, held.at_ms, handed([held])["card"]) == ("b", 9_000_000, 29)


def test_taken_back_and_given_again_is_a_further_message() -> None:
    told = standing([*MORNING, said("d", "f", 600, device=1, seq=4, card=2)])
    assert handed(told)["card"] == 32 and told[-1].corrections == 2


def test_a_correction_whose_first_message_has_not_come_yet_counts_by_itself() -> None:
    (held,) = standing([MORNING[1]])
    assert held.holds and handed([held])["meal"] == 84 and held.corrections == 1
