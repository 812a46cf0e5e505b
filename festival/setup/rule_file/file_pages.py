"""The pages of the rule file: out of an edition, into it after a look at what would change, and into a new one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, requires
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.office.festival_import import FestivalFile
from festival.setup.differences import differences
from festival.setup.path_words import path_words
from festival.setup.pieces import Document, mark
from festival.setup.rule_file.given import NotTaken, given
from festival.setup.saving import ChangedMeanwhile, begin, document_of, look_at_beginning, preview, save, written

bp = Blueprint("setup_file", __name__, url_prefix="/office/setup")


@bp.get("/<code>/file")
@requires(Permission.OFFICE)
def one(code: str) -> ResponseReturnValue:
    """The rule file of an edition: take it out, give another."""
    return _file_page(code, document_of(code))


@bp.get("/<code>/file/download")
@requires(Permission.OFFICE)
def download(code: str) -> ResponseReturnValue:
    """The rules exactly as they are stored; giving this file back changes nothing."""
    body = json.dumps(document_of(code), ensure_ascii=False, indent=2) + "\n"
    answer = Response(body, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<code>/file")
@requires(Permission.OFFICE)
def look(code: str) -> ResponseReturnValue:
    """What the given file would change; nothing is written."""
    stands = document_of(code)
    file = given()
    if isinstance(file, NotTaken):
        return _file_page(code, stands, file), 422
    if file.ruleset.festival.code != code:
        return _other(code, stands, file)
    return _preview_page(code, stands, file.document)


@bp.post("/<code>/file/take")
@requires(Permission.OFFICE)
def take(code: str) -> ResponseReturnValue:
    """Write what was shown, if it is still what was shown."""
    stands = document_of(code)
    file = given()
    if isinstance(file, NotTaken):
        return _file_page(code, stands, file), 422
    if file.ruleset.festival.code != code:
        return _other(code, stands, file)
    document, seen = dict(file.document), request.form.get("seen", "")
    try:
        follows = preview(code, lambda _: document).follows
        if request.form.get("told") != mark([str(each) for each in follows]):
            return _preview_page(code, stands, document, _("Từ lúc xem đã có thay đổi khác. Xem lại rồi ghi."))
        with transaction():
            save(code, lambda _: document, dict, seen)
    except ChangedMeanwhile:
        said = _("Người khác vừa lưu thể lệ này. Chưa ghi gì: dưới đây là điều tệp sẽ đổi ở bản mới nhất.")
        return _preview_page(code, document_of(code), document, said)
    except (BadInput, Conflict) as refused:
        return _refused(code, stands, document, refused)
    flash(_("Đã ghi thể lệ theo tệp."), "good")
    return redirect(url_for("setup_file.one", code=code))


@bp.get("/new/file")
@requires(Permission.OFFICE)
def new() -> ResponseReturnValue:
    """A new edition from a file."""
    return _new_page()


@bp.post("/new/file")
@requires(Permission.OFFICE)
def new_look() -> ResponseReturnValue:
    """What edition the file would make; nothing is written."""
    file = given()
    if isinstance(file, NotTaken):
        return _new_page(file), 422
    if (name := _name_of(file.ruleset.festival.code)) is not None:
        return _there_already(file, name)
    try:
        look_at_beginning(dict(file.document))
    except (BadInput, Conflict) as refused:
        return _new_page(problem=str(refused.message), text=_pretty(file.document)), refused.status
    return render_template("setup/file_new.html", rules=file.ruleset, document=written(dict(file.document)).decode())


@bp.post("/new/file/take")
@requires(Permission.OFFICE)
def new_take() -> ResponseReturnValue:
    """Make it."""
    file = given()
    if isinstance(file, NotTaken):
        return _new_page(file), 422
    code = file.ruleset.festival.code
    try:
        with transaction():
            begin(dict(file.document))
    except Conflict as refused:
        if (name := _name_of(code)) is not None:
            return _there_already(file, name)
        return _new_page(problem=str(refused.message), text=_pretty(file.document)), refused.status
    except BadInput as refused:
        return _new_page(problem=str(refused.message), text=_pretty(file.document)), refused.status
    flash(_("Đã tạo ngày hội từ tệp."), "good")
    return redirect(url_for("editions.one", code=code))


def _file_page(
    code: str, stands: Document, refused: NotTaken | None = None, *, problem: str = "", text: str = ""
) -> str:
    return render_template(
        "setup/file.html",
        code=code,
        name=stands["festival"]["name"],
        action=url_for("setup_file.look", code=code),
        refused=refused,
        words=path_words,
        problem=problem,
        text=refused.text if refused else text,
    )


def _new_page(refused: NotTaken | None = None, *, problem: str = "", text: str = "") -> str:
    return render_template(
        "setup/file.html",
        code="",
        name=_("Ngày hội mới từ tệp"),
        action=url_for("setup_file.new_look"),
        refused=refused,
        words=path_words,
        problem=problem,
        text=refused.text if refused else text,
    )


def _preview_page(
    code: str, stands: Document, given_document: Mapping[str, Any], alert: str = ""
) -> ResponseReturnValue:
    document = dict(given_document)
    try:
        found = preview(code, lambda _: document)
    except (BadInput, Conflict) as refused:
        return _refused(code, stands, document, refused)
    differ = differences(stands, document)
    groups = [
        (say(where), [each.said for each in those]) for where, those in groupby(differ, key=lambda each: each.where)
    ]
    page = render_template(
        "setup/file_preview.html",
        code=code,
        name=stands["festival"]["name"],
        alert_words=alert,
        groups=groups,
        count=len(differ),
        follows=found.follows,
        document=written(document).decode(),
        seen=mark(stands),
        told=mark([str(each) for each in found.follows]),
    )
    return (page, 409) if alert else page


def _refused(code: str, stands: Document, document: Document, refused: BadInput | Conflict) -> ResponseReturnValue:
    """What an import refuses is told above the box that holds the file."""
    return _file_page(code, stands, problem=str(refused.message), text=_pretty(document)), refused.status


def _other(code: str, stands: Document, file: FestivalFile) -> ResponseReturnValue:
    """The file speaks of another edition: is that one meant, or a new one?"""
    other = file.ruleset.festival
    return render_template(
        "setup/file_other.html",
        code=code,
        name=stands["festival"]["name"],
        other=other,
        known=_name_of(other.code) is not None,
        document=written(dict(file.document)).decode(),
    ), 409


def _there_already(file: FestivalFile, name: str) -> ResponseReturnValue:
    """The file of an edition that is there was given as a new one."""
    return render_template(
        "setup/file_other.html",
        code="",
        name=name,
        other=file.ruleset.festival,
        known=True,
        document=written(dict(file.document)).decode(),
    ), 409


def _name_of(code: str) -> str | None:
    with reading():
        return db.session.scalars(select(Festival.name).where(Festival.code == code)).one_or_none()


def _pretty(document: Mapping[str, Any]) -> str:
    """As a person mends it in the box."""
    return json.dumps(json.loads(written(dict(document))), ensure_ascii=False, indent=2)
