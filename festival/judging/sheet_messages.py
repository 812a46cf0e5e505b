"""What does a judge's tablet or a secretary say of a score sheet, and what can come of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Verb = Literal["send", "abstain", "resolve"]


@dataclass(frozen=True, slots=True)
class SheetMessage:
    """What a judge says about an entry, from a tablet or through the secretary's hands.

    `body`: send {"marks": {criterion: milli}}, abstain {"state", "note"}, resolve {"keep": "current" or a mid}.
    """

    mid: str
    user_id: int
    entry_code: str
    round: int
    verb: Verb
    body: Mapping[str, Any]
    base_version: int
    received_at: datetime
    typed_by: int | None = None  # the secretary, for a paper slip or a correction
    correction: bool = False  # the secretary corrects what the judge has sent, with a reason
    made: tuple[int, int, datetime] | None = None  # device, place in its order, its moment; None: not from a tablet

    @property
    def on_paper(self) -> bool:
        return self.typed_by is not None and not self.correction


@dataclass(frozen=True, slots=True)
class SheetTaken:
    """It is the sheet's new version."""

    version: int
    total_milli: int | None
    stream: str | None  # none of a reserve's


@dataclass(frozen=True, slots=True)
class SheetSame:
    """The sheet says that already."""

    version: int
    total_milli: int | None


@dataclass(frozen=True, slots=True)
class SheetApart:
    """Both versions are kept; the same judge chooses."""

    version: int
    current: Mapping[str, Any]
    offered: Mapping[str, Any]
    stream: str | None  # none of a reserve's


@dataclass(frozen=True, slots=True)
class SheetRefused:
    """Not taken; `reason` is a word of docs/judging.md."""

    reason: str
    criterion: str = ""


SheetOutcome = SheetTaken | SheetSame | SheetApart | SheetRefused
