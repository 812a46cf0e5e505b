"""Every door of this room; the parts of an upload come with its token, whoever began it."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from festival.acts import family_pages, office_pages, officer_pages, uploading
from festival.acts.blueprint import bp
from festival.core.files import parts
from festival.core.web import openapi
from festival.core.web.access import public_api
from festival.core.web.errors import TooLarge
from festival.core.web.limiter import limiter

__all__ = ["bp", "family_pages", "office_pages", "officer_pages"]


@bp.post("/api/v1/uploads/<token>/parts/<int:number>")
@public_api
@limiter.limit("1200 per minute")
def upload_part(token: str, number: int) -> ResponseReturnValue:
    """One part; the same again is the same."""
    if (request.content_length or 0) > parts.PART:
        raise TooLarge()
    uploading.take_part(token, number, request.get_data(cache=False), request.headers.get("Part-Digest", ""))
    return "", 204


@bp.post("/api/v1/uploads/<token>/done")
@public_api
@limiter.limit("60 per minute")
def upload_done(token: str) -> ResponseReturnValue:
    """All parts are sent: the file is played to its end and stands."""
    uploading.finish(token)
    return jsonify(message=_("Đã giữ nhạc nền. Nghe lại ở dưới để chắc chắn đúng bài."))


class UploadIn(BaseModel):
    """A form: what the file is called and how long it is."""

    model_config = ConfigDict(extra="allow")
    name: str
    size: str = Field(pattern=r"^[0-9]{1,12}$")
    csrf_token: str


class UploadOut(BaseModel):
    """Where the parts go, how long each is, and which are there already (number: SHA-256)."""

    address: str
    part: int
    there: dict[str, str]


class UploadedOut(BaseModel):
    """The file stands."""

    message: str


for _whose in ("acts/<act>", "delegation/<code>/acts/<act>", "family/acts/<act>"):
    openapi.describe(
        "post",
        f"/api/v1/{_whose}/upload",
        "Bắt đầu gửi nhạc nền",
        UploadIn,
        UploadOut,
        kind=openapi.FORM,
        codes=(409, 429),
    )
openapi.describe(
    "post",
    "/api/v1/uploads/<token>/parts/<int:number>",
    "Gửi một phần của tệp",
    None,
    None,
    kind=openapi.BYTES,
    status=204,
    codes=(409, 422, 429),
    parameters=[
        {
            "name": "Part-Digest",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        }
    ],
)
openapi.describe("post", "/api/v1/uploads/<token>/done", "Đã gửi đủ", None, UploadedOut, codes=(409, 422, 429))
