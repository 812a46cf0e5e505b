"""What pages of lists to sign are opened with: a list of keepsakes with a line of its own and a print."""

from __future__ import annotations

from sqlalchemy import select

from festival.core.clock import now
from festival.core.database import db
from festival.editions.models import Festival
from festival.papers.prints import DrawnPrint
from festival.results.paying import keeping
from festival.results.paying.kinds import PayKind
from festival.results.paying.models import PayList
from festival.results.paying.printing import print_list
from festival.results.paying.reading import digest_now, shown_list


def listed(festival: Festival, by: int) -> dict[str, object]:
    """By the names in addresses, the same when it is asked for again; what stands in the files is no page's matter."""
    if db.session.scalar(select(PayList.id).where(PayList.festival_id == festival.id)) is None:
        keeping.make_list(festival.id, PayKind.GIFTS, by)
        shown = shown_list(festival, 1)
        drawn = digest_now(festival, shown.row, shown.said, shown.lines)
        print_list(festival.id, 1, DrawnPrint(1, now(), drawn, b"%PDF-", b"PK"), by)
    return {"line": 1, "printed": 1}
