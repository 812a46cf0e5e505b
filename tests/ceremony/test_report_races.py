"""Two who make the report of an edition at once make one version of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from festival.ceremony.report import versions
from festival.ceremony.report.models import ReportVersion
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.queries import the_festival
from tests.registration.registered import race


@pytest.fixture
def app(demo_app: Flask) -> Flask:
    return demo_app


@pytest.mark.both_databases
def test_two_who_make_a_version_at_once_make_one(app: Flask) -> None:
    with app.app_context(), reading():
        festival_id = the_festival().id
    made = race(app, 4, lambda: versions.make_version(festival_id, None).number)
    assert made == [1, 1, 1, 1]
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count(ReportVersion.id))) == 1


@pytest.mark.both_databases
def test_the_naive_maker_counts_before_it_holds_the_edition_and_stumbles(app: Flask) -> None:
    """The control: two look how many versions there are, then both write the next one."""
    with app.app_context():
        with reading():
            festival_id = the_festival().id
            seen = [len(versions.versions_of(festival_id)) for _maker in range(2)]

        def write(known: int) -> None:
            told = {"content": {}, "sha256": "x", "made_at": now(), "made_by": None}
            with transaction():
                db.session.add(ReportVersion(festival_id=festival_id, number=known + 1, **told))

        write(seen[0])
        with pytest.raises(IntegrityError):
            write(seen[1])
