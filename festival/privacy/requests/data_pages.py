"""What is kept of a person or a family, handed over: to the family itself with its digits, or by the organiser for a request."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading
from festival.core.web.access import Permission, current_actor, family_link, requires
from festival.core.web.limiter import limiter
from festival.privacy.blueprint import bp
from festival.privacy.people import telling
from festival.privacy.requests import queries
from festival.privacy.requests.typed import check_tail
from festival.roster import families


@bp.post("/family/privacy/data")
@family_link
@limiter.limit("30 per hour")
def family_data() -> ResponseReturnValue:
    """Everything about the own family, as a page or (`as` pdf) as a paper; a link alone does not open it."""
    family_id = current_actor().family_id or 0
    check_tail(family_id)
    with reading():
        family = families.family_by_id(family_id)
        if request.form.get("as") == "pdf":
            return telling.as_paper(family, None)
        return render_template(
            "privacy/people/family_data.html",
            family=family,
            festival=family.delegation.festival,
            parts=telling.told(family),
            notes=telling.notes(family),
            tail=request.form.get("tail", ""),
        )


@bp.get("/office/privacy/requests/<asked>/data")
@requires(Permission.OFFICE)
def office_data(asked: str) -> ResponseReturnValue:
    """What is to be handed over for a request."""
    one = queries.by_code(asked)
    family = families.family_by_id(one.row.family_id)
    looked(SecurityKind.READ_CHILDREN, family=family.code, what="data")
    return render_template(
        "privacy/people/office_data.html",
        one=one,
        family=family,
        parts=telling.told(family, one.row.person, to_staff=True),
        notes=telling.notes(family),
    )


@bp.get("/office/privacy/requests/<asked>/data.pdf")
@requires(Permission.OFFICE)
def office_data_paper(asked: str) -> Response:
    """The same as a paper."""
    one = queries.by_code(asked)
    family = families.family_by_id(one.row.family_id)
    looked(SecurityKind.EXPORT, family=family.code, what="data")
    return telling.as_paper(family, one.row.person, to_staff=True)
