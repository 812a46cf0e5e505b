"""Which relations and sexes are there, and how are they read from what people write?"""

from __future__ import annotations

from enum import StrEnum

from festival.core.names import fold, spelling
from festival.core.sentence import N_, Sentence


class Sex(StrEnum):
    """As the state's statistics ask for it."""

    MALE = "male"
    FEMALE = "female"


class Relation(StrEnum):
    """Relation to the family's representative."""

    REPRESENTATIVE = "representative"
    SPOUSE = "spouse"
    PARENT = "parent"
    GRANDPARENT = "grandparent"
    CHILD = "child"
    GRANDCHILD = "grandchild"
    SIBLING = "sibling"
    OTHER = "other"


RELATION_WORDS: dict[Relation, Sentence] = {
    Relation.REPRESENTATIVE: N_("Người đại diện"),
    Relation.SPOUSE: N_("Vợ hoặc chồng"),
    Relation.PARENT: N_("Cha hoặc mẹ"),
    Relation.GRANDPARENT: N_("Ông hoặc bà"),
    Relation.CHILD: N_("Con"),
    Relation.GRANDCHILD: N_("Cháu"),
    Relation.SIBLING: N_("Anh, chị hoặc em"),
    Relation.OTHER: N_("Người khác trong gia đình"),
}

SEX_WORDS: dict[Sex, Sentence] = {Sex.MALE: N_("Nam"), Sex.FEMALE: N_("Nữ")}

# What people write in a cell or on the phone, folded, South and North alike.
_RELATIONS: dict[str, Relation] = {
    **{fold(str(word)): relation for relation, word in RELATION_WORDS.items()},
    **dict.fromkeys(("dai dien", "chu ho", "nguoi dai dien gia dinh"), Relation.REPRESENTATIVE),
    **dict.fromkeys(("vo", "chong", "vo chong", "vo/chong"), Relation.SPOUSE),
    **dict.fromkeys(
        ("cha", "me", "ba", "ma", "bo", "tia", "cha me", "cha/me", "cha vo", "me vo", "cha chong", "me chong", "ba ma"),
        Relation.PARENT,
    ),
    **dict.fromkeys(
        ("ong", "ba noi", "ba ngoai", "ong noi", "ong ngoai", "ong ba", "ong/ba", "noi", "ngoai"), Relation.GRANDPARENT
    ),
    **dict.fromkeys(("con trai", "con gai", "con ruot", "con nuoi", "con dau", "con re", "con chau"), Relation.CHILD),
    **dict.fromkeys(("chau noi", "chau ngoai", "chau ruot"), Relation.GRANDCHILD),
    **dict.fromkeys(("anh", "chi", "em", "anh chi em", "anh trai", "chi gai", "em trai", "em gai"), Relation.SIBLING),
    **dict.fromkeys(("khac", "nguoi khac", "ho hang"), Relation.OTHER),
}

_SEXES = {
    "nam": Sex.MALE,
    "trai": Sex.MALE,
    "male": Sex.MALE,
    "nu": Sex.FEMALE,
    "gai": Sex.FEMALE,
    "female": Sex.FEMALE,
}


def read_relation(text: str) -> Relation | None:
    """What relation a person wrote, None when the word is not known."""
    # The one pair that only the tone tells apart: bà is a grandmother, ba a father in the South.
    return Relation.GRANDPARENT if spelling(text) == "ba1" else _RELATIONS.get(fold(text))


def read_sex(text: str) -> Sex | None:
    """Nam or nữ, None when it is neither."""
    return _SEXES.get(fold(text))
