"""What the panel decides of a locked contest: ties, prizes, few sheets, entries without a result, special prizes."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import Contest
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.i18n import say
from festival.editions.rules.prizes import prizes_kept
from festival.judging.models import MeasureState
from festival.judging.words import MEASURE_WORDS
from festival.results import decide as results_decide
from festival.results.blueprint import bp
from festival.results.current import current_table, table_if_decided, tally_for_result
from festival.results.decide import OfFewSheets, Saying, TakenOut
from festival.results.decision_form import (
    ReadLine,
    decision,
    draw_read_back,
    said_of_prizes,
    typed,
    typed_names,
    typed_order,
    typed_reason,
)
from festival.results.decisions import decisions_of, entries_decided
from festival.results.delegations.beside import whole_if
from festival.results.models import DecisionKind
from festival.results.panel_pages import NOBODY, contest_page
from festival.results.seats import seated
from festival.results.settling.awarding import PrizesGiven
from festival.results.standings import RankedEntry, ResultState


@bp.post("/panel/<code>/tie")
@signed_in
def tie(code: str) -> ResponseReturnValue:
    """Places typed for a group that is equal: the same number means the panel lets them share."""
    return panel_decision(code, typed_order)


@bp.post("/panel/<code>/prize")
@signed_in
def prize(code: str) -> ResponseReturnValue:
    """A prize (or none) for each entry on a place between two prizes."""
    return panel_decision(code, lambda: PrizesGiven({entry: name or None for entry, name in typed("prize-").items()}))


@bp.post("/panel/<code>/few")
@signed_in
def few(code: str) -> ResponseReturnValue:
    """What becomes of an entry that fewer judges marked than the smallest panel."""
    return panel_decision(code, lambda: OfFewSheets(request.form.get("entry", ""), request.form.get("say", "")))


@bp.post("/panel/<code>/out")
@signed_in
def out(code: str) -> ResponseReturnValue:
    """An entry without a valid result takes no place, by decision of the panel."""
    return panel_decision(code, lambda: TakenOut(request.form.get("entry", ""), request.form.get("state", "")))


def panel_decision(code: str, saying: Callable[[], Saying]) -> ResponseReturnValue:
    with reading():
        contest_id = seated(code).contest.id

    def store(seen: int) -> None:
        results_decide.decide(contest_id, saying(), typed_reason(), typed_names(), acting_user(), seen=seen)

    return decision(
        store,
        lambda: read_back(seated(code).contest, saying(), url_for("results.contest", code=code)),
        lambda problem, form: contest_page(seated(code), problem, form),
        url_for("results.contest", code=code),
    )


def read_back(row: Contest, saying: Saying, href: str) -> str:
    """The places and prizes as they would be, of the entries the decision is about; of a decision on prizes of all whom it moves.

    `href`: the page it comes from.
    """
    said = results_decide.proposed(row, saying, typed_reason(), typed_names(), acting_user())
    table = table_if_decided(row, said)
    asked, more = entries_decided(said), []
    prizes = {each.entry: each.prize for each in table.prizes.awards}
    if said.kind in (DecisionKind.PRIZE, DecisionKind.VACANT):
        before = {each.entry: each.prize for each in current_table(tally_for_result(row)).prizes.awards}
        asked |= {entry for entry in table.appearances if prizes.get(entry) != before.get(entry)}
        more = said_of_prizes(said, table.prizes.awards, prizes_kept(row.prizes))
    waiting = {entry for question in table.prizes.questions for entry in question.entries}
    lines = []
    for each in table.standings:
        if each.entry not in asked:
            continue
        appearance = table.appearances[each.entry]
        prize = _("chờ xét giải") if each.entry in waiting else prizes.get(each.entry) or _("không giải")
        if each.rank is None:
            prize = _("không xếp hạng") + ": " + _why_no_place(each)
        place = f"{each.rank or '–'}{'=' if each.shared else ''}"
        lines.append(ReadLine(place, appearance.number, appearance.name, appearance.delegation, prize))
    seen, names = decisions_of(row.id).last_id, {code: each.name for code, each in table.appearances.items()}
    return draw_read_back(said, lines, seen, row.name, href, names, more, whole_if(row, table))


def _why_no_place(each: RankedEntry) -> str:
    if each.state in (ResultState.WAITING, ResultState.NOT_VALID):
        return " ".join(map(say, each.reasons))
    return str(MEASURE_WORDS[MeasureState(each.state.value)])


@bp.post("/panel/<code>/special")
@signed_in
def special(code: str) -> ResponseReturnValue:
    """A special prize for one entry, or on purpose for none: then it is taken back. A form left as it is takes nothing back."""
    entry = request.form.get("entry", "")
    if not entry:
        raise BadInput(_("Chưa chọn tiết mục nhận giải. Muốn bỏ giải, chọn dòng không trao rồi ghi."))
    entry = "" if entry == NOBODY else entry
    with reading():
        contest_id = seated(code).contest.id
    try:
        with transaction():
            results_decide.give_special(contest_id, entry, request.form.get("prize", ""), acting_user())
    except NotFound as missing:
        raise BadInput(_("Tiết mục vừa chọn không có trong phần thi này. Chọn lại trong danh sách.")) from missing
    flash(_("Đã ghi giải chuyên đề.") if entry else _("Giải chuyên đề này chưa trao cho ai."), "good")
    return redirect(url_for("results.contest", code=code), 303)
