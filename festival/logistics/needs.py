"""Which help does somebody need, as it was written in one line? Pure.

The one truth is the line a family, an officer or a list wrote (`Person.needs`): "Xe lăn, phiên dịch". It is read here into kinds
that a gate, a desk and a stage can show as a sign, and written back from ticks in the same words, so that both roads meet.
What somebody eats is no need of support: diets are numbers of a delegation, allergies are asked apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from festival.core.names import fold
from festival.core.sentence import N_, Sentence
from festival.core.text import line


class Need(StrEnum):
    """A kind of help."""

    WHEELCHAIR = "wheelchair"
    INTERPRETER = "interpreter"
    HEARING = "hearing"
    SIGHT = "sight"
    OTHER = "other"  # in words of their own


NEED_WORDS: dict[Need, Sentence] = {
    Need.WHEELCHAIR: N_("Xe lăn"),
    Need.INTERPRETER: N_("Phiên dịch"),
    Need.HEARING: N_("Nghe kém"),
    Need.SIGHT: N_("Nhìn kém"),
    Need.OTHER: N_("Cần giúp"),
}
# As people write them, without marks.
WRITTEN: dict[Need, tuple[str, ...]] = {
    Need.WHEELCHAIR: ("xe lan", "di xe lan", "wheelchair", "kho di lai"),
    Need.INTERPRETER: ("phien dich", "interpreter", "ngon ngu ky hieu", "ky hieu"),
    Need.HEARING: ("nghe kem", "khiem thinh", "lang tai", "diec"),
    Need.SIGHT: ("nhin kem", "khiem thi", "mu", "sight"),
}
EATEN = (
    "an chay",
    "chay",
    "khong thit heo",
    "khong thit lon",
    "khong an thit heo",
    "khong an thit lon",
    "halal",
    "vegetarian",
    "di ung",
)
NONE = ("khong", "khong co", "khong can", "none", "no")


def _pieces(text: str) -> list[str]:
    return [piece for piece in (line(each) for each in re.split(r"[,;/\n]|\s+và\s+", text)) if piece]


def _says(folded: str, words: Iterable[str]) -> bool:
    return any(f" {each} " in f" {folded} " for each in words)


def read(text: str) -> tuple[frozenset[Need], str]:
    """The kinds a line names, and what else it says in its own words (diets left out)."""
    found: set[Need] = set()
    own: list[str] = []
    for piece in _pieces(text):
        folded = fold(piece)
        if folded in NONE or folded.startswith(("khong can ", "khong dung ")) or _says(folded, EATEN):
            continue
        kinds = {need for need, words in WRITTEN.items() if _says(folded, words)}
        found |= kinds
        if not kinds or folded not in {each for need in kinds for each in WRITTEN[need]}:
            own.append(piece)
            if not kinds:
                found.add(Need.OTHER)
    return frozenset(found), ", ".join(own)


def written(needs: Iterable[Need], own: str) -> str:
    """Ticks and own words as one line, in the words of the first language."""
    ticked = [str(NEED_WORDS[need]) for need in Need if need in set(needs) and need is not Need.OTHER]
    return ", ".join([*ticked, *_pieces(own)])
