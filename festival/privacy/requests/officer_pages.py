"""The officer asks on behalf of a family of the own delegation, and follows what becomes of it."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.consent.texts import ASKED_BY_WORDS
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.privacy.blueprint import bp
from festival.privacy.models import RequestState
from festival.privacy.requests import dealing, queries
from festival.privacy.requests.receipt import receipt
from festival.privacy.requests.typed import asked_how, asked_kind, asked_person, words_of
from festival.privacy.steps import KIND_WORDS
from festival.roster.delegations import delegation_of
from festival.roster.families import family_in


@bp.get("/delegation/<code>/families/<family>/privacy")
@requires(Permission.DELEGATION)
def officer_family(code: str, family: str) -> ResponseReturnValue:
    """The requests of one family, and the form to write one down for it."""
    delegation = delegation_of(current_actor(), code)
    found = family_in(delegation, family)
    return render_template(
        "privacy/requests/staff_family.html",
        family=found,
        asked=queries.of_family(found.id),
        kinds=KIND_WORDS,
        hows=ASKED_BY_WORDS,
        action=url_for("privacy.officer_family_ask", code=code, family=family),
        url=lambda asked: url_for("privacy.officer_request", code=code, asked=asked),
        trail=[
            (delegation.name, f"/delegation/{code}"),
            (found.name, url_for("registration.family_edit", code=code, family=family)),
        ],
    )


@bp.post("/delegation/<code>/families/<family>/privacy")
@requires(Permission.DELEGATION)
def officer_family_ask(code: str, family: str) -> ResponseReturnValue:
    """Somebody of the family asked in person, by phone or on paper."""
    with transaction():
        found = family_in(delegation_of(current_actor(), code), family)
        how, kind, said = asked_how(), asked_kind(), words_of("said")
        asked = dealing.ask(found, asked_person(found), kind, said, how, acting_user()).code
    flash(_("Đã ghi yêu cầu. In giấy biên nhận đưa cho gia đình."), "good")
    return redirect(url_for("privacy.officer_request", code=code, asked=asked))


@bp.get("/delegation/<code>/privacy/<asked>")
@requires(Permission.DELEGATION)
def officer_request(code: str, asked: str) -> ResponseReturnValue:
    """The receipt, and how far it is."""
    delegation = delegation_of(current_actor(), code)
    one = queries.by_code(asked, delegation_id=delegation.id)
    return render_template("privacy/requests/officer_one.html", one=one, family=one.row.family, delegation=delegation)


@bp.get("/delegation/<code>/privacy/<asked>/receipt.pdf")
@requires(Permission.DELEGATION)
def officer_receipt(code: str, asked: str) -> Response:
    """The receipt as a paper."""
    return receipt(queries.by_code(asked, delegation_id=delegation_of(current_actor(), code).id))


@bp.post("/delegation/<code>/privacy/<asked>/back")
@requires(Permission.DELEGATION)
def officer_request_back(code: str, asked: str) -> ResponseReturnValue:
    """The family takes its request back by the officer."""
    with transaction():
        one = queries.by_code(asked, delegation_id=delegation_of(current_actor(), code).id)
        dealing.close(one.row, RequestState.TAKEN_BACK, words_of("words"), acting_user())
    flash(_("Đã ghi là gia đình rút yêu cầu."), "good")
    return redirect(url_for("privacy.officer_request", code=code, asked=asked))
