"""Who is in, what does a gate phone need to know, and whom does a name mean?"""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_babel import ngettext
from sqlalchemy import Executable, and_, exists, func, or_, select

from festival.checkin import admission
from festival.checkin.models import Admission, Scan
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.secrets import token_hash
from festival.devices.handlers import DeviceRole, DeviceView
from festival.devices.models import Device
from festival.editions.models import Festival
from festival.registration import pass_code, pass_tokens
from festival.registration.models import Delegation, Family, FamilyState, Pass, Person

OVERLAP_MS = 60_000
READABLE_FOR = (DeviceRole.LEAD, DeviceRole.DESK)
FOUND_MAX = 12
PHONE_TAIL = 4
# A changed list goes out in parts: the passes whose id begins alike. Small lists have 16 parts, large ones 256.
LARGE = 1000
PART_MARK = 6  # characters of base64, 36 bits: that a change goes unseen is a matter of 1 in 68 thousand million


@dataclass(frozen=True, slots=True)
class Card:
    """A pass with those it stands for, as a gate sees it; `token` opens its sealed record."""

    list_id: str
    pass_id: int
    token: bytes
    record: dict[str, Any]
    search: str
    phones: tuple[str, ...]


Line = Any
"""A plain row of the selects below: with 20,000 people, whole objects would take twice as long."""

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
).order_by(Person.family_id, Person.position)
_PASSES = (
    select(Pass.id, Pass.list_id, Pass.issue, Pass.family_id, Pass.delegation_id, Pass.person_id)
    .where(Pass.replaced_at.is_(None))
    .order_by(Pass.id)
)


def cards(festival_id: int) -> list[Card]:
    """Every valid pass of the festival with its people; four statements of plain rows however many there are."""
    delegations = {row.id: row for row in _lines(_DELEGATIONS.where(Delegation.festival_id == festival_id))}
    families = {row.id: row for row in _lines(_FAMILIES.where(Family.festival_id == festival_id))}
    people = _lines(_PEOPLE.where(Person.festival_id == festival_id))
    passes = _lines(_PASSES.where(Pass.festival_id == festival_id))
    of_family: dict[int, list[Line]] = {}
    beside: dict[int, list[Line]] = {}
    for person in people:
        if person.family_id is not None:
            of_family.setdefault(person.family_id, []).append(person)
        elif person.delegation_id is not None:
            beside.setdefault(person.delegation_id, []).append(person)
    list_id_of = {row.family_id: row.list_id for row in passes if row.family_id is not None}
    by_id = {person.id: person for person in people}
    made = []
    for row in passes:
        card: Card | None = None
        if row.family_id is not None and row.family_id in families:
            card = _family_card(row, families[row.family_id], of_family.get(row.family_id, []), delegations)
        elif row.delegation_id is not None:
            card = _delegation_card(row, delegations[row.delegation_id], families, of_family, beside, list_id_of)
        elif row.person_id is not None and row.person_id in by_id:
            card = _person_card(row, by_id[row.person_id], delegations)
        if card is not None:
            made.append(card)
    return made


def _lines(statement: Executable) -> Sequence[Line]:
    return db.session.execute(statement).all()


def _line(person: Line) -> dict[str, str]:
    return {"c": person.code, "n": person.name, "r": person.relation}


def _family_card(row: Line, family: Line, members: list[Line], delegations: dict[int, Line]) -> Card:
    record = {
        "t": "family",
        "name": family.name,
        "unit": delegations[family.delegation_id].name,
        "members": [_line(person) for person in members],
    }
    phones = (family.phone, *(person.phone for person in members))
    search = " ".join([family.folded, *(m.folded for m in members)])
    return Card(row.list_id, row.id, pass_tokens.token("family", family.id, row.issue), record, search, phones)


def _delegation_card(
    row: Line,
    delegation: Line,
    families: dict[int, Line],
    of_family: dict[int, list[Line]],
    beside: dict[int, list[Line]],
    list_id_of: dict[int, str],
) -> Card:
    groups = [
        {
            "name": family.name,
            "pass": list_id_of.get(family.id, ""),
            "members": [_line(person) for person in of_family.get(family.id, [])],
        }
        for family in families.values()
        if family.delegation_id == delegation.id
    ]
    record = {
        "t": "delegation",
        "name": delegation.name,
        "unit": delegation.name,
        "groups": groups,
        "members": [_line(person) for person in beside.get(delegation.id, [])],
    }
    return Card(
        row.list_id,
        row.id,
        pass_tokens.token("delegation", delegation.id, row.issue),
        record,
        fold(delegation.name),
        (delegation.head_phone,),
    )


def _person_card(row: Line, person: Line, delegations: dict[int, Line]) -> Card:
    unit = delegations[person.delegation_id].name if person.delegation_id in delegations else ""
    record = {"t": "person", "name": person.name, "unit": unit, "badge": person.badge, "members": [_line(person)]}
    return Card(
        row.list_id, row.id, pass_tokens.token("person", person.id, row.issue), record, person.folded, (person.phone,)
    )


def list_stamp(festival_id: int) -> str:
    """Changes whenever the offline list would: an approved family's people do not change without its version."""
    passes = db.session.execute(
        select(func.count(), func.max(Pass.id), func.count(Pass.replaced_at)).where(Pass.festival_id == festival_id)
    ).one()
    families = db.session.execute(
        select(func.count(), func.sum(Family.version), func.max(Family.decided_at)).where(
            Family.festival_id == festival_id, Family.state == FamilyState.APPROVED
        )
    ).one()
    beside = db.session.execute(
        select(func.count(), func.max(Person.id)).where(Person.festival_id == festival_id, Person.family_id.is_(None))
    ).one()
    text = "|".join(str(value) for value in (*passes, *families, *beside))
    return sha256(text.encode()).hexdigest()[:16]


def gate_state(device: DeviceView, cursor: str | None) -> dict[str, Any]:
    """What of the encrypted list has changed, and the admissions, since the cursor `stamp.ms[.parts]`.

    A phone that sends the marks of its parts gets those that differ (`within`: the beginnings of their list ids), any
    other the whole list. A gate's phone gets nothing it could read without a pass; the lead's and the desk's device
    get the names too.
    """
    old_stamp, old_ms, old_parts = [*(cursor or "").split(".", 2), "", "", ""][:3]
    since = int(old_ms) if old_ms.isascii() and old_ms.isdigit() else 0
    stamp = list_stamp(device.festival_id)
    at_ms = int(now().timestamp() * 1000)
    changed = db.session.execute(
        select(
            Person.code, Admission.purpose, Admission.day_window, Admission.at_ms, Scan.gate, Admission.device_number
        )
        .join(Person, Person.id == Admission.person_id)
        .join(Scan, Scan.id == Admission.scan_id)
        .where(Admission.festival_id == device.festival_id, Admission.changed_ms > since)
    )
    state: dict[str, Any] = {
        # Commits that were under way when we looked come again next time: the overlap is longer than any of them.
        "cursor": f"{stamp}.{max(at_ms - OVERLAP_MS, 0)}",
        "parts": old_parts,
        "admitted": [list(row) for row in changed],
        "passes": None,
        "list_at_ms": at_ms,
    }
    if stamp != old_stamp:
        held = _gate_list(device.festival_id, stamp)
        within = held.differing(old_parts)
        state["parts"] = held.parts
        state["within"] = within
        wanted = [list_id for list_id in held.cards if within is None or list_id[: held.depth] in within]
        state["passes"] = [[list_id, held.sealed[list_id][1]] for list_id in wanted]
        state["replaced"] = [gone for gone in held.replaced if within is None or gone[: held.depth] in within]
        if device.role in READABLE_FOR:
            state["roster"] = [{"pass": list_id, **held.cards[list_id].record} for list_id in wanted]
    return state


@dataclass(frozen=True, slots=True)
class _GateList:
    """The offline list as this process last made it: cards, their sealed records, and a mark of each part."""

    stamp: str
    cards: dict[str, Card]
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


def _gate_list(festival_id: int, stamp: str) -> _GateList:
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


def _sealed(card: Card, before: tuple[bytes, str] | None) -> tuple[bytes, str]:
    """(mark, base64 of the sealed record). The mark is made with the token, so it tells a phone nothing of the names."""
    plain = json.dumps(card.record, ensure_ascii=False, separators=(",", ":")).encode()
    digest = sha256(card.token + plain).digest()
    if before is not None and before[0] == digest:
        return before
    return digest, b64encode(pass_code.seal(card.token, plain)).decode()


def look_up(festival_id: int, asked: str) -> tuple[list[Card], bool]:
    """Passes meant by a typed code, a name (marks do not matter) or the last digits of a phone; at most a dozen, and
    whether there are more.
    """
    text = asked.strip()
    every = _gate_list(festival_id, list_stamp(festival_id)).cards
    try:
        typed = pass_code.read_typed(text)
    except pass_code.NotAPass:
        typed = ""
    if typed:
        hit = db.session.scalar(
            select(Pass.list_id).where(
                Pass.festival_id == festival_id, Pass.typed_hash == token_hash(typed), Pass.replaced_at.is_(None)
            )
        )
        if hit:
            return [every[hit]] if hit in every else [], False
    digits = "".join(character for character in text if character.isdigit())
    words = fold(text).split()
    if len(digits) >= PHONE_TAIL and len(digits) >= len(text.replace(" ", "").replace(".", "")):
        hits = [card for card in every.values() if any(phone.endswith(digits) for phone in card.phones if phone)]
    elif words and len("".join(words)) > 1:
        hits = [card for card in every.values() if all(f" {word}" in f" {card.search}" for word in words)]
        # Whose own name it is comes before those who only have somebody of that name among them.
        hits.sort(key=lambda card: not all(word in fold(str(card.record["name"])) for word in words))
    else:
        hits = []
    return hits[:FOUND_MAX], len(hits) > FOUND_MAX


def admitted_now(festival_id: int, persons: list[str], purpose: str, window: str) -> dict[str, tuple[int, str]]:
    """When and where each of these people was let in, by code."""
    rows = db.session.execute(
        select(Person.code, Admission.at_ms, Scan.gate)
        .join(Person, Person.id == Admission.person_id)
        .join(Scan, Scan.id == Admission.scan_id)
        .where(
            Admission.festival_id == festival_id,
            Person.code.in_(persons),
            Admission.purpose == purpose,
            Admission.day_window == window,
        )
    )
    return {row.code: (row.at_ms, row.gate) for row in rows}


@dataclass(frozen=True, slots=True)
class Arrival:
    """How much of a delegation is here."""

    delegation: str
    families: int
    families_here: int
    people: int
    people_here: int


def arrivals(festival_id: int, window: str) -> list[Arrival]:
    """Each delegation's families and people, and who of them is in on this festival day."""
    here = exists().where(
        Admission.person_id == Person.id, Admission.purpose == "entry", Admission.day_window == window
    )
    rows = db.session.execute(
        select(
            Delegation.name,
            func.count(func.distinct(Family.id)),
            func.count(func.distinct(Family.id)).filter(here),
            # A driver beside the families is joined to each of them and still one person.
            func.count(func.distinct(Person.id)),
            func.count(func.distinct(Person.id)).filter(here),
        )
        .select_from(Delegation)
        .outerjoin(Family, and_(Family.delegation_id == Delegation.id, Family.state == FamilyState.APPROVED))
        .outerjoin(
            Person,
            or_(
                Person.family_id == Family.id,
                and_(Person.family_id.is_(None), Person.delegation_id == Delegation.id),
            ),
        )
        .where(Delegation.festival_id == festival_id)
        .group_by(Delegation.id, Delegation.name, Delegation.position)
        .order_by(Delegation.position, Delegation.name)
    )
    return [Arrival(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Twice:
    """A pass seen at two gates: the later scan let nobody new in."""

    owner: str
    gate: str
    at: datetime
    first_gate: str
    first_at: datetime


def scanned_twice(festival_id: int, window: str) -> list[Twice]:
    """Scans of this day that admitted nobody while another gate had: what the lead should look at."""
    first = (
        select(Admission.scan_id, Person.code)
        .join(Person, Person.id == Admission.person_id)
        .where(Admission.festival_id == festival_id, Admission.day_window == window)
    )
    counted: dict[str, int] = {row.code: row.scan_id for row in db.session.execute(first)}
    scans = {row.id: row for row in db.session.scalars(_scans(festival_id).where(Scan.day_window == window))}
    every = _gate_list(festival_id, list_stamp(festival_id)).cards.values()
    owners = {card.pass_id: str(card.record["name"]) for card in every}
    found = []
    for scan in scans.values():
        winners = [scans[counted[code]] for code in scan.persons if code in counted and counted[code] in scans]
        others = [winner for winner in winners if winner.id != scan.id and winner.gate != scan.gate]
        if others and len(others) == len(winners):
            earliest = min(others, key=lambda winner: winner.at_ms)
            found.append(
                Twice(
                    owners.get(scan.pass_id, ""), scan.gate, _moment(scan.at_ms), earliest.gate, _moment(earliest.at_ms)
                )
            )
    return found


def scan_words(festival_id: int, bodies: Sequence[dict[str, Any]]) -> list[str]:
    """Whose pass each of these scans read, an old one too, and how many were ticked; "" for a pass nobody issued."""
    asked = {str(body.get("pass")) for body in bodies}
    owner = func.coalesce(Family.name, Delegation.name, Person.name)
    rows = db.session.execute(
        select(Pass.list_id, owner)
        .outerjoin(Family, Family.id == Pass.family_id)
        .outerjoin(Delegation, Delegation.id == Pass.delegation_id)
        .outerjoin(Person, Person.id == Pass.person_id)
        .where(Pass.festival_id == festival_id, Pass.list_id.in_(asked))
    )
    names: dict[str, str] = {row[0]: row[1] for row in rows}
    words = []
    for body in bodies:
        name, ticked = names.get(str(body.get("pass")), ""), body.get("persons")
        count = len(ticked) if isinstance(ticked, list) else 0
        words.append(
            ngettext("%(name)s, %(num)d người", "%(name)s, %(num)d người", count, name=name) if name and count else name
        )
    return words


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, tz=now().tzinfo)


def _scans(festival_id: int) -> Any:
    return select(Scan).where(Scan.festival_id == festival_id).order_by(Scan.at_ms, Scan.device_number, Scan.seq)


def canonical_export(festival_id: int) -> dict[str, object]:
    """Scans and admissions as `admission.export` writes them."""
    code = db.session.scalars(select(Festival.code).where(Festival.id == festival_id)).one()
    issued = db.session.execute(select(Pass.id, Pass.list_id).where(Pass.festival_id == festival_id))
    list_ids = {row.id: row.list_id for row in issued}
    scans = [
        admission.Scan(
            admission.Moment(row.at_ms, row.device_number, row.seq),
            row.gate,
            list_ids[row.pass_id],
            row.purpose,
            row.day_window,
            tuple(row.persons),
        )
        for row in db.session.scalars(_scans(festival_id))
    ]
    return admission.export(code, scans)


def admitted_rows(festival_id: int) -> set[tuple[str, str, str, int, int, int]]:
    """The admissions as the table holds them, to hold against the export."""
    rows = db.session.execute(
        select(
            Person.code,
            Admission.purpose,
            Admission.day_window,
            Admission.at_ms,
            Admission.device_number,
            Admission.seq,
        )
        .join(Person, Person.id == Admission.person_id)
        .where(Admission.festival_id == festival_id)
    )
    return {tuple(row) for row in rows}  # type: ignore[misc]


def gates_seen(festival_id: int) -> list[tuple[str, datetime | None]]:
    """Stations with a device that scans, and when each was last heard."""
    rows = db.session.execute(
        select(Device.station, func.max(Device.last_seen_at))
        .where(
            Device.festival_id == festival_id,
            Device.role.in_((DeviceRole.GATE, DeviceRole.LEAD, DeviceRole.DESK)),
            Device.revoked_at.is_(None),
        )
        .group_by(Device.station)
        .order_by(Device.station)
    )
    return [(row[0], row[1]) for row in rows]


def days_with_arrivals(festival_id: int) -> set[str]:
    """Festival days (ISO) on which somebody was let in, also those no calendar foresaw: a rehearsal, a wrong clock."""
    return set(db.session.scalars(select(Admission.day_window).where(Admission.festival_id == festival_id).distinct()))


def has_arrived(family_id: int) -> bool:
    """Whether anybody of the family was let in on any day."""
    return (
        db.session.scalar(
            select(Admission.id)
            .join(Person, Person.id == Admission.person_id)
            .where(Person.family_id == family_id)
            .limit(1)
        )
        is not None
    )
