"""How far are the results of a living demo? One contest is published, one is locked; the others are open.

By the steps a chair, a secretary and the organisers take.
"""

from __future__ import annotations

from collections.abc import Mapping

from festival.contests.models import Contest
from festival.core.transaction import transaction
from festival.demo.festival import PANELS, contests_by_code
from festival.demo.invention import Invention
from festival.results.ladder import people
from festival.results.ladder import sign as ladder_sign
from festival.results.ladder.lock import Locked
from festival.results.ladder.sign import Signed

LOCKED = "trang-phuc"
PUBLISHED = "bong-ro"
NUMBER = "01"
UNPROOFED = "Thi ngay sau khai mạc, các đoàn chưa kịp dò tên."


def settle(festival_id: int, made_up: Invention, users: Mapping[str, int]) -> None:
    """Lock one contest, and take another to its publication; in small editions there may be nothing to settle."""
    with transaction():
        contests = contests_by_code(festival_id)
        chair = users[made_up.panel[PANELS[LOCKED][0]].login]
        _lock(contests[LOCKED], chair, users)
        _lock(contests[PUBLISHED], users["bantochuc"], users)
        published, organiser = contests[PUBLISHED].id, users["bantochuc"]
        signed = ladder_sign.sign(published, NUMBER, organiser)
        if not isinstance(signed, Signed):
            raise TypeError(signed)
        ladder_sign.record_award_decision(published, NUMBER, organiser)
        for taken in (
            people.release(published, organiser, users["phobantochuc"], names_reason=UNPROOFED),
            people.publish(published, organiser),
        ):
            if not isinstance(taken, people.Taken):
                raise TypeError(taken)


def _lock(contest: Contest, chair: int, users: Mapping[str, int]) -> None:
    locked = people.lock(contest.id, chair, users["thuky"])
    if not isinstance(locked, Locked):
        raise TypeError(locked)
