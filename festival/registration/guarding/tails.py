"""How often may the last four digits behind a family's link be guessed, and what opens the link again?

The link travels through groups, so it only shows; to change anything it asks for the last four digits of the phone. Ten
wrong ones in a day close it: it goes on showing, the family is told by letter, the officer sees it on the desk. A new link, or the
officer, opens it again. The row of the guard is held while a guess is looked at, so that sixteen guesses at once are no more
than ten tries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, case, select, update

from festival.core import security_log
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.phones import last_four
from festival.core.security_log import SecurityKind
from festival.core.statements import insert_or_pass
from festival.core.transaction import transaction
from festival.core.web.errors import BadInput, Conflict
from festival.editions.models import Festival
from festival.registration.letters import send_link_closed
from festival.registration.models import MISSES_MOST, LinkGuard
from festival.roster.models import Family, FamilyState
from festival.roster.steps import note

NO_TAIL = _l("Hãy nhập đúng 4 chữ số cuối.")
WRONG_TAIL = _l("4 số cuối chưa đúng. Hãy nhập 4 số cuối của số điện thoại đã đăng ký.")
CLOSED_LINK = _l(
    "4 số cuối đã nhập sai quá nhiều lần nên liên kết này chỉ còn xem được. Gia đình gọi cán bộ văn hóa hoặc Ban Tổ chức"
    " để mở lại. Những gì đã đăng ký vẫn còn nguyên."
)


class Guess(StrEnum):
    """What came of a guess."""

    RIGHT = "right"
    WRONG = "wrong"
    CLOSED = "closed"  # not even looked at


def guess(family: Family, right: bool) -> Guess:
    """Count one guess; in a transaction of its own, before what it is for."""
    guard = _held(family)
    if guard.closed_at is not None:
        return Guess.CLOSED
    if right:
        return Guess.RIGHT
    misses = guard.misses + 1
    last = misses >= MISSES_MOST
    db.session.execute(
        update(LinkGuard)
        .where(LinkGuard.family_id == family.id)
        .values(misses=misses, closed_at=now() if last else None)
        .execution_options(synchronize_session=False)
    )
    if last:
        _tell_closed(family.delegation.festival, family)
    return Guess.WRONG


def check(find: Callable[[], Family], typed: str) -> None:
    """Whoever changes something behind the link knows the digits; counted in a transaction of its own. BadInput, Conflict."""
    digits = last_four(typed)
    if digits is None:
        raise BadInput(NO_TAIL)
    with transaction():
        family = find()
        outcome = guess(family, family.phone.endswith(digits))
    if outcome is Guess.CLOSED:
        raise Conflict(CLOSED_LINK)
    if outcome is Guess.WRONG:
        raise BadInput(WRONG_TAIL)


def _held(family: Family) -> LinkGuard:
    """The guard's row, begun anew on a new day or for a new link, and held until the transaction ends."""
    at = today()
    begun = {"family_id": family.id, "issue": family.link_issue, "on_day": at, "misses": 0, "closed_at": None}
    db.session.execute(insert_or_pass(LinkGuard).values(begun).on_conflict_do_nothing(index_elements=["family_id"]))
    same_link = LinkGuard.issue == family.link_issue
    same_try = and_(same_link, LinkGuard.on_day == at)
    return db.session.execute(
        update(LinkGuard)
        .where(LinkGuard.family_id == family.id)
        .values(
            misses=case(
                (and_(same_link, LinkGuard.closed_at.is_not(None)), LinkGuard.misses),
                (same_try, LinkGuard.misses),
                else_=0,
            ),
            closed_at=case((same_link, LinkGuard.closed_at), else_=None),
            issue=family.link_issue,
            on_day=at,
        )
        .returning(LinkGuard)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).scalar_one()


def _tell_closed(festival: Festival, family: Family) -> None:
    note(festival, "link.closed", family, family.version, {"family": family.name})
    security_log.note(SecurityKind.LINK_CLOSED, {"family": family.code})
    send_link_closed(family, festival)


def is_closed(family: Family) -> bool:
    """Whether the link that leads to this family now only shows."""
    return db.session.scalar(select(LinkGuard.family_id).where(*_CLOSED, LinkGuard.family_id == family.id)) is not None


def closed_in(delegation_ids: Iterable[int]) -> list[Family]:
    """The families of these delegations whose link only shows, as it says on the desk."""
    query = select(Family).where(
        *_CLOSED, Family.delegation_id.in_(list(delegation_ids)), Family.state != FamilyState.WITHDRAWN
    )
    return list(db.session.scalars(query.order_by(LinkGuard.closed_at, Family.id)))


_CLOSED = (
    LinkGuard.closed_at.is_not(None),
    LinkGuard.family_id == Family.id,
    LinkGuard.issue == Family.link_issue,
)


def open_again(festival: Festival, family: Family, by: int | None) -> bool:
    """An officer knows the family: the link takes digits again. False when it was open."""
    opened = db.session.execute(
        update(LinkGuard)
        .where(LinkGuard.family_id == family.id, LinkGuard.closed_at.is_not(None))
        .values(closed_at=None, misses=0)
        .returning(LinkGuard.family_id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if opened is None:
        return False
    note(festival, "link.opened", family, family.version, {"family": family.name, "by": by})
    security_log.note(SecurityKind.LINK_OPENED, {"family": family.code})
    return True
