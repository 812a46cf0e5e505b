"""The next edition is made from one that is there: asked for, looked at, made; undone by putting it away and removing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import case, select

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import say
from festival.editions.help_table import carry_help
from festival.editions.models import Festival
from festival.editions.queries import festival_by_code
from festival.editions.rules.document import BrokenRuleset
from festival.office.festival_import import read_file
from festival.setup.contest_editor.field_words import for_page
from festival.setup.days import typed_day
from festival.setup.fault_words import elsewhere
from festival.setup.faults import by_field
from festival.setup.later.blueprint import bp
from festival.setup.later.copying import copied, other_year, proposed
from festival.setup.later.successors import Heir, heirs
from festival.setup.later.words import called
from festival.setup.pieces import Document
from festival.setup.saving import begin, document_of, look_at_beginning, written

FIELDS = ("code", "name", "short_name", "ordinal")


@bp.get("/<code>/copy")
@requires(Permission.OFFICE)
def copy(code: str) -> ResponseReturnValue:
    """What the next edition is called and when it begins, proposed."""
    with reading():
        own = case((Festival.code == code, Festival.ruleset), else_=None)
        held = {row[0]: row[1] for row in db.session.execute(select(Festival.code, own))}
    document = held.get(code) or {}
    if "festival" not in document:
        raise NotFound()
    fields = proposed(document["festival"], held)
    return _page(code, document, fields | {"starts_on": _day(fields["starts_on"])})


@bp.post("/<code>/copy")
@requires(Permission.OFFICE)
def make_copy(code: str) -> ResponseReturnValue:
    """First what it would be, with every delegation to be ticked; then make it."""
    document, typed = _document(code), request.form
    first = typed_day(typed.get("starts_on", ""))
    if first is None:
        return _page(code, document, typed, {"starts_on": _("Ghi ngày khai mạc như 14/6/2027.")}), 422
    if typed.get("do") == "back":
        return _page(code, document, typed)
    with reading():
        found = festival_by_code(code)
        coming = heirs(found, first) if found else []
    kept = set(typed.getlist("keep")) if "looked" in typed else None
    made = _made(document, typed, first.isoformat(), coming, kept)
    try:
        read_file(written(made))
        if typed.get("do") != "make":
            look_at_beginning(made)
            return _look(code, document, typed, made, coming)
        with transaction():
            new = begin(made).festival
            if (old := festival_by_code(code)) is not None:
                carry_help(old, new, acting_user())
    except BrokenRuleset as broken:
        own, others = by_field(broken.problems, "$.festival")
        wrong = {key: " ".join(say(for_page(each)) for each in reasons) for key, reasons in own.items()}
        return _page(code, document, typed, wrong, [say(each) for each in elsewhere(others, made)]), 422
    except Conflict as taken:
        return _page(code, document, typed, {"code": str(taken.message)}), 409
    except BadInput as refused:
        return _page(code, document, typed, problems=[str(refused.message)]), 400
    flash(_("Đã sao chép. Ngày hội mới chưa hiện với công chúng; muốn bỏ thì cất đi rồi xóa."), "good")
    return redirect(url_for("editions.one", code=made["festival"]["code"]))


def _document(code: str) -> Document:
    document = document_of(code)
    if "festival" not in document:
        raise NotFound()
    return document


def _made(
    document: Document, typed: Mapping[str, str], first: str, coming: Sequence[Heir], kept: set[str] | None
) -> Document:
    festival = {key: " ".join(typed.get(key, "").split()) for key in FIELDS} | {"starts_on": first}
    delegations = [each for heir in coming for each in heir.new if kept is None or each["code"] in kept]
    old = document["festival"]
    note = _("Thể lệ sao chép từ %(name)s (%(code)s)", name=old["name"], code=old["code"])
    return copied(document, festival, delegations, note[:500])


def _page(
    code: str,
    document: Document,
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    problems: Sequence[str] = (),
) -> str:
    return render_template(
        "setup/copy.html",
        code=code,
        name=document["festival"]["name"],
        typed=typed,
        wrong=wrong or {},
        problems=problems,
        called=called,
    )


def _look(code: str, document: Document, typed: Mapping[str, str], made: Document, coming: Sequence[Heir]) -> str:
    festival = made["festival"]
    return render_template(
        "setup/copy_look.html",
        code=code,
        name=document["festival"]["name"],
        typed={key: typed.get(key, "") for key in (*FIELDS, "starts_on")},
        festival=festival,
        days={
            key: _day(festival[key])
            for key in ("starts_on", "ends_on", "registration_closes_on", "data_kept_until")
            if key in festival
        },
        contests=[each["name"] for each in made["contests"]],
        coming=coming,
        other_year=other_year(festival["name"], festival["starts_on"]),
        ended=[each for each in coming if not each.same],
    )


def _day(day: str) -> str:
    year, month, of_month = day.split("-")
    return f"{int(of_month)}/{int(month)}/{year}"
