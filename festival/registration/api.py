"""Registering a family by one JSON call, for scripts and kiosks: the same rules, the same one transaction.

`key` is the sender's own and bound to the sender (a secret of 256 random bits in a header) and to the content: the same again,
also at the same moment, is the same family and the same answer. Under another sender's key nothing is found: it is a
registration like any other. Whether a family is there already is told to nobody; an officer looks (`held`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta
from typing import Any, assert_never

from flask import Blueprint, Response, current_app, jsonify, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError

from config import Config
from festival.core.canonical import canonical_json
from festival.core.clock import now, today
from festival.core.secrets import keyed_hash
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web import openapi
from festival.core.web.access import public_api
from festival.core.web.errors import BadInput, Conflict, NotFound, Refusal
from festival.core.web.i18n import say
from festival.core.web.limiter import limiter
from festival.registration import phases
from festival.registration.guarding.limits import Counted, counted
from festival.registration.outcomes import AlreadyRegistered, NotSent, OtherContent, Registered, SameHousehold
from festival.registration.registering import register_family
from festival.registration.sending import Hindrance, Why
from festival.registration.typed.wire import (
    RANDOM_UUID,
    SENDER_KEY,
    WEAK_KEY,
    WEAK_SENDER,
    ContestOut,
    DelegationOut,
    OpenFestivalOut,
    OpenOut,
    RegistrationIn,
    RegistrationOut,
    household_of,
    looks_random,
)
from festival.roster import delegations, families
from festival.roster import rules as roster_rules
from festival.roster.models import Origin

api = Blueprint("registration_api", __name__, url_prefix="/api/v1")
LARGEST_BODY_BYTES = 128 * 1024
SENDER_HEADER = "Registration-Sender"
# Long enough for a kiosk whose answer was lost; afterwards the link goes by letter or through the officer.
ANSWER_AGAIN = timedelta(minutes=15)


@api.get("/registrations/open")
@public_api
def open_registrations() -> Response:
    """Which editions take registrations now, for which units and contests."""
    listed = []
    for festival in phases.festivals_open_for_registration(now()):
        rules, taking = roster_rules.rules_of(festival), phases.taking(festival.id)
        listed.append(
            OpenFestivalOut(
                code=festival.code,
                name=festival.name,
                starts_on=festival.starts_on,
                ends_on=festival.ends_on,
                members_min=festival.members_min,
                members_max=festival.members_max,
                delegations=[
                    DelegationOut(code=each.code, name=each.unit.full_name)
                    for each in delegations.delegations(festival.id, self_registration=True)
                    if each.code in taking
                ],
                contests=[ContestOut(code=code, name=name) for code, name in rules.names.items()],
            )
        )
    return jsonify(OpenOut(festivals=listed).model_dump(mode="json"))


@api.post("/registrations")
@public_api
@limiter.limit("1200 per hour")
def registrations() -> Response:
    """Register a complete family and send it for approval."""
    if (request.content_length or 0) > LARGEST_BODY_BYTES:
        raise BadInput(_("Nội dung gửi lên quá dài."))
    try:
        sent = RegistrationIn.model_validate_json(request.get_data())
    except ValidationError as error:
        raise BadInput(_("Nội dung gửi lên chưa đúng dạng."), faults=_shape_faults(error)) from error
    key, digest = _bound(sent)
    with reading():
        festival = roster_rules.asked_festival(sent.festival)
        rules = roster_rules.rules_of(festival)
        delegation = delegations.delegation_of_unit(festival.id, sent.delegation)
        known = families.family_of_form(key) is not None
    if not delegation.self_registration:
        raise NotFound()
    household, faults = household_of(sent, list(rules.contests), today())
    if faults:
        raise _unlike(faults)(_INCOMPLETE, faults=[_fault(place, reason) for place, reason in faults])
    with nullcontext(Counted()) if known else counted(festival.id, household) as count:
        with transaction():
            outcome = register_family(
                rules, delegation, household, Origin.FAMILY, submission_key=key, submit=True, digest=digest
            )
        count.written = isinstance(outcome, Registered)
    match outcome:
        case Registered(code=code, link=link):
            return _answer(code, link)
        case AlreadyRegistered(code=code, link=link, at=at):
            return _answer(code, link if now() - at < ANSWER_AGAIN else "")
        case OtherContent() | SameHousehold():
            raise Conflict(_("Khóa này đã dùng cho nội dung khác. Mỗi hồ sơ cần một khóa mới."))
        case NotSent(why):
            raise _refusal(why)
        case _:
            assert_never(outcome)


class NameGarbled(BadInput):
    """422: a name came in the letters of an old font, or lost some. The fault carries the name as it should be."""

    status = 422
    code = "name_garbled"


def _bound(sent: RegistrationIn) -> tuple[str, str]:
    """The sender's key as it is kept, and the digest of what came under it. BadInput names a key that could be guessed."""
    sender = request.headers.get(SENDER_HEADER, "")
    weak = [
        {"place": place, "code": "weak_key", "message": say(words)}
        for place, text, pattern, words in (
            ("key", sent.key, RANDOM_UUID, WEAK_KEY),
            (SENDER_HEADER, sender, SENDER_KEY, WEAK_SENDER),
        )
        if not looks_random(text, pattern)
    ]
    if weak:
        raise BadInput(_("Khóa gửi lên chưa đúng dạng."), faults=weak)
    content = canonical_json(sent.model_dump(mode="json", exclude={"key"})).decode()
    kept = keyed_hash("sender", f"{sender.lower()} {sent.key.lower()}")
    return f"api:{kept}", keyed_hash("content", content)


def _answer(code: str, link: str) -> Response:
    answer = RegistrationOut(
        outcome="registered",
        family=code,
        link=_address(link) if link else "",
        message=_(
            "Đã nhận hồ sơ. Cán bộ phụ trách của đoàn xem, rồi Ban Tổ chức duyệt và trả lời ở trang của gia đình."
        ),
    )
    return jsonify(answer.model_dump())


_INCOMPLETE = _l("Hồ sơ còn chỗ cần bổ sung.")


def _fault(place: str, reason: Sentence) -> dict[str, str]:
    told = {"place": place, "code": reason.code, "message": say(reason)}
    right = reason.values.get("right")
    return told | {"suggestion": right} if isinstance(right, str) else told


def _unlike(faults: Sequence[tuple[str, Sentence]]) -> type[BadInput]:
    """422 when everything could be read, and only names are not written as they should be."""
    return NameGarbled if all(reason.code in ("name_garbled", "name_lost") for _place, reason in faults) else BadInput


def _refusal(why: Sequence[Hindrance]) -> Refusal:
    """404 while registration is closed, 409 when only the places are taken, else 400 with everything by its place."""
    for each in why:
        if each.why is Why.CLOSED:
            return NotFound(say(each.reason))
    if all(each.why is Why.FULL for each in why):
        return Conflict(" ".join(say(each.reason) for each in why))
    return BadInput(_INCOMPLETE, faults=[_fault(_place(each), each.reason) for each in why])


def _place(each: Hindrance) -> str:
    if each.lack is None:
        return "delegation"
    return each.lack.place.value if each.lack.member is None else f"members[{each.lack.member}]"


def _address(link: str) -> str:
    config: Config = current_app.config["FESTIVAL"]
    return f"{config.public_url}/g/{link}"


def _shape_faults(error: ValidationError) -> list[dict[str, Any]]:
    return [
        {"place": ".".join(map(str, fault["loc"])), "code": fault["type"], "message": _("Thiếu hoặc sai dạng.")}
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]


openapi.describe("get", "/api/v1/registrations/open", "Ngày hội đang mở đăng ký", None, OpenOut)
openapi.describe(
    "post",
    "/api/v1/registrations",
    "Đăng ký một gia đình",
    RegistrationIn,
    RegistrationOut,
    codes=(404, 409, 422, 429),
    parameters=[
        {
            "name": SENDER_HEADER,
            "in": "header",
            "required": True,
            "description": "Khóa bí mật của nơi gửi: 64 chữ số hex ngẫu nhiên, không bao giờ nằm trong nội dung",
            "schema": {"type": "string", "pattern": SENDER_KEY},
        }
    ],
)
