"""What is kept of one person, or of one family, on one readable page to hand over?

Every table with a row that leads to the person or the family is read, by the columns `person_id` and `family_id`: a new table is
in by itself, under plain words as long as `words` has none for it. Marks are secret until they are published, and are told then by
the public page; they are not in it. The page says what is kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import Response
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Table, and_, or_, select, true

from festival.consent.texts import GIVEN_AS_WORDS, METHOD_WORDS, PURPOSE_WORDS
from festival.contests.models import Contest
from festival.contests.queries import entries_hidden
from festival.core.database import Base, db
from festival.core.sentence import Sentence
from festival.core.web.i18n import day, moment, say
from festival.documents import paper
from festival.logistics.models import LodgingBed, LodgingRoom
from festival.privacy.groups import GROUPS
from festival.privacy.kept import PERSONAL
from festival.privacy.people.words import ELSE, FAMILYS_ALONE, OTHER, TOLD, UNREADABLE
from festival.privacy.steps import KIND_WORDS
from festival.roster.models import Entry, EntryState, Family, Person
from festival.roster.people import RELATION_WORDS, SEX_WORDS
from festival.roster.words import ORIGIN_WORDS, STATE_WORDS, entry_words

# What a stored word is called, by column; what is in none of them is said as it stands.
VALUES: dict[str, Mapping[Any, Sentence]] = {
    "sex": SEX_WORDS,
    "relation": RELATION_WORDS,
    "purpose": PURPOSE_WORDS,
    "given_as": GIVEN_AS_WORDS,
    "method": METHOD_WORDS,
    "origin": ORIGIN_WORDS,
    "kind": KIND_WORDS,
}
# What a row that is pointed at is called, by the column that points.
Called = Mapping[str, Mapping[int, str]]
States = Mapping[str, Mapping[Any, Sentence]]


@dataclass(frozen=True, slots=True)
class ToldPart:
    """One heading with its rows; a row is pairs of words and value."""

    title: str
    rows: tuple[tuple[tuple[str, str], ...], ...]


def of_somebody(table: Table, people: Sequence[int], family_id: int | None) -> ColumnElement[bool] | None:
    """Which rows of a table are about these people or this family; None when it holds none of anybody.

    `family_id` None: they are outside families.
    """
    if table.name == "person":
        return table.c.id.in_(people)
    if table.name == "family":
        return table.c.id == family_id
    ours, theirs = table.c.get("family_id") if family_id is not None else None, table.c.get("person_id")
    if ours is None and theirs is None:
        return None
    found: list[ColumnElement[bool]] = []
    if theirs is not None:
        found.append(theirs.in_(people))
    if ours is not None:
        # What belongs to the family as a whole is everybody's in it.
        found.append((ours == family_id) if theirs is None else ((ours == family_id) & theirs.is_(None)))
    return or_(*found)


def told(family: Family, person: Person | None = None, *, to_staff: bool = False) -> list[ToldPart]:
    """Everything, the most important first; one statement a table. What is the family's alone is not told `to_staff`."""
    called = {"person_id": {one.id: one.name for one in family.members}, "room_id": _rooms(family)}
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    ordered = [*(name for name in TOLD if name in tables), *(name for name in tables if name not in TOLD)]
    if to_staff:
        ordered = [name for name in ordered if name not in FAMILYS_ALONE]
    return [part for name in ordered if (part := _part(tables[name], family, person, called)) is not None]


def _rooms(family: Family) -> dict[int, str]:
    rows = select(LodgingRoom.id, LodgingRoom.house, LodgingRoom.name).join(
        LodgingBed, LodgingBed.room_id == LodgingRoom.id
    )
    beds = db.session.execute(rows.where(LodgingBed.person_id.in_([one.id for one in family.members])))
    return {room.id: f"{room.house}, {room.name}" for room in beds}


def _part(table: Table, family: Family, person: Person | None, called: Called) -> ToldPart | None:
    known = table.name in TOLD
    title, columns = TOLD.get(table.name, (OTHER, dict.fromkeys(PERSONAL.get(table.name, (None, ()))[1], ELSE)))
    own = of_somebody(table, [person.id] if person else [one.id for one in family.members], family.id)
    wanted = [(table.c[name], words) for name, words in columns.items() if name not in UNREADABLE and name in table.c]
    if own is None or not wanted:
        return None
    own = and_(own, _may_be_told(table))
    order = table.c.get("position", next(iter(table.primary_key.columns)))
    states: States = {"family": STATE_WORDS, "entry": {each: entry_words(each, family.state) for each in EntryState}}
    rows = []
    for row in db.session.execute(select(*(column for column, _words in wanted)).where(own).order_by(order)):
        pairs = [
            (say(words) if known else "", _value(table.name, column.name, value, called, states))
            for (column, words), value in zip(wanted, row, strict=True)
        ]
        kept = tuple(pair for pair in pairs if pair[1])
        if kept:
            rows.append(kept)
    return ToldPart(say(title), tuple(rows)) if rows else None


def _may_be_told(table: Table) -> ColumnElement[bool]:
    """Nothing that leads to an entry of which no family is to know yet: then who goes on into a final would show here first."""
    entry = table.c.id if table.name == "entry" else table.c.get("entry_id")
    if entry is None:
        return true()
    hidden = select(Entry.id).join(Contest, Contest.id == Entry.contest_id).where(entries_hidden())
    return or_(entry.is_(None), entry.not_in(hidden))


def _value(table: str, column: str, value: object, called: Called, states: States) -> str:
    if column in called and isinstance(value, int):
        return called[column].get(value, "")
    if column == "group_code":
        return GROUPS.get(str(value), "")
    words = states.get(table, {}) if column == "state" else VALUES.get(column, {})
    if isinstance(value, str) and value in words:
        return say(words[value])
    match value:
        case None | "":
            return ""
        case bool():
            return str(_("có") if value else _("không"))
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case StrEnum():
            return value.value
        case dict() | list():
            return ", ".join(_texts(value))
        case _:
            return str(value)


def _texts(value: Any) -> Iterator[str]:
    """What a person can read of a value that is a tree."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif value not in (None, ""):
        yield str(value)


def as_paper(family: Family, person: Person | None, *, to_staff: bool = False) -> Response:
    """The same as PDF, to hand over."""
    festival = family.delegation.festival
    values = {
        "title": _("Dữ liệu đang giữ về %(name)s", name=person.name if person else family.name),
        "organ": festival.organiser or _("Ban Tổ chức ngày hội"),
        "under": f"{festival.name} · {family.delegation.name}",
        "parts": [{"title": part.title, "rows": part.rows} for part in told(family, person, to_staff=to_staff)],
        "notes": notes(family),
    }
    made = paper.pdf("privacy/people/data.typ", values)
    headers = {"Content-Disposition": 'inline; filename="du-lieu-dang-giu.pdf"', "Cache-Control": "no-store"}
    return Response(made, mimetype="application/pdf", headers=headers)


def notes(family: Family) -> list[str]:
    """What is kept beside this, until when."""
    until = day(family.delegation.festival.data_kept_until)
    return [
        _("Điểm, thứ hạng và giải thưởng xem ở trang công bố kết quả. Biên bản đã ký được niêm phong."),
        _("Sổ ghi ghi lại từng việc đã làm với hồ sơ; nội dung có tên bị xóa cùng dữ liệu."),
        _("Dữ liệu được giữ đến hết ngày %(day)s rồi xóa.", day=until),
    ]
