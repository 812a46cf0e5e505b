"""The organiser gives the special prizes of the whole festival: who is proposed by which fact, given, taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests import queries as contest_queries
from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.results.awarding.proposed import proposed_specials, special_rules
from festival.results.blueprint import bp
from festival.results.current import current_tables, tallies_for_results
from festival.results.decide import give_special
from festival.results.models import Award
from festival.results.panel_pages import NOBODY
from festival.roster.models import Entry


@bp.get("/office/special-awards")
@requires(Permission.RELEASE)
def special_awards() -> ResponseReturnValue:
    """Every special prize of no single contest. Only who performed in a contest that is locked is proposed."""
    festival = the_festival()
    contests = contest_queries.contests(festival.id)
    locked = [each for each in contests if each.state is not ContestState.OPEN]
    tallies = tallies_for_results(locked)
    tables = current_tables(tallies.values())
    wide = [each for each in special_rules(festival) if each.contest is None]
    names = {
        code: f"{appearance.name} ({table.contest.name})"
        for table in tables.values()
        for code, appearance in table.appearances.items()
    }
    return render_template(
        "results/awarding/special_awards.html",
        specials=proposed_specials(festival, wide, [(tallies[each.id], tables[each.id]) for each in locked]),
        labels=names,
        open_contests=[each.name for each in contests if each.state is ContestState.OPEN],
        may_receive={
            code
            for table in tables.values()
            if table.contest.state is ContestState.LOCKED
            for code in table.appearances
        },
        nobody=NOBODY,
    )


@bp.post("/office/special-awards")
@requires(Permission.RELEASE)
def give_special_award() -> ResponseReturnValue:
    """One of them to an entry, or on purpose to nobody: then it is taken back."""
    prize, entry = request.form.get("prize", ""), request.form.get("entry", "")
    code = "".join(request.form.get("code", "").split()).upper()
    if bool(entry) == bool(code):
        raise BadInput(_("Chọn một dòng, hoặc gõ mã của một tiết mục khác; muốn bỏ giải, chọn dòng không trao."))
    entry = entry or code
    with reading():
        festival = the_festival()
        if prize not in {each.name for each in special_rules(festival) if each.contest is None}:
            raise BadInput(_("Tên giải không có trong thể lệ."))
        contest_id = _contest_of(festival, prize, "" if entry == NOBODY else entry)
    with transaction():
        give_special(contest_id, "" if entry == NOBODY else entry, prize, acting_user())
    flash(_("Giải chuyên đề này chưa trao cho ai.") if entry == NOBODY else _("Đã ghi giải chuyên đề."), "good")
    return redirect(url_for("results.special_awards"), 303)


def _contest_of(festival: Festival, prize: str, entry: str) -> int:
    """The contest of the entry, or of who has the prize now."""
    if entry:
        own = select(Entry.contest_id).join(Contest).where(Entry.code == entry, Contest.festival_id == festival.id)
        found = db.session.scalar(own)
    else:
        given = select(Award.contest_id).where(Award.festival_id == festival.id, Award.special, Award.prize == prize)
        found = db.session.scalar(given)
    if found is None and entry:
        raise BadInput(_("Tiết mục vừa chọn không có trong ngày hội này. Chọn lại trong danh sách."))
    if found is None:
        raise Conflict(_("Giải này chưa trao cho ai nên không có gì để bỏ."))
    return found
