"""What does one line of a pasted list say: whose name, which birth, which phone, and what is none of these? Pure.

Nothing is guessed into a field that does not fit it: what no field takes stands in `rest`, where a person sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from festival.core.names import fold, name_fault
from festival.core.text import line
from festival.registration.excel.columns import COLUMNS
from festival.registration.grid.kin import read_kin
from festival.roster.people import RELATION_WORDS, Relation, Sex, read_relation, read_sex

BREAK = "\x1f"  # between the cells of a table, and where a date or a number was taken out of a line

_TOKENS = (
    ("phone", re.compile(r"(?<![\d/])(?:\(?\+?84\)?[ .\-]*\d|0\d)(?:[ .\-]?\d){7,9}(?!\d)")),
    ("email", re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")),
    ("birth", re.compile(r"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)")),
    ("birth", re.compile(r"(?:ngày\s+)?\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}", re.IGNORECASE)),
    ("birth", re.compile(r"(?<!\d)\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{2,4}(?!\d)")),
    ("birth", re.compile(r"(?<!\d)(?:\d{1,2}/)?(?:19|20)\d{2}(?!\d)")),
)
_SPLIT = re.compile(rf"[{BREAK},;|()\t]|(?:^|\s)[\-–—](?:\s|$)")
_LABELLED = re.compile(r"([^:=]{1,40})[:=]\s*(.*)", re.DOTALL)
_LABELS = {
    **{fold(each): column.key for column in COLUMNS for each in (column.heading, *column.also)},
    **dict.fromkeys(("dia chi", "dc", "d/c", "d c"), "address"),
    **dict.fromkeys(("dt", "sdt", "so dt", "tel", "zalo", "lien he"), "phone"),
}
# Said before a date or a number that was taken out of the line.
_SAID = {"", "sinh", "sinh nam", "sinh ngay", "sn", "ns", "ngay", "la"} | {
    label for label, key in _LABELS.items() if key in ("birth", "phone", "email")
}
_TAIL = re.compile(r"\s+(?:sinh|năm|ngày|sn|ns|đt|sđt|điện thoại|số)[\s:.]*$", re.IGNORECASE)
_NEEDS = ("xe lan", "an chay", "phien dich")
_LONGEST_KIN = 3  # words: more of them are a sentence
_PLACES = ("ap", "khom", "khu pho", "kp", "to dan pho", "thon", "xa", "phuong", "so nha", "duong", "thi tran", "huyen")
_TITLES = {"ong": Sex.MALE, "ba": Sex.FEMALE, "anh": Sex.MALE, "chi": Sex.FEMALE, "em": None, "chau": None, "be": None}


@dataclass(frozen=True, slots=True)
class PastedWords:
    """What the edition's own words mean: contests by folded name, relations as the page shows them, and what it calls who leads."""

    contests: Mapping[str, str] = field(default_factory=dict)
    relations: Mapping[str, Relation] = field(default_factory=dict)
    leader: str = str(RELATION_WORDS[Relation.REPRESENTATIVE])


@dataclass(slots=True)
class Said:
    """What a line says, field by field, as it was written; `rest` has found no field."""

    fields: dict[str, str] = field(default_factory=dict)
    contests: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)

    def put(self, key: str, value: str) -> None:
        """The first word counts; another one is kept beside."""
        if value and value != self.fields.setdefault(key, value):
            self.rest.append(value)

    @property
    def person(self) -> bool:
        """Whether somebody is named with anything said of him."""
        return "name" in self.fields and any(key in self.fields for key in ("relation", "sex", "birth"))


def said_in(text: str, words: PastedWords) -> Said:
    """What stands in one line, or in one row of a table whose cells are parted by `BREAK`."""
    said = Said()
    left = text
    for key, token in _TOKENS:
        # A house number may look like a date.
        if key == "birth" and _place(left):
            continue
        left = token.sub(lambda found, key=key: _take(said, key, found[0]), left)  # type: ignore[misc]
    for piece in _pieces(left):
        _sort(said, piece, words)
    return said


def _take(said: Said, key: str, token: str) -> str:
    said.put(key, line(token))
    return BREAK


def _pieces(text: str) -> Iterator[str]:
    """The parts between commas, brackets and dashes; an address stays whole."""
    parts = text.split(BREAK)
    for part in parts:
        labelled = _LABELLED.fullmatch(line(part))
        if labelled and _LABELS.get(fold(labelled[1])) == "address":
            yield line(part)
        else:
            pieces = [line(each).strip(" .:-–•*") for each in _SPLIT.split(part)]
            for place, piece in enumerate(pieces):
                if _place(piece):
                    yield ", ".join(each for each in pieces[place:] if each)
                    break
                yield piece


def _place(text: str) -> bool:
    folded = fold(text).strip(" ,.;:-")
    return any(folded.startswith(f"{word} ") for word in (*_PLACES, "dia chi:", "d/c:", "dc:"))


def _sort(said: Said, piece: str, words: PastedWords) -> None:
    """One piece into its field."""
    while (shorter := _TAIL.sub("", piece)) != piece:
        piece = shorter
    folded = fold(piece)
    if folded in _SAID or piece.casefold() == "năm":  # nam is a sex
        return
    labelled = _LABELLED.fullmatch(piece)
    if labelled is not None:
        key = _LABELS.get(fold(labelled[1]))
        if key is not None:
            said.put(key, labelled[2])
            return
        if read_kin(labelled[1], words.relations)[0] is not None:
            said.put("relation", line(labelled[1]))
            _sort(said, labelled[2], words)
            return
    if not _known(said, piece, folded, words):
        _guessed(said, piece, folded, words)


def _known(said: Said, piece: str, folded: str, words: PastedWords) -> bool:
    """Whether the piece is a word of the rules: a contest, a sex, a relation."""
    entered = [words.contests.get(fold(each).removeprefix("thi ").strip()) for each in re.split(r" và |\+|&", piece)]
    if all(entered):
        said.contests += [code for code in entered if code]
    elif read_sex(piece) is not None:
        said.put("sex", piece)
    elif read_relation(piece) is not None or folded in words.relations:
        said.put("relation", piece)
    else:
        return False
    return True


def _guessed(said: Said, piece: str, folded: str, words: PastedWords) -> None:
    """A free word: the first is the name, what looks like nothing is kept aside."""
    if _place(piece):
        said.put("address", piece)
    elif "name" not in said.fields and name_fault(piece) is None:
        _named(said, piece)
    elif piece.count(" ") < _LONGEST_KIN and read_kin(piece, words.relations)[0] is not None:
        said.put("relation", piece)
    elif any(need in folded for need in _NEEDS):
        said.put("needs", piece)
    else:
        said.rest.append(piece)


def _named(said: Said, piece: str) -> None:
    """A name, without the word one is addressed by; `Ông Thị Mai` has it as a family name."""
    piece = _bare(said, piece)
    title, _space, name = piece.partition(" ")
    if fold(title) in _TITLES and name.count(" ") and fold(name.split()[0]) not in ("thi", "van"):
        sex = read_kin(title, {})[1] if fold(title) == "ba" else _TITLES[fold(title)]
        said.fields["name"] = name
        if sex is not None:
            said.fields.setdefault("title", sex)
    else:
        said.fields["name"] = piece


def _bare(said: Said, piece: str) -> str:
    """`Phạm Thị Mai con gái`: what is said in small letters behind a name of capitals is no part of it."""
    words = piece.split()
    for end in range(2, len(words)):
        name, behind = words[:end], " ".join(words[end:])
        if not behind.islower() or not all(word[0].isupper() for word in name) or fold(name[-1]) in ("thi", "van"):
            continue
        spoken = words[end:]
        sexes = [word for word in spoken[-1:] if word in ("nam", "nữ")]
        kin = " ".join(spoken[: len(spoken) - len(sexes)])
        if kin and (len(kin.split()) > _LONGEST_KIN or read_kin(kin, {})[0] is None):
            continue
        for sex in sexes:
            said.put("sex", sex)
        if kin:
            said.put("relation", kin)
        return " ".join(name)
    return piece
