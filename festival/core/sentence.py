"""How does a pure rule say something to a person without knowing the languages of the house?

It returns a `Sentence`: the Vietnamese template (the source language of every message) and its values. What is stored in a
table or put into the ledger is `to_json` of it, so that nothing that is kept depends on the language of whoever pressed
the button; a door words it for its reader with `core.i18n.say`. `str(sentence)` is the Vietnamese text.
`N_` is the marker that the extraction of messages looks for, as in GNU gettext.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DECIMAL = ","  # of Vietnamese papers; a reader of another language has another


@dataclass(frozen=True, slots=True)
class Points:
    """A number of points as a value of a sentence: 1/1000 points, worded with the decimal sign of the reader."""

    milli: int

    def written(self, decimal: str = DECIMAL) -> str:
        """8750 → ``8,75``: no needless zeros."""
        whole, part = divmod(abs(self.milli), 1000)
        return f"{'-' if self.milli < 0 else ''}{whole}" + (f"{decimal}{part:03d}".rstrip("0") if part else "")

    def __str__(self) -> str:
        return self.written()


@dataclass(frozen=True, slots=True)
class Stopped:
    """A time that was stopped, as a value of a sentence: milliseconds, worded with the decimal sign of the reader."""

    ms: int

    def written(self, decimal: str = DECIMAL) -> str:
        """83450 → ``1:23,45``; below a minute ``23,45``."""
        minutes, rest = divmod(self.ms, 60_000)
        seconds, part = divmod(rest, 1000)
        tail = f"{decimal}{part:03d}".rstrip("0") if part else ""
        return (f"{minutes}:{seconds:02d}" if minutes else f"{seconds}") + tail

    def __str__(self) -> str:
        return self.written()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for people: template, values, and (where programs ask which one it is) a stable code.

    A text among the values is said as it stands: a name, what somebody typed. A value that is a sentence itself is worded
    like one.
    """

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)
    code: str = ""

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template

    def __hash__(self) -> int:
        return hash((self.template, str(self), self.code))

    def filled(self, **values: Value) -> Sentence:
        """The same sentence with these values; those its template does not name are left out."""
        named = {name: value for name, value in values.items() if f"%({name})s" in self.template}
        return Sentence(self.template, named, self.code)


Value = str | int | Points | Stopped | Sentence


def N_(template: str, code: str = "", /, **values: Value) -> Sentence:  # noqa: N802 - the name the message extractor looks for
    """Mark a sentence for the catalogue and give it its code and its values."""
    return Sentence(template, values, code)


# ------------------------------------------------------------------------------------------------ as it is kept


def to_json(sentence: Sentence) -> dict[str, Any]:
    """What is stored of a sentence: plain values, whoever made it and in whatever language."""
    kept: dict[str, Any] = {
        "template": sentence.template,
        "values": {name: _value_to_json(value) for name, value in sentence.values.items()},
    }
    return kept | {"code": sentence.code} if sentence.code else kept


def _value_to_json(value: Value) -> object:
    match value:
        case Sentence():
            return to_json(value)
        case Points(milli):
            return {"points_milli": milli}
        case Stopped(ms):
            return {"ms": ms}
        case str() | int():
            return value


def from_json(kept: str | Mapping[str, Any]) -> Sentence:
    """A sentence as it was stored. A text alone, as early releases kept some, is said as it stands."""
    if isinstance(kept, str):
        return Sentence(kept)
    values = {name: _value_from_json(value) for name, value in kept.get("values", {}).items()}
    return Sentence(kept["template"], values, kept.get("code", ""))


def _value_from_json(kept: Any) -> Value:
    match kept:
        case {"template": str()}:
            return from_json(kept)
        case {"points_milli": int(milli)}:
            return Points(milli)
        case {"ms": int(ms)}:
            return Stopped(ms)
        case int():
            return kept
        case _:
            return str(kept)
