"""How does the worker search while its letters and documents go on?

One search at a time in a process. The search is a thread and a process beside it; the worker looks in every turn: what was
found so far is kept, who wants it stopped is obeyed. A worker that dies takes the search with it, and the run is over within a minute.
"""

from __future__ import annotations

from flask import Flask, current_app
from sqlalchemy import select

from festival.core.chores import register_chore
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.schedule.filling.chosen import FillState
from festival.schedule.filling.models import FillRun
from festival.schedule.filling.running import claim, goes_on, heard, over
from festival.schedule.filling.searching import FillSearch

UNDER_WAY = "timetable searches"


def init_filling(app: Flask) -> None:
    """A chore of the worker."""
    app.extensions[UNDER_WAY] = {}
    register_chore(app, "timetable", 0, look)


def look() -> None:
    """Begin what waits; keep what was found; end what is over or to be stopped."""
    mine: dict[int, FillSearch] = current_app.extensions[UNDER_WAY]
    if not mine:
        with reading():
            waits = db.session.scalar(select(FillRun.id).where(FillRun.state == FillState.WAITING).limit(1))
        if waits is None:
            return
        with transaction():
            begun = claim()
        if begun is not None:
            run_id, search = begun
            mine[run_id] = search
            search.start()
    for run_id, search in list(mine.items()):
        if listened(run_id, search):
            del mine[run_id]


def listened(run_id: int, search: FillSearch) -> bool:
    """Keep what it has found, stop it where somebody wants that; whether it is over."""
    if search.over:
        with transaction():
            over(run_id, search)
        return True
    if search.has_news():
        with transaction():
            heard(run_id, search.told())
    with reading():
        going = goes_on(run_id)
    if not going:
        search.stop()
    return False
