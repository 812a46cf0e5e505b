"""What can a family ask about its data behind its own link? The link shows; asking and taking back want the last four digits."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import reading, transaction
from festival.core.web.access import current_actor, family_link
from festival.core.web.errors import NotFound
from festival.core.web.limiter import limiter
from festival.privacy.blueprint import bp
from festival.privacy.models import RequestState
from festival.privacy.requests import dealing, queries
from festival.privacy.requests.receipt import receipt
from festival.privacy.requests.typed import asked_kind, asked_person, check_tail, words_of
from festival.privacy.steps import KIND_WORDS
from festival.roster import families


def own_family_id() -> int:
    """The family whose link this browser opened."""
    family_id = current_actor().family_id
    if family_id is None:
        raise NotFound()
    return family_id


@bp.get("/family/privacy")
@family_link
def family_privacy() -> ResponseReturnValue:
    """What was asked, how far it is, and the form to ask."""
    family = families.family_by_id(own_family_id())
    return render_template(
        "privacy/requests/family.html",
        family=family,
        festival=family.delegation.festival,
        asked=queries.of_family(family.id),
        kinds=KIND_WORDS,
    )


@bp.post("/family/privacy")
@family_link
@limiter.limit("30 per hour")
def family_privacy_ask() -> ResponseReturnValue:
    """Ask; the receipt is the next page."""
    family_id = own_family_id()
    kind, said = asked_kind(), words_of("said")
    check_tail(family_id)
    with transaction():
        family = families.family_by_id(family_id)
        row = dealing.ask(family, asked_person(family), kind, said, "link")
        code = row.code
    flash(_("Đã nhận yêu cầu. Đây là giấy biên nhận."), "good")
    return redirect(url_for("privacy.family_request", asked=code))


@bp.get("/family/privacy/<asked>")
@family_link
def family_request(asked: str) -> ResponseReturnValue:
    """The receipt of one's own request."""
    one = queries.by_code(asked, family_id=own_family_id())
    return render_template(
        "privacy/requests/receipt.html", one=one, family=one.row.family, festival=one.row.family.delegation.festival
    )


@bp.get("/family/privacy/<asked>/receipt.pdf")
@family_link
def family_receipt(asked: str) -> Response:
    """The same as a paper."""
    return receipt(queries.by_code(asked, family_id=own_family_id()))


@bp.post("/family/privacy/<asked>/back")
@family_link
@limiter.limit("30 per hour")
def family_request_back(asked: str) -> ResponseReturnValue:
    """Take the request back while it is not carried out."""
    family_id = own_family_id()
    with reading():
        queries.by_code(asked, family_id=family_id)  # whose it is comes before the digits
    check_tail(family_id)
    with transaction():
        one = queries.by_code(asked, family_id=family_id)
        dealing.close(one.row, RequestState.TAKEN_BACK, words_of("words"), None)
    flash(_("Đã rút yêu cầu. Cần thì gửi lại bất cứ lúc nào."), "good")
    return redirect(url_for("privacy.family_privacy"))
