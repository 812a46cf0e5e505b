"""What holds for every JSON object that somebody sends, whichever room reads it?

Its texts are cleaned before they are measured (`core.text`), and a member nobody named is refused.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from festival.core.old_fonts import arriving
from festival.core.text import clean, cleaned

NAMES = ("name", "agreed_by")


class CleanShape(BaseModel):
    """Base of the shapes of JSON."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, sent: Any) -> Any:
        return (
            {clean(key): _member(key, value) for key, value in sent.items()}
            if isinstance(sent, dict)
            else cleaned(sent)
        )


def _member(key: str, value: Any) -> Any:
    """Clean; shapes inside are cleaned by themselves, and a name keeps the ư of TCVN3 until it is looked at."""
    if isinstance(value, str):
        return arriving(value) if key in NAMES else clean(value)
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return [
            {clean(inner): _member(inner, each[inner]) for inner in each} if isinstance(each, dict) else cleaned(each)
            for each in value
        ]
    return cleaned(value)


class FaultOut(BaseModel):
    """What is wrong, and where; `suggestion`: as it should be, where that is known."""

    place: str
    code: str
    message: str
    suggestion: str | None = None


class RefusalOut(BaseModel):
    """A request that could not be read or is not allowed."""

    error: str
    message: str
    faults: list[FaultOut] = []
