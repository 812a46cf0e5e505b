"""Now and next as one JSON of about a kilobyte, and the whole published programme, for screens and whoever builds on them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from festival.core.clock import local
from festival.core.web import openapi
from festival.core.web.access import public_api
from festival.core.web.errors import NotFound
from festival.core.web.i18n import clock
from festival.programme.live import Line
from festival.programme.queries import Block, PublicView
from festival.programme.snapshot import snapshot
from festival.schedule.heats.rule import placed_lane

FORMAT = "festival-programme 1"

api = Blueprint("programme_api", __name__, url_prefix="/api/v1/public")


@api.get("/now")
@public_api
def now() -> ResponseReturnValue:
    """What is on each stage, what comes, how late it is, which results are out, and what is announced."""
    view = snapshot().view()
    if view is None:
        raise NotFound()
    return snapshot().page(
        view, "/api/v1/public/now", lambda: _now(view), mimetype="application/json", max_age_s=5, of_view=True
    )


@api.get("/programme")
@public_api
def programme() -> ResponseReturnValue:
    """The published programme, day by day and session by session; the form is that of docs/schedule.md and only grows."""
    view = snapshot().view()
    if view is None:
        raise NotFound()
    return snapshot().page(
        view,
        "/api/v1/public/programme",
        lambda: _programme(view),
        mimetype="application/json",
        max_age_s=30,
        of_view=True,
    )


def _programme(view: PublicView) -> str:
    content = {
        "format": FORMAT,
        "festival": view.facts.code,
        "name": view.facts.name,
        "version": view.version or 0,
        "published_at": local(view.published_at).isoformat() if view.published_at else None,
        "days": [
            {"day": day.on.isoformat(), "sessions": [_session(block) for block in day.blocks]} for day in view.days
        ],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _session(block: Block) -> dict[str, Any]:
    return {
        "stage": block.lines[0].stage,
        "stage_name": block.stage_name,
        "contest": block.contest,
        "contest_name": block.contest_name,
        "label": block.label,
        "acts": [
            {
                "entry": line.entry,
                "number": line.number or None,
                "name": line.name,
                "title": line.title,
                "unit": line.unit,
                "starts_at": local(line.starts_at).isoformat(),
                "duration_min": line.duration_min,
                **placed_lane(line.at),
            }
            for line in block.lines
        ],
    }


def _now(view: PublicView) -> str:
    content = {
        "version": view.version or 0,
        "stages": [
            {
                "stage": board.stage,
                "name": board.stage_name,
                "called": board.called,
                "late_min": board.late_min,
                "now": _line(board.now),
                "then": [_line(line, board.expected.get(line.entry)) for line in board.then],
            }
            for board in view.boards
        ],
        "results": [contest.code for contest in view.contests if contest.published],
        "announced": [item.words for item in view.news if not item.withdrawn],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


@api.get("/expected")
@public_api
def expected() -> ResponseReturnValue:
    """When the acts of today that come later than published are expected, by act: for a programme that is open."""
    view = snapshot().view()
    if view is None:
        raise NotFound()
    return snapshot().page(
        view, "/api/v1/public/expected", lambda: _expected(view), mimetype="application/json", max_age_s=5, of_view=True
    )


def _expected(view: PublicView) -> str:
    acts = {line.entry: line.act for day in view.days for line in day.lines if line.entry in view.expected}
    found = {str(acts[entry]): clock(begins) for entry, begins in view.expected.items() if entry in acts}
    return json.dumps({"expected": found}, separators=(",", ":"))


def _line(line: Line | None, expected: datetime | None = None) -> dict[str, Any] | None:
    if line is None:
        return None
    starts = local(line.starts_at)
    return {
        "number": line.number or "",
        "name": line.name,
        "unit": line.unit or (str(line.at.heat_words) if line.at else ""),
        "contest": line.contest_name,
        "at": f"{starts.hour}:{starts.minute:02d}",
        "expected": clock(expected) if expected else "",
    }


class NowLineOut(BaseModel):
    """An act on a screen; `number` "" before the draw."""

    number: int | str
    name: str
    unit: str
    contest: str
    at: str
    expected: str


class BoardOut(BaseModel):
    """A stage now; `late_min` below 0: early."""

    stage: str
    name: str
    called: bool
    late_min: int
    now: NowLineOut | None
    then: list[NowLineOut]


class NowOut(BaseModel):
    """What is on each stage, which contests' results are out, what is announced."""

    version: int
    stages: list[BoardOut]
    results: list[str]
    announced: list[str]


class ExpectedOut(BaseModel):
    """By act: when it is expected, later than published."""

    expected: dict[str, str]


class ActOut(BaseModel):
    """An act of the published programme."""

    entry: str
    number: int | None
    name: str
    title: str
    unit: str
    starts_at: str
    duration_min: int


class SessionOut(BaseModel):
    """Acts of one contest on one stage."""

    stage: str
    stage_name: str
    contest: str
    contest_name: str
    label: str
    acts: list[ActOut]


class DayOut(BaseModel):
    """A day of the festival."""

    day: str
    sessions: list[SessionOut]


class ProgrammeOut(BaseModel):
    """The published programme; `published_at` null and `version` 0 before."""

    format: str
    festival: str
    name: str
    version: int
    published_at: str | None
    days: list[DayOut]


openapi.describe("get", "/api/v1/public/now", "Đang diễn ra", None, NowOut, codes=(404,))
openapi.describe("get", "/api/v1/public/programme", "Lịch thi đã công bố", None, ProgrammeOut, codes=(404,))
openapi.describe("get", "/api/v1/public/expected", "Lượt thi muộn hơn lịch", None, ExpectedOut, codes=(404,))
