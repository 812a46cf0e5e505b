"""A family accepts the place it was offered, leaves it to the next, or stands in line again, behind its own link."""

from __future__ import annotations

from typing import assert_never

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import family_link
from festival.core.web.i18n import say
from festival.registration.blueprint import bp
from festival.registration.family.link import checked_tail, family_page_with, own_family, tail_limit
from festival.registration.offering import answering
from festival.registration.offering.answering import OfferOver, OfferTooSmall
from festival.registration.outcomes import Decision, NotComplete, NotLookedAt, NotSigned, StandsInLine, StandsInReserve
from festival.roster import rules as roster_rules
from festival.roster.outcomes import Done, QuotaFull, Stale


@bp.post("/family/line/accept")
@family_link
@tail_limit
def family_line_accept() -> ResponseReturnValue:
    """Into the place that is held: the family takes part, and has its pass."""
    tail, fits = checked_tail()
    if not fits:
        return family_page_with(tail), 422
    with transaction():
        family = own_family()
        outcome = answering.accept(roster_rules.rules_of(family.delegation.festival), family)
    flash(_told(outcome), "good" if isinstance(outcome, Done) else "warn")
    return redirect(url_for("registration.family_page"))


def _told(outcome: Decision | OfferOver | OfferTooSmall) -> str:
    match outcome:
        case Done():
            return str(_("Gia đình đã nhận chỗ và được duyệt. Mã QR ở trang của gia đình."))
        case OfferOver():
            return str(_("Lời mời này đã hết giờ hoặc đã được trả lời. Tình trạng hiện nay ở dưới đây."))
        case OfferTooSmall(held, people):
            return str(
                _(
                    "Chỗ được giữ cho %(held)s người, nay gia đình có %(people)s người. Gia đình sửa hồ sơ còn %(held)s người rồi nhận"
                    " chỗ, hoặc nhường chỗ này và chờ lượt khác.",
                    held=held,
                    people=people,
                )
            )
        case NotComplete(lacks):
            return str(
                _(
                    "Hồ sơ còn thiếu: %(what)s Bổ sung rồi nhận chỗ; chỗ vẫn được giữ đến hết giờ.",
                    what=" ".join(say(each.reason) for each in lacks),
                )
            )
        case QuotaFull(contest=contest) if contest:
            return str(
                _(
                    "Phần thi %(contest)s đã đủ người. Gia đình bỏ phần thi này trong hồ sơ rồi nhận chỗ; chỗ vẫn được giữ đến hết giờ.",
                    contest=contest,
                )
            )
        case NotSigned():
            return str(
                _(
                    "Danh sách đã ký của đơn vị chưa có gia đình đúng như hồ sơ này nên chưa nhận chỗ được. Gia đình gọi cán bộ của"
                    " đơn vị; chỗ vẫn được giữ đến hết giờ."
                )
            )
        case NotLookedAt() | StandsInReserve() | StandsInLine() | Stale() | QuotaFull():
            return str(_("Cán bộ đang xem lại hồ sơ của gia đình nên chưa nhận chỗ được. Gia đình gọi Ban Tổ chức."))
        case _:
            assert_never(outcome)


@bp.post("/family/line/decline")
@family_link
@tail_limit
def family_line_decline() -> ResponseReturnValue:
    """The place goes on to the next family."""
    tail, fits = checked_tail()
    if not fits:
        return family_page_with(tail), 422
    with transaction():
        family = own_family()
        done = answering.decline(roster_rules.rules_of(family.delegation.festival), family)
    if done:
        flash(_("Gia đình đã nhường chỗ cho gia đình kế tiếp. Đổi ý thì bấm “Xếp hàng lại”."), "good")
    else:
        flash(_told(OfferOver()), "warn")
    return redirect(url_for("registration.family_page"))


@bp.post("/family/line/again")
@family_link
@tail_limit
def family_line_again() -> ResponseReturnValue:
    """At the end of the line, for a family that let its turn go."""
    tail, fits = checked_tail()
    if not fits:
        return family_page_with(tail), 422
    with transaction():
        family = own_family()
        done = answering.stand_again(roster_rules.rules_of(family.delegation.festival), family)
    if done:
        flash(_("Gia đình đã xếp hàng lại, ở cuối hàng."), "good")
    else:
        flash(_("Gia đình không tự xếp hàng lại được lúc này. Hãy gọi Ban Tổ chức."), "warn")
    return redirect(url_for("registration.family_page"))
