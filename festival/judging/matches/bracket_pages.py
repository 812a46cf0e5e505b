"""The secretary's pages of a bracket: drawing it, the bracket itself, typing a match, and its paper."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState, ResultKind
from festival.core.clock import now
from festival.core.numbers import typed_number
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.i18n import say
from festival.judging.contest_access import ContestAccess, marks_shown
from festival.judging.contest_rules import public_at_once
from festival.judging.matches.drawing import draw_bracket, drop_bracket, to_be_drawn
from festival.judging.matches.match_rule import HowEnded, MatchResult
from festival.judging.matches.match_typed import typed_result
from festival.judging.matches.match_words import HOW_WORDS, outcome, rule_sentences
from festival.judging.matches.playing import MatchRefused, note_match, refusal, take_back_match
from festival.judging.matches.reading import DrawnBracket, bracket_of, rule_of
from festival.judging.matches.shown import show, show_match
from festival.judging.matches.tree import FEWEST, MOST, BracketMatch, match_inside, match_name
from festival.judging.routes import as_secretary, bp, still_open
from festival.judging.tally import read_tally


def _of_match(code: str) -> ContestAccess:
    """A match contest, for its secretary."""
    access = as_secretary(code)
    if access.contest.result_kind is not ResultKind.MATCH:
        raise NotFound()
    return access


def _drawn(access: ContestAccess) -> DrawnBracket:
    drawn = bracket_of(access.contest)
    if drawn is None:
        raise NotFound(_("Phần thi này chưa có bảng đấu."))
    return drawn


@bp.get("/panel/<code>/bracket")
@signed_in
def bracket(code: str) -> ResponseReturnValue:
    """The bracket by rounds; before the draw, the form that draws it."""
    return _bracket_page(_of_match(code), {})


def _bracket_page(access: ContestAccess, typed: Mapping[str, str], *, asked: bool = False) -> str:
    contest = access.contest
    marks_shown(contest)
    drawn = bracket_of(contest)
    entries = to_be_drawn(read_tally(contest)) if drawn is None else []
    return render_template(
        "judging/bracket.html",
        contest=contest,
        shown=show(drawn) if drawn else None,
        entries=entries,
        can_be=FEWEST <= len(entries) <= MOST,
        sizes=(FEWEST, MOST),
        rules=rule_sentences(rule_of(contest)),
        open=contest.state is ContestState.OPEN,
        public=public_at_once(contest),
        typed=typed,
        asked=asked,
    )


@bp.post("/panel/<code>/bracket")
@signed_in
def bracket_post(code: str) -> ResponseReturnValue:
    """The seed is read back, then drawn with; or the draw is taken back."""
    with reading():
        access = _of_match(code)
        still_open(access)
    typed = {name: request.form.get(name, "").strip() for name in ("seed", "reason")}
    base, step = typed_number(request.form.get("drawing", "")) or 0, request.form.get("step")
    back = redirect(url_for("judging.bracket", code=code), 303)
    if step == "back":
        return _bracket_page(access, typed)
    if step == "drop":
        with transaction():
            drop_bracket(access.contest.id, base, typed["reason"], acting_user())
        flash(_("Đã bỏ bảng đấu. Bốc thăm lại, hoặc ghi thứ hạng bằng tay."), "note")
        return back
    if not typed["seed"]:
        raise BadInput(_("Chưa gõ số gieo. Gieo xúc xắc hoặc rút thăm trong hội trường rồi gõ đúng dãy số."))
    if step != "confirm":
        return _bracket_page(access, typed, asked=True)
    with transaction():
        drawn = draw_bracket(access.contest.id, typed["seed"], base, typed["reason"], acting_user())
    flash(_("Đã bốc thăm bảng đấu, lần %(n)s. Số gieo và thứ tự đã vào sổ ghi.", n=drawn.drawing), "good")
    return back


@bp.get("/panel/<code>/bracket/print")
@signed_in
def bracket_print(code: str) -> ResponseReturnValue:
    """The bracket on A4, to hang up or to fill in by hand."""
    access = _of_match(code)
    marks_shown(access.contest)
    drawn = _drawn(access)
    return render_template(
        "judging/bracket_print.html",
        contest=access.contest,
        shown=show(drawn),
        rules=rule_sentences(drawn.rule),
        printed_at=now(),
    )


@bp.get("/panel/<code>/matches/<int:round_>/<int:number>")
@signed_in
def match(code: str, round_: int, number: int) -> ResponseReturnValue:
    """One match: to be typed, corrected or taken back."""
    drawn = _drawn(_of_match(code))
    marks_shown(drawn.contest)
    return _match_page(drawn, _match_of(drawn, round_, number), None, {})


def _match_of(drawn: DrawnBracket, round_: int, number: int) -> BracketMatch:
    found = drawn.tree.match((round_, number))
    if found is None or found.bye:
        raise NotFound()
    return found


def _stands(found: BracketMatch) -> dict[str, str]:
    """The result as the boxes of the page hold it."""
    if found.result is None:
        return {}
    boxes = {
        f"{side}-{at}": str(points)
        for at, each in enumerate(found.result.sets, 1)
        for side, points in zip("ab", each, strict=True)
    }
    winner = "" if not found.result.winner else "a" if found.result.winner == found.a else "b"
    return {"how": found.result.how.value, "winner": winner} | boxes


def _match_page(
    drawn: DrawnBracket, found: BracketMatch, typed: Mapping[str, str] | None, problem: Mapping[str, str]
) -> str:
    """`problem`: why it was refused, by what it is about."""
    after = drawn.tree.played_after(found.key) if found.result is not None else []
    return render_template(
        "judging/match.html",
        contest=drawn.contest,
        match=show_match(drawn, found),
        rule=drawn.rule,
        rules=rule_sentences(drawn.rule),
        typed=_stands(found) if typed is None else typed,
        hows=[(how.value, say(words)) for how, words in HOW_WORDS.items()],
        after=[(each.key, match_name(drawn.tree, each.key)) for each in after],
        drawing=drawn.draw.drawing,
        version=drawn.version(found.key),
        open=drawn.contest.state is ContestState.OPEN,
        problem=problem,
    )


@bp.post("/panel/<code>/matches/<int:round_>/<int:number>")
@signed_in
def match_post(code: str, round_: int, number: int) -> ResponseReturnValue:
    """A result, read back where nobody played; or it is taken back, alone or with what follows."""
    with reading():
        access = _of_match(code)
        still_open(access)
        drawn = _drawn(access)
        found = _match_of(drawn, round_, number)
    form, step = dict(request.form.items()), request.form.get("step")
    base = typed_number(form.get("version", "")) or 0
    drawing = typed_number(form.get("drawing", ""))
    key = (round_, number)
    if step == "back":
        return _match_page(drawn, found, form, {})
    if step in ("drop", "branch"):
        branch = [each.key for each in drawn.tree.played_after(key)] if step == "branch" else []
        if step == "branch" and form.get("branch") != _written(branch):
            return _match_page(
                drawn, found, None, {"drop": _("Nhánh sau trận này vừa đổi. Xem lại rồi bỏ lần nữa.")}
            ), 409
        with transaction():
            outcome_ = take_back_match(access.contest.id, key, base, acting_user(), branch, drawing)
        if isinstance(outcome_, MatchRefused):
            return _match_page(drawn, found, None, {"drop": say(outcome_.said)}), 409
        flash(_("Đã bỏ kết quả %(match)s.", match=say(match_inside(drawn.tree, key))), "note")
        return _back_to(code)
    result = typed_result(form, (found.a or "", found.b or ""), drawn.rule)
    if isinstance(result, Sentence):
        return _match_page(drawn, found, form, {"sets": say(result)}), 422
    refused = refusal(drawn, found, result)
    if refused is None and result.how is not HowEnded.PLAYED and step != "confirm":
        return _read_back(drawn, found, result, form)
    if refused is None:
        with transaction():
            taken = note_match(access.contest.id, key, result, base, acting_user(), drawing)
        if not isinstance(taken, MatchRefused):
            flash(_said_of(drawn, found, result), "good")
            if taken.order:
                flash(_("Mọi trận đã xong: thứ hạng chung cuộc đã có từ bảng đấu."), "good")
            return _back_to(code)
        refused = taken
    return _match_page(drawn, found, form, {"drop" if refused.first else "sets": say(refused.said)}), 422


def _back_to(code: str) -> ResponseReturnValue:
    return redirect(url_for("judging.bracket", code=code), 303)


def _written(keys: list[tuple[int, int]]) -> str:
    return " ".join(f"{round_}.{number}" for round_, number in keys)


def _said_of(drawn: DrawnBracket, found: BracketMatch, result: MatchResult) -> str:
    sides = drawn.name(found.a), drawn.name(found.b)
    return say(outcome(result.how, sides, result.sets, drawn.rule, first_won=result.winner == found.a))


def _read_back(
    drawn: DrawnBracket, found: BracketMatch, result: MatchResult, form: Mapping[str, str]
) -> ResponseReturnValue:
    """What is about to be written of a match that was not played to its end."""
    return render_template(
        "judging/match_read_back.html",
        contest=drawn.contest,
        match=show_match(drawn, found),
        line=_said_of(drawn, found, result),
        shut_out=result.how is HowEnded.DISQUALIFIED,
        public=public_at_once(drawn.contest),
        hidden={name: value for name, value in form.items() if name not in ("csrf_token", "step")},
    )
