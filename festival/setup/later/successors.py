"""Who takes part in a copied edition: the same units, or what they became by its first day?

Districts ended on 1 July 2025: a delegation of a unit that has ended goes over to the units it went into. A school or an
agency has no official unit and comes again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from festival.core.database import db
from festival.editions.models import Festival, Unit, UnitSuccession
from festival.roster.models import Delegation
from festival.setup.later.copying import code_of
from festival.setup.pieces import Piece

CHAIN = 5  # units that ended became others, and those others again: no further than so often


@dataclass(frozen=True, slots=True)
class Heir:
    """One delegation of the old edition, and those of the new one that come from it; none: nobody is known to."""

    old: str
    same: bool
    new: tuple[Piece, ...]


def heirs(festival: Festival, on: date) -> list[Heir]:
    """Every delegation of the edition with its heirs on that day; a unit that two went into is named once."""
    rows = db.session.execute(
        select(Delegation.rule_code, Delegation.name, Unit)
        .join(Unit, Unit.id == Delegation.unit_id)
        .where(Delegation.festival_id == festival.id)
        .order_by(Delegation.position, Delegation.id)
    ).all()
    became = _became([unit for _code, _name, unit in rows], on)
    found, used = [], set[int]()
    codes: set[str] = {code for code, _name, unit in rows if code and _comes_again(unit, on)}
    for code, name, unit in rows:
        if _comes_again(unit, on):
            piece = {"code": code or code_of(name, codes), "name": name}
            codes.add(piece["code"])
            used.add(unit.id)
            found.append(Heir(name, True, (piece | _unit_code(unit),)))
            continue
        new = []
        for each in became[unit.id]:
            if each.id not in used:
                used.add(each.id)
                called = code_of(each.full_name, codes)
                codes.add(called)
                new.append({"code": called, "name": f"Đoàn {each.kind.lower()} {each.name}"} | _unit_code(each))
        found.append(Heir(name, False, tuple(new)))
    return found


def _comes_again(unit: Unit, on: date) -> bool:
    return not unit.official_code or _valid(unit, on)


def _valid(unit: Unit, on: date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= on) and (unit.valid_to is None or on <= unit.valid_to)


def _unit_code(unit: Unit) -> dict[str, str]:
    return {"unit_code": unit.official_code} if unit.official_code else {}


def _became(units: Sequence[Unit], on: date) -> dict[int, list[Unit]]:
    """By unit: what it had become by that day, in the order of the codes; a statement for each step of the chain."""
    now: dict[int, list[Unit]] = {unit.id: [unit] for unit in units if not _comes_again(unit, on)}
    for _step in range(CHAIN):
        ended = {unit.id for held in now.values() for unit in held if not _valid(unit, on)}
        if not ended:
            break
        after = _after(ended, on)
        now = {
            first: _once(new for unit in held for new in (after[unit.id] if unit.id in ended else [unit]))
            for first, held in now.items()
        }
    return defaultdict(list, {first: [unit for unit in held if _valid(unit, on)] for first, held in now.items()})


def _after(ended: Iterable[int], on: date) -> dict[int, list[Unit]]:
    """What each became by itself; a district that ended with nobody named after it stands for its communes."""
    rows = db.session.execute(
        select(UnitSuccession.old_id, Unit)
        .join(Unit, Unit.id == UnitSuccession.new_id)
        .where(UnitSuccession.old_id.in_(ended), UnitSuccession.effective_on <= on)
        .order_by(Unit.official_code, Unit.id)
    )
    after: dict[int, list[Unit]] = defaultdict(list)
    for old, unit in rows:
        after[old].append(unit)
    inside = select(Unit).where(Unit.parent_id.in_([each for each in ended if each not in after]))
    for unit in db.session.scalars(inside.order_by(Unit.official_code, Unit.id)):
        if unit.parent_id is not None:
            after[unit.parent_id].append(unit)
    return after


def _once(units: Iterable[Unit]) -> list[Unit]:
    return list({unit.id: unit for unit in units}.values())
