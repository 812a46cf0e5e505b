"""What this room tells the house: who draws the papers that are kept, what the worker makes, the seals of reveal, order and reports."""

from __future__ import annotations

from flask import Flask

from festival.ceremony.certificates.making import MAKER as CERTIFICATES
from festival.ceremony.drawing import said
from festival.ceremony.order import rows as order_rows
from festival.ceremony.report.seal import rows as report_rows
from festival.ceremony.report.versions import draw_waiting
from festival.ceremony.reveal import pictures, rows
from festival.core.chores import register_chore
from festival.core.seal.checks import register_seal
from festival.core.work.making import register_maker
from festival.papers.keeping import register_drawer


def init_room(app: Flask) -> None:
    """Register the drawing of minutes, amendments and reports, the makers of certificates and pictures, the seals."""
    register_drawer(app, said)
    register_maker(app, CERTIFICATES)
    register_maker(app, pictures.MAKER)
    register_chore(app, "reports", 0, draw_waiting)
    register_seal(app, report_rows.SEAL)
    register_seal(app, rows.SEAL)
    register_seal(app, order_rows.SEAL)
