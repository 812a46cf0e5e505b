"""The doors a device knocks at: enrolment, sync, state, and the document that describes them.

A 4xx is given only for a request that cannot be read or is not allowed; whatever can be read gets a verdict per mutation
that was committed before the answer leaves.
"""

from __future__ import annotations

import json
import time
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _

from festival.core.rehearsing.marked import rehearsed
from festival.core.transaction import reading, transaction
from festival.core.web import openapi
from festival.core.web.access import device, public_api
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.limiter import limiter
from festival.devices import enrolment, life
from festival.devices.activation import opening
from festival.devices.app_release import release_told
from festival.devices.deliveries.answering import answered
from festival.devices.handlers import DeviceRole, provider_of
from festival.devices.queries import heads, known_device, page_of
from festival.devices.wire import (
    ActivateIn,
    ActivateOut,
    ConditionIn,
    ConditionOut,
    DeviceOut,
    EnrolIn,
    EnrolOut,
    FestivalOut,
    HeadOut,
    MutationIn,
    StateOut,
    SyncIn,
    SyncOut,
    UnreadableDelivery,
    read_sync,
    unpacked,
    verifying_key,
)

api = Blueprint("devices_api", __name__, url_prefix="/api/v1")


@api.post("/enrol")
@public_api
@limiter.limit("20 per minute")
def enrol() -> tuple[Response, int]:
    """Trade a one-time code for a token."""
    try:
        asked = EnrolIn.model_validate_json(request.get_data())
        key = asked.public_key.model_dump() if asked.public_key else None
        if key is not None:
            verifying_key(key)
    except ValueError as wrong:
        raise BadInput(_("Yêu cầu gắn máy không đọc được. Mở lại trang gắn máy rồi nhập mã.")) from wrong
    with transaction():
        outcome = enrolment.enrol(asked.code, asked.name, key)
    match outcome:
        case enrolment.EnrolmentCodeRefused():
            raise Conflict(_("Mã gắn máy không đúng, đã dùng rồi hoặc đã hết hạn. Xin văn phòng cấp mã mới."))
        case enrolment.Enrolled(new, festival, token):
            answer = EnrolOut(
                device=DeviceOut(
                    code=new.code,
                    number=new.number,
                    name=new.name,
                    role=new.role,
                    station=new.station,
                    page=page_of(new.role),
                    waiting=new.role is DeviceRole.JUDGE,
                ),
                festival=FestivalOut(code=festival.code, name=festival.name, rehearsal=rehearsed()),
                token=token,
                server_ms=_server_ms(),
            )
            return jsonify(answer.model_dump()), 201


@api.post("/activate")
@device(DeviceRole.JUDGE)
def activate() -> Response:
    """A judge opens the tablet with the own PIN, or sets it with the sealed card."""
    asking = known_device()
    try:
        asked = ActivateIn.model_validate_json(request.get_data())
    except ValueError as wrong:
        raise BadInput(_("Mã PIN gửi lên không đọc được. Gõ lại.")) from wrong
    tried = opening.activate(asking.view, asked.pin, asked.card)
    opened = tried.outcome is opening.Opening.OPEN
    answer = ActivateOut(
        server_ms=_server_ms(),
        device=asking.out(revoked=False, waiting=not opened),
        activated=opened,
        reason=None if opened else tried.outcome.value,
        wait_s=tried.wait_s,
        left=tried.left,
    )
    return Response(answer.model_dump_json(), mimetype="application/json")


@api.post("/sync")
@device(revoked_too=True)
def sync() -> Response:
    """Take what a device has to say; every answered mutation is on disk before the answer leaves."""
    told = answered(known_device(), _envelope())
    return Response(told.model_dump_json(), mimetype="application/json")


@api.post("/sync/condition")
@device(revoked_too=True)
def condition() -> Response:
    """How a device is, about once a minute: battery, what was not sent, whether its browser keeps what it stores."""
    try:
        said = ConditionIn.model_validate_json(request.get_data())
    except ValueError as wrong:
        raise BadInput(_("Tình trạng máy gửi lên không đọc được.")) from wrong
    server_ms = _server_ms()
    with transaction():
        life.told(known_device().view.id, said, server_ms)
    return jsonify(ConditionOut(server_ms=server_ms).model_dump())


@api.get("/sync/state")
@device(revoked_too=True)
def state() -> Response:
    """What a device of this role should know now, since its cursor."""
    asking = known_device()
    provider = provider_of(asking.view.role)
    known = [name for name in request.args.get("known", "").split(",") if name][:20]
    app = release_told(request.args.get("app", ""))
    with reading():
        ends: list[HeadOut] = []
        room: dict[str, Any] | None = None
        quiet = False
        if asking.waiting and not asking.revoked:
            room = opening.waiting_state(asking.view)
        elif not asking.revoked:
            quiet = app not in ("", asking.app)
            quiet = quiet or (asking.view.role == DeviceRole.JUDGE and life.quiet(asking.view.id))
            ends = heads(asking, known)
            over = asking.forget_ms is not None and _server_ms() >= asking.forget_ms
            room = None if provider is None or over else provider(asking.view, request.args.get("cursor") or None)
    whole = StateOut(
        server_ms=_server_ms(),
        device=asking.out(revoked=asking.revoked, waiting=asking.waiting),
        festival=asking.festival,
        heads=ends,
        state=room or None,
        forget_ms=asking.forget_ms,
    )
    if quiet:
        with transaction():
            life.heard(asking.view.id, app)
    stable = whole.model_dump(exclude={"server_ms"})
    tag = sha256(json.dumps(stable, sort_keys=True).encode()).hexdigest()[:32]
    answer = Response(whole.model_dump_json(), mimetype="application/json")
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@api.get("/openapi.json")
@public_api
def document() -> Response:
    """The API as OpenAPI 3.1."""
    return jsonify(openapi.document())


def _envelope() -> SyncIn:
    try:
        return read_sync(unpacked(request.get_data(cache=False), request.headers.get("Content-Encoding", "").lower()))
    except UnreadableDelivery as wrong:
        raise BadInput(_("Gói dữ liệu gửi lên không đọc được. Máy sẽ tự gửi lại.")) from wrong


def _server_ms() -> int:
    return time.time_ns() // 1_000_000


def register_documents() -> None:
    """Describe this room's doors."""
    openapi.name(MutationIn)
    openapi.describe(
        "post", "/api/v1/enrol", "Gắn máy bằng mã một lần", EnrolIn, EnrolOut, status=201, codes=(409, 429)
    )
    openapi.describe(
        "post",
        "/api/v1/activate",
        "Giám khảo mở máy chấm bằng mã PIN của mình",
        ActivateIn,
        ActivateOut,
    )
    openapi.describe("post", "/api/v1/sync", "Gửi các thay đổi từ máy", SyncIn, SyncOut)
    openapi.describe(
        "post",
        "/api/v1/sync/condition",
        "Máy nói mình thế nào: pin, lượt chưa gửi, chỗ trống",
        ConditionIn,
        ConditionOut,
    )
    parameters: list[dict[str, Any]] = [
        {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
        {"name": "known", "in": "query", "required": False, "schema": {"type": "string"}},
    ]
    openapi.describe("get", "/api/v1/sync/state", "Dữ liệu cho máy", None, StateOut, parameters=parameters)


register_documents()
