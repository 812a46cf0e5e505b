"""How does a reading of a pass become an admission?

Set-wise: all scans of a delivery are decided with a handful of statements. The unique key (person, purpose, day window)
decides who was first, never a look before the leap; `admission` decides which scan an admission points at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, TypeAdapter, ValidationError
from sqlalchemy import Insert, Row, and_, bindparam, exists, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from festival.checkin import merge
from festival.checkin.decide import ForTheLead, KnownPass, LetIn, Refused, decide
from festival.checkin.merge import Key, Moment
from festival.checkin.models import Admission, Scan
from festival.core import ledger
from festival.core.database import db
from festival.core.statements import table
from festival.devices.handlers import Applied, Duplicate, Incoming, Quarantined, Rejected, Verdict
from festival.editions.models import Festival
from festival.passes.models import Pass
from festival.roster.models import Departure, Family, FamilyState, Person


class ScanBody(BaseModel):
    """What a gate says of one reading. `persons` null = everybody of the pass."""

    model_config = ConfigDict(extra="forbid")
    pass_id: Annotated[StrictStr, Field(alias="pass", pattern=r"^[0-9a-f]{32}$")]
    persons: Annotated[list[Annotated[StrictStr, Field(max_length=64)]], Field(max_length=2000)] | None = None
    purpose: Literal["entry", "meal", "card"] = "entry"
    how: Literal["camera", "typed", "search", "decided"] = "camera"
    decision: Literal["let_in", "turned_away"] | None = None
    count: Annotated[StrictInt, Field(ge=0, le=1000)] | None = None


_BODY = TypeAdapter(ScanBody)


@dataclass(frozen=True, slots=True)
class _Member:
    id: int
    code: str


_PASS = table(Pass)
_PERSON = table(Person)
_FAMILY = table(Family)
_SCAN = table(Scan)
_ADMISSION = table(Admission)

_APPROVED = _FAMILY.c.state == FamilyState.APPROVED
# A list of this morning may still name somebody who left since: the server lets the others in.
_TAKES_PART = ~exists().where(Departure.person_id == _PERSON.c.id, Departure.back_at.is_(None)).correlate(_PERSON)
# A family's pass, the usual one, comes with its people in the same statement.
_PASSES = (
    select(
        _PASS.c.id,
        _PASS.c.list_id,
        _PASS.c.replaced_at,
        _PASS.c.family_id,
        _PASS.c.delegation_id,
        _PASS.c.person_id,
        Festival.code.label("festival_code"),
        _PERSON.c.id.label("member_id"),
        _PERSON.c.code.label("member_code"),
    )
    .select_from(
        _PASS.join(table(Festival), Festival.id == _PASS.c.festival_id)
        .outerjoin(_FAMILY, and_(_FAMILY.c.id == _PASS.c.family_id, _APPROVED))
        .outerjoin(_PERSON, and_(_PERSON.c.family_id == _FAMILY.c.id, _TAKES_PART))
    )
    .where(_PASS.c.festival_id == bindparam("festival"), _PASS.c.list_id.in_(bindparam("lists", expanding=True)))
)
_MEMBER_COLUMNS = (_PERSON.c.id, _PERSON.c.code, _PERSON.c.family_id, _PERSON.c.delegation_id)
_OF_DELEGATIONS = (
    select(*_MEMBER_COLUMNS[:3], _FAMILY.c.delegation_id)
    .join(_FAMILY, _FAMILY.c.id == _PERSON.c.family_id)
    .where(_FAMILY.c.delegation_id.in_(bindparam("delegations", expanding=True)), _APPROVED, _TAKES_PART)
    .union_all(
        select(*_MEMBER_COLUMNS).where(
            _PERSON.c.family_id.is_(None),
            _PERSON.c.delegation_id.in_(bindparam("delegations", expanding=True)),
            _TAKES_PART,
        )
    )
)
_PERSONS = (
    select(*_MEMBER_COLUMNS)
    .outerjoin(_FAMILY, _FAMILY.c.id == _PERSON.c.family_id)
    .where(_PERSON.c.id.in_(bindparam("persons", expanding=True)), or_(_PERSON.c.family_id.is_(None), _APPROVED))
)
_KEEP_SCAN = insert(Scan).returning(_SCAN.c.id)
_KEEP_SCANS = insert(Scan).returning(_SCAN.c.id, sort_by_parameter_order=True)
_KEY = (_ADMISSION.c.person_id, _ADMISSION.c.purpose, _ADMISSION.c.day_window)
_STANDING = (
    select(
        *_KEY,
        _ADMISSION.c.at_ms,
        _ADMISSION.c.device_number,
        _ADMISSION.c.seq,
        _SCAN.c.gate,
    )
    .join(_SCAN, _SCAN.c.id == _ADMISSION.c.scan_id)
    .where(
        _ADMISSION.c.person_id.in_(bindparam("persons", expanding=True)),
        _ADMISSION.c.purpose.in_(bindparam("purposes", expanding=True)),
        _ADMISSION.c.day_window.in_(bindparam("windows", expanding=True)),
    )
)
# Only an earlier scan moves the pointer: two deliveries at once still end at the smallest.
_MOVE = (
    update(Admission)
    .where(
        and_(
            _ADMISSION.c.person_id == bindparam("of_person"),
            _ADMISSION.c.purpose == bindparam("of_purpose"),
            _ADMISSION.c.day_window == bindparam("of_window"),
        ),
        tuple_(_ADMISSION.c.at_ms, _ADMISSION.c.device_number, _ADMISSION.c.seq)
        > tuple_(bindparam("new_at"), bindparam("new_device"), bindparam("new_seq")),
    )
    .values(
        scan_id=bindparam("new_scan"),
        at_ms=bindparam("new_at"),
        device_number=bindparam("new_device"),
        seq=bindparam("new_seq"),
        changed_ms=bindparam("now_ms"),
    )
)


def _admit_once(dialect: str) -> Insert:
    make = postgresql_insert if dialect == "postgresql" else sqlite_insert
    return make(Admission).on_conflict_do_nothing(index_elements=list(_KEY)).returning(*_KEY)


_ADMIT = {dialect: _admit_once(dialect) for dialect in ("sqlite", "postgresql")}


def apply_scans(incoming: Sequence[Incoming]) -> list[Verdict]:
    """The verdicts of scans (kind `scan`) of one festival's devices, in order."""
    verdicts: dict[str, Verdict] = {}
    read: list[tuple[Incoming, ScanBody]] = []
    for message in incoming:
        try:
            read.append((message, _BODY.validate_python(message.body)))
        except ValidationError as wrong:
            field = ".".join(str(part) for part in wrong.errors()[0]["loc"])
            verdicts[message.mid] = Rejected("malformed", {"field": field})
    if read:
        verdicts.update(_decide(read))
    return [verdicts[message.mid] for message in incoming]


def _decide(read: list[tuple[Incoming, ScanBody]]) -> dict[str, Verdict]:
    connection = db.session.connection()
    asked = {"festival": read[0][0].festival_id, "lists": sorted({body.pass_id for _, body in read})}
    lines = connection.execute(_PASSES, asked).all()
    passes = {row.list_id: row for row in lines}
    members = _members(lines)
    ids = {member.code: member.id for of_owner in members.values() for member in of_owner}
    verdicts: dict[str, Verdict] = {}
    scans: dict[str, merge.SeenScan] = {}
    for message, body in read:
        match _may_come_in(body, passes.get(body.pass_id), members):
            case LetIn(people):
                scans[message.mid] = _scan_of(message, body, people)
            case ForTheLead(reason, people_seen):
                verdicts[message.mid] = Quarantined(reason, {} if people_seen is None else {"count": people_seen})
            case Refused(reason):
                verdicts[message.mid] = Rejected(reason)
    if not scans:
        return verdicts
    kept = [(message, body) for message, body in read if message.mid in scans]
    rows = [_scan_row(message, body, scans[message.mid], passes[body.pass_id].id) for message, body in kept]
    stored = connection.execute(_KEEP_SCANS, rows) if len(rows) > 1 else connection.execute(_KEEP_SCAN, rows[0])
    scan_id_of = {
        scans[message.mid].moment: int(row) for (message, _), row in zip(kept, stored.scalars().all(), strict=True)
    }
    admitted = _admit(kept[0][0], merge.merge(scans.values()), ids, scan_id_of)
    stream = f"checkin:{passes[kept[0][1].pass_id].festival_code}"
    entries = []
    for message, body in kept:
        scan = scans[message.mid]
        verdict = _verdict(scan, admitted, stream)
        verdicts[message.mid] = verdict
        entries.append(_ledger_entry(scan, verdict, body.how))
    ledger.append_many(stream, entries)
    return verdicts


@dataclass(frozen=True, slots=True)
class _Admitted:
    """What a delivery did to admissions: whose scan won in it, which are new, which moved, where each points now."""

    winners: dict[Key, merge.SeenScan]
    new: set[Key]
    moved: set[Key]
    standing: dict[Key, merge.SeenScan]


def _admit(
    message: Incoming, winners: dict[Key, merge.SeenScan], ids: dict[str, int], scan_id_of: dict[Moment, int]
) -> _Admitted:
    """Insert what nobody has admitted yet; an admission that an earlier scan now explains moves to it."""
    connection = db.session.connection()
    now_ms = int(message.received_at.timestamp() * 1000)
    code_of = {number: code for code, number in ids.items()}
    wanted = [
        {
            "festival_id": message.festival_id,
            "person_id": ids[person],
            "purpose": purpose,
            "day_window": window,
            "scan_id": scan_id_of[scan.moment],
            "at_ms": scan.moment.at_ms,
            "device_number": scan.moment.device,
            "seq": scan.moment.seq,
            "changed_ms": now_ms,
        }
        # One order for everybody: two gates that admit the same people wait for each other, never in a circle.
        for (person, purpose, window), scan in sorted(winners.items(), key=lambda item: (ids[item[0][0]], item[0]))
    ]
    inserted = connection.execute(_ADMIT[connection.dialect.name], wanted)
    new: set[Key] = {(code_of[row.person_id], row.purpose, row.day_window) for row in inserted}
    standing: dict[Key, merge.SeenScan] = dict(winners)
    moved: set[Key] = set()
    if len(new) < len(wanted):
        before = _standing(wanted, code_of)
        for key in winners.keys() - new:
            if winners[key].moment < before[key].moment:
                moved.add(key)
            else:
                standing[key] = before[key]
        if moved:
            connection.execute(_MOVE, [_move(winners[key], key, ids, scan_id_of, now_ms) for key in sorted(moved)])
    return _Admitted(winners, new, moved, standing)


def _members(lines: Sequence[Row[Any]]) -> dict[tuple[str, int], list[_Member]]:
    """Everybody each pass stands for, by (owner kind, owner id); a family that is not approved has nobody."""
    connection = db.session.connection()
    found: dict[tuple[str, int], list[_Member]] = {}
    for row in lines:
        if row.member_id is not None:
            found.setdefault(("family", row.family_id), []).append(_Member(row.member_id, row.member_code))
    delegations = [row.delegation_id for row in lines if row.delegation_id is not None]
    persons = [row.person_id for row in lines if row.person_id is not None]
    if delegations:
        for person in connection.execute(_OF_DELEGATIONS, {"delegations": delegations}):
            found.setdefault(("delegation", person.delegation_id), []).append(_Member(person.id, person.code))
    if persons:
        for person in connection.execute(_PERSONS, {"persons": persons}):
            found[("person", person.id)] = [_Member(person.id, person.code)]
    return found


def _may_come_in(
    body: ScanBody, found: Row[Any] | None, members: dict[tuple[str, int], list[_Member]]
) -> LetIn | ForTheLead | Refused:
    known = None
    if found is not None:
        owners = ("family", found.family_id), ("delegation", found.delegation_id), ("person", found.person_id)
        people = next(members.get(owner, []) for owner in owners if owner[1] is not None)
        known = KnownPass(found.replaced_at is not None, tuple(member.code for member in people))
    return decide(known, body.persons, turned_away=body.decision == "turned_away", people_seen=body.count or 0)


def _scan_of(message: Incoming, body: ScanBody, people: tuple[str, ...]) -> merge.SeenScan:
    at_ms = int(message.at.timestamp() * 1000)
    return merge.SeenScan(
        moment=Moment(at_ms, message.device_number, message.seq),
        gate=message.station,
        pass_id=body.pass_id,
        purpose=body.purpose,
        window=merge.window_of_ms(at_ms),
        persons=tuple(sorted(people)),
    )


def _scan_row(message: Incoming, body: ScanBody, scan: merge.SeenScan, pass_id: int) -> dict[str, Any]:
    return {
        "festival_id": message.festival_id,
        "device_id": message.device_id,
        "device_number": message.device_number,
        "seq": message.seq,
        "at_ms": scan.moment.at_ms,
        "gate": scan.gate,
        "pass_id": pass_id,
        "purpose": scan.purpose,
        "day_window": scan.window,
        "persons": list(scan.persons),
        "how": body.how,
    }


def _standing(wanted: list[dict[str, Any]], code_of: dict[int, str]) -> dict[Key, merge.SeenScan]:
    """What the admissions of these keys point at now (read after the insert, so it is there)."""
    asked = {
        "persons": sorted({row["person_id"] for row in wanted}),
        "purposes": sorted({row["purpose"] for row in wanted}),
        "windows": sorted({row["day_window"] for row in wanted}),
    }
    return {
        (code_of[row.person_id], row.purpose, row.day_window): merge.SeenScan(
            Moment(row.at_ms, row.device_number, row.seq), row.gate, "", row.purpose, row.day_window, ()
        )
        for row in db.session.connection().execute(_STANDING, asked)
    }


def _move(
    scan: merge.SeenScan, key: Key, ids: dict[str, int], scan_id_of: dict[Moment, int], now_ms: int
) -> dict[str, Any]:
    return {
        "of_person": ids[key[0]],
        "of_purpose": key[1],
        "of_window": key[2],
        "new_scan": scan_id_of[scan.moment],
        "new_at": scan.moment.at_ms,
        "new_device": scan.moment.device,
        "new_seq": scan.moment.seq,
        "now_ms": now_ms,
    }


def _verdict(scan: merge.SeenScan, done: _Admitted, stream: str) -> Applied | Duplicate:
    """First for whom it admitted; a scan that admits nobody new is a duplicate and says where and when the first was."""
    keys = [(person, scan.purpose, scan.window) for person in scan.persons]
    admitted = [key[0] for key in keys if key in done.new and done.winners[key] is scan]
    earlier = [key[0] for key in keys if key in done.moved and done.winners[key] is scan]
    others = [key for key in keys if key[0] not in admitted and key[0] not in earlier]
    detail: dict[str, Any] = {"admitted": admitted, "window": scan.window}
    if earlier:
        detail["moved"] = earlier
    if others:
        first = min((done.standing[key] for key in others), key=lambda held: held.moment)
        detail["already"] = [key[0] for key in others]
        detail["first"] = {"gate": first.gate, "at_ms": first.moment.at_ms, "device": first.moment.device}
    return Applied(detail, stream) if admitted else Duplicate(detail, stream)


def _ledger_entry(
    scan: merge.SeenScan, verdict: Applied | Duplicate, how: str
) -> tuple[str, dict[str, object], dict[str, object]]:
    kind = "admitted" if isinstance(verdict, Applied) else "moved" if verdict.detail.get("moved") else "seen_again"
    subject: dict[str, object] = {
        "device": scan.moment.device,
        "seq": scan.moment.seq,
        "pass": scan.pass_id,
        "purpose": scan.purpose,
        "window": scan.window,
        "persons": list(scan.persons),
        "admitted": list(verdict.detail["admitted"]),
    }
    return kind, subject, {"at_ms": scan.moment.at_ms, "gate": scan.gate, "how": how}
