"""How do the gates work: after how many seconds does a whole code write by itself, and are exits scanned?"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from festival.checkin.purposes.known import Gates, gates_of
from festival.checkin.purposes.models import GateSetting
from festival.core import ledger
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import Overtaken
from festival.editions.models import Festival

COUNTDOWNS = (0, 4, 8)


def set_gates(festival: Festival, countdown_s: int, exits: bool, was: int, by: int | None) -> Gates:
    """Set both. `was`: the version of the settings that was shown; gates hear of it when they next ask."""
    before = gates_of(festival.id)
    if (before.countdown_s, before.exits) == (countdown_s, exits):
        return before
    values: dict[str, Any] = {"countdown_s": countdown_s, "exits": exits, "version": was + 1}
    statement: Any
    if was == 0:
        statement = insert_or_pass(GateSetting).values(festival_id=festival.id, **values)
        statement = statement.on_conflict_do_nothing(index_elements=["festival_id"])
    else:
        own = GateSetting.festival_id == festival.id, GateSetting.version == was
        statement = update(GateSetting).where(*own).values(values)
    if db.session.execute(statement.returning(GateSetting.id)).one_or_none() is None:
        raise Overtaken(_("Người khác vừa đổi cách làm ở cổng. Xem lại rồi đổi tiếp nếu cần."))
    ledger.append(f"checkin:{festival.code}", "gates_set", {"countdown_s": countdown_s, "exits": exits}, {"by": by})
    return gates_of(festival.id)
