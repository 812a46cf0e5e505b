"""The organiser's pages of invitations: a delegation's link with its QR, and everybody who asked for an account by one."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core import qr
from festival.core.clock import now
from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.text import cut
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput
from festival.core.web.forms import form_number
from festival.core.web.i18n import day
from festival.core.web.paging import asked_part
from festival.editions.queries import current_festival
from festival.registration.blueprint import bp
from festival.registration.inviting import asking, links
from festival.registration.inviting.asking import request_by_code
from festival.registration.inviting.models import AccountRequest, AskedState
from festival.roster import delegations
from festival.roster.models import Delegation

LONGEST_REASON = 200
A_PAGE = 25


@bp.get("/office/delegations/<code>/invitation")
@requires(Permission.ACCOUNTS)
def invitation(code: str) -> ResponseReturnValue:
    """The link to share: address, QR, until when, how often it was used."""
    delegation = delegations.delegation_by_code(code)
    row = links.invitation_of(delegation.id)
    address = picture = text = ""
    stands = row is not None and row.revoked_at is None and row.expires_at > now()
    if row is not None and stands:
        path = url_for("registration.join", code=links.invitation_code(row))
        address = f"{current_app.config['FESTIVAL'].public_url}{path}"
        looked(SecurityKind.EXPORT, what="invitation", delegation=delegation.code)
        picture = qr.svg(address, level="M", label=_("Mã QR mời cán bộ của %(name)s", name=delegation.name))
        text = _(
            "%(festival)s: mời cán bộ của %(name)s mở liên kết này để xin tài khoản đăng ký gia đình, trước ngày %(day)s. %(address)s",
            festival=delegation.festival.short_name or delegation.festival.name,
            name=delegation.name,
            day=day(row.expires_at),
            address=address,
        )
    return render_template(
        "registration/inviting/invitation.html",
        delegation=delegation,
        row=row,
        stands=stands,
        used=links.used(row) if row else 0,
        address=address,
        picture=picture,
        text=text,
        days=[(each, _("%(n)s ngày", n=each)) for each in links.DAYS],
    )


@bp.post("/office/delegations/<code>/invitation")
@requires(Permission.ACCOUNTS)
def invitation_make(code: str) -> ResponseReturnValue:
    """The first link, or a new one in its place."""
    days = typed_number(request.form.get("days", ""))
    if days not in links.DAYS:
        raise BadInput(_("Chọn số ngày liên kết dùng được. Chưa có gì được ghi."))
    with transaction():
        delegation = delegations.delegation_by_code(code)
        seen = form_number("seen")
        links.make_invitation(delegation, days, seen, acting_user())
    words = _("Đã đổi liên kết mời. Liên kết cũ không còn mở được.") if seen else _("Đã tạo liên kết mời.")
    flash(words, "good")
    return redirect(url_for("registration.invitation", code=code), 303)


@bp.post("/office/delegations/<code>/invitation/revoke")
@requires(Permission.ACCOUNTS)
def invitation_revoke(code: str) -> ResponseReturnValue:
    """The link leads nowhere; it can be opened again."""
    with transaction():
        links.revoke(delegations.delegation_by_code(code), form_number("seen"), acting_user())
    flash(_("Đã thu hồi liên kết mời. Ai mở cũng chỉ thấy là liên kết không dùng được."), "good")
    return redirect(url_for("registration.invitation", code=code), 303)


@bp.post("/office/delegations/<code>/invitation/reopen")
@requires(Permission.ACCOUNTS)
def invitation_reopen(code: str) -> ResponseReturnValue:
    """The same link leads on again, until the day it had."""
    with transaction():
        links.revoke(delegations.delegation_by_code(code), form_number("seen"), acting_user(), back=True)
    flash(_("Liên kết mời dùng lại được như trước."), "good")
    return redirect(url_for("registration.invitation", code=code), 303)


@bp.get("/office/joining")
@requires(Permission.ACCOUNTS)
def joining() -> ResponseReturnValue:
    """Who asked for an account: those that wait first."""
    festival = current_festival()
    found = asking.requests_of(festival.id) if festival else []
    phones = [each.phone for each in found if each.state is AskedState.WAITING]
    part = asked_part(len(found), A_PAGE)
    return render_template(
        "registration/inviting/joining.html",
        festival=festival,
        listed=part.of(found),
        part=part,
        part_url=lambda number: url_for("registration.joining", page=number),
        waiting=len(phones),
        twice={each for each in phones if phones.count(each) > 1},
        states=AskedState,
    )


def _decide(asked: str, deed: Callable[[AccountRequest, int], None]) -> Delegation:
    with transaction():
        found = request_by_code(asked)
        deed(found, form_number("seen"))
        return found.delegation


@bp.post("/office/joining/<asked>/confirm")
@requires(Permission.ACCOUNTS)
def joining_confirm(asked: str) -> ResponseReturnValue:
    """Name and phone are right: the account is there."""
    delegation = _decide(asked, lambda found, seen: asking.confirm(found, seen, acting_user()))
    flash(_("Đã xác nhận: tài khoản đăng nhập được và phụ trách %(name)s.", name=delegation.name), "good")
    return redirect(url_for("registration.joining"), 303)


@bp.post("/office/joining/<asked>/refuse")
@requires(Permission.ACCOUNTS)
def joining_refuse(asked: str) -> ResponseReturnValue:
    """Not this one; whoever asked reads why."""
    reason = cut(" ".join(request.form.get("reason", "").split()), LONGEST_REASON).rstrip(".")
    if not reason:
        raise BadInput(_("Ghi lý do không nhận: người xin sẽ đọc. Chưa có gì được ghi."))
    _decide(asked, lambda found, seen: asking.refuse(found, reason, seen, acting_user()))
    flash(_("Đã ghi là không nhận. Nhầm thì bấm “Xét lại”."), "good")
    return redirect(url_for("registration.joining"), 303)


@bp.post("/office/joining/<asked>/again")
@requires(Permission.ACCOUNTS)
def joining_again(asked: str) -> ResponseReturnValue:
    """Take it back: it waits again."""
    _decide(asked, lambda found, seen: asking.wait_again(found, seen, acting_user()))
    flash(_("Yêu cầu chờ xác nhận trở lại."), "good")
    return redirect(url_for("registration.joining"), 303)
