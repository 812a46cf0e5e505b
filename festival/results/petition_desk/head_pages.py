"""The head of a delegation lodges a petition on the delegation's own page, has its receipt, reads what became of it, withdraws it.

The link shows only: lodging and withdrawing ask for the last four digits of the head's phone.
"""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import reading, transaction
from festival.core.web.access import current_actor, head_link
from festival.core.web.errors import NotFound
from festival.core.web.limiter import limiter
from festival.results.blueprint import bp
from festival.results.petition_desk import letters, lodging
from festival.results.petition_desk.digits import check_digits
from festival.results.petition_desk.hours import typed_hours
from festival.results.petition_desk.shown import PetitionShown, listed, shown
from festival.results.petition_desk.subjects import offered_to
from festival.results.petition_desk.typed import lodged_by_head, seen_steps
from festival.results.petitions.models import Petition
from festival.results.petitions.reading import petition_by_number, petitions_where, rule_of
from festival.roster.delegations import delegation_by_id
from festival.roster.models import Delegation


def _own() -> Delegation:
    return delegation_by_id(current_actor().delegation_id or 0)


def _own_petition(number: int) -> Petition:
    own = _own()
    return petition_by_number(own.festival_id, number, Petition.delegation_id == own.id)


@bp.get("/head/petitions")
@head_link
def head_petitions() -> ResponseReturnValue:
    """What was lodged, and the form."""
    own = _own()
    return render_template(
        "results/petitions/head.html",
        delegation=own,
        festival=own.festival,
        petitions=listed(petitions_where(Petition.delegation_id == own.id)),
        about=offered_to(own),
        rule=rule_of(own.festival),
        hours=typed_hours(own.festival_id),
    )


@bp.post("/head/petitions")
@head_link
@limiter.limit("60 per hour")
def head_petition_lodge() -> ResponseReturnValue:
    """Lodge one; its receipt is the next page."""
    with reading():
        own = _own()
        lodging.stated_words(lodged_by_head(own).words)  # what is wrong with it comes before the digits
        delegation_id = own.id
    check_digits(delegation_id, request.form.get("tail", ""))
    with transaction():
        own = _own()
        number = lodging.lodge(own, lodged_by_head(own)).number
    flash(_("Đã nhận, số %(number)s. Đây là giấy biên nhận.", number=number), "good")
    return redirect(url_for("results.head_petition", number=number), 303)


@bp.get("/head/petitions/<int:number>")
@head_link
def head_petition(number: int) -> ResponseReturnValue:
    """The receipt, and the answer once the delegation may read it."""
    one = _shown(number)
    own = one.row.delegation
    return render_template(
        "results/petitions/head_one.html", one=one, delegation=own, festival=own.festival, law=letters.law_note(one)
    )


def _shown(number: int) -> PetitionShown:
    return shown(_own_petition(number), to_head=True)


@bp.get("/head/petitions/<int:number>/receipt.pdf")
@head_link
def head_petition_receipt(number: int) -> Response:
    """The receipt as a paper."""
    return letters.receipt(_shown(number))


@bp.get("/head/petitions/<int:number>/letter.pdf")
@head_link
def head_petition_letter(number: int) -> Response:
    """The answer as a letter. NotFound until it may be read."""
    one = _shown(number)
    if one.answer is None:
        raise NotFound()
    return letters.letter(one)


@bp.post("/head/petitions/<int:number>/withdraw")
@head_link
@limiter.limit("60 per hour")
def head_petition_withdraw(number: int) -> ResponseReturnValue:
    """Nobody is to answer it any more; it stays readable."""
    with reading():
        petition_id, delegation_id = _own_petition(number).id, _own().id
    check_digits(delegation_id, request.form.get("tail", ""))
    with transaction():
        lodging.withdraw(petition_id, request.form.get("words", ""), None, seen_steps())
    flash(_("Đã rút kiến nghị số %(number)s. Cần thì gửi lại, sẽ có số mới.", number=number), "good")
    return redirect(url_for("results.head_petition", number=number), 303)
