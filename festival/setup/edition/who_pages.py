"""Second step: which delegations come, how many families each may send. `/office/setup/<code>/who`"""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, requires
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.i18n import say
from festival.editions.rules.document import BrokenRuleset
from festival.setup.confirming import going_back, to_confirm
from festival.setup.days import written_day
from festival.setup.edition import who_form
from festival.setup.edition.blueprint import bp
from festival.setup.edition.pasted import DelegationFate
from festival.setup.edition.stepping import notes, page, steps
from festival.setup.edition.unit_lists import Units, load_shipped, units_on
from festival.setup.edition.who_form import QUOTAS, WhoForm
from festival.setup.pieces import Document, mark
from festival.setup.saving import ChangedMeanwhile, document_of, save


@bp.get("/<code>/who")
@requires(Permission.OFFICE)
def who(code: str) -> ResponseReturnValue:
    """The list as it stands, and where to add to it."""
    document = document_of(code)
    return _page(code, document, who_form.drawn(document), _units(document))


@bp.post("/<code>/who")
@requires(Permission.OFFICE)
def who_post(code: str) -> ResponseReturnValue:
    """One form, so nothing typed is lost whatever is pressed: `do` says what is wanted."""
    do, seen = request.form.get("do", "next"), request.form.get("seen", "")
    loaded = 0
    if do == "load":
        with transaction():
            loaded = load_shipped()
    document = document_of(code)
    units = _units(document)
    form = who_form.read(document, request.form, units)
    if do == "load":
        flash(_("Đã nạp %(n)s đơn vị.", n=loaded) if loaded else _("Các danh sách này đã có từ trước."), "good")
        return _page(code, document, form, units, seen=seen)
    if do == "sort":
        who_form.sort_by_name(form)
    if do in ("list", "sort") or going_back():
        return _page(code, document, form, units, seen=seen)
    if form.errors or who_form.questions(form):
        return _page(code, document, form, units, seen=seen, looking=True), 422
    if do == "look" or not form.seen_lines:
        return _page(code, document, form, units, seen=seen, looking=True)
    return _save(code, document, form, units, do=do, seen=seen)


def _save(code: str, document: Document, form: WhoForm, units: Units, *, do: str, seen: str) -> ResponseReturnValue:
    def edit(held: Document) -> Document:
        return who_form.edited(form, held)

    looking = bool(form.lines)
    try:
        asked = to_confirm(code, edit, who_form.look, seen, title=_("Ai dự thi"), trail=steps(code, 1).trail)
        if asked:
            return asked
        with transaction():
            save(code, edit, who_form.look, seen)
    except ChangedMeanwhile as told:
        held = document_of(code)
        again = who_form.read(held, request.form, units)
        return _page(code, held, again, units, str(told.message), looking=looking, theirs=True), 409
    except BrokenRuleset as broken:
        said = " ".join(say(each.reason) for each in broken.problems)
        return _page(code, document, form, units, said, seen=seen, looking=looking), 422
    except (BadInput, Conflict) as refused:
        said = str(refused.message)
        return _page(code, document, form, units, said, seen=seen, looking=looking), refused.status
    flash(_("Đã lưu danh sách đoàn và chỉ tiêu."), "good")
    return redirect(url_for("setup.contests" if do == "next" else "setup.who", code=code))


def _units(document: Document) -> Units:
    with reading():
        return units_on(date.fromisoformat(document["festival"]["starts_on"]))


def _page(
    code: str,
    document: Document,
    form: WhoForm,
    units: Units,
    problem: str = "",
    *,
    seen: str | None = None,
    looking: bool = False,
    theirs: bool = False,
) -> str:
    return page(
        "who",
        code,
        1,
        document,
        form=form,
        units=units,
        problem=problem,
        theirs=theirs,
        seen=mark(who_form.look(document)) if seen is None else seen,
        looking=looking,
        titles={each.code: each.whole for each in units.every},
        quotas=dict(zip(QUOTAS, _quota_words(), strict=True)),
        places={f"name-{each['code']}": f"n{at}" for at, each in enumerate(form.held, start=1)},
        stands={each["code"]: each["name"] for each in form.held},
        stated=who_form.drawn(document).quotas,
        fates=DelegationFate,
        notes=notes("", "quotas", "delegations"),
        day=written_day(document["festival"]["starts_on"]),
    )


def _quota_words() -> tuple[str, str, str]:
    return (_("Số gia đình mỗi đoàn"), _("Số người mỗi gia đình"), _("Số phần thi mỗi gia đình"))
