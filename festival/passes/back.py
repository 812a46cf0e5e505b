"""What stands on the back of an edition's cards: the lines of its help table, the way and the map as the organiser wrote them, else the standard."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import BadInput
from festival.editions.models import Festival
from festival.passes import models
from festival.passes.printing import HelpLine, PrintedBack, standard_back
from festival.roster.steps import stream

LONGEST_TEXT = 300


def back_of(festival: Festival) -> PrintedBack:
    """As it is printed now."""
    standard, row = standard_back(festival), db.session.get(models.CardBack, festival.id)
    if row is None:
        return standard
    link = row.map_link or standard.map_link
    return replace(standard, help=own_lines(row) or standard.help, directions=row.directions, map_link=link)


def own_lines(row: models.CardBack | None) -> tuple[HelpLine, ...]:
    """Lines that an earlier release let somebody write for the cards alone; they are printed until the cards follow the table again."""
    return tuple(HelpLine(each["words"], each["number"]) for each in row.help_lines) if row else ()


def row_of(festival: Festival) -> models.CardBack | None:
    """What an organiser wrote; None: nothing, or the standard again."""
    return db.session.get(models.CardBack, festival.id, populate_existing=True)


def write_back(festival: Festival, directions: str, map_link: str, by: int | None) -> None:
    """This from now on; whom to call stands in the edition's help table."""
    if len(directions) > LONGEST_TEXT:
        raise BadInput(_("Lời chỉ đường dài quá 300 chữ nên không vừa thẻ. Viết ngắn lại."))
    if map_link and (not map_link.startswith("https://") or len(map_link) > LONGEST_TEXT or " " in map_link):
        raise BadInput(_("Liên kết bản đồ bắt đầu bằng https://, ví dụ chép từ nút Chia sẻ của bản đồ."))
    _put(festival, by, directions=directions, map_link=map_link)


def follow_table(festival: Festival, by: int | None) -> None:
    """The cards say what the help table says, if they do not yet; the lines of their own stay readable in the ledger."""
    if own_lines(row_of(festival)):
        _put(festival, by, help_lines=[])


def _put(festival: Festival, by: int | None, **values: Any) -> None:
    put = insert_or_pass(models.CardBack).values(
        {"festival_id": festival.id, "help_lines": [], "changed_at": now(), "changed_by": by} | values
    )
    changed = {"changed_at": now(), "changed_by": by} | values
    db.session.execute(put.on_conflict_do_update(index_elements=["festival_id"], set_=changed))
    row = row_of(festival)
    said = {name: getattr(row, name) for name in ("help_lines", "directions", "map_link", "changed_by")}
    ledger.append(stream(festival), "card_back.written", {"festival": festival.code}, said)


def restore_back(festival: Festival, by: int | None) -> None:
    """The standard again; what was written stays readable in the ledger."""
    db.session.execute(delete(models.CardBack).where(models.CardBack.festival_id == festival.id))
    ledger.append(stream(festival), "card_back.restored", {"festival": festival.code}, {"by": by})
