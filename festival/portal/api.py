"""How many acts before ours? Asked by the family's page every half minute."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from festival.core.clock import now
from festival.core.web.access import current_actor, family_link
from festival.portal import queries
from festival.portal.turns import turns_of
from festival.programme.snapshot import snapshot

api = Blueprint("portal_api", __name__, url_prefix="/api/v1/family")


@api.get("/turns")
@family_link
def turns() -> ResponseReturnValue:
    """Own turns with what the stage says of them."""
    codes = queries.entry_codes(current_actor().family_id or 0)
    own = turns_of(snapshot().view(), codes, now())
    answer = jsonify(turns=[{"act": turn.line.act, "state": turn.state, "before": turn.before} for turn in own])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer
