"""The organiser's page of the proposal for all panels: beside what is seated, changed by hand, checked, applied as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.assigning.proposal import Assigned, NotEnough, PanelProposed, faults, propose
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict
from festival.editions.queries import the_festival
from festival.results.assigning import planning
from festival.results.assigning.planning import PlanGround
from festival.results.blueprint import bp

Seats = dict[str, list[str]]  # by contest: logins, the chair's first


@bp.get("/office/panels")
@requires(Permission.CONTESTS)
def plan_page() -> ResponseReturnValue:
    """The proposal, or which panels cannot be filled."""
    return _page()


@bp.post("/office/panels")
@requires(Permission.CONTESTS)
def plan_post() -> ResponseReturnValue:
    """`do`: check what was typed, apply it, or take the last one back."""
    do = request.form.get("do", "check")
    try:
        with transaction():
            festival = the_festival()
            if do == "back":
                changed = planning.take_back(festival, acting_user())
                said = _("Đã trả lại như trước khi xếp: %(n)s ghế đổi.", n=changed)
            elif do == "apply":
                found = planning.ground(festival)
                changed = planning.apply(festival, found, _chosen(found, _typed(found)), acting_user())
                said = _("Đã xếp: %(n)s ghế đổi. Trả lại được cho đến khi có điểm đầu tiên.", n=changed)
            else:
                return _page(_typed(planning.ground(festival)))
    except (BadInput, Conflict) as refused:
        with reading():
            seats = _typed(planning.ground(the_festival())) if do == "apply" else None
        return _page(seats, str(refused.message)), refused.status
    flash(said, "good")
    return redirect(url_for("results.plan_page"), 303)


def _typed(found: PlanGround) -> Seats:
    return {
        panel.code: [request.form.get(f"seat-{panel.code}-{at}", "").strip() for at in range(panel.size)]
        for panel in found.panels
    }


def _chosen(found: PlanGround, seats: Seats) -> list[PanelProposed]:
    """The panels as typed; a login nobody has is nobody's, and is found by the check."""
    by_login = {login: user for user, login in found.logins.items()}
    return [
        PanelProposed(panel.code, own[0], tuple(each for each in own[1:] if each))
        for panel in found.panels
        if (own := [by_login.get(login, 0) for login in seats[panel.code]])
    ]


def _logins(found: PlanGround, panels: Sequence[PanelProposed]) -> Seats:
    return {each.code: [found.logins[who] for who in (each.chair, *each.members)] for each in panels}


def _page(typed: Seats | None = None, problem: str = "") -> str:
    festival = the_festival()
    found = planning.ground(festival)
    answer = propose(found.people, found.panels) if found.panels else Assigned(())
    proposed = _logins(found, answer.panels) if isinstance(answer, Assigned) else {}
    seats = typed or proposed or {panel.code: [""] * panel.size for panel in found.panels}
    wrong = faults(found.people, found.panels, _chosen(found, seats)) if typed else []
    by_login = {login: user for user, login in found.logins.items()}
    return render_template(
        "results/plan.html",
        festival=festival,
        panels=found.panels,
        titles=found.titles,
        names=found.names,
        people=[(found.logins[each.id], found.names[each.id]) for each in found.people],
        seats=seats,
        name_of={login: found.names[user] for login, user in by_login.items()},
        answer=answer,
        short=_short(answer, found.titles),
        loads=_loads(found, seats),
        faults=[_fault(found, *each) for each in wrong],
        checked=typed is not None,
        problem=problem,
        undo=planning.last_applied(festival) is not None,
    )


def _short(answer: Assigned | NotEnough, titles: Mapping[str, str]) -> str:
    if isinstance(answer, Assigned):
        return ""
    return str(
        _(
            "Không xếp đủ được: %(panels)s cần %(needed)s ghế (tính cả trưởng ban), mà chỉ xếp được %(there)s. Những người còn lại có"
            " quan hệ, không chấm phần thi ấy, vắng ngày ấy, đang bận cùng giờ, hoặc không có quyền trưởng ban. Thêm tài khoản giám khảo,"
            " sửa phạm vi chấm, hoặc đổi lịch.",
            panels=", ".join(titles[code] for code in answer.panels),
            needed=answer.needed,
            there=answer.there,
        )
    )


def _loads(found: PlanGround, seats: Seats) -> list[tuple[str, int]]:
    given = [login for own in seats.values() for login in own]
    loads = [(found.names[each.id], given.count(found.logins[each.id])) for each in found.people]
    return sorted((each for each in loads if each[1]), key=lambda each: (-each[1], each[0]))


def _fault(found: PlanGround, code: str, fault: str, who: int) -> str:
    named = {"contest": found.titles[code], "who": found.names.get(who, "?")}
    words = {
        "twice": _("%(contest)s: một người được ghi hai ghế.", **named),
        "short": _("%(contest)s: còn ghế trống hoặc tên đăng nhập không có.", **named),
        "cannot": _("%(contest)s: %(who)s không chấm được phần thi này.", **named),
        "tied": _("%(contest)s: %(who)s có quan hệ với đơn vị hoặc gia đình dự thi.", **named),
        "away": _("%(contest)s: %(who)s vắng vào ngày thi.", **named),
        "no_chair": _("%(contest)s: %(who)s không có quyền trưởng ban.", **named),
        "same_time": _("%(contest)s: %(who)s đang ở một ban khác cùng giờ.", **named),
    }
    return str(words[fault])
