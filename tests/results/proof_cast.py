"""A festival whose rules are published before the first mark, heads in the middle, results at the end."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.results.proof.models import ProofLine
from festival.results.publication.heads import publish_heads_now
from festival.results.publication.rules import publish_rules
from tests.judging.panel_cast import USUAL, Panel, cast, full_panel
from tests.results.test_commands import RULESET
from tests.results.test_export import CONTESTS
from tests.results.whole_cast import PRIZES, bring, lock_all

WHOLE = {"sum": "place_points", "ties": [{"by": "jury"}], "prizes": PRIZES}
PAGE, FILE, EXPORT = "/results/proof", "/results/proof.json", "/results/files/results.json"


def before_the_first_mark(published: str = "marks") -> Panel:
    panel = cast()
    prizes = [each | {"count": each["count"] or "rest"} for each in USUAL]
    with transaction():
        festival = db.session.get_one(Festival, panel.festival_id)
        contests = [each | {"prizes": prizes} for each in CONTESTS]
        rules = json.loads(RULESET.read_text(encoding="utf-8"))
        festival.ruleset = {**rules, "contests": contests, "special_prizes": [], "whole_delegation": WHOLE}
        db.session.get_one(Contest, panel.contest_id).published = published
    return panel


def marked(panel: Panel) -> None:
    full_panel(panel)
    with transaction():
        for entry, count in zip(panel.sport_entries, (7, 9, 5), strict=True):
            note_measure(panel.sport_id, entry, 1, MeasureState.VALID, count, 0, None)


def rules_out(panel: Panel, reason: str = "") -> list[ProofLine]:
    with transaction():
        return publish_rules(db.session.get_one(Festival, panel.festival_id), reason, panel.users["organiser"])


def heads_out(panel: Panel) -> None:
    with transaction():
        publish_heads_now(db.session.get_one(Festival, panel.festival_id), panel.users["organiser"])


def to_the_public(panel: Panel) -> None:
    lock_all(panel)
    bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)


def a_day(panel: Panel) -> None:
    """Rules before the first mark, heads in the middle, results at the end."""
    rules_out(panel)
    marked(panel)
    heads_out(panel)
    to_the_public(panel)


def fetched(app: Flask, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(app.test_client().get(path).get_data(as_text=True))
    return found
