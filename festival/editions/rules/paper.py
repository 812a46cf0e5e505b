"""How are slips of paper typed, and does the signature wait for what judges confirm on their tablets?"""

from __future__ import annotations

from enum import StrEnum


class PaperTyping(StrEnum):
    """How often a slip is typed; without the key twice of a judge who marks on paper only, once of a single slip."""

    ONCE = "once"
    TWICE = "twice"


class Confirming(StrEnum):
    """The signature waits until each judge has confirmed on the own tablet what was locked; without the key it does not."""

    REQUIRED = "required"
