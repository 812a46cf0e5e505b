"""Rules and heads of a day: published, the rules once more because they are others, heads of an evening."""

from __future__ import annotations

from datetime import date

from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.results.publication.heads import publish_heads
from festival.results.publication.rules import publish_rules


def published(festival_id: int, staff: int) -> None:
    with transaction():
        publish_rules(db.session.get_one(Festival, festival_id), "", staff)
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        first, *others = festival.ruleset["contests"]
        festival.ruleset = {**festival.ruleset, "contests": [{**first, "changeover_min": 9}, *others]}
        assert len(publish_rules(festival, "đổi phút chuyển tiết mục", staff)) == 1
        festival.ruleset = {**festival.ruleset, "contests": [first, *others]}
        assert len(publish_rules(festival, "trở lại như trước", staff)) == 1
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        assert publish_heads(festival, None, date(2024, 6, 14)) is not None
        assert publish_heads(festival, None, date(2024, 6, 14)) is None
