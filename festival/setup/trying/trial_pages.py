"""The page on which an organiser tries the rules of a contest on sample marks: nothing of it is kept or counted anywhere."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.queries import scoring_words, tie_words
from festival.contests.words import KIND_WORDS
from festival.core.numbers import typed_number
from festival.core.web.access import Permission, requires
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.i18n import say
from festival.editions.rules.document import BrokenRuleset, parse
from festival.editions.rules.kinds import ResultKindRule
from festival.editions.rules.ties import TieStep
from festival.judging.words import MEASURE_WORDS
from festival.results.current import written_value
from festival.setup.contest_editor.field_words import for_page
from festival.setup.path_words import path_words
from festival.setup.pieces import Document, Piece, contest
from festival.setup.saving import document_of, written
from festival.setup.trying.sample import cell, mark_cell, sample, try_cell
from festival.setup.trying.trial import TriedContest, dropped_words, letter, trial, tried

bp = Blueprint("setup_trial", __name__, url_prefix="/office/setup/<code>/try")

LONGEST_PIECE = 200_000
AGAIN = "again"  # the button that asks for other sample marks


@bp.get("/<contest>")
@requires(Permission.CONTESTS)
def saved(code: str, contest: str) -> ResponseReturnValue:
    """A contest as it is saved, on sample marks."""
    return _saved(code, contest)


@bp.post("/<contest>")
@requires(Permission.CONTESTS)
def saved_post(code: str, contest: str) -> ResponseReturnValue:
    """The same with the marks as they were typed."""
    return _saved(code, contest)


@bp.post("")
@requires(Permission.CONTESTS)
def unsaved(code: str) -> ResponseReturnValue:
    """A contest that is not saved yet: `piece` is the contest as a rule file writes it."""
    text = request.form.get("piece", "")
    document = document_of(code)
    try:
        piece = parse(text) if len(text) <= LONGEST_PIECE else None
    except BrokenRuleset as error:
        raise BadInput() from error
    if not isinstance(piece, Mapping):
        raise BadInput()
    return of_piece(code, document, dict(piece))


def of_piece(code: str, document: Document, piece: Piece) -> ResponseReturnValue:
    """The page for a piece that is being edited; what is wrong with it is told instead of tried."""
    try:
        return _page(code, tried(piece, document), written(piece).decode())
    except BrokenRuleset as error:
        faults = [
            (_place(each.path.removeprefix("$.contests[0]").lstrip(".")), for_page(each.reason))
            for each in error.problems
        ]
        name = str(piece.get("name") or _("Phần thi"))
        return render_template("setup/try_refused.html", code=code, name=name, faults=faults), 422


def _place(path: str) -> str:
    """Where in the contest a fault is, in words; as the file writes it where there are none."""
    words = path_words(path, "contest")
    return say(words) if words else path


def _saved(code: str, contest_code: str) -> str:
    document = document_of(code)
    piece = contest(document, contest_code)
    if piece is None:
        raise NotFound()
    if piece.get("kind") == ResultKindRule.SUM:
        raise BadInput(_("Phần thi cộng không có phiếu hay lượt thi để thử. Hãy thử từng phần thi thành phần."))
    try:
        return _page(code, tried(piece, document), "")
    except BrokenRuleset as error:
        # an edition of an early release may say what is refused today
        raise BadInput(_("Thể lệ của phần thi này không còn đọc được: %(why)s", why=str(error))) from error


def _page(code: str, those: TriedContest, piece: str) -> str:
    seed = typed_number(request.form.get(AGAIN) or request.form.get("seed", "")) or 1
    fresh = request.method == "GET" or AGAIN in request.form or "seed" not in request.form
    typed: Mapping[str, str] = sample(those.rule, seed) if fresh else request.form
    found = trial(those, typed, _("Gia đình mẫu"))
    steps = {tie.by for tie in those.rule.ties}
    return render_template(
        "setup/try.html",
        code=code,
        piece=piece,
        # whoever drew the page, it goes on here: a door that lends its own form must not get these cells back
        action=url_for("setup_trial.unsaved", code=code)
        if piece
        else url_for("setup_trial.saved_post", code=code, contest=those.rule.code),
        seed=seed,
        fresh=fresh,
        typed=typed,
        those=those,
        size=those.size,
        found=found,
        contest=found.table.contest,
        prizes={each.entry: each.prize for each in found.table.prizes.awards},
        dropped=dropped_words(found.table.details),
        members=TieStep.MEMBERS in steps,
        undertime=those.rule.undertime is not None,
        deductions=bool(those.rule.deductions),
        brought=those.rule.after is not None and those.rule.after.weight_milli > 0,
        overtime=those.rule.overtime is not None or TieStep.LESS_OVERTIME in steps,
        scoring=scoring_words(found.table.contest),
        ties=tie_words(found.table.contest),
        kind=KIND_WORDS[found.table.contest.result_kind],
        out_words=MEASURE_WORDS,
        names={
            "mark": mark_cell,
            "try": try_cell,
            "cell": cell,
            "letter": letter,
            "written": written_value,
            "where": lambda name: _where(name, those),
        },
    )


def _where(name: str, those: TriedContest) -> str:
    """Which cell a fault speaks of, for whoever reads the list above the table."""
    what, *numbers = name.split("-")
    if not numbers:
        return str(_("Thứ hạng"))
    at = [int(number) for number in numbers]
    entry = str(_("Gia đình mẫu %(n)s", n=at[0] + 1))
    match what:
        case "m":
            return f"{entry}, {letter(at[1])}, {those.rule.criteria[at[2]].name}"
        case "t":
            return f"{entry}, {_('lượt %(n)s', n=at[1] + 1)}"
        case "x":
            return f"{entry}, {_('quá giờ')}"
        case "s":
            return f"{entry}, {_('kết thúc sớm')}"
        case "d":
            return f"{entry}, {_('trừ điểm')}"
        case "b":
            return f"{entry}, {_('Điểm vòng trước')}"
        case "n":
            return f"{entry}, {_('Số người')}"
        case _:
            return entry
