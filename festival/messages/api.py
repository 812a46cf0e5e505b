"""What is announced now, as a small JSON that open and kept pages ask for twice a minute."""

from __future__ import annotations

import json

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from festival.core.web import openapi
from festival.core.web.access import Permission, current_actor, family_link, head_link, public_api, requires
from festival.core.web.errors import NotFound
from festival.messages.queries import News, news_of_delegation, news_of_family, news_of_stage
from festival.messages.words import as_json
from festival.programme.snapshot import snapshot
from festival.roster.delegations import delegation_of
from festival.roster.families import family_by_id
from festival.schedule.sound.order import stage_of

api = Blueprint("messages_api", __name__, url_prefix="/api/v1")


@api.get("/public/news")
@public_api
def for_all() -> ResponseReturnValue:
    """What everybody reads."""
    view = snapshot().view()
    items = view.news if view else ()
    return snapshot().page(
        view,
        "/api/v1/public/news",
        lambda: json.dumps({"news": as_json(items)}, ensure_ascii=False, separators=(",", ":")),
        mimetype="application/json",
        max_age_s=5,
        of_view=True,
    )


@api.get("/family/news")
@family_link
def for_family() -> ResponseReturnValue:
    """What this family reads."""
    family_id = current_actor().family_id
    if family_id is None:
        raise NotFound()
    return news_answer(news_of_family(family_by_id(family_id)))


@api.get("/delegation/<code>/news")
@requires(Permission.DELEGATION)
def for_delegation(code: str) -> ResponseReturnValue:
    """What those of one's own delegation read."""
    delegation = delegation_of(current_actor(), code)
    return news_answer(news_of_delegation(delegation.festival_id, delegation.id))


@api.get("/head/news")
@head_link
def for_head() -> ResponseReturnValue:
    """The same by the link of the delegation's head."""
    actor = current_actor()
    return news_answer(news_of_delegation(actor.festival_id or 0, actor.delegation_id or 0))


@api.get("/stage/<code>/news")
@requires(Permission.STAGE)
def for_stage(code: str) -> ResponseReturnValue:
    """What the manager of a stage reads."""
    stage = stage_of(code)
    return news_answer(news_of_stage(stage.festival_id, stage.code))


def news_answer(items: list[News]) -> Response:
    """The same form for every page, kept by nobody but the reader."""
    answer = jsonify(news=as_json(items))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer


class NewsLineOut(BaseModel):
    """One announcement; another `version` = its words were changed."""

    id: int
    version: int
    heading: str
    to: str
    words: str
    tone: str
    until_ms: int


class NewsOut(BaseModel):
    """What holds now."""

    news: list[NewsLineOut]


for _path, _summary in (
    ("public/news", "Thông báo cho mọi người"),
    ("family/news", "Thông báo cho gia đình"),
    ("delegation/<code>/news", "Thông báo cho cán bộ của đoàn"),
    ("head/news", "Thông báo cho trưởng đoàn"),
    ("stage/<code>/news", "Thông báo cho người phụ trách sân khấu"),
):
    openapi.describe("get", f"/api/v1/{_path}", _summary, None, NewsOut)
