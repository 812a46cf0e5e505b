"""Online look-up for a gate or desk: by typed code, name or the end of a phone number, when there is no QR to read."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError

from festival.checkin import desk, lookup, merge
from festival.core.clock import now
from festival.core.secrets import token_hash
from festival.core.web.access import device
from festival.core.web.errors import BadInput
from festival.core.web.limiter import limiter
from festival.core.web.wire import CleanShape
from festival.devices import openapi
from festival.devices.handlers import DeviceRole
from festival.devices.queries import known_device

api = Blueprint("checkin_api", __name__, url_prefix="/api/v1")


class LookUpIn(CleanShape):
    """What was typed."""

    q: Annotated[StrictStr, Field(min_length=1, max_length=80)]


class FoundOut(BaseModel):
    """A pass that may be meant: `record` as in the offline list, `inside` who of it is in today."""

    model_config = ConfigDict(populate_by_name=True)
    pass_id: str = Field(alias="pass")
    record: dict[str, Any]
    inside: list[str]


class LookUpOut(BaseModel):
    """At most a dozen, `more` when others match too; the person at the gate confirms the name."""

    found: list[FoundOut]
    more: bool


def _asking_device() -> str:
    """The limiter counts per device: all gates of a venue may share one address."""
    return token_hash(request.headers.get("Authorization", ""))


@api.post("/checkin/lookup")
@device(DeviceRole.GATE, DeviceRole.DESK, DeviceRole.LEAD)
@limiter.limit("40 per minute", key_func=_asking_device)
def look_up() -> Response:
    """Passes meant by a typed code, a name or a phone's last digits."""
    try:
        asked = LookUpIn.model_validate_json(request.get_data())
    except ValidationError as wrong:
        raise BadInput(_("Nhập mã trên thẻ, tên, hoặc ít nhất bốn số cuối điện thoại.")) from wrong
    festival_id = known_device().view.festival_id
    window = merge.day_window(now())
    found = []
    hits, more = lookup.look_up(festival_id, asked.q)
    for card in hits:
        codes = [member["c"] for group in [card.record, *card.record.get("groups", [])] for member in group["members"]]
        inside = desk.admitted_now(festival_id, codes, merge.AdmissionPurpose.ENTRY, window)
        found.append({"pass": card.list_id, "record": card.record, "inside": sorted(inside)})
    return jsonify(found=found, more=more)


openapi.describe(
    "post",
    "/api/v1/checkin/lookup",
    "Tìm thẻ theo mã, tên, số điện thoại",
    LookUpIn,
    LookUpOut,
    token=True,
    codes=(400, 401, 403, 429),
)
