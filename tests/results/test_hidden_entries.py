"""Does the page of what is kept of a family say that it goes on into a final, before that is announced?"""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.privacy.people.telling import told
from festival.results.cut import announcing
from festival.roster.models import Family
from tests.results.cut_cast import rounds, taken, the_final


def said_of(at: int) -> list[str]:
    with reading():
        family = db.session.scalars(select(Family).where(Family.code == f"gia-dinh-{at}")).one()
        return [f"{part.title} {part.rows}".replace(f"{at}", "x") for part in told(family)]


def test_who_goes_on_learns_it_from_the_announcement_and_not_from_the_own_data(app: Flask) -> None:
    with app.app_context():
        panel = rounds()
        before = said_of(0), said_of(3)
        taken(panel)
        assert (said_of(0), said_of(3)) == before
        with transaction():
            announcing.announce(the_final().id, None)
        assert said_of(3) == before[1]
        assert said_of(0) != before[0]
