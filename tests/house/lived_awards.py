"""A panel that leaves a prize empty, gives a place another prize, and takes one of each back."""

from __future__ import annotations

from collections.abc import Sequence

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import transaction
from festival.results.agenda import agenda_of
from festival.results.current import prize_names, tally_for_result
from festival.results.decide import decide
from festival.results.decisions import decisions_of
from festival.results.settling.awarding import (
    PrizeGivenAgain,
    PrizeLeftEmpty,
    PrizeSaying,
    PrizesGiven,
    PrizesTakenBack,
)


def decided(contest_id: int, panel: Sequence[str], staff: int) -> None:
    """Of a locked contest, before its minutes are signed; the first prize stays empty."""
    with transaction():
        contest = db.session.get_one(Contest, contest_id)
        first, second = prize_names(contest)[:2]
        group = agenda_of(tally_for_result(contest), decisions_of(contest.id)).groups[-1]
    said: list[tuple[PrizeSaying, str]] = [
        (PrizesGiven(dict.fromkeys(group, second)), "phong cách riêng"),
        (PrizesTakenBack(frozenset(group)), "xem lại băng hình"),
        (PrizesGiven(dict.fromkeys(group)), "không xét"),
        (PrizeLeftEmpty(first, "none"), "chưa tiết mục nào xứng"),
        (PrizeGivenAgain(first), "đếm lại phiếu"),
        (PrizeLeftEmpty(first, "next"), "vẫn chưa xứng"),
    ]
    for saying, reason in said:
        with transaction():
            decide(contest_id, saying, reason, panel, staff)
