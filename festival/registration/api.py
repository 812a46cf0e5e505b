"""Registering a family by one JSON call, for scripts and kiosks: the same rules, the same one transaction.

`key` is the caller's own: the same registration sent again, also at the same moment, is the same family.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from flask import Blueprint, Response, current_app, jsonify, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError

from config import Config
from festival.core.clock import now, today
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web.access import public_api
from festival.core.web.errors import BadInput, Conflict, NotFound, Refusal
from festival.core.web.i18n import say
from festival.core.web.limiter import limiter
from festival.devices import openapi
from festival.registration import phases
from festival.registration.outcomes import AlreadyRegistered, NotSent, Registered, SameHousehold
from festival.registration.registering import register_family
from festival.registration.sending import Hindrance, Why
from festival.registration.wire import (
    ContestOut,
    DelegationOut,
    OpenFestivalOut,
    OpenOut,
    RegistrationIn,
    RegistrationOut,
    household_of,
)
from festival.roster import delegations
from festival.roster import rules as roster_rules
from festival.roster.models import Origin

api = Blueprint("registration_api", __name__, url_prefix="/api/v1")
LARGEST_BODY_BYTES = 128 * 1024


def phone_of_request() -> str:
    """Counts tries by the phone that is registered: a whole hamlet may stand behind one address."""
    sent = request.get_json(silent=True)
    number = sent.get("phone", "") if isinstance(sent, dict) else ""
    return f"registration:{str(number)[:40]}" if number else f"registration:{request.remote_addr}"


@api.get("/registrations/open")
@public_api
def open_registrations() -> Response:
    """Which editions take registrations now, for which units and contests."""
    listed = []
    for festival in phases.festivals_open_for_registration(now()):
        rules = roster_rules.rules_of(festival)
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
                ],
                contests=[ContestOut(code=code, name=name) for code, name in rules.names.items()],
            )
        )
    return jsonify(OpenOut(festivals=listed).model_dump(mode="json"))


@api.post("/registrations")
@public_api
@limiter.limit("30 per hour", key_func=phone_of_request)
def registrations() -> Response:
    """Register a complete family and send it for approval."""
    if (request.content_length or 0) > LARGEST_BODY_BYTES:
        raise BadInput(_("Nội dung gửi lên quá dài."))
    try:
        sent = RegistrationIn.model_validate_json(request.get_data())
    except ValidationError as error:
        raise BadInput(_("Nội dung gửi lên chưa đúng dạng."), faults=_shape_faults(error)) from error
    with reading():
        festival = roster_rules.asked_festival(sent.festival)
        rules = roster_rules.rules_of(festival)
        delegation = delegations.delegation_of_unit(festival.id, sent.delegation)
    if not delegation.self_registration:
        raise NotFound()
    household, faults = household_of(sent, list(rules.contests), today())
    if faults:
        raise BadInput(_INCOMPLETE, faults=[_fault(place, reason) for place, reason in faults])
    with transaction():
        outcome = register_family(
            rules, delegation, household, Origin.FAMILY, submission_key=f"api:{sent.key}", submit=True
        )
    match outcome:
        case Registered(code=code, link=link):
            answer = RegistrationOut(outcome="registered", family=code, link=_address(link))
        case AlreadyRegistered(code=code, link=link):
            answer = RegistrationOut(outcome="already_registered", family=code, link=_address(link))
        case SameHousehold():
            raise Conflict(_("Gia đình có người đại diện và số điện thoại này đã đăng ký rồi."))
        case NotSent(why):
            raise _refusal(why)
        case _:
            assert_never(outcome)
    return jsonify(answer.model_dump())


_INCOMPLETE = _l("Hồ sơ còn chỗ cần bổ sung.")


def _fault(place: str, reason: Sentence) -> dict[str, str]:
    return {"place": place, "code": reason.code, "message": say(reason)}


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
    codes=(400, 404, 409, 413, 429),
)
