"""Which units may send a delegation on the first day, and where do the lists come from without a terminal?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from config import ROOT
from festival.core.database import db
from festival.core.statements import alone_on
from festival.editions.actions import import_units
from festival.editions.models import Unit, UnitLevel
from festival.editions.rules.document import parse
from festival.editions.unit_history import read
from festival.setup.edition.pasted import KnownUnit

# The lists that come with the program; what became of a unit needs both of the others.
SHIPPED = ("kien-giang-2024", "an-giang-2025", "kien-giang-to-an-giang")
OFFICIAL = (UnitLevel.PROVINCE, UnitLevel.DISTRICT, UnitLevel.COMMUNE)


@dataclass(frozen=True, slots=True)
class Units:
    """The official units of one day, and which of them have others below."""

    every: Sequence[KnownUnit]
    below: Mapping[str, Sequence[KnownUnit]]  # by the code of the unit above

    @property
    def above(self) -> list[KnownUnit]:
        """Those with others below, in the order of the lists."""
        return [each for each in self.every if each.code in self.below]


def units_on(day: date) -> Units:
    """One question to the database; the lists hold a few hundred units."""
    above = aliased(Unit)
    rows = db.session.execute(
        select(Unit.official_code, Unit.kind, Unit.name, above.official_code, above.kind, above.name)
        .outerjoin(above, Unit.parent_id == above.id)
        .where(
            Unit.level.in_(OFFICIAL),
            Unit.official_code != "",
            or_(Unit.valid_from.is_(None), Unit.valid_from <= day),
            or_(Unit.valid_to.is_(None), Unit.valid_to >= day),
        )
        .order_by(Unit.id)
    ).all()
    every: list[KnownUnit] = []
    below: dict[str, list[KnownUnit]] = {}
    for code, kind, name, of, above_kind, above_name in rows:
        unit = KnownUnit(code, kind, name, f"{above_kind} {above_name}".strip() if of else "")
        every.append(unit)
        if of:
            below.setdefault(of, []).append(unit)
    return Units(every, below)


def load_shipped() -> int:
    """Import the lists that come with the program; how many units are new. Doing it twice changes nothing."""
    alone_on(Unit)
    folder = ROOT / "festival" / "editions" / "data" / "units"
    return sum(import_units(read(parse((folder / f"{name}.json").read_bytes()))).new_units for name in SHIPPED)
