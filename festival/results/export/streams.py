"""What does an export hold of a ledger: its lines, what they spoke of, or only its head?

A line without what it spoke of still proves the chain: it holds the salted hash. A public export holds what lines spoke of
only where all of it may be said: the sheets and measures of a contest that shows its marks, and of them no sheet with a
note. Of who waits in reserve no file says what was marked. Lines of `results:` name people, so theirs are the jury's; the hash of the standings is in the line itself.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from festival.core import ledger
from festival.core.chain import GENESIS, ChainEntry, Head, Payload

SAYABLE = frozenset(
    {
        "sheet.sent", "sheet.paper", "sheet.abstained", "sheet.resolved",
        "measure.noted", "overtime.noted", "order.noted",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WantedStream:
    """What of a stream may stand there: its lines, or only its head; `entries`: ids of those whose sheets and measures the
    public may see, None is the jury's; `judges`: who sits or sat in a seat, None where nobody has sheets.
    """

    lines: bool
    entries: frozenset[int] | None = None
    judges: frozenset[int] | None = None


def streams_told(wanted: Mapping[str, WantedStream]) -> list[dict[str, Any]]:
    """By name, in as many statements as for one."""
    heads = ledger.heads(wanted)
    told: dict[str, dict[str, Any]] = {}
    for stream in sorted(wanted):
        head = heads.get(stream, Head(0, GENESIS))
        told[stream] = {"stream": stream, "size": head.size, "hash": head.hash}
        if wanted[stream].lines:
            told[stream]["lines"] = []
    for entry, said in ledger.lines_of(stream for stream, how in wanted.items() if how.lines):
        told[entry.stream]["lines"].append(_line(entry, said, wanted[entry.stream]))
    return list(told.values())


def _line(entry: ChainEntry, said: Payload | None, wanted: WantedStream) -> dict[str, Any]:
    told: dict[str, Any] = {
        "seq": entry.seq,
        "kind": entry.kind,
        "subject": dict(entry.subject),
        "at": entry.at_ms,
        "payload": entry.payload_hash,
        "previous": entry.previous,
        "hash": entry.hash,
    }
    if said is None or said.content is None or said.salt is None:
        return told
    if wanted.judges is not None and "entry" in entry.subject and not _counted(entry, wanted.judges):
        return told
    if wanted.entries is None or _sayable(entry, said.content, wanted.entries):
        told |= {"salt": said.salt.hex(), "content": said.content}
    return told


def _counted(entry: ChainEntry, judges: Collection[int]) -> bool:
    return "judge" not in entry.subject or entry.subject["judge"] in judges


def _sayable(entry: ChainEntry, content: str, entries: Collection[int]) -> bool:
    if entry.kind not in SAYABLE or ("entry" in entry.subject and entry.subject["entry"] not in entries):
        return False
    return not json.loads(content).get("note")
