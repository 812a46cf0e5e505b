"""What may a gate say of a reading, and of one that is taken back?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, TypeAdapter, model_validator

from festival.core.web.wire import CleanShape

REASON_LEAST, REASON_MOST = 3, 200

Reason = Annotated[StrictStr, Field(min_length=REASON_LEAST, max_length=REASON_MOST)]


class ForceBody(CleanShape):
    """Why somebody is let in against the rule."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    reason: Reason


class ScanBody(BaseModel):
    """What a gate says of one reading. `persons` null = everybody of the pass; `window`: the key the gate showed."""

    model_config = ConfigDict(extra="forbid")
    pass_id: Annotated[Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{32}$")] | None, Field(alias="pass")]
    persons: Annotated[list[Annotated[StrictStr, Field(max_length=64)]], Field(max_length=2000)] | None = None
    purpose: Annotated[StrictStr, Field(min_length=1, max_length=40)] = "entry"
    window: Annotated[StrictStr, Field(max_length=40)] | None = None
    way: Literal["in", "out"] = "in"
    how: Literal["camera", "scanner", "photo", "typed", "search", "phone", "decided", "paper", "desk"] = "camera"
    decision: Literal["let_in", "turned_away", "refused"] | None = None
    why: Literal["torn", "foreign", "replaced", "closed", "blank", "not_listed", "other_class"] | None = None
    count: Annotated[StrictInt, Field(ge=0, le=1000)] | None = None
    force: ForceBody | None = None

    @model_validator(mode="after")
    def _whole(self) -> ScanBody:
        if (self.decision == "refused") != (self.why is not None):
            raise ValueError("a refused reading says why")
        if self.pass_id is None and self.decision != "refused":
            raise ValueError("a reading that counts is of a pass")
        return self


class UndoBody(BaseModel):
    """Which message is taken back, and why."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    scan: Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    reason: Reason


SCAN_BODY = TypeAdapter(ScanBody)
UNDO_BODY = TypeAdapter(UndoBody)
