"""What holds for every JSON object that somebody sends, whichever room reads it?

Its texts are cleaned before they are measured (`core.text`), and a member nobody named is refused.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from festival.core.text import cleaned


class CleanShape(BaseModel):
    """Base of the shapes of JSON."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, sent: Any) -> Any:
        return cleaned(sent)
