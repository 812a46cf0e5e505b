"""The pages of the whole delegation: its places, and what the panel decides about delegations that are equal.

For the organiser, and for who is chair or secretary of every contest that brings points; nobody else finds them, and
nobody sees a place before the last of these contests is locked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, current_actor, signed_in
from festival.core.web.errors import NotFound
from festival.judging.contest_access import marks_shown
from festival.papers.keeping import PaperSubject, papers_of
from festival.results.blueprint import bp
from festival.results.decision_form import (
    ReadLine,
    decision,
    draw_read_back,
    said_of_prizes,
    typed,
    typed_names,
    typed_order,
    typed_reason,
    typed_record,
)
from festival.results.decisions import entries_decided
from festival.results.delegations import deciding
from festival.results.delegations.access import whole_of_actor
from festival.results.delegations.deciding import WholeSaying
from festival.results.delegations.facts import whole_rule
from festival.results.delegations.table import WholeTable, awards_of_whole, whole_delegation
from festival.results.ladder import people, proving
from festival.results.ladder.lock import WrongPeople
from festival.results.ladder.paper_days import listed
from festival.results.ladder.papers_there import lacks_of
from festival.results.ladder.sign import Signed, StillOpen
from festival.results.models import DecisionKind
from festival.results.settling.awarding import PrizesGiven

KEPT_TYPED = ("number", "second", "papers_reason", "petitions_reason")  # of a step that was not taken; never a password


@bp.get("/whole-delegation")
@signed_in
def whole() -> ResponseReturnValue:
    """Places, prizes and the next step."""
    return _page({}, {})


def _page(problem: Mapping[str, str], form: Mapping[str, str]) -> str:
    festival, table = whole_of_actor()
    rule = whole_rule(festival)
    if table is not None and not table.provisional:
        for contest in table.contests:
            marks_shown(contest)
    return render_template(
        "results/whole.html",
        festival=festival,
        whole=table,
        delegations={line.code: line for line in table.lines} if table else {},
        prizes=[each.name for each in rule.prizes] if rule else [],
        awards=awards_of_whole(festival.id),
        papers=papers_of(PaperSubject(festival.id)) if table is not None and not table.provisional else [],
        lacks_papers=lacks_of(PaperSubject(festival.id)) if table is not None and not table.provisional else (),
        unsigned=table.not_yet(ContestState.SIGNED) if table else (),
        unreleased=table.not_yet(ContestState.RELEASED) if table else (),
        unpublished=table.not_yet(ContestState.PUBLISHED) if table else (),
        problem={**problem, **({"unlike": deciding.unlike_words(table.unlike)} if table and table.unlike else {})},
        typed=form,
    )


@bp.post("/whole-delegation/tie")
@signed_in
def whole_tie() -> ResponseReturnValue:
    """Places typed for delegations that are equal."""
    return _decision(typed_order)


@bp.post("/whole-delegation/prize")
@signed_in
def whole_prize() -> ResponseReturnValue:
    """A prize (or none) for each delegation on a place between two prizes."""
    return _decision(lambda: PrizesGiven({code: name or None for code, name in typed("prize-").items()}))


@bp.post("/whole-delegation/draw")
@signed_in
def whole_draw() -> ResponseReturnValue:
    """Dice or lots for delegations that are still equal."""
    return _decision(typed_record)


def _decision(saying: Callable[[], WholeSaying]) -> ResponseReturnValue:
    return whole_decision(saying, _page, url_for("results.whole"))


def whole_decision(
    saying: Callable[[], WholeSaying], page: Callable[[Mapping[str, str], Mapping[str, str]], str], done: str
) -> ResponseReturnValue:
    """One step of a decision about the delegations, on the page it comes from."""
    with reading():
        festival_id = whole_of_actor()[0].id

    def store(seen: int) -> None:
        deciding.decide_whole(festival_id, saying(), typed_reason(), typed_names(), acting_user(), seen=seen)

    return decision(store, lambda: _read_back(saying(), done), page, done)


def _read_back(saying: WholeSaying, href: str) -> str:
    """The places and prizes as they would be, of the delegations the decision is about; of one on prizes of all whom it moves."""
    festival, before = whole_of_actor()
    said = deciding.proposed_whole(festival, saying, typed_reason(), typed_names(), acting_user())
    table, rule = whole_delegation(festival, said), whole_rule(festival)
    if before is None or table is None or rule is None:
        raise NotFound()
    about, more = entries_decided(said), []
    if said.kind in (DecisionKind.PRIZE, DecisionKind.VACANT):
        held = {line.code: line.prize for line in before.lines}
        about |= {line.code for line in table.lines if line.prize != held.get(line.code)}
        more = said_of_prizes(said, table.prizes.awards, rule.prizes)
    lines = [
        ReadLine(
            f"{line.place}{'=' if line.shared else ''}",
            None,
            line.name,
            _stood(before, line.code),
            _("chờ xét giải") if line.code in table.waiting else line.prize or _("không giải"),
        )
        for line in table.lines
        if line.code in about
    ]
    return draw_read_back(said, lines, before.agenda.decided.last_id, _("Toàn đoàn"), href, table.names, more)


def _stood(before: WholeTable, code: str) -> str:
    """The place and prize before the decision, to be heard beside the new one."""
    line = next(each for each in before.lines if each.code == code)
    place = f"{line.place}{'=' if line.shared else ''}"
    prize = _("chờ xét giải") if code in before.waiting else line.prize or _("không giải")
    return str(_("trước: hạng %(place)s, %(prize)s", place=place, prize=prize))


@bp.post("/whole-delegation/sign")
@signed_in
def whole_sign() -> ResponseReturnValue:
    """It is noted that the minutes are signed: the awards stand. Where the MC reads them at once, two people stand for it."""
    with reading():
        festival, table = whole_of_actor()
        festival_id = festival.id
        may_release = current_actor().may(Permission.RELEASE)
        at_once = may_release and deciding.releases_at_once(table)
    number, second = request.form.get("number", ""), None
    if at_once:
        me = proving.myself(request.form.get("password", ""), "release")
        other = proving.second(request.form.get("second", ""), request.form.get("second_password", ""), "release")
        if isinstance(me, str) or isinstance(other, str):
            return _not_signed(me if isinstance(me, str) else str(other))
        second = other
    with transaction():
        why = ""
        if second is not None and table is not None:
            why = people.not_these_two(acting_user(), second, festival_id, table.contests)
        because: people.PapersAsked | WrongPeople | str = ""
        if at_once and not why:
            because = people.whole_reason(festival_id, acting_user(), second, request.form.get("papers_reason", ""))
            why = papers_words(because)
        outcome = why or deciding.sign_whole(
            festival_id,
            number,
            acting_user(),
            may_release=may_release,
            with_user=second,
            printed_first=True,
            papers_reason=because if isinstance(because, str) else "",
            petitions_reason=request.form.get("petitions_reason", ""),
        )
        if second is not None and isinstance(outcome, Signed):
            people.noted("release", "whole", acting_user(), second)
    match outcome:
        case str():
            return _not_signed(outcome)
        case Signed(count):
            flash(_("Biên bản toàn đoàn đã ký, %(n)s giải được ghi nhận.", n=count), "good")
        case StillOpen():
            flash(_("Ban giám khảo còn phải quyết định trước khi ký: xem mục chờ quyết định."), "bad")
        case _:
            assert_never(outcome)
    return redirect(url_for("results.whole"), 303)


def _not_signed(said: str) -> ResponseReturnValue:
    """The page with what was typed, passwords aside, and why nothing was signed."""
    return _page({"step": said}, {name: request.form.get(name, "") for name in KEPT_TYPED}), 422


def papers_words(outcome: people.PapersAsked | WrongPeople | str) -> str:
    """Why the prizes are not read yet for want of signed papers; "" when they may be."""
    if isinstance(outcome, people.PapersAsked):
        words = _("Chưa cho MC đọc: %(what)s. Gửi bản đã ký, hoặc ghi lý do vẫn cho đọc.", what=listed(outcome.lacks))
        return str(words)
    return outcome.said if isinstance(outcome, WrongPeople) else ""
