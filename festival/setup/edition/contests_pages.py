"""Third step: which contests, from a whole edition of published practice or one by one. `/office/setup/<code>/contests`"""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ResultKind
from festival.contests.words import KIND_WORDS
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Permission, requires
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.forms import not_offered
from festival.core.web.i18n import say
from festival.editions.rules.document import BrokenRuleset
from festival.setup import pieces
from festival.setup.confirming import going_back, to_confirm
from festival.setup.edition.blueprint import bp
from festival.setup.edition.stepping import notes, page, steps
from festival.setup.edition.undoing import put_back, taken_out
from festival.setup.pieces import Document
from festival.setup.saving import ChangedMeanwhile, Edit, document_of, save
from festival.setup.templates import offered, pack, packs, template, with_pack, with_template

UNDO = "setup_undo"
MOST_KEPT = 3_000  # characters of a cookie that holds 4,096
# The words of the rule document for the kinds that have another name in the database.
KINDS = {kind.value: words for kind, words in KIND_WORDS.items()} | {"quiz": KIND_WORDS[ResultKind.ANSWERS]}


def _look(document: Document) -> object:
    return document.get("contests", [])


@bp.get("/<code>/contests")
@requires(Permission.CONTESTS)
def contests(code: str) -> ResponseReturnValue:
    """What is chosen, and what can be."""
    return _page(code)


@bp.post("/<code>/contests")
@requires(Permission.CONTESTS)
def contests_order(code: str) -> ResponseReturnValue:
    """In which order they are listed."""

    def edit(held: Document) -> Document:
        codes = [each["code"] for each in held["contests"]]
        place = {each: at for at, each in enumerate(codes, start=1)}

        def wanted(each: str) -> tuple[int, int]:
            number = typed_number(request.form.get(f"order-{each}", "")) or place[each]
            return number, -1 if number < place[each] else int(number > place[each])

        return pieces.with_order(held, sorted(codes, key=wanted))

    return _done(code, edit, _("Đã lưu thứ tự."))


@bp.post("/<code>/contests/pack")
@requires(Permission.CONTESTS)
def contests_pack(code: str) -> ResponseReturnValue:
    """A whole edition in one click."""
    chosen = pack(request.form.get("pack", ""))
    if chosen is None:
        raise not_offered("pack")
    return _done(code, lambda held: with_pack(held, chosen), _("Đã thêm: %(what)s.", what=say(chosen.name)))


@bp.post("/<code>/contests/add")
@requires(Permission.CONTESTS)
def contests_add(code: str) -> ResponseReturnValue:
    """One contest at the end of the list."""
    chosen = template(request.form.get("template", ""))
    if chosen is None:
        raise not_offered("template")
    return _done(code, lambda held: with_template(held, chosen), _("Đã thêm: %(what)s.", what=say(chosen.name)))


@bp.post("/<code>/contests/remove")
@requires(Permission.CONTESTS)
def contests_remove(code: str) -> ResponseReturnValue:
    """Take one out, with what speaks of it; the next page offers to put it back."""
    contest = request.form.get("contest", "")
    out = taken_out(document_of(code), contest)
    if out is None:
        return redirect(url_for("setup.contests", code=code))
    said = _("Đã bỏ phần thi «%(name)s».", name=out["piece"]["name"])
    answer = _done(code, lambda held: pieces.without_contest(held, contest), said)
    if getattr(answer, "status_code", 0) == 302:
        _keep(code, out)
    return answer


@bp.post("/<code>/contests/undo")
@requires(Permission.CONTESTS)
def contests_undo(code: str) -> ResponseReturnValue:
    """Put back what was taken out last, where it stood."""
    out = _kept(code)
    if out is None:
        flash(_("Không còn gì để hoàn tác."), "note")
        return redirect(url_for("setup.contests", code=code))
    answer = _done(code, lambda held: put_back(held, out), _("Đã lấy lại «%(name)s».", name=out["piece"]["name"]))
    if getattr(answer, "status_code", 0) == 302:
        session.pop(UNDO, None)
    return answer


def _done(code: str, edit: Edit, said: str) -> ResponseReturnValue:
    seen = request.form.get("seen", "")
    if going_back():
        return redirect(url_for("setup.contests", code=code))
    try:
        asked = to_confirm(code, edit, _look, seen, title=_("Thi những gì"), trail=steps(code, 2).trail)
        if asked:
            return asked
        with transaction():
            save(code, edit, _look, seen)
    except ChangedMeanwhile:
        told = _("Người khác vừa đổi danh sách phần thi; dưới đây là bản hiện có. Chưa ghi gì: bấm lại nếu vẫn muốn.")
        return _page(code, told), 409
    except BrokenRuleset as broken:
        return _page(code, " ".join(say(each.reason) for each in broken.problems)), 422
    except (BadInput, Conflict) as refused:
        return _page(code, str(refused.message)), refused.status
    flash(said, "good")
    return redirect(url_for("setup.contests", code=code))


def _page(code: str, problem: str = "") -> str:
    document = document_of(code)
    out = _kept(code)
    return page(
        "contests",
        code,
        2,
        document,
        problem=problem,
        seen=pieces.mark(_look(document)),
        packs=packs(),
        templates={each.code: each for each in offered()},
        kinds=KINDS,
        notes=notes("", "contests"),
        undo=out["piece"]["name"] if out else "",
        orders=request.form if problem else {},
    )


def _keep(code: str, out: dict[str, Any]) -> None:
    """In the browser's own cookie: what is taken out stands nowhere else."""
    packed = urlsafe_b64encode(zlib.compress(json.dumps([code, out], default=float).encode(), 9)).decode()
    if len(packed) <= MOST_KEPT:
        session[UNDO] = packed
    else:
        session.pop(UNDO, None)
        flash(_("Phần thi này dài quá nên không có nút lấy lại: thêm lại từ mẫu hoặc từ tệp thể lệ."), "note")


def _kept(code: str) -> dict[str, Any] | None:
    """What can be put back; the cookie is signed, so it is what `_keep` wrote."""
    packed = session.get(UNDO)
    if not packed:
        return None
    of, out = json.loads(zlib.decompress(urlsafe_b64decode(packed)))
    return out if of == code else None
