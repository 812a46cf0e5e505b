"""Entries of equal counts are drawn: by dice, taken back, by hand; one group goes past the draw to the panel."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.office.festival_import import import_festival, read_file
from festival.results.agenda import agenda_of
from festival.results.current import tally_for_result
from festival.results.decide import decide
from festival.results.decisions import decisions_of
from festival.results.settling.recording import LotsDrawn, NotHeld, RecordTakenBack, RungSaying, Thrown
from festival.results.ties import AskedOf

SAW = ["Trưởng ban", "Thư ký", "Đại diện các đoàn"]


def by_lots(festival_id: int, code: str) -> None:
    """The file as if it had always said so: equal entries of this contest are parted by a draw. The demo's first result came
    before this day, so that is set aside for the import.
    """
    with transaction():
        document: dict[str, Any] = json.loads(json.dumps(db.session.get_one(Festival, festival_id).ruleset))
        next(each for each in document["contests"] if each["code"] == code)["ties"] = [{"by": "draw"}]
        contest = _contest(code)
        fixed, contest.rules_fixed_at = contest.rules_fixed_at, None
        db.session.flush()
        import_festival(read_file(json.dumps(document).encode()))
        assert [each["by"] for each in _contest(code).tie_ladder] == ["draw", "jury"]
        _contest(code).rules_fixed_at = fixed


def drawn(code: str, staff: int) -> None:
    """After the lock: every group that stands equal at the draw."""
    with reading():
        contest = _contest(code)
        contest_id = contest.id
        groups = [come.entries for come in agenda_of(tally_for_result(contest), decisions_of(contest_id)).rungs]
    assert len(groups) > 1, "nobody is equal"
    for at, group in enumerate(groups):
        entries = frozenset(group)
        said: list[RungSaying] = [Thrown(entries, "3125466123")]
        if at == 0:
            said.append(RecordTakenBack(AskedOf.DRAW, entries))
            said.append(LotsDrawn({entry: str(lot) for lot, entry in enumerate(group, start=1)}))
        if at == 1:
            said = [NotHeld(AskedOf.DRAW, entries)]
        for each in said:
            with transaction():
                decide(contest_id, each, "theo thể lệ", SAW, staff)


def _contest(code: str) -> Contest:
    return db.session.scalars(select(Contest).where(Contest.code == code)).one()
