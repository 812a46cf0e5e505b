"""What does a person see when something cannot be done?

One exception family, drawn in one place: the page the form stands on with what was typed (`redrawing`), or a page that says
what happened, that nothing was lost, and what to do; the same words as JSON for devices. Expected outcomes of actions are values, not exceptions.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from psycopg import Error as DriverError
from psycopg import InterfaceError as LinkMisused
from psycopg import OperationalError as LinkBroken
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    PendingRollbackError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import HTTPException

from festival.core.metrics.counting import count
from festival.core.types import Unstorable

log = logging.getLogger(__name__)

# A plain text or a lazy one of flask-babel, which has no type of its own for type checkers.
Words = object


class Refusal(Exception):
    """Something the program will not do; `message` tells a person what happened and what to do."""

    status = 400
    code = "refused"
    title: Words = _l("Chưa thực hiện được")
    advice: Words = _l("Quay lại trang trước, xem lại rồi thử lần nữa. Những gì đã lưu vẫn còn nguyên.")

    def __init__(self, message: Words | None = None, **details: object) -> None:
        super().__init__(str(message or self.code))
        self.message = message if message is not None else self.advice
        self.details = details


class BadInput(Refusal):
    """400: the input cannot be read."""

    code = "bad_input"
    title = _l("Thông tin gửi lên chưa đọc được")


class SignInNeeded(Refusal):
    """401: nobody is signed in."""

    status = 401
    code = "sign_in_needed"
    title = _l("Cần đăng nhập")
    advice = _l("Trang này dành cho người có tài khoản. Đăng nhập rồi mở lại.")


class Forbidden(Refusal):
    """403: signed in, but without the permission."""

    status = 403
    code = "forbidden"
    title = _l("Tài khoản này không có quyền mở trang")
    advice = _l("Nếu đây là việc được giao, liên hệ Ban Tổ chức để được cấp quyền.")


class NotFound(Refusal):
    """404: there is no such thing, or it is not yours."""

    status = 404
    code = "not_found"
    title = _l("Không tìm thấy trang này")
    advice = _l("Địa chỉ trang có thể bị gõ nhầm hoặc đã được thay. Về trang đầu để tìm lại.")


class WrongMethod(Refusal):
    """405: the page is there, but what was sent does not suit it."""

    status = 405
    code = "method_not_allowed"
    title = _l("Trang này không mở được bằng cách vừa rồi")
    advice = _l("Về trang đầu rồi mở lại từ đó. Chưa có gì được ghi.")


class Conflict(Refusal):
    """409: as things stand it cannot be done; nobody else has to do with it."""

    status = 409
    code = "conflict"
    title = _l("Lúc này chưa làm được")
    advice = _l("Xem lại tình trạng hiện nay rồi làm tiếp. Chưa có gì được ghi.")


class Overtaken(Conflict):
    """409: somebody else was first; what is shown next is theirs."""

    title = _l("Có người vừa thay đổi trước")
    advice = _l("Mở lại trang để xem bản mới nhất rồi làm tiếp. Chưa có gì bị ghi đè.")


class TooLarge(Refusal):
    """413: the upload is larger than allowed."""

    status = 413
    code = "too_large"
    title = _l("Tệp gửi lên quá lớn")
    advice = _l("Chọn tệp nhỏ hơn rồi gửi lại. Chưa có gì được ghi.")


class TooMany(Refusal):
    """429: too many tries in a short time."""

    status = 429
    code = "too_many"
    title = _l("Thử quá nhiều lần")
    advice = _l("Chờ một phút rồi thử lại. Những gì đã lưu vẫn còn nguyên.")

    def __init__(self, message: Words | None = None, *, wait_s: int = 60) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class Busy(Refusal):
    """503: the database did not answer in time."""

    status = 503
    code = "busy"
    title = _l("Máy chủ đang bận")
    advice = _l("Lần gửi này chưa được ghi. Chờ vài giây rồi gửi lại.")


class Unexpected(Refusal):
    """500: our own mistake."""

    status = 500
    code = "unexpected"
    title = _l("Máy chủ gặp lỗi")
    advice = _l(
        "Lần gửi này chưa được ghi, những gì đã lưu trước đó vẫn còn. Thử lại sau một phút hoặc báo Ban Tổ chức."
    )


# What is promised to scripts (core/web/openapi.py): every answer behind these is JSON, refusals too.
JSON_DOORS = ("/api/", "/healthz", "/readyz")
BY_STATUS: dict[int, type[Refusal]] = {
    401: SignInNeeded,
    403: Forbidden,
    404: NotFound,
    405: WrongMethod,
    409: Conflict,
    413: TooLarge,
    429: TooMany,
    503: Busy,
}


def init_errors(app: Flask) -> None:
    """Draw every refusal, every HTTP error and every surprise."""
    app.register_error_handler(Refusal, _draw)
    app.register_error_handler(CSRFError, _draw_csrf)
    app.register_error_handler(RateLimitExceeded, _draw_limit)
    app.register_error_handler(HTTPException, _draw_http)
    for kind in (DBAPIError, DriverError, NoConnectionLeft, PendingRollbackError):
        app.register_error_handler(kind, _draw_database)
    app.register_error_handler(OperationalError, _draw_busy)
    app.register_error_handler(IntegrityError, _draw_broken)
    app.register_error_handler(DataError, _draw_unstorable)
    app.register_error_handler(StatementError, _draw_statement)
    app.register_error_handler(OverflowError, _draw_unstorable)
    app.register_error_handler(UnicodeEncodeError, _draw_unstorable)
    app.register_error_handler(Exception, _draw_unexpected)


def wants_json() -> bool:
    """Devices, scripts and what watches are answered in JSON, people with a page."""
    return request.path.startswith(JSON_DOORS)


def _draw(refusal: Refusal) -> ResponseReturnValue:
    count("refusals", refusal.code)
    answer = _drawn(refusal)
    if isinstance(refusal, TooMany):
        answer = current_app.make_response(answer)
        answer.headers["Retry-After"] = str(refusal.wait_s)
    return answer


def _drawn(refusal: Refusal) -> ResponseReturnValue:
    if isinstance(refusal, SignInNeeded) and not wants_json() and request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=_asked_address()))
    if wants_json():
        body: dict[str, Any] = {"error": refusal.code, "message": str(refusal.message), **refusal.details}
        return jsonify(body), refusal.status
    g.out_of_order = refusal.status >= 500  # the menu then asks the database nothing
    again = current_app.extensions["draw_again"](refusal)
    if again is not None:
        return again, refusal.status
    page = render_template(
        "errors/error.html",
        refusal=refusal,
        status=refusal.status,
        title=refusal.title,
        message=refusal.message,
        account=current_app.extensions["who_was_refused"](),
    )
    return page, refusal.status


def _asked_address() -> str:
    """Where somebody wanted to go, without what was searched: an address stays in histories and logs."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "q"]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def _draw_csrf(error: CSRFError) -> ResponseReturnValue:
    return _draw(BadInput(_("Trang đã mở quá lâu nên không gửi được. Tải lại trang rồi gửi lần nữa.")))


def _draw_limit(error: RateLimitExceeded) -> ResponseReturnValue:
    return _draw(TooMany())


def _draw_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and 300 <= error.code < 400:
        return error.get_response()  # a redirect by the router is not an error
    if database_away(getattr(error, "original_exception", None)):
        return _draw_database(error)  # lost after the page was drawn, while it was noted who looked
    kind = BY_STATUS.get(error.code or 500, BadInput if (error.code or 500) < 500 else Unexpected)
    answer = current_app.make_response(_draw(kind()))
    if error.code == 405:
        answer.status_code = 405
        answer.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or [])
    elif error.code is not None and kind is BadInput:
        answer.status_code = error.code
    return answer


def database_away(error: object) -> bool:
    """Whether the database is gone, is being started, takes no more connections, or takes no changes (a copy that follows another)."""
    if isinstance(error, OperationalError | NoConnectionLeft | PendingRollbackError):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or database_away(error.orig)
    if not isinstance(error, DriverError):
        return False
    if error.sqlstate is None:  # said by the driver itself
        return isinstance(error, LinkBroken | LinkMisused)
    return error.sqlstate == "25006" or error.sqlstate[:2] in ("08", "53", "57")


def _draw_database(error: Exception) -> ResponseReturnValue:
    if not database_away(getattr(error, "original_exception", None) or error):
        return _draw_unexpected(error)
    log.error("database is away: %s in %s", type(error).__name__, request.endpoint)
    return _draw(Busy())


def _draw_busy(error: OperationalError) -> ResponseReturnValue:
    count("errors", "database")
    log.error("database did not answer: %s", type(error.orig).__name__)
    return _draw(Busy())


def _draw_broken(error: IntegrityError) -> ResponseReturnValue:
    """A constraint held what no rule had said before: what was chosen is not there, or two wrote the same at once."""
    count("errors", "constraint")
    log.error("a constraint held: %s in %s", type(error.orig).__name__, request.endpoint, exc_info=error)
    said = f"{getattr(error.orig, 'sqlstate', '')} {error.orig}"
    if "23503" in said or "FOREIGN KEY" in said:
        return _draw(BadInput())
    return _draw(Overtaken()) if "23505" in said or "UNIQUE" in said else _draw(Unexpected())


def _draw_unstorable(error: Exception) -> ResponseReturnValue:
    """What no keyboard types, a NUL or a number of 24 digits: no database of ours can hold it, so nothing was written."""
    count("errors", "unstorable")
    log.warning("cannot be stored: %s in %s", type(error).__name__, request.endpoint)
    return _draw(BadInput())


def _draw_statement(error: StatementError) -> ResponseReturnValue:
    """SQLAlchemy's wrapping of what goes wrong before a statement reaches the database."""
    if isinstance(error.orig, Unstorable):
        return _draw_unstorable(error.orig)
    return _draw_unexpected(error)


def _draw_unexpected(error: Exception) -> ResponseReturnValue:
    # Its kind and its places are written, never its words (`core.logs.lines`).
    count("errors", "unexpected")
    log.error("unexpected %s in %s", type(error).__name__, request.endpoint, exc_info=error)
    return _draw(Unexpected())


def codes() -> set[str]:
    """What the program calls its refusals, those of all rooms."""
    found, kinds = set(), [Refusal]
    while kinds:
        kind = kinds.pop()
        found.add(kind.code)
        kinds += kind.__subclasses__()
    return found
