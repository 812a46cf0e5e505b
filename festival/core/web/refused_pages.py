"""Where does a browser find the page of a form that was refused? At an address of its own, so that Back and refresh never ask
to send something again.

The page is kept as it was drawn, with everything that was typed and what is wrong, for two hours; the browser is led there (303). It
opens for whoever sent the form and nobody else. A program that does not ask for a page gets the answer with its status.
"""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

from flask import Flask, Response, current_app, g, make_response, request
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.clock import now
from festival.core.database import Base, db
from festival.core.secrets import new_token, token_hash
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, current_actor, policy_of
from festival.core.web.redrawing import STANDS_AT, pages_above

LIFETIME = timedelta(hours=2)
NAME = "refused"
REFUSED = (400, 409, 422)
# Who registers, agrees and looks at registrations; staff at the tables of the day answer to their own pages.
DESKS = (Permission.DELEGATION, Permission.REVIEW)
OPEN_TO_ALL = ("/parent/", "/kept/")


class RefusedPage(Base):
    """A page with what was typed into a form that was refused, until it is too old to be of use."""

    __tablename__ = "refused_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    page: Mapped[bytes]
    expires_at: Mapped[datetime]


def init_refused_pages(app: Flask) -> None:
    """After the policy of a route was asked: what was kept is shown to nobody who may not open the page."""
    app.before_request(_kept)
    app.after_request(_led_there)


def sweep() -> None:
    """The worker's chore."""
    with transaction():
        db.session.execute(delete(RefusedPage).where(RefusedPage.expires_at <= now()))


def forget_all() -> None:
    """Pages may show names of those whose data is being erased."""
    db.session.execute(delete(RefusedPage))


def _key(token: str, address: str) -> str:
    actor = current_actor()
    return token_hash(f"{token} {address} {actor.kind} {actor.user_id} {actor.family_id} {actor.delegation_id}")


def _kept() -> Response | None:
    if request.method != "GET" or not (token := request.args.get(NAME, "")):
        return None
    with reading():
        page = db.session.scalar(
            select(RefusedPage.page).where(
                RefusedPage.token_hash == _key(token, request.path), RefusedPage.expires_at > now()
            )
        )
    if page is None:
        return None
    answer: Response = make_response(zlib.decompress(page))
    answer.headers["Content-Encoding"] = "identity"  # it repeats what was typed: it goes plain
    return answer


def _of_a_person() -> bool:
    """A form of a family, also of a parent elsewhere, of a head, of an officer or of whoever approves."""
    policy = policy_of(current_app.view_functions[request.endpoint]) if request.endpoint else None
    if policy is None or not g.get("let_in"):
        return False
    return policy.kind in ("family", "head") or policy.permission in DESKS or request.path.startswith(OPEN_TO_ALL)


def _led_there(answer: Response) -> Response:
    refused = request.method == "POST" and answer.status_code in REFUSED and answer.mimetype == "text/html"
    if not refused or "text/html" not in request.headers.get("Accept", "") or not _of_a_person():
        return answer
    address = g.get(STANDS_AT) or next(pages_above(request.path), None)
    if address is None:
        return answer
    token, page = new_token(), zlib.compress(answer.get_data())
    db.session.close()  # the page is drawn; it is kept in a transaction of its own
    try:
        with transaction():
            db.session.add(RefusedPage(token_hash=_key(token, address), page=page, expires_at=now() + LIFETIME))
    except SQLAlchemyError:
        return answer  # not kept: then it is the answer itself
    answer.status_code = 303
    answer.headers["Location"] = f"{address}?{NAME}={token}"
    answer.set_data(b"")
    return answer
