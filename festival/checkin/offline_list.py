"""What does a gate phone carry, so that it knows every pass without a network and gives away no name when it is stolen?"""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import Executable, FromClause, func, select, true

from festival.badges import queries as badges
from festival.badges.models import BadgeHolder, BadgeKind, BadgeList
from festival.badges.queries import BadgeLine
from festival.checkin.counting.told import admissions_since
from festival.checkin.desk import Line
from festival.checkin.purposes.known import gates_of, told_to_gates
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.numbers import typed_number
from festival.devices.handlers import DeviceRole, DeviceView
from festival.logistics.needs import Need
from festival.logistics.queries import needs_of
from festival.passes import code, queries, tokens
from festival.passes.blank import as_pass, free_blanks
from festival.passes.models import BlankPass, Pass
from festival.roster.models import Delegation, Family, FamilyState, Person
from festival.roster.pictures import without_pictures
from festival.roster.public_names import NameReader, NamesHeld, names_held

OVERLAP_MS = 60_000

Needs = Mapping[int, frozenset[Need]]

READABLE_FOR = (DeviceRole.LEAD, DeviceRole.DESK)

# A changed list goes out in parts: the passes whose id begins alike. Small lists have 16 parts, large ones 256.
LARGE = 1000

PART_MARK = 6  # characters of base64, 36 bits: that a change goes unseen is a matter of 1 in 68 thousand million


@dataclass(frozen=True, slots=True)
class ListedPass:
    """A pass with those it stands for, as a gate sees it; `token` opens its sealed record."""

    list_id: str
    pass_id: int
    token: bytes
    record: dict[str, Any]
    search: str
    phones: tuple[str, ...]


_DELEGATIONS = select(Delegation.id, Delegation.name, Delegation.head_phone)

_FAMILIES = select(Family.id, Family.name, Family.folded, Family.phone, Family.delegation_id).where(
    Family.state == FamilyState.APPROVED
)

_PEOPLE = select(
    Person.id,
    Person.code,
    Person.name,
    Person.folded,
    Person.relation,
    Person.phone,
    Person.badge,
    Person.family_id,
    Person.delegation_id,
    Person.out,
).order_by(Person.family_id, Person.position)

_PASSES = (
    select(Pass.id, Pass.list_id, Pass.issue, Pass.family_id, Pass.delegation_id, Pass.person_id, Pass.blank_id)
    .where(Pass.replaced_at.is_(None))
    .order_by(Pass.id)
)


def cards(festival_id: int) -> list[ListedPass]:
    """Every valid pass of the festival with its people; nine statements of plain rows however many there are."""
    delegations = {row.id: row for row in _lines(_DELEGATIONS.where(Delegation.festival_id == festival_id))}
    families = {row.id: row for row in _lines(_FAMILIES.where(Family.festival_id == festival_id))}
    people = _lines(_PEOPLE.where(Person.festival_id == festival_id))
    passes = _lines(_PASSES.where(Pass.festival_id == festival_id))
    held, needs = names_held(festival_id, NameReader.DEVICES), needs_of(festival_id)
    of_family: dict[int, list[Line]] = {}
    beside: dict[int, list[Line]] = {}
    less: dict[int, int] = {}
    for person in people:
        if person.out and person.family_id is not None:
            # Whoever does not take part any more is not on the list; that somebody left is, without a name or a reason.
            less[person.family_id] = less.get(person.family_id, 0) + 1
        elif person.family_id is not None:
            of_family.setdefault(person.family_id, []).append(person)
        elif person.delegation_id is not None and not person.out:
            beside.setdefault(person.delegation_id, []).append(person)
    with force_locale("vi"):  # one list for every phone
        outside = {line.person_id: line for line in badges.present(festival_id)}
    list_id_of = {row.family_id: row.list_id for row in passes if row.family_id is not None}
    by_id = {person.id: person for person in people}
    made = []
    for row in passes:
        card: ListedPass | None = None
        if row.family_id is not None and row.family_id in families:
            card = _family_card(
                row, families[row.family_id], of_family.get(row.family_id, []), delegations, held, needs
            )
            card.record["unit"] += f" · bớt {less[row.family_id]} người" if row.family_id in less else ""
        elif row.delegation_id is not None:
            own = [_line(person, held, needs, outside.get(person.id)) for person in beside.get(row.delegation_id, [])]
            card = _delegation_card(
                row, delegations[row.delegation_id], families, of_family, own, list_id_of, held, needs
            )
        elif row.person_id is not None and row.person_id in by_id:
            card = _person_card(row, by_id[row.person_id], delegations, needs, outside.get(row.person_id))
        if card is not None:
            made.append(card)
    made += [_blank_card(row) for row in free_blanks(festival_id)]
    _sign_pictures(made, {by_id[each].code for each in without_pictures(festival_id) if each in by_id})
    return made


def _sign_pictures(made: Iterable[ListedPass], unseen: Collection[str]) -> None:
    """`np`: of how many of a pass no picture may be published; a sign for whoever takes photographs, and nobody's name."""
    for card in made:
        groups = [card.record, *card.record.get("groups", [])]
        count = sum(member["c"] in unseen for group in groups for member in group["members"])
        if count:
            card.record["np"] = count


def _lines(statement: Executable) -> Sequence[Line]:
    return db.session.execute(statement).all()


def _line(person: Line, held: NamesHeld, needs: Needs, outside: BadgeLine | None = None) -> dict[str, Any]:
    shown = {"c": person.code, "n": held.people.get(person.id, person.name), "r": person.relation}
    if outside is not None:
        shown["k"] = _called(outside)
    # A small sign of the help somebody needs, only where it was agreed that a gate sees it.
    return shown | ({"h": sorted(needs[person.id])} if person.id in needs else {})


def _called(line: BadgeLine, *more: str) -> str:
    """What the gate reads below a name: the class, the title, and where somebody belongs."""
    return " · ".join(dict.fromkeys(filter(None, (line.look.word, line.who.title, *more))))


def _family_card(
    row: Line, family: Line, members: list[Line], delegations: dict[int, Line], held: NamesHeld, needs: Needs
) -> ListedPass:
    record = {
        "t": "family",
        "name": held.family(family.id, family.name),
        "unit": delegations[family.delegation_id].name,
        "members": [_line(person, held, needs) for person in members],
    }
    phones = (family.phone, *(person.phone for person in members))
    search = " ".join([family.folded, *(m.folded for m in members)])
    return ListedPass(row.list_id, row.id, tokens.token_of(row), record, search, phones)


def _delegation_card(
    row: Line,
    delegation: Line,
    families: dict[int, Line],
    of_family: dict[int, list[Line]],
    beside: list[dict[str, Any]],
    list_id_of: dict[int, str],
    held: NamesHeld,
    needs: Needs,
) -> ListedPass:
    groups = [
        {
            "name": held.family(family.id, family.name),
            "pass": list_id_of.get(family.id, ""),
            "members": [_line(person, held, needs) for person in of_family.get(family.id, [])],
        }
        for family in families.values()
        if family.delegation_id == delegation.id
    ]
    record = {
        "t": "delegation",
        "name": delegation.name,
        "unit": delegation.name,
        "groups": groups,
        "members": beside,
    }
    return ListedPass(
        row.list_id,
        row.id,
        tokens.token_of(row),
        record,
        fold(delegation.name),
        (delegation.head_phone,),
    )


def _person_card(
    row: Line, person: Line, delegations: dict[int, Line], needs: Needs, outside: BadgeLine | None
) -> ListedPass:
    unit = delegations[person.delegation_id].name if person.delegation_id in delegations else ""
    if outside is not None:
        unit = _called(outside, outside.list_name)
    record = {
        "t": "person",
        "name": person.name,
        "unit": unit,
        "badge": person.badge,
        "members": [_line(person, NamesHeld(), needs)],
    }
    return ListedPass(row.list_id, row.id, tokens.token_of(row), record, person.folded, (person.phone,))


def _blank_card(blank: BlankPass) -> ListedPass:
    """A blank pass that nobody has claimed lets nobody in; the gate says where to take it."""
    row = as_pass(blank)
    record = {"t": "blank", "name": f"Thẻ trắng số {blank.number}", "unit": "", "members": []}
    return ListedPass(row.list_id, 0, tokens.token_of(row), record, "", ())


def list_stamp(festival_id: int) -> str:
    """Changes whenever the offline list would: an approved family's people do not change without its version."""
    passes = select(
        func.count(),
        func.max(Pass.id),
        func.count(Pass.replaced_at),
        func.max(Pass.replaced_at),
        func.count(Pass.typed_attempt),
        func.max(Pass.issued_at),  # of a blank pass taken back and given to another nothing else tells
    ).where(Pass.festival_id == festival_id)
    families = select(func.count(), func.sum(Family.version), func.max(Family.decided_at)).where(
        Family.festival_id == festival_id, Family.state == FamilyState.APPROVED
    )
    beside = select(func.count(), func.max(Person.id)).where(
        Person.festival_id == festival_id, Person.family_id.is_(None)
    )
    # Whoever is changed, removed, restored has the next version; so have a list and a class of their own when renamed.
    outside = select(
        select(func.sum(BadgeHolder.version))
        .join(BadgeList, BadgeList.id == BadgeHolder.list_id)
        .where(BadgeList.festival_id == festival_id)
        .scalar_subquery(),
        select(func.sum(BadgeList.version)).where(BadgeList.festival_id == festival_id).scalar_subquery(),
        select(func.sum(BadgeKind.version)).where(BadgeKind.festival_id == festival_id).scalar_subquery(),
        select(func.count()).select_from(BlankPass).where(BlankPass.festival_id == festival_id).scalar_subquery(),
    )
    first, *rest = (each.subquery() for each in (passes, families, beside, outside))
    counted: FromClause = first  # each is one line, so the four together are one line, asked at once
    for each in rest:
        counted = counted.join(each, true())
    counts = db.session.execute(select(first, *rest).select_from(counted)).one()
    needs = sorted((who, *sorted(kinds)) for who, kinds in needs_of(festival_id).items())
    text = "|".join(str(value) for value in (*counts, *needs))
    return sha256(text.encode()).hexdigest()[:16]


def gate_state(device: DeviceView, cursor: str | None) -> dict[str, Any]:
    """What of the encrypted list has changed, and the admissions, since the cursor `stamp.ms[.parts]`.

    A phone that sends the marks of its parts gets those that differ (`within`: the beginnings of their list ids), any
    other the whole list. A gate's phone gets nothing it could read without a pass; the lead's and the desk's device
    get the names too.
    """
    old_stamp, old_ms, old_parts = [*(cursor or "").split(".", 2), "", "", ""][:3]
    since = typed_number(old_ms) or 0
    stamp = list_stamp(device.festival_id)
    at_ms = int(now().timestamp() * 1000)
    gates = gates_of(device.festival_id)
    state: dict[str, Any] = {
        # Commits that were under way when we looked come again next time: the overlap is longer than any of them.
        "cursor": f"{stamp}.{max(at_ms - OVERLAP_MS, 0)}",
        "parts": old_parts,
        **admissions_since(device.festival_id, since, exits=gates.exits),
        **told_to_gates(gates),
        "passes": None,
        "list_at_ms": at_ms,
    }
    if stamp != old_stamp:
        held = gate_list(device.festival_id, stamp)
        within = held.differing(old_parts)
        state["parts"] = held.parts
        state["within"] = within
        wanted = [list_id for list_id in held.cards if within is None or list_id[: held.depth] in within]
        state["passes"] = [[list_id, held.sealed[list_id][1]] for list_id in wanted]
        state["first_form"] = queries.first_form_left(device.festival_id)
        state["replaced"] = [gone for gone in held.replaced if within is None or gone[: held.depth] in within]
        if device.role in READABLE_FOR:
            state["roster"] = [{"pass": list_id, **held.cards[list_id].record} for list_id in wanted]
    return state


@dataclass(frozen=True, slots=True)
class _GateList:
    """The offline list as this process last made it: cards, their sealed records, and a mark of each part."""

    stamp: str
    cards: dict[str, ListedPass]
    sealed: dict[str, tuple[bytes, str]]
    replaced: tuple[str, ...]

    @property
    def depth(self) -> int:
        """Hex digits a part's list ids have in common."""
        return 1 if len(self.cards) < LARGE else 2

    @property
    def parts(self) -> str:
        """The marks of all parts in the order of their beginnings: the same in every process, for the same list."""
        content: defaultdict[str, list[str]] = defaultdict(list)
        lines = [f"{list_id} {digest.hex()}" for list_id, (digest, _) in self.sealed.items()]
        for line in sorted([*lines, *self.replaced]):
            content[line[: self.depth]].append(line)
        marks = (sha256("\n".join(content[start]).encode()).digest() for start in self._starts())
        return "".join(urlsafe_b64encode(mark).decode()[:PART_MARK] for mark in marks)

    def differing(self, old: str) -> list[str] | None:
        """Beginnings of the parts whose mark is another; None = all, from a phone that has no parts or others."""
        parts = self.parts
        if len(old) != len(parts):
            return None
        return [
            start
            for n, start in enumerate(self._starts())
            if old[n * PART_MARK : (n + 1) * PART_MARK] != parts[n * PART_MARK : (n + 1) * PART_MARK]
        ]

    def _starts(self) -> Iterable[str]:
        return (f"{n:0{self.depth}x}" for n in range(16**self.depth))


def gate_list(festival_id: int, stamp: str) -> _GateList:
    """Made once per process and stamp; what did not change is not sealed again."""
    kept: dict[int, _GateList] = current_app.extensions.setdefault("gate_lists", {})
    held = kept.get(festival_id)
    if held is None or held.stamp != stamp:
        before = held.sealed if held is not None else {}
        gone = db.session.scalars(
            select(Pass.list_id).where(Pass.festival_id == festival_id, Pass.replaced_at.is_not(None))
        )
        made = {card.list_id: card for card in cards(festival_id)}
        sealed = {list_id: _sealed(card, before.get(list_id)) for list_id, card in made.items()}
        held = kept[festival_id] = _GateList(stamp, made, sealed, tuple(gone))
    return held


def _sealed(card: ListedPass, before: tuple[bytes, str] | None) -> tuple[bytes, str]:
    """(mark, base64 of the sealed record). The mark is made with the token, so it tells a phone nothing of the names."""
    plain = json.dumps(card.record, ensure_ascii=False, separators=(",", ":")).encode()
    digest = sha256(card.token + plain).digest()
    if before is not None and before[0] == digest:
        return before
    return digest, b64encode(code.seal(card.token, plain)).decode()
