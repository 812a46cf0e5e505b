"""Which edition is the current one, and which are put away?

Chosen, never guessed from a date: an edition that is imported hides no other. Each step is recorded and has its way back:
choose the other one, bring out what was put away.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.editions.models import EditionIs, EditionState, Festival

REASON_MOST = 300


def choose(festival: Festival, by: int | None) -> None:
    """From now on the pages without a code speak of this edition; the one that was current is archived.

    Conflict when it is put away, or when somebody chooses another at the same moment.
    """
    held = _held(festival)
    if held is not None and held.state is EditionIs.CURRENT:
        return
    if held is not None:
        raise Conflict(_("Ngày hội này đang được cất. Lấy ra trước, rồi mới chọn làm ngày hội hiện hành."))
    before = db.session.scalars(
        select(EditionState).where(EditionState.state == EditionIs.CURRENT).with_for_update()
    ).all()
    left = [db.session.get_one(Festival, each.festival_id).code for each in before]
    for each in before:
        db.session.delete(each)
    db.session.flush()
    if not _stand(festival, EditionIs.CURRENT):
        raise Overtaken(_("Vừa có người chọn ngày hội khác. Mở lại trang để xem ngày hội nào đang hiện hành."))
    _record(festival, "edition_chosen", by, {"instead_of": left})


def choose_if_none(festival: Festival) -> bool:
    """The first edition of a database is the current one; whether this one became it."""
    if db.session.scalar(select(exists().where(EditionState.state == EditionIs.CURRENT))):
        return False
    done = _stand(festival, EditionIs.CURRENT)
    if done:
        _record(festival, "edition_chosen", None, {"instead_of": []})
    return done


def put_away(festival: Festival, reason: str, by: int | None) -> None:
    """No list and no registration offers it any more; nothing of it is lost. The current edition has to be left first."""
    reason = _stated(reason)
    held = _held(festival)
    if held is not None and held.state is EditionIs.CURRENT and _others(festival):
        raise Conflict(_("Đây là ngày hội hiện hành. Chọn ngày hội khác làm hiện hành trước, rồi cất ngày hội này."))
    if held is not None:
        if held.state is EditionIs.PUT_AWAY:
            return
        db.session.delete(held)
        db.session.flush()
    if not _stand(festival, EditionIs.PUT_AWAY, reason):
        raise Overtaken(_("Vừa có người đổi trạng thái ngày hội này. Mở lại trang để xem."))
    _record(festival, "edition_put_away", by, {"reason": reason})


def bring_out(festival: Festival, by: int | None) -> None:
    """It is an archived edition again, and can be chosen."""
    gone = delete(EditionState).where(EditionState.festival_id == festival.id, EditionState.state == EditionIs.PUT_AWAY)
    if db.session.connection().execute(gone).rowcount:
        db.session.expire(festival, ["in_state"])
        _record(festival, "edition_brought_out", by, {})


def is_put_away(festival: Festival) -> bool:
    """Whether it may be removed: a second step after putting it away."""
    held = _held(festival)
    return held is not None and held.state is EditionIs.PUT_AWAY


def _held(festival: Festival) -> EditionState | None:
    return db.session.scalars(
        select(EditionState).where(EditionState.festival_id == festival.id).with_for_update()
    ).one_or_none()


def _others(festival: Festival) -> bool:
    away = select(EditionState.festival_id).where(EditionState.state == EditionIs.PUT_AWAY)
    other = exists().where(Festival.id != festival.id, Festival.id.not_in(away))
    return bool(db.session.scalar(select(other)))


def _stand(festival: Festival, state: EditionIs, reason: str = "") -> bool:
    try:
        with db.session.begin_nested():
            db.session.add(EditionState(festival_id=festival.id, state=state, reason=reason, since=now()))
            db.session.flush()
    except IntegrityError:
        return False
    db.session.expire(festival, ["in_state"])
    return True


def _record(festival: Festival, kind: str, by: int | None, said: dict[str, object]) -> None:
    ledger.append(f"decisions:{festival.code}", kind, {"festival": festival.code}, {**said, "by": by})


def _stated(reason: str) -> str:
    reason = " ".join(reason.split())[:REASON_MOST]
    if not reason:
        raise BadInput(_("Ghi lý do để người sau hiểu."))
    return reason
