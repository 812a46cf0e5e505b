"""What does every answer of a rehearsal bear, whichever room it comes from?

A line on each page (layouts/_rehearsal.html), a word to search engines, cookies under names of its own: on one machine the
festival and its rehearsal differ by the port only, and a browser keeps cookies by the machine. When its days are over it
answers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _

from config import Config
from festival.core.clock import today
from festival.core.database import db
from festival.core.rehearsing.marked import mark_of
from festival.core.web.errors import Busy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OWN = "tong-duyet-"


class OwnCookies:
    """Every cookie that comes or goes has its name behind `OWN`."""

    def __init__(self, inner: WSGIApplication) -> None:
        self.inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        sent = [each.strip() for each in environ.get("HTTP_COOKIE", "").split(";")]
        environ["HTTP_COOKIE"] = "; ".join(each.removeprefix(OWN) for each in sent if each.startswith(OWN))

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            own = [(name, OWN + value if name.lower() == "set-cookie" else value) for name, value in headers]
            return start_response(status, own, *more)

        return self.inner(environ, start)


def init_rehearsal(app: Flask) -> None:
    """Nothing of it is there in the festival itself but the word that pages ask."""
    config: Config = app.config["FESTIVAL"]
    app.jinja_env.globals["rehearsal"] = config.rehearsal
    if config.rehearsal:
        app.before_request(_refuse_when_over)
        app.after_request(_unlisted)
        app.wsgi_app = OwnCookies(app.wsgi_app)  # type: ignore[method-assign]


def _refuse_when_over() -> None:
    if request.blueprint == "health":
        return
    kept: dict[str, Any] = current_app.extensions.setdefault("rehearsal", {})
    if "until" not in kept:
        with db.engine.connect() as connection:
            mark = mark_of(connection)
        if mark is None:
            return  # the guard of the pass key says so
        kept["until"] = mark.until
    if today() > kept["until"]:
        raise Busy(_("Buổi tổng duyệt đã kết thúc và bản tổng duyệt đã hết hạn. Mở trang của ngày hội thật."))


def _unlisted(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
