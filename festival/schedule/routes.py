"""The pages of the timetable: each folder draws its own on the same blueprint."""

from __future__ import annotations

from festival.schedule.blueprint import bp
from festival.schedule.board import pages as board_pages
from festival.schedule.board import shift_pages
from festival.schedule.draw_pages import draw_page, meeting_pages
from festival.schedule.editing import office_pages, session_pages, stage_pages
from festival.schedule.filling import pages as filling_pages
from festival.schedule.mending import asked_pages, mend_pages
from festival.schedule.rounds import pages as round_pages
from festival.schedule.sound import pages as sound_pages
from festival.schedule.stage_day import day_pages
from festival.schedule.versions import order_pages, version_pages
from festival.schedule.wishing import pages as wish_pages

__all__ = [
    "asked_pages",
    "board_pages",
    "bp",
    "day_pages",
    "draw_page",
    "filling_pages",
    "meeting_pages",
    "mend_pages",
    "office_pages",
    "order_pages",
    "round_pages",
    "session_pages",
    "shift_pages",
    "sound_pages",
    "stage_pages",
    "version_pages",
    "wish_pages",
]
