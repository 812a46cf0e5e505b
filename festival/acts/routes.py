"""Every door of this room; the parts of an upload come with its token, whoever began it."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.acts import family_pages, office_pages, officer_pages, uploading
from festival.acts.blueprint import bp
from festival.core.files import parts
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
