"""Does a printed paper in somebody's hand still say what stands, and what on it is other by now? Pure.

A print keeps no words: of the whole one digest, and of each part one under the digest of its name. So what has changed can be named as
long as it stands in the text of now; what has gone is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from festival.core.canonical import canonical_json

Labelled = Sequence[tuple[str, Any]]  # the name of a part, and what is printed of it
SHORT = 16


class AnyPrint(Protocol):
    """A numbered print of a paper."""

    @property
    def number(self) -> int: ...
    @property
    def digest(self) -> str: ...
    @property
    def parts(self) -> Mapping[str, str]: ...
    @property
    def printed_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class PaperInHand:
    """The newest print. `changed`: the parts that are other than on it or, while it is `good`, than on the print before it; `gone`: how many
    that stood there do not stand any more; `moved`: the same parts in another order. All empty where the print kept no parts.
    """

    number: int
    printed_at: datetime
    good: bool
    changed: tuple[str, ...]
    gone: int
    moved: bool


def parts_kept(labelled: Labelled) -> dict[str, str]:
    """What a print keeps of its parts; those of one name count as one."""
    together: dict[str, list[Any]] = {}
    for label, what in labelled:
        together.setdefault(_short(label), []).append(what)
    return {label: _short(what) for label, what in together.items()}


def in_hand(prints: Iterable[AnyPrint], digest: str, labelled: Labelled) -> PaperInHand | None:
    """`prints`: the newest first; `digest` and `labelled`: what would be printed now. None: nothing was printed."""
    newest, before = (*list(prints)[:2], None, None)[:2]
    if newest is None:
        return None
    good = newest.digest == digest
    kept = (before.parts if before else {}) if good else newest.parts
    if not kept:
        return PaperInHand(newest.number, newest.printed_at, good, (), 0, moved=False)
    standing = parts_kept(labelled)
    changed = tuple(dict.fromkeys(label for label, _what in labelled if kept.get(at := _short(label)) != standing[at]))
    gone = len(kept.keys() - standing.keys())
    return PaperInHand(newest.number, newest.printed_at, good, changed, gone, moved=not changed and not gone)


def _short(what: Any) -> str:
    return sha256(canonical_json(what)).hexdigest()[:SHORT]
