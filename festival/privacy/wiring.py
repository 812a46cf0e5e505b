"""What does this room tell the house? The worker's daily erasing, how a restored copy is erased again, what waits for the
organiser.
"""

from __future__ import annotations

from flask import Flask

from festival.ceremony.report.reading import register_ethnic
from festival.core import erasure
from festival.core.chores import register_chore
from festival.core.seal.checks import register_seal
from festival.office.waiting import register_waiting
from festival.privacy import copies, erasing, erasing_kept, sweeping
from festival.privacy.ethnic.agreeing import counts
from festival.privacy.people import erasing_one
from festival.privacy.requests.due import requests_waiting
from festival.privacy.seal import rows

HOUR = 3600


def init_room(app: Flask) -> None:
    """Register the chores, and the replay of the list of erasures."""
    register_chore(app, "erase on the day", HOUR, erasing.erase_due)
    register_chore(app, "erase kept families", HOUR, erasing_kept.erase_kept)
    register_chore(app, "erase by request", 60, erasing_one.erase_waiting)
    register_chore(app, "sweep files", HOUR / 6, sweeping.sweep_waiting)
    register_chore(app, "copies past their window", HOUR, copies.forget_old_copies)
    erasure.register_replay(app, erasing_one.replay)
    register_seal(app, rows.SEAL)
    register_ethnic(app, _ethnic)
    register_waiting(app, requests_waiting)


def _ethnic(festival_id: int) -> tuple[tuple[tuple[str, int], ...], int]:
    """For the report: the numbers that may be shown."""
    shown = counts(festival_id)
    return shown.groups, shown.others
