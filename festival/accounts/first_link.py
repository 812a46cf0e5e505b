"""How does the first organiser of a database get in? By one link, good until somebody looks after the festival.

Nothing is stored: the link is computed from the server's secret key, the same in every process, and the database says
whether it is still good. It dies with the first account that is an organiser's, however that account was made.
"""

from __future__ import annotations

import hmac

from flask import current_app
from sqlalchemy import exists, select

from config import Config
from festival.accounts.actions import SignedIn, create_user, open_sign_in
from festival.accounts.models import UserRole
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.secrets import keyed
from festival.core.statements import alone_on


def first_link() -> str | None:
    """The whole address; None when there is an organiser already."""
    if not is_wanted():
        return None
    config: Config = current_app.config["FESTIVAL"]
    return f"{config.public_url}/setup/{_token()}"


def is_wanted() -> bool:
    """Whether nobody looks after this database yet."""
    return not db.session.scalar(select(exists().where(UserRole.role == Role.ORGANISER)))


def is_the_link(token: str) -> bool:
    """Compared in constant time: how long the answer takes tells nothing of the right one."""
    return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), _token().encode())


def make_first(login: str, name: str, password_hash: str, hours: int, browser: str = "") -> SignedIn | None:
    """The first organiser, signed in; None when somebody was first. Conflict and BadInput as `create_user`.

    The table of roles is held before it is asked, so of two who open the link at once the second waits and is told.
    """
    alone_on(UserRole)
    if not is_wanted():
        return None
    user = create_user(login, name, password_hash, [Role.ORGANISER])
    return open_sign_in(user.id, hours, browser, "first_link")


def _token() -> str:
    return keyed("first organiser", "")
