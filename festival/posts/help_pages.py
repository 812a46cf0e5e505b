"""The table of help lines: changed as a whole, an earlier one taken again, the national lines again."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.numbers import typed_number
from festival.core.text import clean
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.forms import form_number
from festival.editions.help_lines import LONGEST, MOST_NUMBERS, HelpNumber, numbers_of
from festival.editions.help_table import help_numbers, take_help_again, write_help
from festival.editions.queries import the_festival
from festival.posts.blueprint import bp

EMPTY_LINES = 2


@bp.get("/office/help-lines")
@requires(Permission.OFFICE)
def help_table() -> ResponseReturnValue:
    """The lines as they stand, two empty ones below, and how the table stood before."""
    festival = the_festival()
    lines = help_numbers(festival)
    row = festival.help_table
    before = [
        {**each, "at": datetime.fromisoformat(each["at"]), "lines": numbers_of(each["lines"])}
        for each in reversed(row.earlier if row else [])
    ]
    empty = min(EMPTY_LINES, MOST_NUMBERS - len(lines))
    return render_template(
        "posts/help_lines.html",
        festival=festival,
        version=row.version if row else 0,
        lines=[*lines, *([HelpNumber("", "")] * empty)],
        own=row is not None and row.lines is not None,
        before=before,
        longest=LONGEST,
    )


@bp.post("/office/help-lines")
@requires(Permission.OFFICE)
def write_help_table() -> ResponseReturnValue:
    """These from now on."""
    with transaction():
        write_help(the_festival(), _typed_lines(), form_number("version"), acting_user())
    flash(_("Đã lưu bảng số gọi. Trang công khai, trang gia đình và các bài viết dùng bảng này."), "good")
    return redirect(url_for("posts.help_table"), 303)


@bp.post("/office/help-lines/standard")
@requires(Permission.OFFICE)
def standard_help_table() -> ResponseReturnValue:
    """The national lines again."""
    with transaction():
        write_help(the_festival(), None, form_number("version"), acting_user())
    flash(_("Bảng số gọi về lại các số quốc gia. Bảng trước lấy lại được ở dưới."), "good")
    return redirect(url_for("posts.help_table"), 303)


@bp.post("/office/help-lines/again")
@requires(Permission.OFFICE)
def take_help_table_again() -> ResponseReturnValue:
    """An earlier table."""
    with transaction():
        take_help_again(the_festival(), form_number("take"), form_number("version"), acting_user())
    flash(_("Đã lấy lại bảng trước."), "good")
    return redirect(url_for("posts.help_table"), 303)


def _typed_lines() -> list[HelpNumber]:
    """The lines that say anything, by their typed order."""

    def said(name: str, at: int) -> str:
        return " ".join(clean(request.form.get(f"{name}-{at}", "")).split())

    found = []
    for at in range(1, MOST_NUMBERS + EMPTY_LINES + 1):
        texts = {name: said(name, at) for name in LONGEST}
        if any(texts.values()) and f"drop-{at}" not in request.form:
            place = typed_number(said("place", at))
            line = HelpNumber(**texts, on_card=f"on_card-{at}" in request.form)
            found.append((at if place is None else place, at, line))
    return [line for _place, _at, line in sorted(found, key=lambda each: each[:2])]
