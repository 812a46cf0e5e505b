"""The organiser's pages of who can judge what, and on which days: said, changed, taken back by one step."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.paging import asked_part
from festival.editions.queries import the_festival
from festival.judging.panel.scopes import ScopeSaid, say_scope, undo_scope
from festival.results.assigning.scopes import choices_of, line_of, lines_of
from festival.results.blueprint import bp

AT_ONCE = 50
ALL, SOME = "all", "some"


@bp.get("/office/scopes")
@requires(Permission.CONTESTS)
def scopes_page() -> ResponseReturnValue:
    """Everybody who may judge, with what was said of each."""
    festival = the_festival()
    lines, choices = lines_of(festival), choices_of(festival)
    part = asked_part(len(lines), AT_ONCE)
    return render_template(
        "results/scopes.html",
        festival=festival,
        lines=[(each, choices.told(each.said)) for each in part.of(lines)],
        part=part,
    )


@bp.get("/office/scopes/<int:user_id>")
@requires(Permission.CONTESTS)
def scope_page(user_id: int) -> ResponseReturnValue:
    """What one of them can judge."""
    festival = the_festival()
    return _page(user_id, line_of(festival, user_id).said)


@bp.post("/office/scopes/<int:user_id>")
@requires(Permission.CONTESTS)
def scope_post(user_id: int) -> ResponseReturnValue:
    """`do`: say, undo."""
    form = request.form
    version = typed_number(form.get("version", "")) or 0
    said = ScopeSaid(_ticked("contests"), _ticked("days"), version)
    try:
        with transaction():
            festival = the_festival()
            line = line_of(festival, user_id)
            if form.get("do") != "undo":
                _refuse_both()
            if form.get("do") == "undo":
                undo_scope(festival.id, user_id, version, acting_user())
                told = _("Đã trả lại phạm vi chấm trước đó của %(who)s.", who=line.name)
            elif say_scope(festival.id, user_id, said, choices_of(festival).known, acting_user()):
                told = _("Đã ghi phạm vi chấm của %(who)s. Đề nghị xếp ban tính theo đó.", who=line.name)
            else:
                told = _("Không có gì thay đổi.")
    except (BadInput, Conflict) as refused:
        with reading():
            return _page(user_id, said, str(refused.message)), refused.status
    flash(told, "good")
    if form.get("do") != "undo" and frozenset() in (said.contests, said.days):
        flash(_("%(who)s không được xếp vào ban nào: chưa đánh dấu phần thi hoặc ngày nào.", who=line.name), "warn")
    return redirect(url_for("results.scopes_page"), 303)


def _ticked(name: str) -> frozenset[str] | None:
    """None: all of them."""
    return None if request.form.get(name, ALL) != SOME else frozenset(request.form.getlist(f"{name}-some"))


def _boxes(name: str, said: frozenset[str] | None) -> frozenset[str]:
    """What is ticked: as it was sent, else as it was said."""
    return frozenset(request.form.getlist(f"{name}-some")) if request.method == "POST" else said or frozenset()


def _refuse_both() -> None:
    """Boxes that are ticked beside «every» would be forgotten without a word."""
    if any(
        request.form.get(name, ALL) != SOME and request.form.getlist(f"{name}-some") for name in ("contests", "days")
    ):
        raise BadInput(_("Vừa chọn «mọi» vừa đánh dấu riêng từng mục. Giữ một trong hai rồi ghi lại."))


def _page(user_id: int, said: ScopeSaid, problem: str = "") -> str:
    festival = the_festival()
    line, choices = line_of(festival, user_id), choices_of(festival)
    return render_template(
        "results/scope.html",
        line=line,
        said=said,
        ticked=_boxes("contests", said.contests),
        days_ticked=_boxes("days", said.days),
        before=None if line.said.before is None else choices.told(line.said.before),
        choices=choices,
        problem=problem,
    )
