"""What does the office add to every page, to every check of the ledger and to the worker's nights?

The list of its pages; a letter; the pack of the paper day.
"""

from __future__ import annotations

from flask import Flask

from festival.core.chores import register_chore
from festival.core.seal.checks import register_news
from festival.core.work.making import register_maker
from festival.office.after.archiving import MAKER
from festival.office.letters import tell_of_check
from festival.office.menu import menu_here
from festival.office.paper_day import packing
from festival.office.paper_day.failed import pack_failed
from festival.office.petitions_waiting import petitions_waiting
from festival.office.rehearsing.copying import end_when_over
from festival.office.waiting import register_waiting


def init_room(app: Flask) -> None:
    """Give the layouts the office list; let the organiser be written to of the ledger."""
    app.jinja_env.globals["office_menu"] = menu_here
    register_news(app, tell_of_check)
    register_maker(app, packing.MAKER)
    register_maker(app, MAKER)
    register_waiting(app, pack_failed)
    register_waiting(app, petitions_waiting)
    register_chore(app, "rehearsal", 3600, end_when_over)
    register_chore(app, "paper day", packing.NIGHTLY_S, packing.make_tonight)
