"""What phones of a commune's judges send, given to the door they send to: marks as somebody taps them in the browser too."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.judging.sheet_messages import SheetMessage, SheetTaken
from festival.judging.taking_sheets import take_sheets
from festival.roster.models import Entry


def send_all(app: Flask, code: str, judges: Iterable[str], heads: Iterable[str]) -> None:
    """Of a contest with three criteria: half a point less from family to family, then 3 and 2."""
    with app.app_context(), transaction():
        contest = db.session.scalars(select(Contest).where(Contest.code == code)).one()
        criteria = [each.code for each in sorted(contest.criteria, key=lambda each: each.position)]
        named = {
            each.name: each.code for each in db.session.scalars(select(Entry).where(Entry.contest_id == contest.id))
        }
        for judge in db.session.scalars(select(User.id).where(User.name.in_(list(judges)))).all():
            for at, head in enumerate(heads):
                marks = dict(zip(criteria, ((8 - at) * 500, 3_000, 2_000), strict=True))
                entry = named[f"Gia đình ông {head}"]
                sheet = SheetMessage(uuid4().hex, judge, entry, 1, "send", {"marks": marks}, 0, now())
                (taken,) = take_sheets([sheet])
                assert isinstance(taken, SheetTaken), taken
