"""Who may come in with which pass, by the rule alone."""

from __future__ import annotations

import pytest

from festival.checkin.decide import ForTheLead, KnownPass, LetIn, Refused, decide

FAMILY = KnownPass(replaced=False, people=("cha", "con"))


@pytest.mark.parametrize(
    ("known", "people", "expected"),
    [
        (FAMILY, None, LetIn(("cha", "con"))),
        (FAMILY, ["con"], LetIn(("con",))),
        (FAMILY, ["con", "cha", "la"], LetIn(("cha", "con"))),
        (FAMILY, ["la"], Refused("nobody")),
        (FAMILY, [], Refused("nobody")),
        (None, None, ForTheLead("unknown_pass", 0)),
        (KnownPass(replaced=False, people=()), None, ForTheLead("not_approved")),
        (KnownPass(replaced=True, people=("cha",)), None, Refused("pass_replaced")),
        # a replaced card is refused before anything else is asked of it
        (KnownPass(replaced=True, people=()), ["la"], Refused("pass_replaced")),
    ],
)
def test_who_may_come_in(
    known: KnownPass | None, people: list[str] | None, expected: LetIn | ForTheLead | Refused
) -> None:
    assert decide(known, people) == expected


def test_the_gates_own_word_is_kept() -> None:
    assert decide(None, None, people_seen=4) == ForTheLead("unknown_pass", 4)
    assert decide(FAMILY, None, turned_away=True) == ForTheLead("turned_away")
