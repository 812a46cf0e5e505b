"""Online look-up for a gate or desk: by typed code, name or the end of a phone number, when there is no QR to read."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError

from festival.checkin import desk, lookup, merge
from festival.checkin.elsewhere import elsewhere, home_of
from festival.core import security_log
from festival.core.clock import now
from festival.core.secrets import token_hash
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web import openapi
from festival.core.web.access import device
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.limiter import limiter
from festival.core.web.wire import CleanShape
from festival.devices.handlers import DeviceRole
from festival.devices.queries import known_device

api = Blueprint("checkin_api", __name__, url_prefix="/api/v1")


class LookUpIn(CleanShape):
    """What was typed."""

    q: Annotated[StrictStr, Field(min_length=1, max_length=80)]


class FoundOut(BaseModel):
    """A pass that may be meant: the family's representative, its unit and how many people it stands for; nobody else."""

    model_config = ConfigDict(populate_by_name=True)
    pass_id: str = Field(alias="pass")
    name: str
    unit: str
    size: int


class LookUpOut(BaseModel):
    """At most six, `more` when others match too; the person at the gate asks for the name and chooses.

    `replaced`: what was typed is the code of a card that was issued anew since.
    """

    found: list[FoundOut]
    more: bool
    replaced: bool


class ChosenIn(BaseModel):
    """The pass that was chosen."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    pass_id: Annotated[StrictStr, Field(alias="pass", pattern=r"^[0-9a-f]{32}$")]


class ChosenOut(BaseModel):
    """`record` as in the offline list, `inside` who of it is in today."""

    record: dict[str, Any]
    inside: list[str]


class HomeOut(BaseModel):
    """`here`: issued by this festival, if only just now; `festival`: the name of another one of this house, else ""."""

    here: bool
    festival: str


class ElsewhereIn(BaseModel):
    """The `mark` of what the phone holds, or ""."""

    model_config = ConfigDict(extra="forbid")
    mark: Annotated[StrictStr, Field(max_length=16)]


class OtherFestivalOut(BaseModel):
    """Its name, and the first five bytes of each of its list ids, in base64."""

    name: str
    passes: str


class ElsewhereOut(BaseModel):
    """`festivals` null: nothing has changed since `mark`."""

    mark: str
    festivals: list[OtherFestivalOut] | None


def _asking_device() -> str:
    """The limiter counts per device: all gates of a venue may share one address."""
    return token_hash(request.headers.get("Authorization", ""))


@api.post("/checkin/lookup")
@device(DeviceRole.GATE, DeviceRole.DESK, DeviceRole.LEAD)
@limiter.limit("40 per minute", key_func=_asking_device)
def look_up() -> Response:
    """Passes meant by a typed code, a name or a phone's last digits; every look is noted, never what was typed."""
    try:
        asked = LookUpIn.model_validate_json(request.get_data())
    except ValidationError as wrong:
        raise BadInput(_("Nhập mã trên thẻ, tên, hoặc ít nhất bốn số cuối điện thoại.")) from wrong
    if not lookup.long_enough(asked.q):
        raise BadInput(_("Gõ ít nhất ba chữ của tên, hoặc bốn số cuối điện thoại."))
    with reading():
        answer = lookup.look_up(known_device().view.festival_id, asked.q)
    with transaction():
        security_log.note(SecurityKind.LOOKED_UP, {"by": answer.by, "found": [card.pass_id for card in answer.found]})
    found = [
        {
            "pass": card.list_id,
            "name": card.record["name"],
            "unit": card.record["unit"],
            "size": len(lookup.people_of(card.record)),
        }
        for card in answer.found
    ]
    return jsonify(found=found, more=answer.more, replaced=answer.replaced)


@api.post("/checkin/lookup/chosen")
@device(DeviceRole.GATE, DeviceRole.DESK, DeviceRole.LEAD)
@limiter.limit("40 per minute", key_func=_asking_device)
def chosen() -> Response:
    """The people of the pass that was chosen, so that those who came can be ticked; noted with the pass."""
    try:
        asked = ChosenIn.model_validate_json(request.get_data())
    except ValidationError as wrong:
        raise BadInput(_("Chọn một thẻ trong danh sách tìm thấy.")) from wrong
    with reading():
        festival_id = known_device().view.festival_id
        card = lookup.chosen(festival_id, asked.pass_id)
    if card is None:
        raise NotFound()
    with transaction():
        security_log.note(SecurityKind.LOOKED_UP, {"by": "chosen", "found": [card.pass_id]})
        inside = desk.admitted_now(
            festival_id, lookup.people_of(card.record), merge.AdmissionPurpose.ENTRY, merge.day_window(now())
        )
    return jsonify(record=card.record, inside=sorted(inside))


@api.post("/checkin/elsewhere")
@device(DeviceRole.GATE, DeviceRole.DESK, DeviceRole.LEAD)
@limiter.limit("40 per minute", key_func=_asking_device)
def passes_elsewhere() -> Response:
    """How a phone knows the cards of other festivals, so that it says so without a network."""
    try:
        asked = ElsewhereIn.model_validate_json(request.get_data())
    except ValidationError as wrong:
        raise BadInput(_("Yêu cầu này thiếu dấu của danh sách.")) from wrong
    with reading():
        answer = elsewhere(known_device().view.festival_id, asked.mark)
    told = None if answer.festivals is None else [{"name": name, "passes": held} for name, held in answer.festivals]
    return jsonify(mark=answer.mark, festivals=told)


@api.post("/checkin/home")
@device(DeviceRole.GATE, DeviceRole.DESK, DeviceRole.LEAD)
@limiter.limit("40 per minute", key_func=_asking_device)
def home_of_pass() -> Response:
    """Who issued a pass that is not on the phone's list: nobody's name is told."""
    try:
        asked = ChosenIn.model_validate_json(request.get_data())
    except ValidationError as wrong:
        raise BadInput(_("Quét lại thẻ.")) from wrong
    with reading():
        home = home_of(known_device().view.festival_id, asked.pass_id)
    return jsonify(here=home.here, festival=home.festival)


openapi.describe(
    "post",
    "/api/v1/checkin/home",
    "Thẻ do đâu cấp",
    ChosenIn,
    HomeOut,
    codes=(429,),
)
openapi.describe(
    "post",
    "/api/v1/checkin/elsewhere",
    "Thẻ của ngày hội khác",
    ElsewhereIn,
    ElsewhereOut,
    codes=(429,),
)
openapi.describe(
    "post",
    "/api/v1/checkin/lookup",
    "Tìm thẻ theo mã, tên, số điện thoại",
    LookUpIn,
    LookUpOut,
    codes=(429,),
)
openapi.describe(
    "post",
    "/api/v1/checkin/lookup/chosen",
    "Người của thẻ đã chọn",
    ChosenIn,
    ChosenOut,
    codes=(404, 429),
)
