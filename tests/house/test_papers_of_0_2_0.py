"""What becomes of minutes that were signed in release 0.2.0, which kept no papers?"""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.accounts.queries import SESSION_COOKIE
from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import reading
from festival.editions.models import Festival
from festival.results.models import Award, StateChange
from tests.harness.paper_words import words_of_pdf
from tests.house.test_upgrade_from_0_2_0 import BroughtUp, brought_up, client, kept

pytestmark = pytest.mark.either_database

__all__ = ["brought_up", "client"]


def test_signed_minutes_of_old_contests_are_kept_when_first_asked_for(
    brought_up: BroughtUp, client: FlaskClient
) -> None:
    """Release 0.2.0 kept no paper: what is kept now says so, and stays as it is from then on; awards bear names."""
    client.set_cookie(SESSION_COOKIE, kept()["held"]["cookies"]["thuky"])
    with brought_up.app.app_context(), reading():
        awards = db.session.scalars(select(Award)).all()
        assert awards and all(each.name and each.delegation and each.named_later for each in awards)
        current = select(Festival.id).where(Festival.code == "kien-giang-2024").scalar_subquery()
        signed = select(Contest.code).join(StateChange, StateChange.contest_id == Contest.id).where(
            StateChange.state == ContestState.SIGNED, Contest.festival_id == current
        )  # fmt: skip
        codes = list(db.session.scalars(signed))
    assert codes
    for code in codes:
        first, again = (client.get(f"/panel/{code}/minutes") for _ in range(2))
        assert "lúc đó chưa lưu tờ giấy" in words_of_pdf(first.data) and again.data == first.data, code
