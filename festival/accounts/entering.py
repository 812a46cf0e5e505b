"""How does a browser become signed in? The cookie that holds a fresh sign-in, and how long it lasts."""

from __future__ import annotations

from flask import Response, current_app, make_response, redirect, request

from config import Config
from festival.accounts.actions import SignedIn
from festival.accounts.browsers import browser_named
from festival.accounts.queries import SESSION_COOKIE


def let_in(opened: SignedIn, next_path: str) -> Response:
    """To the page somebody wanted, with the cookie."""
    answer = make_response(redirect(next_path or "/home"))
    answer.set_cookie(
        SESSION_COOKIE, opened.token, max_age=hours() * 3600, httponly=True, samesite="Lax", secure=secure()
    )
    return answer


def browser() -> str:
    """What the owner of the account recognises this browser by."""
    return browser_named(request.headers.get("User-Agent", ""))


def hours() -> int:
    """How long a sign-in lasts."""
    config: Config = current_app.config["FESTIVAL"]
    return config.session_hours


def secure() -> bool:
    """Whether cookies travel by HTTPS only."""
    config: Config = current_app.config["FESTIVAL"]
    return config.secure_cookies
