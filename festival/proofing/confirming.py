"""Who lets names that nobody has proofed be read and printed all the same? One confirmation with a reason, recorded.

It holds for these names as they are spelt now: one that changes afterwards asks again.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.text import line
from festival.core.web.errors import BadInput
from festival.editions.models import Festival
from festival.proofing.models import NameConfirmation
from festival.proofing.queries import UnproofedName
from festival.roster.steps import stream

REASON_LENGTH = 500


def confirm_names(
    festival: Festival, contest: Contest | None, names: Sequence[UnproofedName], reason: str, by: int | None
) -> None:
    """`contest` None: of the whole delegation."""
    clean = line(reason)
    if not clean:
        raise BadInput(_("Ghi lý do vẫn dùng các tên chưa dò."), field="names_reason")
    if len(clean) > REASON_LENGTH:
        raise BadInput(_("Lý do dài quá %(n)s ký tự.", n=REASON_LENGTH), field="names_reason")
    if not names:
        return
    kept = [[each.key, each.digest] for each in names]
    row = NameConfirmation(
        festival_id=festival.id,
        contest_id=contest.id if contest else None,
        names=kept,
        reason=clean,
        by_user=by,
        at=now(),
    )
    db.session.add(row)
    db.session.flush()
    ledger.append(
        stream(festival),
        "names.confirmed",
        {"contest": contest.code if contest else "", "confirmation": row.id},
        {"by": by, "reason": clean, "names": kept, "texts": [each.text for each in names]},
    )
