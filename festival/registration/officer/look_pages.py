"""What an officer must look at: registrations that resemble one that is there, and links that only show."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.text import cut
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.core.web.errors import BadInput
from festival.core.web.i18n import say
from festival.registration.blueprint import bp
from festival.registration.guarding import held, resembling, tails
from festival.registration.models import HeldDecision
from festival.registration.officer.desk import Desk
from festival.registration.officer.settling import Settled, settle


@bp.get("/delegation/<code>/look")
@requires(Permission.DELEGATION)
def look(code: str) -> ResponseReturnValue:
    """The new one beside the old one, and the links that only show."""
    desk = Desk(code)
    own = desk.delegation.id
    return render_template(
        "registration/officer/look.html",
        trail=[(desk.delegation.name, url_for("registration.delegation", code=code))],
        held=held.to_look_at([own]),
        closed=tails.closed_in([own]),
        # Of a family of another delegation an officer sees the delegation, no people.
        may_see=lambda family: family.delegation_id == own,
        alike=resembling.alike,
        edit=lambda family: url_for("registration.family_edit", code=code, family=family.code),
        decide=lambda family: url_for("registration.look_decide", code=code, family=family.code),
        open_link=lambda family: url_for("registration.look_open_link", code=code, family=family.code),
    )


@bp.post("/delegation/<code>/look/<family>")
@requires(Permission.DELEGATION)
def look_decide(code: str, family: str) -> ResponseReturnValue:
    """The same family once more, or another one."""
    with transaction():
        desk = Desk(code)
        found = desk.family(family).family
        wanted, merge = decision_of_form()
        name = current_actor().name
        done = settle(desk.rules, found, wanted, acting_user(), name, merge=merge, road="officer")
    flash(*said(wanted, found.name, done))
    return redirect(url_for("registration.look", code=code))


@bp.post("/delegation/<code>/look/<family>/link")
@requires(Permission.DELEGATION)
def look_open_link(code: str, family: str) -> ResponseReturnValue:
    """The officer has spoken with the family: its link takes the digits again."""
    with transaction():
        desk = Desk(code)
        found = desk.family(family).family
        tails.open_again(desk.festival, found, acting_user())
    flash(_("Liên kết của %(name)s đã mở lại.", name=found.name), "good")
    return redirect(url_for("registration.look", code=code))


def decision_of_form() -> tuple[HeldDecision, bool]:
    """What was pressed, and whether the two are to be merged. BadInput for anything else."""
    pressed = request.form.get("decision")
    wanted = HeldDecision.SAME if pressed == "merge" else next((e for e in HeldDecision if e.value == pressed), None)
    if wanted is None:
        raise BadInput()
    return wanted, pressed == "merge"


def said(wanted: HeldDecision, name: str, done: Settled | None) -> tuple[str, str]:
    """What to tell whoever decided, and how."""
    if done is None:
        return _("Người khác vừa xem hồ sơ này trước. Chưa có gì bị ghi đè."), "warn"
    if done.taken:
        values = "; ".join(say(each) for each in done.taken[:8])
        return _("%(name)s: đã gộp. Hồ sơ còn lại nhận thêm: %(values)s.", name=name, values=cut(values, 600)), "good"
    if wanted is HeldDecision.SAME:
        return _("%(name)s: đã ghi là một nhà, hồ sơ mới đã rút. Hồ sơ cũ còn nguyên.", name=name), "good"
    return _("%(name)s: đã ghi là hồ sơ riêng, tiếp tục như mọi hồ sơ khác.", name=name), "good"
