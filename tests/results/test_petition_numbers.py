"""Do petitions that are lodged at one moment get numbers without a gap and without a double?"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.results.petitions.kinds import PetitionAbout, PetitionDesk, PetitionRoad, PetitionTitle
from festival.results.petitions.models import Petition
from festival.roster.models import Delegation
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel
from tests.results.test_petitions import WHY, lodged, panel

__all__ = ["panel"]

pytestmark = pytest.mark.both_databases


def together(app: Flask, act: Callable[[threading.Barrier], None]) -> list[str]:
    """Six heads at one moment; what each of them got."""
    barrier, got = threading.Barrier(6), []

    def run() -> None:
        with app.app_context():
            try:
                act(barrier)
                got.append("number")
            except IntegrityError:
                got.append("lost")

    threads = [threading.Thread(target=run) for _at in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE_S)
    return sorted(got)


def test_six_at_one_moment_have_six_numbers_without_a_gap(app: Flask, panel: Panel) -> None:
    def honest(barrier: threading.Barrier) -> None:
        barrier.wait(PATIENCE_S)
        lodged(panel)

    assert together(app, honest) == ["number"] * 6
    with app.app_context(), reading():
        assert db.session.scalars(select(Petition.number).order_by(Petition.number)).all() == [1, 2, 3, 4, 5, 6]


def test_the_harness_catches_a_number_that_is_counted_first(app: Flask, panel: Panel) -> None:
    """Counts, then writes: what must never be built. The constraint loses all but one."""
    with app.app_context(), reading():
        delegation_id = db.session.scalars(select(Delegation.id)).first()

    def naive(barrier: threading.Barrier) -> None:
        with reading():
            last = db.session.scalar(select(func.max(Petition.number))) or 0
        barrier.wait(PATIENCE_S)
        with transaction():
            db.session.add(
                Petition(
                    festival_id=panel.festival_id, number=last + 1, delegation_id=delegation_id, about=PetitionAbout.WHOLE,
                    title=PetitionTitle.PETITION, road=PetitionRoad.LINK, lodged_by="Danh Trưởng", words=WHY,
                    lodged_at=now(), desk=PetitionDesk.OFFICE,
                )
            )  # fmt: skip

    assert together(app, naive) == ["lost"] * 5 + ["number"]
