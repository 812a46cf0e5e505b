"""Is this ledger the one that was written? Pure: needs nothing but the rows and, best, a head kept outside.

Entry hash = SHA-256 over RFC 8785 JSON of {at, kind, payload, previous, seq, stream, subject}; `payload` is
SHA-256(salt ‖ canonical payload), so an erased payload leaves the chain whole. A chain alone does not show that
its end was cut off or that all of it was written anew: only a head remembered elsewhere (the minutes, a tablet)
does, so `verify` takes such heads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from festival.core.canonical import canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """One line of a ledger: `at` in ms since 1970 UTC, hashes as 64 hex digits."""

    stream: str
    seq: int
    kind: str
    subject: Mapping[str, object]
    at_ms: int
    payload_hash: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Payload:
    """What an entry spoke of; both None after erasure."""

    salt: bytes | None
    content: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """How long a stream was and the hash of its last entry."""

    size: int
    hash: str

    @property
    def short(self) -> str:
        """The 16 hex digits printed on minutes."""
        return self.hash[:16]


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a stream is broken and how."""

    seq: int
    reason: str


def payload_hash(salt: bytes, content: bytes) -> str:
    """SHA-256 over the salt and the canonical payload, as hex."""
    return sha256(salt + content).hexdigest()


def entry_hash(
    stream: str, seq: int, kind: str, subject: Mapping[str, object], at_ms: int, payload: str, previous: str
) -> str:
    """The hash that the next entry carries as `previous`."""
    named = {
        "at": at_ms,
        "kind": kind,
        "payload": payload,
        "previous": previous,
        "seq": seq,
        "stream": stream,
        "subject": subject,
    }
    return sha256(canonical_json(named)).hexdigest()


class ChainCheck:
    """Goes along a stream line by line, so that a long one is never held as a whole.

    `outside`: heads remembered elsewhere.
    """

    def __init__(self, stream: str, outside: Iterable[Head] = ()) -> None:
        self.stream = stream
        self.faults: list[Fault] = []
        self.size = 0
        self._outside = list(outside)
        self._wanted = {kept.size for kept in self._outside}
        self._hashes = {0: GENESIS}
        self._previous = GENESIS
        self._torn = False

    def take(self, entry: ChainEntry, payload: Payload | None) -> None:
        """The next line as stored; after a gap nothing more can be said of a stream."""
        if self._torn:
            return
        expected = self.size + 1
        if entry.seq != expected or entry.stream != self.stream:
            self.faults.append(Fault(expected, f"thiếu hoặc thừa dòng: chờ số {expected}, thấy số {entry.seq}"))
            self._torn = True
            return
        self.faults.extend(Fault(entry.seq, reason) for reason in _entry_faults(entry, self._previous, payload))
        self._previous, self.size = entry.hash, expected
        if expected in self._wanted:
            self._hashes[expected] = entry.hash

    def end(self, head: Head | None, strays: Iterable[int] = ()) -> list[Fault]:
        """All faults, in order. `strays`: numbers of payloads beyond the lines that were taken."""
        faults = self.faults + [Fault(seq, "chi tiết không thuộc dòng nào") for seq in sorted(strays)]
        stored = head or Head(0, GENESIS)
        if (stored.size, stored.hash) != (self.size, self._previous):
            faults.append(Fault(self.size, f"đầu sổ ghi {stored.size} dòng, sổ có {self.size}"))
        for kept in self._outside:
            if kept.size not in self._hashes:
                faults.append(Fault(kept.size, f"sổ bị cắt: đầu sổ giữ bên ngoài có {kept.size} dòng"))
            elif not self._hashes[kept.size].startswith(kept.hash):
                faults.append(Fault(kept.size, "khác với đầu sổ giữ bên ngoài: sổ đã bị viết lại"))
        return faults


def verify(
    stream: str,
    entries: Sequence[ChainEntry],
    payloads: Mapping[int, Payload],
    head: Head | None,
    outside: Iterable[Head] = (),
) -> list[Fault]:
    """All faults found in one stream, in order; an empty list means it verifies.

    `entries` in ascending seq as stored; `head` the stored head; `outside` heads remembered elsewhere.
    """
    check = ChainCheck(stream, outside)
    for entry in entries:
        check.take(entry, payloads.get(entry.seq))
    return check.end(head, [seq for seq in payloads if not 1 <= seq <= check.size])


def _entry_faults(entry: ChainEntry, previous: str, payload: Payload | None) -> list[str]:
    """What is wrong with one line, given the hash before it and its payload."""
    reasons = []
    if entry.previous != previous:
        reasons.append("không nối với dòng trước")
    computed = entry_hash(
        entry.stream, entry.seq, entry.kind, entry.subject, entry.at_ms, entry.payload_hash, entry.previous
    )
    if computed != entry.hash:
        reasons.append("nội dung dòng đã bị đổi")
    if payload is None:
        reasons.append("thiếu chi tiết của dòng")
    elif payload.content is not None and payload.salt is not None:
        if payload_hash(payload.salt, payload.content.encode("utf-8")) != entry.payload_hash:
            reasons.append("chi tiết của dòng đã bị đổi")
    elif (payload.content, payload.salt) != (None, None):
        reasons.append("chi tiết chỉ xóa một nửa")
    return reasons
