"""What stands on the back of an edition's cards: what the organiser wrote, else the standard, to which there is a way back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace

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

MOST_LINES = 6
LONGEST_WORDS, LONGEST_NUMBER, LONGEST_TEXT = 60, 30, 300
_PHONE = re.compile(r"\+?[\d][\d .()/-]*")


def back_of(festival: Festival) -> PrintedBack:
    """As it is printed now."""
    standard, row = standard_back(festival), db.session.get(models.CardBack, festival.id)
    if row is None:
        return standard
    lines = tuple(HelpLine(each["words"], each["number"]) for each in row.help_lines)
    link = row.map_link or standard.map_link
    return replace(standard, help=lines, directions=row.directions, map_link=link)


def is_written(festival: Festival) -> bool:
    """Whether an organiser wrote it."""
    return db.session.get(models.CardBack, festival.id) is not None


def write_back(festival: Festival, lines: Sequence[HelpLine], directions: str, map_link: str, by: int | None) -> None:
    """This from now on."""
    given = [each for each in lines if each.words or each.number]
    for each in given:
        if not each.words or len(each.words) > LONGEST_WORDS:
            raise BadInput(_("Dòng «%(number)s»: ghi gọi cho ai, nhiều nhất 60 chữ.", number=each.number))
        if len(each.number) > LONGEST_NUMBER or not _PHONE.fullmatch(each.number):
            raise BadInput(_("Dòng «%(words)s»: ghi số điện thoại, chỉ có chữ số và khoảng trắng.", words=each.words))
    if not given or len(given) > MOST_LINES:
        raise BadInput(_("Ghi ít nhất một và nhiều nhất %(n)s dòng trợ giúp.", n=MOST_LINES))
    if len(directions) > LONGEST_TEXT:
        raise BadInput(_("Lời chỉ đường dài quá 300 chữ nên không vừa thẻ. Viết ngắn lại."))
    if map_link and (not map_link.startswith("https://") or len(map_link) > LONGEST_TEXT or " " in map_link):
        raise BadInput(_("Liên kết bản đồ bắt đầu bằng https://, ví dụ chép từ nút Chia sẻ của bản đồ."))
    values = {
        "help_lines": [asdict(each) for each in given],
        "directions": directions,
        "map_link": map_link,
        "changed_at": now(),
        "changed_by": by,
    }
    put = insert_or_pass(models.CardBack).values(festival_id=festival.id, **values)
    db.session.execute(put.on_conflict_do_update(index_elements=["festival_id"], set_=values))
    said = {key: values[key] for key in ("help_lines", "directions", "map_link", "changed_by")}
    ledger.append(stream(festival), "card_back.written", {"festival": festival.code}, said)


def restore_back(festival: Festival, by: int | None) -> None:
    """The standard again; what was written stays readable in the ledger."""
    db.session.execute(delete(models.CardBack).where(models.CardBack.festival_id == festival.id))
    ledger.append(stream(festival), "card_back.restored", {"festival": festival.code}, {"by": by})
