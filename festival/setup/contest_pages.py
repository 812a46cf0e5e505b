"""The organiser's pages on which a contest is made and changed.

A button that changes rows draws the page again from what was typed and saves nothing; the script sends the same form and puts
the answer into the page (static/js/setup/contest.js).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import Contest, ContestState
from festival.contests.queries import contest_of_edition
from festival.core.sentence import Sentence
from festival.core.transaction import transaction
from festival.core.web.access import Permission, requires
from festival.core.web.errors import BadInput, Conflict, NotFound, Refusal
from festival.core.web.forms import not_offered
from festival.core.web.i18n import say
from festival.editions.rules.document import BrokenRuleset
from festival.editions.rules.kinds import ResultKindRule
from festival.setup.confirming import going_back, to_confirm
from festival.setup.contest_editor.choices import CHOICES, KINDS
from festival.setup.contest_editor.field_words import LABELS, beside_fields, label, row_of
from festival.setup.contest_editor.notes import notes
from festival.setup.contest_editor.piece import belongs, said, shown, usable
from festival.setup.contest_editor.typed import Typed, new_row, pressed, settled, typed, without_blanks
from festival.setup.contest_editor.view import differences, started, view
from festival.setup.contest_order import codes, moved, put_back, replaced, speaking_of, taken_out
from festival.setup.fault_words import elsewhere
from festival.setup.fitting import fitted, with_whole
from festival.setup.pieces import Document, Piece, mark, with_contest, without_contest
from festival.setup.pieces import contest as contest_in
from festival.setup.saving import ChangedMeanwhile, Edit, document_of, save
from festival.setup.templates import Template, offered, template, with_template
from festival.setup.trying.trial_pages import of_piece

bp = Blueprint("setup_contests", __name__, url_prefix="/office/setup/<code>")

SAVE, DRAW, TRY = "save", "draw", "try"


@dataclass(slots=True)
class EditorPage:
    """A page of a contest: what is typed on it, and what is wrong with that."""

    edition: str
    document: Document
    page: Typed
    contest: str | None = None  # the code by which it stands in the document; None while it is new
    seen: str = ""
    focus: str = ""
    wrong: Mapping[str, list[Sentence]] = field(default_factory=dict)
    others: list[Sentence] = field(default_factory=list)
    refused: str = ""
    theirs: Piece | None = None


@bp.get("/contests/new")
@requires(Permission.CONTESTS)
def new(code: str) -> ResponseReturnValue:
    """Which contest to start from; with an answer in the address, the page of the contest it makes."""
    document = document_of(code)
    piece = _beginning(document)
    if piece is None:
        return render_template(
            "setup/contest_new.html", edition=code, document=document, templates=offered(), kinds=KINDS
        )
    return _draw(EditorPage(code, document, shown(piece)))


@bp.post("/contests/new")
@requires(Permission.CONTESTS)
def new_post(code: str) -> ResponseReturnValue:
    """Draw it again, or save it as the last contest of the edition."""
    document = document_of(code)
    drawn = EditorPage(code, document, typed(request.form.items(multi=True)))
    return _acted(drawn, _beginning(document) or {})


@bp.post("/contests/take")
@requires(Permission.CONTESTS)
def take(code: str) -> ResponseReturnValue:
    """A template as it is, in one press."""
    chosen = template(request.form.get("template", ""))
    if chosen is None:
        raise not_offered("template")
    try:
        with transaction():
            save(code, lambda document: with_template(document, chosen))
    except BrokenRuleset as broken:
        raise BadInput(_unreadable(broken)) from broken
    flash(_("Đã thêm phần thi “%(name)s”.", name=say(chosen.name)), "good")
    return redirect(url_for(".new", code=code))


@bp.get("/contest/<contest>")
@requires(Permission.CONTESTS)
def edit(code: str, contest: str) -> ResponseReturnValue:
    """A contest as it stands, every part of it to change."""
    document = document_of(code)
    piece = _stands(document, contest)
    return _draw(EditorPage(code, document, shown(piece), contest, mark(piece)))


@bp.post("/contest/<contest>")
@requires(Permission.CONTESTS)
def edit_post(code: str, contest: str) -> ResponseReturnValue:
    """Draw it again, or save it in its place."""
    document = document_of(code)
    drawn = EditorPage(code, document, typed(request.form.items(multi=True)), contest, request.form.get("seen", ""))
    return _acted(drawn, contest_in(document, contest) or {})


@bp.post("/contest/<contest>/move")
@requires(Permission.CONTESTS)
def move(code: str, contest: str) -> ResponseReturnValue:
    """One place up or down among the contests."""
    by = -1 if request.form.get("to") == "up" else 1
    _stands(document_of(code), contest)
    return _changed(code, contest, lambda document: moved(document, contest, by), _("Đã đổi thứ tự các phần thi."))


@bp.get("/contest/<contest>/remove")
@requires(Permission.CONTESTS)
def remove(code: str, contest: str) -> ResponseReturnValue:
    """Asks, saying what goes with it."""
    document = document_of(code)
    piece = _stands(document, contest)
    prizes, rungs = speaking_of(document, contest)
    return render_template(
        "setup/contest_remove.html", edition=code, piece=piece, prizes=prizes, rungs=rungs, seen=mark(piece), kept=None
    )


@bp.post("/contest/<contest>/remove")
@requires(Permission.CONTESTS)
def remove_post(code: str, contest: str) -> ResponseReturnValue:
    """Take it out; the answer holds the way back."""
    kept: list[Piece] = []

    def without(document: Document) -> Document:
        kept.append(taken_out(document, contest))
        return without_contest(document, contest)

    _stands(document_of(code), contest)
    refused = _refusal(code, without, contest, request.form.get("seen", ""))
    if refused:
        flash(refused, "bad")
        return redirect(url_for(".edit", code=code, contest=contest))
    return render_template(
        "setup/contest_remove.html",
        edition=code,
        piece=kept[0]["contest"],
        prizes=[],
        rungs=0,
        seen="",
        kept=json.dumps(kept[0], ensure_ascii=False),
    )


@bp.post("/contests/restore")
@requires(Permission.CONTESTS)
def restore(code: str) -> ResponseReturnValue:
    """Put back what was taken out a moment ago."""
    kept = _kept()
    contest = str(kept["contest"]["code"])
    refused = _refusal(code, lambda document: put_back(document, kept))
    if refused:
        flash(refused, "bad")
        return redirect(url_for(".new", code=code))
    flash(_("Đã lấy phần thi “%(name)s” ra lại.", name=kept["contest"].get("name", contest)), "good")
    return redirect(url_for(".edit", code=code, contest=contest))


# ------------------------------------------------------------------------------------------------ what they share


def _beginning(document: Document) -> Piece | None:
    """What the address says a new contest starts from: a template, another contest, a kind. NotFound for none of ours."""
    asked = request.args
    if "template" in asked:
        chosen = template(asked["template"])
        if chosen is None:
            raise NotFound()
        return fitted(chosen.piece, document)
    if "copy" in asked:
        piece = fitted(_stands(document, asked["copy"]), document)
        return piece | {"name": _("%(name)s (bản sao)", name=piece["name"])}
    if "kind" in asked:
        if asked["kind"] not in KINDS:
            raise NotFound()
        piece = fitted(started(asked["kind"]), document)
        return piece | {"code": ""}
    return None


def _stands(document: Document, contest: str) -> Piece:
    piece = contest_in(document, contest)
    if piece is None:
        raise NotFound(_("Ngày hội không còn phần thi này: có thể ai đó vừa xóa hoặc đổi mã."))
    return piece


def _acted(drawn: EditorPage, was: Piece) -> ResponseReturnValue:
    page, button = drawn.page, request.form.get("do", SAVE)
    others = [each for each in drawn.document.get("contests", []) if each.get("code") != drawn.contest]
    parts = {each["part"]["code"]: each["part"]["name"] for each in others if each.get("part")}
    settled(page, [each["code"] for each in others], parts)
    if going_back() or button == DRAW:
        return _draw(drawn)
    if button == TRY:
        without_blanks(page)
        return of_piece(drawn.edition, drawn.document, said(page, was))
    if button != SAVE:
        drawn.focus = pressed(page, button)
        settled(page, [each["code"] for each in others], parts)
        return _draw(drawn)
    without_blanks(page)
    return _saved(drawn, said(page, was))


def _saved(drawn: EditorPage, piece: Piece) -> ResponseReturnValue:
    places: list[int] = []

    def edit(document: Document) -> Document:
        changed = _with(document, piece, drawn.contest)
        stood = codes(document)
        places[:] = [stood.index(drawn.contest) if drawn.contest in stood else len(stood)]
        return changed

    def look(document: Document) -> object:
        return contest_in(document, drawn.contest) if drawn.contest else None

    seen = drawn.seen if drawn.contest else mark(None)
    title = _("Phần thi: %(name)s", name=piece.get("name", ""))
    try:
        if asked := to_confirm(drawn.edition, edit, look, seen, title=title):
            return asked
        with transaction():
            save(drawn.edition, edit, look, seen)
    except BrokenRuleset as broken:
        rungs = len(usable(drawn.page["ties"], drawn.page["kind"]))
        drawn.wrong, others = beside_fields(broken.problems, places[0], rungs)
        drawn.others = elsewhere(others, drawn.document)
        return _draw(drawn), 400
    except ChangedMeanwhile as changed:
        drawn.refused, drawn.theirs, drawn.seen = str(changed.message), changed.theirs, mark(changed.theirs)
        if drawn.theirs is None:
            drawn.refused = _(
                "Phần thi này vừa bị xóa. Nội dung đã gõ vẫn ở đây: lưu lần nữa thì phần thi được thêm lại."
            )
        return _draw(drawn), changed.status
    except (BadInput, Conflict) as refused:
        drawn.refused = str(refused.message)
        return _draw(drawn), refused.status
    flash(_("Đã lưu phần thi “%(name)s”.", name=piece["name"]), "good")
    return redirect(url_for(".edit", code=drawn.edition, contest=piece["code"]))


def _with(document: Document, piece: Piece, contest: str | None) -> Document:
    if contest is not None:
        return replaced(document, piece, contest)
    chosen: Template | None = template(request.args.get("template", ""))
    return with_whole(with_contest(document, piece), {}, (), chosen.sources if chosen else ())


def _refusal(code: str, change: Edit, contest: str = "", seen: str = "") -> str:
    """Save the changed document; what stands in the way, in words, else nothing."""
    try:
        with transaction():
            save(code, change, (lambda document: contest_in(document, contest)) if seen else None, seen)
    except ChangedMeanwhile:
        return str(_("Người khác vừa sửa phần thi này. Chưa làm gì: xem lại rồi làm lần nữa."))
    except BrokenRuleset as broken:
        return _unreadable(broken)
    except Refusal as refused:
        return str(refused.message)
    return ""


def _changed(code: str, contest: str, change: Edit, done: str) -> ResponseReturnValue:
    refused = _refusal(code, change)
    flash(refused or done, "bad" if refused else "good")
    return redirect(url_for(".edit", code=code, contest=contest))


def _unreadable(broken: BrokenRuleset) -> str:
    return " ".join(say(each) for each in elsewhere(broken.problems))


def _kept() -> Piece:
    """What the form with the way back carries; whatever is not its shape is refused, what is not sound by the save."""
    try:
        kept = json.loads(request.form.get("kept", ""))
        pairs = [*kept["special_prizes"], *kept["ties"]]
        sound = isinstance(kept["at"], int) and isinstance(kept["contest"]["code"], str)
        if sound and all(isinstance(place, int) and isinstance(each, dict) for place, each in pairs):
            return dict(kept)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise BadInput()


def _draw(drawn: EditorPage) -> str:
    page, document = drawn.page, drawn.document
    if page["kind"] == ResultKindRule.RUBRIC and not page["criteria"]:
        page["criteria"] = [new_row("criteria") | {"step": "0,25"}]
    held: Contest | None = contest_of_edition(drawn.edition, drawn.contest) if drawn.contest else None
    order = codes(document)
    addable = {
        each["code"]: each["name"]
        for each in document.get("contests", [])
        if each["code"] != drawn.contest and each["kind"] != ResultKindRule.SUM
    }
    whole = document.get("whole_delegation")
    page["places"] = page["places"] or str(len(page["place_points"]) or len(document.get("delegations") or ()) or 10)
    return render_template(
        "setup/_contest_form.html" if request.form.get("fragment") else "setup/contest.html",
        drawn=drawn,
        page=page,
        view=view(page, addable),
        addable=addable,
        in_sums=any(each["kind"] == ResultKindRule.SUM for each in document.get("contests", [])),
        choices=CHOICES,
        labels=LABELS,
        label=label,
        row_of=row_of,
        belongs=lambda key: belongs(key, page["kind"]),
        differences=differences(drawn.theirs, page) if drawn.theirs else [],
        headings=sorted({each["part"]["name"] for each in document.get("contests", []) if each.get("part")}),
        whole=whole["sum"] if whole else "",
        notes=_notes(held),
        first=order[:1] == [drawn.contest],
        last=order[-1:] == [drawn.contest],
    )


def _notes(held: Contest | None) -> Mapping[str, tuple[Sentence, ...]]:
    """Beside each field until when it may change; nothing while the contest is new."""
    if held is None:
        return {}
    signed = held.state not in (ContestState.OPEN, ContestState.LOCKED)
    return notes(held.rules_fixed_at is not None, signed, held.state is ContestState.PUBLISHED)
