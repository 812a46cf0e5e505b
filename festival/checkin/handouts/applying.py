"""How does what a desk says it handed out get into the books? Insert only: nothing is read before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, TypeAdapter, ValidationError, model_validator
from sqlalchemy import select

from festival.checkin.handouts.models import Handout
from festival.checkin.handouts.standing import MOST, HandoutItem
from festival.core import ledger
from festival.core.database import db
from festival.core.names import nfc
from festival.core.statements import run, table
from festival.core.text import line
from festival.devices.handlers import Applied, Incoming, Quarantined, Rejected, Verdict
from festival.editions.models import Festival
from festival.passes.models import Pass
from festival.roster.models import Delegation, Family

Count = Annotated[StrictInt, Field(ge=0, le=MOST)]
MID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class HandedItems(BaseModel):
    """How many of each thing."""

    model_config = ConfigDict(extra="forbid")
    card: Count = 0
    meal: Count = 0
    flag: Count = 0
    number: Count = 0


class HandoutBody(BaseModel):
    """`root`: the message that is corrected, null for a new handing-over; `items` null: it is taken back.

    `pass`: of the delegation, or of one of its families.
    """

    model_config = ConfigDict(extra="forbid")
    pass_id: Annotated[StrictStr, Field(alias="pass", pattern=r"^[0-9a-f]{32}$")]
    root: Annotated[StrictStr, Field(pattern=MID)] | None = None
    items: HandedItems | None
    receiver: Annotated[StrictStr, Field(max_length=120)] = ""
    reason: Annotated[StrictStr, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.root is not None and len(line(self.reason)) < 3:
            raise ValueError("reason")
        if self.root is None and not self.counts:
            raise ValueError("items")
        return self

    @property
    def counts(self) -> dict[str, int]:
        """What is more than none."""
        told = {} if self.items is None else self.items.model_dump()
        return {item.value: told[item.value] for item in HandoutItem if told.get(item.value)}


_BODY = TypeAdapter(HandoutBody)


def apply_handouts(incoming: Sequence[Incoming]) -> list[Verdict]:
    """The verdicts of messages of kind `handout` of one festival's devices, in order."""
    verdicts: dict[str, Verdict] = {}
    read: list[tuple[Incoming, HandoutBody]] = []
    for message in incoming:
        try:
            read.append((message, _BODY.validate_python(message.body)))
        except ValidationError as wrong:
            first = wrong.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or str(first["msg"]).rpartition(" ")[2]
            verdicts[message.mid] = Rejected("malformed", {"field": field})
    if read:
        verdicts.update(_kept(read))
    return [verdicts[message.mid] for message in incoming]


def _kept(read: list[tuple[Incoming, HandoutBody]]) -> dict[str, Verdict]:
    festival_id = read[0][0].festival_id
    code = db.session.scalars(select(Festival.code).where(Festival.id == festival_id)).one()
    stream = f"checkin:{code}"
    whose = _delegations(festival_id, {body.pass_id for _, body in read})
    verdicts: dict[str, Verdict] = {}
    rows, entries = [], []
    for message, body in read:
        found = whose.get(body.pass_id)
        if found is None:
            verdicts[message.mid] = Quarantined(
                "unknown_pass"
            )  # the things are gone: somebody must look whose they were
            continue
        row = _row(message, body, found.id)
        rows.append(row)
        entries.append(_line(row, found.code))
        verdicts[message.mid] = Applied({"root": row["root"], "delegation": found.name}, stream)
    if rows:
        run(table(Handout).insert(), rows)
        ledger.append_many(stream, entries)
    return verdicts


def _delegations(festival_id: int, lists: set[str]) -> dict[str, Any]:
    """Whose pass each of these is, an old one too: what was handed over went to that delegation all the same."""
    rows = db.session.execute(
        select(Pass.list_id, Delegation.id, Delegation.code, Delegation.name)
        .outerjoin(Family, Family.id == Pass.family_id)
        .join(Delegation, (Delegation.id == Pass.delegation_id) | (Delegation.id == Family.delegation_id))
        .where(Pass.festival_id == festival_id, Pass.list_id.in_(lists))
    )
    return {row.list_id: row for row in rows}


def _row(message: Incoming, body: HandoutBody, delegation_id: int) -> dict[str, Any]:
    return {
        "festival_id": message.festival_id,
        "delegation_id": delegation_id,
        "device_id": message.device_id,
        "device_number": message.device_number,
        "seq": message.seq,
        "at_ms": int(message.at.timestamp() * 1000),
        "station": message.station,
        "mid": message.mid,
        "root": body.root or message.mid,
        "items": body.counts,
        "receiver": nfc(line(body.receiver)),
        "reason": line(body.reason),
    }


def _line(row: dict[str, Any], delegation: str) -> tuple[str, dict[str, object], dict[str, object]]:
    """Numbers for good; who received them, where and why, until the day of the data."""
    first = row["root"] == row["mid"]
    kind = "handed_out" if first else "handout_corrected" if row["items"] else "handout_taken_back"
    subject = {
        "device": row["device_number"],
        "seq": row["seq"],
        "delegation": delegation,
        "mid": row["mid"],
        "root": row["root"],
        "items": dict(row["items"]),
    }
    said = {key: row[key] for key in ("at_ms", "station", "receiver", "reason")}
    return kind, subject, said
