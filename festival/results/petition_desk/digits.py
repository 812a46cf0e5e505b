"""May whoever holds the link of a head act as the head? The link travels through groups: it only shows.

Lodging and withdrawing ask for the last four digits of the head's phone. Ten wrong ones in a row close it until somebody
replaces the link; the row of the guard is held while a guess is looked at.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import case, update

from festival.core import security_log
from festival.core.database import db
from festival.core.phones import last_four
from festival.core.security_log import SecurityKind
from festival.core.statements import insert_or_pass
from festival.core.transaction import transaction
from festival.core.web.errors import BadInput, Conflict
from festival.results.petitions.models import MISSES_MOST, HeadGuard
from festival.roster.delegations import delegation_by_id
from festival.roster.models import Delegation


def check_digits(delegation_id: int, typed: str) -> None:
    """Counted in a transaction of its own, before what it is for. BadInput, Conflict."""
    digits = last_four(typed)
    if digits is None:
        raise BadInput(_("Hãy nhập đúng 4 chữ số cuối."), field="tail")
    with transaction():
        delegation = delegation_by_id(delegation_id)
        if not delegation.head_phone:
            raise Conflict(
                _("Chưa có số điện thoại của trưởng đoàn. Nhờ cán bộ phụ trách hoặc Ban Tổ chức ghi số, rồi gửi lại.")
            )
        right = _guessed(delegation, delegation.head_phone.endswith(digits))
    if right is None:
        raise Conflict(
            _("4 số cuối đã nhập sai quá nhiều lần nên liên kết này chỉ còn xem được. Xin cán bộ phụ trách hoặc Ban Tổ chức đổi liên kết mới.")
        )  # fmt: skip
    if not right:
        raise BadInput(_("4 số cuối chưa đúng. Hãy nhập 4 số cuối số điện thoại của trưởng đoàn."), field="tail")


def _guessed(delegation: Delegation, right: bool) -> bool | None:
    """Whether it was right; None where nothing is looked at any more."""
    guard = _held(delegation)
    if guard.misses >= MISSES_MOST:
        return None
    misses = 0 if right else guard.misses + 1
    own = update(HeadGuard).where(HeadGuard.delegation_id == delegation.id)
    db.session.execute(own.values(misses=misses).execution_options(synchronize_session=False))
    if misses >= MISSES_MOST:
        security_log.note(SecurityKind.LINK_CLOSED, {"delegation": delegation.code})
    return right


def _held(delegation: Delegation) -> HeadGuard:
    """The guard's row, begun anew for a new link, and held until the transaction ends."""
    begun = {"delegation_id": delegation.id, "issue": delegation.link_issue, "misses": 0}
    db.session.execute(insert_or_pass(HeadGuard).values(begun).on_conflict_do_nothing(index_elements=["delegation_id"]))
    return db.session.execute(
        update(HeadGuard)
        .where(HeadGuard.delegation_id == delegation.id)
        .values(
            misses=case((HeadGuard.issue == delegation.link_issue, HeadGuard.misses), else_=0),
            issue=delegation.link_issue,
        )
        .returning(HeadGuard)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).scalar_one()
