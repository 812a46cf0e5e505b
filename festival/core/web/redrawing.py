"""Which page does somebody see whose form was refused? The page the form stands on, with what was typed still in it.

No form has to know of it: the page is asked for again inside the same request, by the same account, told what was refused,
and what was typed is written into its boxes (`refilling`). Where there is no such page, the page of errors shows what was
typed, so that it can be copied. Nothing is read that the account could not open itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from festival.core.transaction import reading
from festival.core.web.access import Actor, policy_of
from festival.core.web.errors import BadInput, NotFound, Overtaken, Refusal, Words
from festival.core.web.refilling import SentForm, sent_form, shown_again

TOLD = "festival.refused"
# In `g`: the address of the page that a refused form stands on, where it is not the one above the form's own.
STANDS_AT = "form_stands_at"
# Of the POST's environment, what the page that is asked for again must not see.
NOT_OF_A_PAGE = ("CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_RANGE")


@dataclass(slots=True)
class Told:
    """What the page drawn again says on top; `drawn` once its layout has said it."""

    title: Words
    words: Words
    typed: tuple[str, ...] = ()
    drawn: bool = False


def init_redrawing(app: Flask) -> None:
    """Give the errors their way back to the page, and the layouts what was refused."""
    app.extensions["draw_again"] = draw_again
    app.extensions["who_was_refused"] = who_was_refused
    app.jinja_env.globals["refused_here"] = _refused_here
    app.jinja_env.globals["typed_here"] = _typed_values


def draw_again(refusal: Refusal) -> str | None:
    """The page of the form that was refused; None when there is none, or when its sender may not have sent it at all."""
    if request.method != "POST" or TOLD in request.environ or not g.get("let_in"):
        return None
    typed = _typed()
    for path in pages_above(request.path):
        told = _told(refusal)
        if isinstance(refusal, Overtaken):
            told.typed = shown_again(typed)  # beside the newest values, never over them
        page = _asked(path, told)
        if page is None:
            continue
        sent = sent_form(page, request.path, typed, path)
        wanted = refusal.details.get("field")
        if isinstance(wanted, str) and refusal.message is refusal.advice:
            told = Told(told.title, _which_box(sent, wanted), told.typed)
            page = _asked(path, told) or page
            sent = sent_form(page, request.path, typed, path)
        g.setdefault(STANDS_AT, path)
        return page if sent is None or isinstance(refusal, Overtaken) else sent.refilled()
    return None


def who_was_refused() -> Actor | None:
    """The account that asks, also where the router or a limit refused before anybody had asked who it is."""
    actor: Actor | None = g.get("actor")
    if actor is not None:
        return actor if actor.kind == "user" else None
    policy = policy_of(current_app.view_functions[request.endpoint]) if request.endpoint else None
    if policy is not None and policy.kind != "user":
        return None
    try:
        with reading():
            actor = current_app.extensions["actor_loaders"]["user"]()
    except Exception:
        return None
    if actor is not None:
        g.actor = actor
    return actor


def _told(refusal: Refusal) -> Told:
    if isinstance(refusal, NotFound) and refusal.message is refusal.advice:
        return Told(
            _("Chưa thực hiện được"), _("Mục vừa chọn không có, hoặc không còn nữa. Xem lại bên dưới rồi chọn lại.")
        )
    if isinstance(refusal, BadInput) and refusal.message is refusal.advice:
        words = _("Có chỗ chưa chọn hoặc chưa đọc được. Xem lại, chọn lại rồi gửi. Chưa có gì được ghi.")
        return Told(_("Chưa thực hiện được"), words)
    return Told(refusal.title, refusal.message)


def _which_box(sent: SentForm | None, name: str) -> str:
    called = sent.called(name) if sent else ""
    if not called:
        return str(_("Chưa chọn, hoặc điều đã chọn không còn dùng được. Hãy chọn lại rồi gửi. Chưa có gì được ghi."))
    words = _(
        "Xem lại ô “%(name)s”: chưa chọn, hoặc điều đã chọn không còn dùng được. Chưa có gì được ghi.", name=called
    )
    return str(words)


def pages_above(path: str) -> Iterator[str]:
    """The addresses on which the form may stand, the nearest first: its own, then those it is a part of."""
    adapter = current_app.create_url_adapter(request)
    while adapter is not None and path.strip("/"):
        try:
            endpoint, _values = adapter.match(path, method="GET")
        except HTTPException:
            endpoint = None
        policy = policy_of(current_app.view_functions[endpoint]) if endpoint else None
        if policy is not None and policy.csrf and policy.kind != "device":
            yield path
        path = path.rsplit("/", 1)[0]


def _asked(path: str, told: Told) -> str | None:
    """The page at this address, with `told` on it; None when it is none, or has no place to say it."""
    environ: dict[str, Any] = {
        **{name: value for name, value in request.environ.items() if not name.startswith(("werkzeug.", "flask."))},
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.encode("utf-8").decode("latin-1"),
        "QUERY_STRING": "",
        "wsgi.input": BytesIO(),
        TOLD: told,
    }
    for name in NOT_OF_A_PAGE:
        environ.pop(name, None)
    so_far = dict(session)
    with current_app.app_context(), current_app.request_context(environ):
        session.update(so_far)
        answer = current_app.full_dispatch_request()
        fits = answer.status_code == 200 and answer.mimetype == "text/html" and told.drawn
        page = answer.get_data(as_text=True) if fits else None
        after = dict(session)
    if page is not None and after != so_far:
        session.clear()
        session.update(after)  # the token its forms carry
    return page


def _typed() -> dict[str, list[str]]:
    try:
        return request.form.to_dict(flat=False)
    except HTTPException:  # larger than allowed: nothing of it was read
        return {}


def _typed_values() -> tuple[str, ...]:
    return shown_again(_typed()) if request.method == "POST" else ()


def _refused_here() -> Told | None:
    told: Told | None = request.environ.get(TOLD)
    if told is not None:
        told.drawn = True
    return told
