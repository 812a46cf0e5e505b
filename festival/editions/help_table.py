"""Which help lines hold in an edition, and how do others take their place, come back, or go along into the next edition?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import BadInput, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.editions.help_lines import HelpNumber, faults, numbers_of
from festival.editions.models import Festival, HelpTable

EARLIER_KEPT = 20


def help_numbers(festival: Festival) -> tuple[HelpNumber, ...]:
    """The lines in force."""
    row = festival.help_table
    return numbers_of(row.lines if row else None)


def write_help(festival: Festival, lines: Sequence[HelpNumber] | None, seen: int, by: int | None) -> None:
    """These from now on; None: the national ones again. `seen`: the version that was looked at, 0 before the first."""
    if lines is not None and (wrong := faults(lines)):
        raise BadInput(" ".join(say(each) for each in wrong))
    _put(festival, None if lines is None else [each.to_json() for each in lines], seen, by)


def take_help_again(festival: Festival, version: int, seen: int, by: int | None) -> None:
    """An earlier table, as a version of its own."""
    row = festival.help_table
    found = next((each for each in (row.earlier if row else ()) if each["version"] == version), None)
    if found is None:
        raise NotFound()
    _put(festival, found["lines"], seen, by)


def carry_help(old: Festival, new: Festival, by: int | None) -> None:
    """What was written for an edition goes along into the one that is copied from it."""
    if old.help_table is not None and old.help_table.lines is not None and new.help_table is None:
        _put(new, old.help_table.lines, 0, by)


def _put(festival: Festival, lines: list[dict[str, Any]] | None, seen: int, by: int | None) -> None:
    row, table = festival.help_table, HelpTable
    values: dict[str, Any] = {"version": seen + 1, "lines": lines, "changed_at": now(), "changed_by": by}
    if row is None and seen == 0:
        put = insert_or_pass(table).values(festival_id=festival.id, earlier=[], **values)
        done = db.session.scalar(put.on_conflict_do_nothing().returning(table.festival_id))
    else:
        values["earlier"] = [*row.earlier, _as_it_stood(row)][-EARLIER_KEPT:] if row else []
        same = update(table).where(table.festival_id == festival.id, table.version == seen)
        done = db.session.scalar(same.values(**values).returning(table.festival_id))
    if done is None:
        raise Overtaken(_("Người khác vừa sửa bảng số gọi. Xem bảng mới rồi sửa tiếp."))
    db.session.expire(festival, ["help_table"])
    if row is not None:
        db.session.expire(row)
    ledger.append(
        f"decisions:{festival.code}",
        "help_table.written",
        {"festival": festival.code, "version": seen + 1},
        {"lines": lines, "by": by},
    )


def _as_it_stood(row: HelpTable) -> dict[str, Any]:
    return {"version": row.version, "lines": row.lines, "at": row.changed_at.isoformat(), "by": row.changed_by}
