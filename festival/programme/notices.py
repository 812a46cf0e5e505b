"""What does the organiser say on top of the public pages? A room above tells; the pages only draw it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app


@dataclass(frozen=True, slots=True)
class News:
    """An announcement as its readers see it. `to`: the delegation or the act it is for, "" for everybody.

    `changed_at`: when it was corrected or withdrawn, so that whoever saw the first words sees that.
    """

    id: int
    version: int
    words: str
    to: str
    at: datetime
    until: datetime
    changed_at: datetime | None
    withdrawn: bool


Teller = Callable[[int], tuple[News, ...]]


def register_news(app: Flask, tell: Teller) -> None:
    """Let a room say what is announced to everybody of an edition."""
    app.extensions["public_news"] = tell


def public_news(festival_id: int) -> tuple[News, ...]:
    """What is announced to everybody, the newest first."""
    tell: Teller | None = current_app.extensions.get("public_news")
    return () if tell is None else tell(festival_id)
