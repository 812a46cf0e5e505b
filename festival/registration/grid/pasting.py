"""Which families does a pasted text name: cells copied out of Excel, or a list as people write it in Zalo? Pure.

Cells may have a row of headings (the template's, or what people call its columns) or none. A list has numbers, points or
neither, and families parted by a heading, an empty line, numbers that begin anew, or the next representative.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from itertools import groupby

from festival.core.names import fold
from festival.core.phones import phone
from festival.core.sentence import N_, Sentence
from festival.core.text import clean, line
from festival.registration.excel.columns import COLUMNS, CONTEST_PREFIX, INFORMATION
from festival.registration.grid.kin import read_kin
from festival.registration.grid.pieces import BREAK, PastedWords, Said, said_in
from festival.registration.grid.typed import MOST_FAMILIES, TypedFamily, TypedPerson
from festival.roster.household import MOST_MEMBERS
from festival.roster.people import Relation, read_sex

LONGEST_PASTE = 50_000  # characters: far more than a page of families

_NUMBERED = re.compile(r"\s*(?:(\d{1,3})\s*[.)/:\-]\s*(?!\d)|[\-–—•*+▪●○✓]\s*)")
_HEADING = re.compile(
    r"(?:(?:gia đình|gđ)(?:\s+(?:số|thứ))?(?:\s+\d{1,3}\b)?|hộ(?:\s+số)?\s+\d{1,3}\b)[\s:.\-–—]*", re.IGNORECASE
)
_YES = {"x", "co", "roi", "da", "da ky", "dong y", "yes", "1", "v", "true"}
_OF_FAMILY = ("phone", "address", "email", "introduction")
_OF_PERSON = ("name", "relation", "sex", "birth", "needs", "guardian")
# What stands alone in each line is one column of a table; names alone are people.
_COLUMNS = ("birth", "sex", "relation", "phone")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was read: whole families, or one column to fill down; `refused`: why nothing was."""

    families: tuple[TypedFamily, ...] = ()
    column: tuple[str, tuple[str, ...]] | None = None
    refused: Sentence | None = None

    @property
    def people(self) -> int:
        """How many persons there are."""
        return sum(len(each.people) for each in self.families)


@dataclass(slots=True)
class _Line:
    """A line of the text: what it says, its number, the label of its family, whether it is a heading or empty."""

    said: Said = field(default_factory=Said)
    number: int | None = None
    family: str = ""
    heading: str = ""
    ticks: frozenset[str] = frozenset()

    @property
    def person(self) -> bool:
        return "name" in self.said.fields

    @property
    def empty(self) -> bool:
        return not (self.heading or self.said.fields or self.said.rest or self.said.contests)


def pasted(text: str, words: PastedWords) -> Pasted:
    """The families of a text."""
    if len(text) > LONGEST_PASTE:
        return Pasted(refused=_TOO_MANY)
    text = clean(text).strip("\n")
    lines = _of_table(text, words) if "\t" in text else [_of_list(each, words) for each in text.split("\n")]
    column = _one_column(lines)
    if column is not None:
        return Pasted(column=column)
    families = tuple(_family(each, words.leader) for each in _grouped(lines))
    families = tuple(each for each in families if not each.blank)
    if not families:
        return Pasted(refused=N_("Chưa thấy gia đình hay người nào trong phần vừa dán.", "nothing_pasted"))
    if len(families) > MOST_FAMILIES or any(len(each.people) > MOST_MEMBERS for each in families):
        return Pasted(refused=_TOO_MANY)
    return Pasted(families)


_TOO_MANY = N_(
    "Mỗi lần dán được nhiều nhất %(most)s gia đình. Hãy dán từng phần, hoặc dùng “Nhập từ Excel”.",
    "too_much_pasted",
    most=MOST_FAMILIES,
)


def _of_list(text: str, words: PastedWords) -> _Line:
    """One line as people write it."""
    number = None
    found = _NUMBERED.match(text)
    if found is not None:
        number, text = int(found[1]) if found[1] else 0, text[found.end() :]
    folded = fold(text)
    heading = _HEADING.match(line(text)) if folded not in words.contests else None
    said = said_in(line(text)[heading.end() :] if heading else text, words)
    if heading and "birth" not in said.fields:
        return _Line(Said(_only(said.fields, _OF_FAMILY), [], said.rest), heading=line(text))
    if number is None and not said.person and not _alone(said):
        rest = [] if not line(text) or set(said.fields) <= {"phone", "address", "email"} else [line(text)]
        return _Line(Said(_only(said.fields, _OF_FAMILY) if not rest else {}, [], rest or said.rest))
    return _Line(said, number)


def _alone(said: Said) -> bool:
    """A name by itself, or one value by itself, as in a copied column."""
    if said.rest or said.contests or len(said.fields) != 1:
        return False
    name = said.fields.get("name")
    return name is None or (1 < len(name.split()) < 7 and all(word[0].isupper() for word in name.split()))


def _only(fields: Mapping[str, str], keys: Sequence[str]) -> dict[str, str]:
    return {key: value for key, value in fields.items() if key in keys}


def _of_table(text: str, words: PastedWords) -> list[_Line]:
    rows = [[line(cell) for cell in row] for row in csv.reader(StringIO(text), delimiter="\t")]
    keys = {fold(each): column.key for column in COLUMNS for each in (column.heading, *column.also)}
    for name, code in words.contests.items():
        keys |= {fold(CONTEST_PREFIX) + f" {name}": f"contest:{code}", name: f"contest:{code}"}
    heads = [[keys.get(fold(cell), "") for cell in row] for row in rows]
    place = next((at for at, found in enumerate(heads) if len(set(found) - {""}) > 1), None)
    if place is None:
        return [_headless(row, words) for row in rows]
    return [_row(heads[place], rows[place], row) for row in rows[place + 1 :]]


def _headless(row: Sequence[str], words: PastedWords) -> _Line:
    """A row without headings: each cell says itself what it is. Excel drops the zero before a phone."""
    cells = ["0" + cell if re.fullmatch(r"[35789]\d{8}", cell) else cell for cell in row]
    number = int(cells[0]) if cells and re.fullmatch(r"\d{1,3}", cells[0]) else None
    return _Line(said_in(BREAK.join(cells[1:] if number is not None else cells), words), number)


def _row(keys: Sequence[str], headings: Sequence[str], row: Sequence[str]) -> _Line:
    made, ticks = _Line(), set[str]()
    for key, heading, cell in zip(keys, headings, row, strict=False):
        if not cell or fold(heading) in INFORMATION:
            continue
        kind, _colon, code = key.partition(":")
        if kind in ("signed", "own", "contest"):
            if fold(cell) in _YES and code:
                made.said.contests.append(code)
            elif fold(cell) in _YES:
                ticks.add(kind)
        elif key == "family":
            made.family = cell
        elif key in _OF_FAMILY or key in _OF_PERSON:
            made.said.put(key, cell)
        else:
            made.said.rest.append(f"{heading}: {cell}" if heading else cell)
    made.ticks = frozenset(ticks)
    return made


def _one_column(lines: Sequence[_Line]) -> tuple[str, tuple[str, ...]] | None:
    """The key and values of one column, when every line holds one value of the same kind."""
    full = [each for each in lines if not each.empty]
    kinds = {key for each in full for key in each.said.fields}
    plain = all(each.said.fields and not each.said.rest and not each.heading for each in full)
    if len(full) < 2 or len(kinds) != 1 or not plain or not kinds <= set(_COLUMNS):
        return None
    (key,) = kinds
    return key, tuple(each.said.fields.get(key, "") for each in lines)


def _grouped(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """The lines of each family."""
    headed = any(each.heading for each in lines)
    blocks = [
        sum(each.person for each in block) for empty, block in groupby(lines, lambda each: each.empty) if not empty
    ]
    by_gap = not headed and not any(each.family for each in lines) and max(blocks, default=0) > 1
    now: list[_Line] = []
    gap = False
    for each in lines:
        if each.empty:
            gap = True
            continue
        if now and (bool(each.heading) or _begins(each, now, gap=gap and by_gap, headed=headed)):
            yield now
            now = []
        now.append(each)
        gap = False
    if now:
        yield now


def _begins(each: _Line, now: Sequence[_Line], *, gap: bool, headed: bool) -> bool:
    """Whether a line is the first of the next family."""
    people = [one for one in now if one.person]
    if not people or headed:
        return False
    if each.family or people[-1].family:
        return each.person and bool(each.family) and each.family != people[-1].family
    if gap:
        return True
    if not each.person:
        return False
    again = each.number == 1 and (people[-1].number or 0) >= 1
    return again or (_leads(each) and any(map(_leads, people)))


def _leads(each: _Line) -> bool:
    return read_kin(each.said.fields.get("relation", ""), {})[0] is Relation.REPRESENTATIVE


def _family(lines: Iterable[_Line], leader: str) -> TypedFamily:
    """One family of its lines."""
    values: dict[str, str] = {}
    rest: list[str] = []
    people: list[TypedPerson] = []
    headings: list[str] = []
    for each in lines:
        fields = each.said.fields
        for key in _OF_FAMILY:
            value = fields.get(key, "")
            if value and not _same(key, value, values.setdefault(key, value)):
                rest.append(f"{fields['name']}: {value}" if each.person else value)
        if each.person:
            people.append(_person(each))
        else:
            rest += [value for key, value in fields.items() if key not in _OF_FAMILY]
        rest += [f"{fields['name']}: {word}" if each.person else word for word in each.said.rest]
        headings += [each.heading] if each.heading else []
    people = _led(people, headings, leader)
    unnamed = [text for text in headings if not any(fold(one.name) in fold(text) for one in people)]
    rest += [text for text in unnamed if re.search(r"\b(?:ong|ba|anh|chi)\b", fold(text))]
    return TypedFamily(**values, rest="\n".join(dict.fromkeys(rest)), people=tuple(people))


def _same(key: str, one: str, other: str) -> bool:
    """A number spelt in two ways is one number."""
    return one == other or (key == "phone" and isinstance(phone(one), str) and phone(one) == phone(other))


def _person(each: _Line) -> TypedPerson:
    fields = each.said.fields
    relation, implied = fields.get("relation", ""), read_kin(fields.get("relation", ""), {})[1]
    sex = read_sex(fields.get("sex", "")) or implied or fields.get("title", "")
    return TypedPerson(
        name=fields["name"],
        relation=relation,
        sex=str(sex),
        birth=fields.get("birth", ""),
        needs=fields.get("needs", ""),
        guardian=fields.get("guardian", ""),
        contests=tuple(dict.fromkeys(each.said.contests)),
        signed="signed" in each.ticks,
        own="own" in each.ticks,
    )


def _led(people: list[TypedPerson], headings: Sequence[str], leader: str) -> list[TypedPerson]:
    """Relations are told from somebody: the one in the heading, or the first, of whom none is told, is the representative."""
    kin = [read_kin(one.relation, {})[0] for one in people]
    if Relation.REPRESENTATIVE in kin or not any(kin):
        return people
    named = next((at for at, one in enumerate(people) if any(fold(one.name) in fold(text) for text in headings)), 0)
    if people[named].relation:
        return people
    people[named] = replace(people[named], relation=leader)
    return people
