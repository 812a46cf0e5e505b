"""What of Flask's way to a page does this program leave out, because it has nothing to do there?

A phone at a gate sends one scan a request, and what surrounds the scan is most of its cost (docs/performance.md). No view
here is a coroutine, so none is asked whether it is one; a request without our cookie has nothing signed to read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from festival.core.metrics.counting import ROUTE


class CookieSessions(SecureCookieSessionInterface):
    """The signer is made only for who brings something signed, or takes it away."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


class FestivalFlask(Flask):
    """The application."""

    session_interface = CookieSessions()

    def full_dispatch_request(self) -> Response:
        if request.url_rule is not None:
            request.environ[ROUTE] = request.url_rule.rule
        return super().full_dispatch_request()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func
