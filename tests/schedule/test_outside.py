"""Which sessions are told before the days of a festival are changed?"""

from __future__ import annotations

from datetime import date

import pytest

from festival.core.transaction import reading, transaction
from festival.schedule import planning
from festival.schedule.outside import SessionOutside, sessions_outside
from tests.schedule.test_programme import Ids, at, ids, inside, sessions

pytestmark = pytest.mark.either_database

__all__ = ["ids", "inside", "sessions"]  # fixtures

FIRST, SECOND, THIRD = date(2024, 6, 27), date(2024, 6, 28), date(2024, 6, 29)


def test_the_sessions_outside_other_days_are_told_with_their_acts(sessions: Ids) -> None:
    with transaction():
        planning.make_plan(sessions.festival)
    with reading():
        assert sessions_outside(sessions.festival, SECOND, SECOND) == []
        for days in ((FIRST, FIRST), (THIRD, THIRD)):
            told = sessions_outside(sessions.festival, *days)
            assert [(each.stage, each.label, each.acts) for each in told] == [
                ("Hội trường", "buổi sáng", 7),
                ("Sân vận động", "buổi sáng", 7),
            ]
            assert isinstance(told[0], SessionOutside)
            assert (told[0].starts_at, told[0].ends_at) == (at(7, 30), at(10))
            assert told[0].contest == "Biểu diễn nghệ thuật «Gia đình tài năng»"
