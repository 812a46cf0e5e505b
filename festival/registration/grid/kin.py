"""Which relation and which sex does a word of kinship say, as people write it in a list? Pure."""

from __future__ import annotations

from collections.abc import Mapping

from festival.core.names import fold, spelling
from festival.roster.people import Relation, Sex, read_relation, read_sex

_SEXES = {
    **dict.fromkeys(
        ("chong", "cha", "bo", "tia", "ong", "anh", "chu", "cau", "duong", "cha vo", "cha chong"), Sex.MALE
    ),
    **dict.fromkeys(("ong noi", "ong ngoai", "con re", "anh re"), Sex.MALE),
    **dict.fromkeys(("vo", "me", "ma", "chi", "co", "di", "thim", "mo", "me vo", "me chong"), Sex.FEMALE),
    **dict.fromkeys(("ba noi", "ba ngoai", "con dau", "chi dau", "em dau"), Sex.FEMALE),
}
# Relatives beside the household's own line; without these words `bà con` would be a grandmother.
_OTHERS = {"ba con", "chu", "bac", "co", "di", "cau", "mo", "thim", "duong", "nguoi than", "giup viec"}


def read_kin(text: str, known: Mapping[str, Relation]) -> tuple[Relation | None, Sex | None]:
    """`con gái út` is a child and a woman. `known`: more words, folded, such as those the page itself shows."""
    folded, spoken = fold(text), text.split()
    if folded in set(Relation):
        return Relation(folded), None
    relation, matched = known.get(folded) or (Relation.OTHER if folded in _OTHERS else None), folded
    for count in range(len(spoken), 0, -1):
        if relation is not None:
            break
        matched = fold(" ".join(spoken[:count]))
        relation = read_relation(" ".join(spoken[:count]))
    return (relation, _sex(text, folded, matched)) if relation else (None, None)


def _sex(text: str, folded: str, matched: str) -> Sex | None:
    # The one pair that only the tone tells apart: bà is a woman, ba a father in the South.
    if folded == "ba":
        return Sex.FEMALE if spelling(text) == "ba1" else Sex.MALE
    said = [sex for word in folded.split() if word in ("trai", "gai") and (sex := read_sex(word))]
    return said[0] if said else _SEXES.get(folded) or _SEXES.get(matched)
