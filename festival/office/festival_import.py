"""How does a rule set become a whole edition: festival, contests, delegations?

The only place that sees all three; each room keeps its own rules. Everything happens in one transaction of the door,
so a file that fails at its last delegation leaves nothing behind.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.actions import save_contests
from festival.core.database import db
from festival.core.names import fold
from festival.core.web.errors import BadInput
from festival.editions.actions import save_festival
from festival.editions.document import parse
from festival.editions.models import Festival, Unit, UnitLevel
from festival.editions.queries import unit_by_code
from festival.editions.reconstruction import convert, is_reconstruction
from festival.editions.ruleset import DelegationRule, Ruleset
from festival.editions.ruleset_reader import read
from festival.roster.models import Delegation


@dataclass(frozen=True, slots=True)
class FestivalFile:
    """A sound rule set and the document it was read from (kept with the festival for the record)."""

    ruleset: Ruleset
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FestivalImported:
    """What stands now."""

    festival: Festival
    contests: int
    delegations: int


def read_file(content: bytes) -> FestivalFile:
    """A rule set in our schema, or the raw reconstruction, which is converted first.

    Raises BrokenRuleset.
    """
    document = parse(content)
    if isinstance(document, Mapping) and is_reconstruction(document):
        document = convert(document)
    ruleset = read(document)
    # exact decimals were for reading; the record keeps plain JSON numbers
    return FestivalFile(ruleset, json.loads(json.dumps(document, default=float)))


def import_festival(file: FestivalFile) -> FestivalImported:
    """Make the edition or bring it up to date.

    BadInput when a delegation's unit is not known, Conflict when the rules of a contest are fixed already.
    """
    festival = save_festival(file.ruleset, file.document)
    contests = save_contests(festival, file.ruleset)
    held = {
        delegation.unit_id: delegation
        for delegation in db.session.scalars(select(Delegation).where(Delegation.festival_id == festival.id))
    }
    for position, rule in enumerate(file.ruleset.delegations, start=1):
        unit = _unit(festival, rule)
        delegation = held.get(unit.id)
        if delegation is None:
            delegation = Delegation(
                festival_id=festival.id,
                unit_id=unit.id,
                code=secrets.token_hex(8),
                families_min=festival.families_min,
                families_max=festival.families_max,
            )
            db.session.add(delegation)
            held[unit.id] = delegation
        delegation.name = rule.name
        delegation.position = position
    db.session.flush()
    return FestivalImported(festival, len(contests), len(held))


def _unit(festival: Festival, rule: DelegationRule) -> Unit:
    if rule.unit_code is not None:
        unit = unit_by_code(rule.unit_code, festival.starts_on)
        if unit is None:
            raise BadInput(
                _(
                    "Chưa có đơn vị mã %(code)s (%(name)s) vào ngày khai mạc. Nhập danh sách đơn vị trước "
                    "(flask units import), rồi nhập lại tệp này.",
                    code=rule.unit_code,
                    name=rule.name,
                )
            )
        return unit
    # a school or an agency is a unit of our own making, without an official code
    key = f"{festival.code}-{rule.code}"
    own = db.session.scalars(select(Unit).where(Unit.key == key)).one_or_none()
    if own is None:
        own = Unit(key=key, level=UnitLevel.AGENCY, kind="", name=rule.name, folded=fold(rule.name), official_code="")
        db.session.add(own)
        db.session.flush()
    return own
