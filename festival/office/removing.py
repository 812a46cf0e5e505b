"""May an edition that was imported by mistake go altogether?

Only one that is put away and in which nobody has done anything: the database's own references refuse the rest. Its code
is free again; what the ledger says of it stays.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from festival.contests.models import Contest, Criterion
from festival.core import ledger
from festival.core.database import db
from festival.core.web.errors import Conflict
from festival.editions.choosing import is_put_away
from festival.editions.models import EditionState, Festival, Phase, Retention
from festival.roster.models import ContestPlace, Delegation


def remove_edition(festival: Festival, by: int | None) -> None:
    """Its rules, delegations and phases go. Conflict where it is not put away, or holds anything a person did."""
    if not is_put_away(festival):
        raise Conflict(_("Cất ngày hội này trước (có ghi lý do), rồi mới xóa."))
    own, code = festival.id, festival.code
    contests = select(Contest.id).where(Contest.festival_id == own)
    try:
        with db.session.begin_nested():
            for gone in (
                delete(ContestPlace).where(ContestPlace.contest_id.in_(contests), ContestPlace.taken == 0),
                delete(Criterion).where(Criterion.contest_id.in_(contests)),
                delete(Contest).where(Contest.festival_id == own),
                delete(Delegation).where(Delegation.festival_id == own),
                delete(Phase).where(Phase.festival_id == own),
                delete(Retention).where(Retention.festival_id == own),
                delete(EditionState).where(EditionState.festival_id == own),
                delete(Festival).where(Festival.id == own),
            ):
                db.session.execute(gone.execution_options(synchronize_session=False))
    except IntegrityError as error:
        raise Conflict(
            _(
                "Ngày hội này đã có hồ sơ, lịch, thiết bị, người được giao việc hoặc điểm nên không xóa. "
                "Cứ để cất: không trang nào hiện nó nữa, và có thể lấy ra lại."
            )
        ) from error
    db.session.expire_all()
    ledger.append(f"decisions:{code}", "edition_removed", {"festival": code}, {"by": by})
