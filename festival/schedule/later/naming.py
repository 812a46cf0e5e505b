"""How is a match of a knock-out called, and out of which two does it come? Pure.

A match is known by how many rounds follow its own (0: the final) and by its number in the round, so that a final stays the
final however many take part. The match for the third place is the second of the last round.
"""

from __future__ import annotations

import re

from festival.core.sentence import N_, Sentence

MatchPlace = tuple[int, int]  # rounds to the final, number in its round
MOST_ROUNDS = 6
FINAL_PLACE: MatchPlace = (0, 1)
THIRD_PLACE: MatchPlace = (0, 2)
_CODE = re.compile(r"(.+)_([0-5])_([1-9][0-9]?)")

FINAL = N_("Chung kết")
THIRD = N_("Tranh hạng ba")
SEMI = N_("Bán kết")
QUARTER = N_("Tứ kết")
ROUND = N_("Vòng 1/%(n)s")
NUMBERED = N_("%(round)s, trận %(n)s")
# The same in the middle of a sentence: «Bên thắng tứ kết, trận 3».
INSIDE = {
    FINAL: N_("chung kết"),
    THIRD: N_("trận tranh hạng ba"),
    SEMI: N_("bán kết"),
    QUARTER: N_("tứ kết"),
}
ROUND_INSIDE = N_("vòng 1/%(n)s")
WINNER = N_("bên thắng %(match)s")
LOSER = N_("bên thua %(match)s")
MEET = N_("%(match)s: %(a)s – %(b)s")
STRAIGHT = N_("%(match)s: không phải đấu, %(name)s vào thẳng")
NOBODY = N_("%(match)s: không phải đấu, hai bên đều trống")
NO_MORE = N_("%(match)s: bảng đấu không có trận này")


def round_called(to_final: int) -> Sentence:
    """«Chung kết», «Bán kết», «Vòng 1/8»."""
    return (FINAL, SEMI, QUARTER)[to_final] if to_final < 3 else ROUND.filled(n=2**to_final)


def match_called(at: MatchPlace) -> Sentence:
    """«Tứ kết, trận 3»."""
    if at[0] == 0:
        return THIRD if at == THIRD_PLACE else FINAL
    return NUMBERED.filled(round=round_called(at[0]), n=at[1])


def match_inside(at: MatchPlace) -> Sentence:
    """In the middle of a sentence: «tứ kết, trận 3»."""
    if at[0] == 0:
        return INSIDE[match_called(at)]
    name = INSIDE.get(round_called(at[0])) or ROUND_INSIDE.filled(n=2 ** at[0])
    return NUMBERED.filled(round=name, n=at[1])


def feeders(at: MatchPlace) -> tuple[MatchPlace, MatchPlace]:
    """The two matches whose winners (for the third place: losers) meet here."""
    number = 1 if at == THIRD_PLACE else at[1]
    return (at[0] + 1, 2 * number - 1), (at[0] + 1, 2 * number)


def awaited_sides(at: MatchPlace) -> tuple[Sentence, Sentence]:
    """What stands in place of the two while nobody knows them."""
    words = LOSER if at == THIRD_PLACE else WINNER
    one, other = feeders(at)
    return words.filled(match=match_inside(one)), words.filled(match=match_inside(other))


def later_rounds(entries: int, *, third_played: bool) -> list[MatchPlace]:
    """Every match after the first round of a knock-out of so many, the earliest round first."""
    rounds = max(entries - 1, 0).bit_length()
    found = [(left, number) for left in range(rounds - 2, -1, -1) for number in range(1, 2**left + 1)]
    if third_played and entries > 3:
        found.insert(len(found) - 1, THIRD_PLACE)
    return found


def later_code(contest: str, at: MatchPlace) -> str:
    """As it stands in addresses and in a published programme, where an act bears the code of its entry."""
    return f"{contest}_{at[0]}_{at[1]}"


def later_of_code(code: str) -> tuple[str, MatchPlace] | None:
    """The contest and the match; None for the code of an entry."""
    found = _CODE.fullmatch(code)
    return None if found is None else (found[1], (int(found[2]), int(found[3])))
