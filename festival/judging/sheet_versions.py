"""May this sheet be taken, and is it a new version, a repetition or a conflict?

Pure: the present sheet and the message come as values, the answer is a value. The base version must be current
(protocols, "Score sheet"); a message that says what the sheet already says is a repetition whatever its base, because
a tablet that lost the answer sends again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from festival.contests.marks import BadMark, Scale, check_mark
from festival.contests.panel import Incomplete, SheetState, sheet_total


@dataclass(frozen=True, slots=True)
class Content:
    """What a sheet says: marks by criterion code when marked, else only the state."""

    state: SheetState
    marks: Mapping[str, int]
    total_milli: int | None
    note: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "state": self.state.value,
            "marks": dict(sorted(self.marks.items())),
            "total": self.total_milli,
            "note": self.note,
        }

    def same_as(self, other: Content) -> bool:
        return (self.state, dict(self.marks), self.note) == (other.state, dict(other.marks), other.note)


@dataclass(frozen=True, slots=True)
class UnreadableSheet:
    """The marks cannot be a sheet of this contest; `criterion` names the place."""

    reason: str
    criterion: str = ""


NOTE_LENGTH = 300


def marked(marks: object, scales: Mapping[str, Scale], note: object = "") -> Content | UnreadableSheet:
    """A marked sheet out of what a device or a form sent. Every criterion must have a legal mark."""
    if not isinstance(marks, Mapping):
        return UnreadableSheet("no_marks")
    clean: dict[str, int] = {}
    for code, milli in marks.items():
        if not isinstance(code, str) or code not in scales:
            return UnreadableSheet("unknown_criterion", str(code)[:60])
        if milli is None:
            continue
        match check_mark(milli, scales[code]):
            case BadMark(fault):
                return UnreadableSheet(fault.value, code)
            case mark:
                clean[code] = mark.milli
    match sheet_total(clean, list(scales), {code: scale.weight_milli for code, scale in scales.items()}):
        case Incomplete(missing):
            return UnreadableSheet("blank", missing[0])
        case total:
            return Content(SheetState.MARKED, clean, total.milli, _note(note))


def abstained(state: object, note: object = "") -> Content | UnreadableSheet:
    """A judge who does not mark, and why."""
    if state not in (SheetState.RECUSED.value, SheetState.LATE.value, SheetState.ABSENT.value):
        return UnreadableSheet("unknown_state")
    return Content(SheetState(str(state)), {}, None, _note(note))


def _note(note: object) -> str:
    return " ".join(str(note).split())[:NOTE_LENGTH] if isinstance(note, str) else ""


@dataclass(frozen=True, slots=True)
class Present:
    """The sheet as it stands."""

    version: int
    content: Content
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class First:
    """The first version of a sheet."""


@dataclass(frozen=True, slots=True)
class Next:
    """A correction on the current version."""

    version: int


@dataclass(frozen=True, slots=True)
class Same:
    """Nothing new."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Written on another version than the current one: both are kept."""


def compare(present: Present | None, offered: Content, base_version: int) -> First | Next | Same | Apart:
    """What the offered content is to the sheet. `base_version` 0: the tablet knew of no sheet."""
    if present is None:
        return First()
    if present.content.same_as(offered) and not present.conflict:
        return Same()
    # while two versions wait, anything further is one more offer: nothing may settle the choice by overwriting
    current = base_version == present.version and not present.conflict
    return Next(present.version + 1) if current else Apart()
