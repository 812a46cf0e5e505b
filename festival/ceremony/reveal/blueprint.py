"""The address book of the reveal, the evening page of the MC (`order.evening_pages`), its script and pictures."""

from __future__ import annotations

from flask import Blueprint

from festival.core.web.access import Actor, current_actor
from festival.core.web.errors import NotFound
from festival.results.seats import may_read_as_mc

bp = Blueprint("reveal", __name__)


def leading() -> Actor:
    """Who reads as the MC leads the screens too: the MC, and who releases; for others there is nothing here."""
    actor = current_actor()
    if not may_read_as_mc(actor):
        raise NotFound(forgets="lead")  # what its page may have kept on this computer
    return actor
