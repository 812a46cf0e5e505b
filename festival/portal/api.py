"""How many acts before ours, has anything on the head's page changed? Asked by the pages that are open."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from festival.core.clock import now
from festival.core.web import openapi
from festival.core.web.access import Permission, current_actor, family_link, head_link, requires
from festival.core.web.i18n import clock
from festival.portal import queries
from festival.portal.delegation_page import head_page
from festival.portal.turns import turns_of
from festival.programme.snapshot import snapshot
from festival.roster.delegations import delegation_by_id, delegation_of
from festival.roster.models import Delegation

api = Blueprint("portal_api", __name__, url_prefix="/api/v1")


@api.get("/family/turns")
@family_link
def turns() -> ResponseReturnValue:
    """Own turns with what the stage says of them."""
    codes = queries.entry_codes(current_actor().family_id or 0)
    own = turns_of(snapshot().view(), codes, now())
    told = [
        {
            "act": turn.line.act,
            "state": turn.state,
            "before": turn.before,
            "expected": clock(turn.expected) if turn.expected else "",
        }
        for turn in own
    ]
    answer = jsonify(turns=told)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer


@api.get("/head/mark")
@head_link
def head_mark() -> ResponseReturnValue:
    """A digest of what the page shows: when it is another one, the page is asked for anew."""
    return _mark(delegation_by_id(current_actor().delegation_id or 0))


@api.get("/delegation/<code>/mark")
@requires(Permission.DELEGATION)
def delegation_mark(code: str) -> ResponseReturnValue:
    """The same for an officer of the delegation."""
    return _mark(delegation_of(current_actor(), code))


def _mark(delegation: Delegation) -> ResponseReturnValue:
    answer = jsonify(mark=head_page(delegation, now()).mark)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer


class TurnOut(BaseModel):
    """An act of the family: what the stage says of it, how many come before, when it is expected (7:30, or "")."""

    act: int
    state: str
    before: int | None
    expected: str


class TurnsOut(BaseModel):
    """Own turns, the next one first."""

    turns: list[TurnOut]


class MarkOut(BaseModel):
    """Another one than before: what the page shows has changed."""

    mark: str


openapi.describe("get", "/api/v1/family/turns", "Lượt thi của gia đình", None, TurnsOut)
openapi.describe("get", "/api/v1/head/mark", "Trang của trưởng đoàn có gì mới", None, MarkOut)
openapi.describe("get", "/api/v1/delegation/<code>/mark", "Trang của đoàn có gì mới", None, MarkOut)
