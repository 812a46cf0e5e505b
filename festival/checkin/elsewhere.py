"""Which passes belong to another festival of this house, so that a gate says so of a card that is not on its list?

A phone gets the beginnings of their list ids, five bytes each: enough to know one again (a false hit is one in fifty
million with 20,000 cards), and they open and name nothing.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select

from festival.core.database import db
from festival.editions.models import Festival
from festival.passes.models import Pass

BEGINNING_HEX = 10


@dataclass(frozen=True, slots=True)
class PassesElsewhere:
    """`mark` changes whenever the lists would; `festivals` is None for who has named it: (name, beginnings)."""

    mark: str
    festivals: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class PassHome:
    """Where a pass was issued: in this festival, in another one of this house (its name), or in neither."""

    here: bool
    festival: str


def home_of(festival_id: int, list_id: str) -> PassHome:
    """Of one pass, replaced ones too. The code itself says nothing of it: without the key it is sixteen bytes of chance."""
    found = db.session.execute(
        select(Festival.id, Festival.name)
        .join(Pass, Pass.festival_id == Festival.id)
        .where(Pass.list_id == list_id)
        .order_by(Festival.id)
    ).all()
    here = any(row.id == festival_id for row in found)
    return PassHome(here, "" if here or not found else found[0].name)


def elsewhere(festival_id: int, known: str) -> PassesElsewhere:
    """The passes of all other festivals, replaced ones too."""
    counted = db.session.execute(
        select(Festival.id, Festival.name, func.count(Pass.id), func.max(Pass.id))
        .join(Pass, Pass.festival_id == Festival.id)
        .where(Festival.id != festival_id)
        .group_by(Festival.id, Festival.name)
        .order_by(Festival.id)
    ).all()
    mark = sha256("|".join(f"{value}" for row in counted for value in row).encode()).hexdigest()[:16]
    if mark == known:
        return PassesElsewhere(mark, None)
    beginnings: dict[int, list[str]] = {row.id: [] for row in counted}
    for owner, list_id in db.session.execute(
        select(Pass.festival_id, Pass.list_id).where(Pass.festival_id.in_(beginnings))
    ):
        beginnings[owner].append(list_id[:BEGINNING_HEX])
    packed = {owner: b64encode(bytes.fromhex("".join(sorted(each)))).decode() for owner, each in beginnings.items()}
    return PassesElsewhere(mark, tuple((row.name, packed[row.id]) for row in counted))
