"""What becomes of a sheet that is typed in, what was typed before, and how is it taken back?

Each family of a sheet is a reading of its pass (`how` paper) at the hour that stands on the paper, told by the desk of
whoever types (devices/deliveries/typed_in.py). The mids follow from the sheet and from what it says, so the same sheet
sent twice is one, and a sheet sent again with one box more says only what is new.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from festival.accounts.models import User
from festival.checkin.desk import scan_words
from festival.checkin.models import Admission, Scan
from festival.checkin.paper.lists import DelegationList
from festival.core.canonical import canonical_json
from festival.core.clock import now
from festival.core.database import db
from festival.devices.deliveries.typed_in import TypedMessage, deliver_typed, typed_in
from festival.devices.models import Device, Mutation
from festival.devices.wire import EPOCH, VerdictOut
from festival.editions.models import Festival
from festival.roster.models import Person

SHEET_DIGITS = 18  # hexadecimal; a sheet of the form is called so
_PREFIX = 23  # characters of a mid that say the sheet: xxxxxxxx-xxxx-7xxx-8xxx
SHEETS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class SheetHead:
    """What stands on top of a sheet of paper."""

    gate: str
    purpose: str
    at: datetime


def mid_of(sheet: str, said: Mapping[str, object]) -> str:
    """The mid of one line of a sheet."""
    line = sha256(canonical_json(dict(said))).hexdigest()[:10]
    return f"{sheet[:8]}-{sheet[8:12]}-7{sheet[12:15]}-8{sheet[15:18]}-00{line}"


def sheet_of(mid: str) -> str:
    """The sheet a mid belongs to."""
    digits = mid.replace("-", "")
    return digits[:12] + digits[13:16] + digits[17:20]


def written(
    festival_id: int, persons: Sequence[str], purpose: str, windows: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Who of these people was let in for the purpose in one of these windows: code → (gate, name of the window)."""
    rows = db.session.execute(
        select(Person.code, Scan.gate, Admission.day_window)
        .join(Admission, Admission.person_id == Person.id)
        .join(Scan, Scan.id == Admission.scan_id)
        .where(
            Admission.festival_id == festival_id,
            Person.code.in_(persons),
            Admission.purpose == purpose,
            Admission.day_window.in_(windows),
            ~Admission.annulled,
        )
        .order_by(Admission.at_ms)
    )
    return {row.code: (row.gate, windows[row.day_window]) for row in rows}


def type_sheet(
    festival: Festival, user_id: int, sheet: str, head: SheetHead, listed: DelegationList, ticked: Collection[str]
) -> dict[str, VerdictOut]:
    """Let in whoever is ticked, family by family. `ticked`: codes of people; who is not on the list is passed over."""
    messages = []
    gone = _undone(sheet)
    for group in listed.groups:
        persons = [person.code for person in group.people if person.code in ticked]
        if not persons:
            continue
        body = {"pass": group.list_id, "persons": persons, "purpose": head.purpose, "how": "paper"}
        at_ms = int((head.at - EPOCH).total_seconds() * 1000)
        said = {**body, "at": at_ms, "gate": head.gate}
        mid = mid_of(sheet, said)
        while mid in gone:  # a line that was taken back is said anew
            said["again"] = mid
            mid = mid_of(sheet, said)
        messages.append(TypedMessage(mid, "scan", group.list_id, body, head.at))
    return deliver_typed(festival, user_id, head.gate, messages)


def _undone(sheet: str) -> dict[str, str]:
    """The lines of a sheet that were taken back, here or by a lead, each with the reason."""
    rows = db.session.execute(
        select(Mutation.subject, Mutation.body).where(
            Mutation.kind == "undo", Mutation.verdict == "applied", Mutation.subject.like(_lines_of(sheet))
        )
    )
    return {row.subject: str(row.body["reason"]) for row in rows}


def _lines_of(sheet: str) -> str:
    """The mids of a sheet, for LIKE."""
    return f"{mid_of(sheet, {})[:_PREFIX]}%"


def take_back(festival: Festival, user_id: int, mids: Sequence[str], reason: str) -> dict[str, VerdictOut]:
    """Undo lines of sheets, whoever typed them; the answers by the mid of the line."""
    asked = {mid: mid_of(sheet_of(mid), {"undo": mid, "by": user_id}) for mid in mids}
    messages = [TypedMessage(own, "undo", mid, {"scan": mid, "reason": reason}, now()) for mid, own in asked.items()]
    answers = deliver_typed(festival, user_id, "", messages)
    return {mid: answers[own] for mid, own in asked.items()}


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line of a sheet that was typed in, and what came of it."""

    mid: str
    words: str
    gate: str
    purpose: str
    at: datetime
    verdict: str
    reason: str
    people: int  # ticked on it
    admitted: int
    already: int
    undone: str  # the reason it was taken back for; "" while it counts

    @property
    def stands(self) -> bool:
        """It can be taken back."""
        return not self.undone and self.verdict in ("applied", "duplicate")


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """A sheet as it was typed in: by whom, when, how many lines."""

    sheet: str
    by: str
    typed_at: datetime
    lines: int
    undone: int


def typed_sheets(festival_id: int) -> list[TypedSheet]:
    """The sheets that were typed in last."""
    undo = aliased(Mutation)
    prefix = func.substr(Mutation.mid, 1, _PREFIX)
    rows = db.session.execute(
        select(
            prefix.label("prefix"),
            func.min(User.name).label("by"),
            func.min(Mutation.received_at).label("typed_at"),
            func.count(func.distinct(Mutation.mid)).label("lines"),
            func.count(func.distinct(undo.subject)).label("undone"),
        )
        .join(Device, Device.id == Mutation.device_id)
        .join(User, User.id == Device.user_id)
        .outerjoin(undo, and_(undo.kind == "undo", undo.verdict == "applied", undo.subject == Mutation.mid,
                              undo.device_id.in_(_desks(festival_id))))
        .where(Mutation.device_id.in_(_desks(festival_id)), Mutation.kind == "scan")
        .group_by(prefix)
        .order_by(func.min(Mutation.received_at).desc())
        .limit(SHEETS_SHOWN)
    )  # fmt: skip
    return [TypedSheet(sheet_of(row.prefix), row.by, row.typed_at, row.lines, row.undone) for row in rows]


def _gates(mids: Sequence[str]) -> dict[str, str]:
    """The gate that stood on the sheet; of a line that was refused nobody kept it."""
    rows = db.session.execute(select(Scan.mid, Scan.gate).where(Scan.mid.in_(mids)))
    return {str(row.mid): row.gate for row in rows}


def _desks(festival_id: int) -> Any:
    return select(Device.id).where(Device.festival_id == festival_id, typed_in())


def typed_lines(festival_id: int, sheet: str) -> list[TypedLine]:
    """The lines of one sheet in the order in which they were typed."""
    scans = db.session.scalars(
        select(Mutation)
        .where(
            Mutation.device_id.in_(_desks(festival_id)), Mutation.kind == "scan", Mutation.mid.like(_lines_of(sheet))
        )
        .order_by(Mutation.received_at, Mutation.seq)
    ).all()
    gone = _undone(sheet)
    words = scan_words(festival_id, [row.body for row in scans])
    gates = _gates([row.mid for row in scans])
    return [
        TypedLine(
            mid=row.mid,
            words=name,
            gate=gates.get(row.mid, ""),
            purpose=row.body["purpose"],
            at=datetime.fromtimestamp(row.wall_ms / 1000, EPOCH.tzinfo),
            verdict=row.verdict,
            reason=row.reason or "",
            people=len(row.body["persons"]),
            admitted=len(row.detail.get("admitted", ())) + len(row.detail.get("moved", ())),
            already=len(row.detail.get("already", ())),
            undone=gone.get(row.mid, ""),
        )
        for row, name in zip(scans, words, strict=True)
    ]
