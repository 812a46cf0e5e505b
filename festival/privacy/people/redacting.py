"""How does a name leave every table, whoever wrote it there?

Rows that lead to the person or family by their keys are emptied as they are on the day of the data. Free texts (notes, plans,
messages of devices) are searched for the name itself and say the number instead, unless somebody else bears the same name:
then nobody can tell from a text whom it means. Lines of the ledger lose what they spoke of; the chain still verifies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, delete, func, literal, or_, select, type_coerce, update

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.database import Base, db
from festival.core.ledger import LedgerEntry, LedgerPayload
from festival.core.post.outbox import OutboxMail
from festival.core.types import JsonText, PlainText
from festival.privacy.kept import PERSONAL, Ending
from festival.privacy.people.telling import of_somebody
from festival.registration.models import FormerRegistration, RegistrationDraft
from festival.roster.models import Entry, Family, Person
from festival.schedule.models import Plan

GONE = "–"
# Emptied by their own statements, or nobody's but a role's.
APART = frozenset(
    {
        "person",
        "family",
        "entry",
        "award",
        "delegation",
        "ledger_payload",
        "outbox_mail",
        "registration_draft",
        "former_registration",
        "family_change",
        "device",
        "act_version",
        "act_file",
        "act_upload",
    }
)
# What stands in the place of a value that may be empty; other texts become a dash.
EMPTY: dict[str, str] = {
    "given_by": "",
    "said_by": "",
    "group_code": "",
    "said": "",
    "answer": "",
    "outcome": "",
    "identity": "",
}
# An entry of which one of these speaks is being judged: a sheet, a result, a slip, what a device typed, a match.
BEGUN_WITH = (
    ("score_sheet", "entry_id"),
    ("measure", "entry_id"),
    ("slip_typing", "entry_id"),
    ("ground_reading", "entry_id"),
    ("played_match", "a_id"),
    ("played_match", "b_id"),
)
SHORTEST = 6  # a shorter text would be found where nobody is meant


@dataclass(frozen=True, slots=True)
class Strings:
    """What is looked for in texts. `names`: with what stands in their place; `others`: phones and addresses, which go."""

    names: dict[str, str]
    others: tuple[str, ...] = ()
    codes: tuple[str, ...] = field(default=())  # of the people, and of the family when all of it goes

    @property
    def all(self) -> list[str]:
        """The longest first, so that a family's name goes before the person's in it."""
        found = {text for text in (*self.names, *self.others) if len(text) >= SHORTEST}
        return sorted(found, key=len, reverse=True)


def empty_own_rows(people: Sequence[int], family_id: int | None) -> None:
    """Every other table with a row of these people or this family: deleted or emptied as `kept` says, a new table too."""
    for table in Base.metadata.sorted_tables:
        ending, columns = PERSONAL.get(table.name, (None, ()))
        own = of_somebody(table, people, family_id)
        if ending is None or own is None or table.name in APART:
            continue
        if ending is Ending.DELETED:
            db.session.execute(delete(table).where(own))
        elif ending is Ending.EMPTIED:
            db.session.execute(update(table).where(own).values({name: _emptied(table, name) for name in columns}))


def _emptied(table: Table, name: str) -> Any:
    column = table.c[name]
    if column.nullable:
        return None
    if isinstance(column.type, JsonText):
        return []
    may_be_empty = column.default is not None and getattr(column.default, "arg", None) == ""
    return "" if may_be_empty else EMPTY.get(name, GONE)


def say_numbers(strings: Strings) -> None:
    """Free texts of every table say the number instead of a name that nobody else bears."""
    alone = [text for text in strings.all if not _borne_by_others(text, strings)]
    for table in Base.metadata.sorted_tables:
        ending, columns = PERSONAL.get(table.name, (None, ()))
        if (
            ending not in (Ending.EMPTIED, Ending.DELETED)
            or table.name in APART
            or table.name in ("consent", "ethnic_group")
        ):
            continue  # who agreed for somebody stays while it has to be provable
        for name in columns:
            if isinstance(table.c[name].type, PlainText | JsonText):
                for text in alone:
                    _replace(table, name, text, strings.names.get(text, GONE))


def _borne_by_others(text: str, strings: Strings) -> bool:
    """Whether another person or family is called the same; an erased one is called by its number."""
    people = select(Person.id).where(Person.name == text, Person.code.not_in(strings.codes))
    families = select(Family.id).where(Family.name == text, Family.code.not_in(strings.codes))
    return db.session.scalar(select(or_(people.exists(), families.exists()))) is True


def _replace(table: Table, name: str, text: str, by: str) -> None:
    column = type_coerce(table.c[name], Text)
    if isinstance(table.c[name].type, JsonText):
        text, by = _in_json(text), _in_json(by)
    changed = func.replace(column, literal(text, Text), literal(by, Text))
    if table.name == "plan":
        for plan in db.session.scalars(select(Plan).where(changed != column)).all():
            _forget_published(plan)
    db.session.execute(update(table).where(changed != column).values({name: changed}))


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def number_entries(entries: Sequence[int], labels: dict[int, str]) -> None:
    """What is called after the family is called by its number: entries, prizes, acts of the plans."""
    award = Base.metadata.tables["award"]
    for entry_id in entries:
        label = labels[entry_id]
        db.session.execute(update(Entry).where(Entry.id == entry_id).values(name=label, title=""))
        named = (award.c.entry_id == entry_id) & award.c.name.is_not(None)
        db.session.execute(update(award).where(named).values(name=label))
    rows = db.session.execute(select(Entry.code, Entry.id).where(Entry.id.in_(entries)))
    codes = {row.code: row.id for row in rows}
    for plan in db.session.scalars(select(Plan)).all() if codes else ():
        acts = plan.content.get("acts", ())
        if not any(act.get("entry") in codes for act in acts):
            continue
        numbered = [
            {**act, "name": labels[codes[act["entry"]]], "title": ""} if act.get("entry") in codes else act
            for act in acts
        ]
        values = {"content": {**plan.content, "acts": numbered}}
        db.session.execute(update(Plan).where(Plan.id == plan.id).values(values))
        _forget_published(plan)


def _forget_published(plan: Plan) -> None:
    """The line of a published plan holds the digest of what it was; the plan says numbers now."""
    lines = select(LedgerEntry.stream, LedgerEntry.seq, LedgerEntry.subject).where(
        LedgerEntry.kind == "programme_published"
    )
    for row in db.session.execute(lines).all():
        if row.subject.get("version") == plan.version:
            ledger.erase_payloads(row.stream, [row.seq])


def forget_letters(strings: Strings, address: str) -> None:
    """Letters that say a name or went to the family, drafts and former registrations that hold one."""
    forms = ((RegistrationDraft, ("content",)), (FormerRegistration, ("household",)))
    for model, columns in ((OutboxMail, ("subject", "body")), *forms):
        said: list[ColumnElement[bool]] = []
        for name in columns:
            column = type_coerce(getattr(model, name), Text)
            said += [
                func.replace(column, _in_json(text) if name in ("content", "household") else text, "") != column
                for text in strings.all
            ]
        if model is OutboxMail and address:
            said.append(func.lower(OutboxMail.recipient) == address.lower())
        if said:
            db.session.execute(delete(model).where(or_(*said)).execution_options(synchronize_session=False))


def forget_lines(strings: Strings) -> None:
    """What the ledger's lines spoke of, where a line is about them or says a name.

    A line about another family in which somebody bears the same name speaks of that one.
    """
    about = type_coerce(LedgerEntry.subject, Text)
    own = [about.like(f'%"{code}"%') for code in strings.codes]
    content = LedgerPayload.content
    said = [func.replace(content, _in_json(text), "") != content for text in strings.all]
    others = [about.not_like(f'%"{code}"%') for code in _namesakes(strings)]
    found = (
        select(LedgerPayload.stream, LedgerPayload.seq)
        .join(LedgerEntry, (LedgerEntry.stream == LedgerPayload.stream) & (LedgerEntry.seq == LedgerPayload.seq))
        .where(content.is_not(None))
    )
    wanted: dict[str, list[int]] = {}
    for query in (found.where(or_(*own)) if own else None, found.where(or_(*said), *others) if said else None):
        for stream, seq in db.session.execute(query).all() if query is not None else ():
            wanted.setdefault(stream, []).append(seq)
    for stream, seqs in wanted.items():
        for start in range(0, len(seqs), 500):
            ledger.erase_payloads(stream, seqs[start : start + 500])


def _namesakes(strings: Strings) -> Iterable[str]:
    """The codes of other families in which somebody is called the same."""
    query = (
        select(Family.code)
        .join(Person, Person.family_id == Family.id)
        .where(
            or_(Person.name.in_(strings.all), Family.name.in_(strings.all)),
            Family.code.not_in(strings.codes),
            Person.code.not_in(strings.codes),
        )
    )
    return set(db.session.scalars(query))


def judged(entry_ids: Sequence[int]) -> list[str]:
    """The contests in which these entries are being judged: marked already, or locked, and not published yet."""
    if not entry_ids:
        return []
    own = select(Entry.id).where(Entry.contest_id == Contest.id, Entry.id.in_(entry_ids))
    marked = [Base.metadata.tables[name].c[column].in_(own) for name, column in BEGUN_WITH]
    begun = or_(*(select(literal(1)).where(each).exists() for each in marked))
    query = (
        select(Contest.name)
        .join(Entry, Entry.contest_id == Contest.id)
        .where(Entry.id.in_(entry_ids), Contest.state != "published", or_(Contest.state != "open", begun))
        .distinct()
    )
    return sorted(db.session.scalars(query))
