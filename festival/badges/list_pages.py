"""All lists and counts for the organiser; one list for whoever keeps it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.badges import lists, queries
from festival.badges.blueprint import bp
from festival.badges.lists import BadgeDesk, desk_of
from festival.badges.models import BadgeList
from festival.core.database import db
from festival.core.names import fold
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires, signed_in
from festival.core.web.errors import NotFound
from festival.core.web.forms import form_number
from festival.core.web.paging import asked_part
from festival.core.web.searching import SEALED, asked_search, posted_search
from festival.editions import retention
from festival.editions.queries import the_festival
from festival.roster.delegations import delegations

LINES_A_PAGE = 50
GONE_SHOWN = 50
BADGES_A_FILE = 200


@bp.get("/office/badges")
@requires(Permission.OFFICE)
def index() -> str:
    """Every list with how many stand on it, every class with how many have it."""
    festival = the_festival()
    return render_template(
        "badges/index.html",
        festival=festival,
        counts=queries.counts_by_class(festival.id),
        lists=queries.lists_of(festival.id),
        delegations=delegations(festival.id),
        sizes=queries.sizes(festival.id),
        kept=retention.kept(festival),
    )


@bp.post("/office/badges/lists")
@requires(Permission.OFFICE)
def make_list() -> ResponseReturnValue:
    """A list of a sub-committee."""
    with transaction():
        row = lists.make_list(the_festival(), request.form.get("name", ""), acting_user())
        code, name = row.code, row.name
    flash(_("Đã thêm danh sách “%(name)s”. Thêm người ở đây.", name=name), "good")
    return redirect(url_for("badges.one_list", code=code), 303)


@bp.post("/office/badges/lists/<code>/<step>")
@requires(Permission.OFFICE)
def change_list(code: str, step: str) -> ResponseReturnValue:
    """Rename, take away, give back."""
    with transaction():
        festival = the_festival()
        row = db.session.scalar(
            select(BadgeList).where(
                BadgeList.code == code, BadgeList.festival_id == festival.id, BadgeList.delegation_id.is_(None)
            )
        )
        if row is None:
            raise NotFound()
        version, by = form_number("version"), acting_user()
        match step:
            case "rename":
                lists.rename_list(festival, row, version, request.form.get("name", ""), by)
                words = _("Danh sách giờ tên là “%(name)s”.", name=row.name)
            case "close":
                lists.close_list(festival, row, version, by)
                words = _("Đã bỏ danh sách “%(name)s”. Lấy lại được ở trang này.", name=row.name)
            case "open":
                lists.open_list(festival, row, version, by)
                words = _("Đã lấy lại danh sách “%(name)s”.", name=row.name)
            case _:
                raise NotFound()
    flash(words, "good")
    return redirect(url_for("badges.index"), 303)


@bp.get("/badges/<code>")
@signed_in
def one_list(code: str) -> str:
    """Who stands on the list, in parts; who was taken off it, to come back."""
    desk = desk_of(current_actor(), code)
    lines = queries.on_list(desk.list_id)
    gone = queries.on_list(desk.list_id, gone=True)
    asked = asked_search()
    words = fold(asked).split()
    found = [line for line in lines if all(word in f"{line.who.folded} {fold(line.who.title)}" for word in words)]
    part = asked_part(len(found), LINES_A_PAGE)
    return render_template(
        "badges/list.html",
        desk=desk,
        lines=part.of(found),
        found=len(found),
        all=len(lines),
        papers=-(-len(lines) // BADGES_A_FILE),
        part=part,
        asked=asked,
        page_url=lambda page: url_for("badges.one_list", code=code, page=page, s=request.args.get(SEALED)),
        gone=gone[:GONE_SHOWN],
        gone_more=max(0, len(gone) - GONE_SHOWN),
        imports=queries.imports_of(desk.list_id),
        kept=retention.kept(desk.festival),
    )


@bp.post("/badges/<code>/search")
@signed_in
def search(code: str) -> ResponseReturnValue:
    """The same list, only whom the words fit."""
    desk = desk_of(current_actor(), code)
    return redirect(url_for("badges.one_list", code=desk.code, s=posted_search()), 303)


def trail(desk: BadgeDesk) -> list[tuple[str, str]]:
    """The way back: the organiser's lists, or the officer's delegation; then the list."""
    if desk.organiser:
        return [
            (_("Người ngoài gia đình"), url_for("badges.index")),
            (desk.name, url_for("badges.one_list", code=desk.code)),
        ]
    return [
        (desk.name, f"/delegation/{desk.code}"),
        (_("Người đi cùng đoàn"), url_for("badges.one_list", code=desk.code)),
    ]
