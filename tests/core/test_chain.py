"""Six classes of tampering, each caught with a head kept outside; what a chain alone cannot see is shown too."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from festival.core import chain
from festival.core.canonical import canonical_json
from festival.core.chain import GENESIS, ChainEntry, Head, Payload

STREAM = "judging:tai-nang"


@dataclass
class Book:
    """A ledger as a forger with the whole database would hold it."""

    entries: list[ChainEntry]
    payloads: dict[int, Payload]
    head: Head


def written(count: int, start: int = 0) -> Book:
    """A sound ledger of `count` entries."""
    entries: list[ChainEntry] = []
    payloads: dict[int, Payload] = {}
    previous = GENESIS
    for seq in range(1, count + 1):
        salt, content = seq.to_bytes(16, "big"), canonical_json({"điểm": start + seq * 250})
        digest = chain.payload_hash(salt, content)
        subject = {"judge": seq % 5, "entry": seq}
        own = chain.entry_hash(STREAM, seq, "mark", subject, 1000 + seq, digest, previous)
        entries.append(ChainEntry(STREAM, seq, "mark", subject, 1000 + seq, digest, previous, own))
        payloads[seq] = Payload(salt, content.decode())
        previous = own
    return Book(entries, payloads, Head(count, previous))


def faults(book: Book, *outside: Head) -> list[chain.Fault]:
    return chain.verify(STREAM, book.entries, book.payloads, book.head, outside)


def edit(book: Book, dice: random.Random) -> None:
    at = dice.randrange(len(book.entries))
    seq = book.entries[at].seq
    book.payloads[seq] = replace(book.payloads[seq], content='{"điểm":10000}')


def delete(book: Book, dice: random.Random) -> None:
    at = dice.randrange(len(book.entries) - 1)
    seq = book.entries.pop(at).seq
    book.payloads.pop(seq)


def insert(book: Book, dice: random.Random) -> None:
    at = dice.randrange(len(book.entries))
    book.entries.insert(at, replace(book.entries[at], kind="forged"))


def swap(book: Book, dice: random.Random) -> None:
    left, right = dice.sample(range(len(book.entries)), 2)
    a, b = book.entries[left], book.entries[right]
    book.entries[left], book.entries[right] = replace(b, seq=a.seq), replace(a, seq=b.seq)


def truncate(book: Book, dice: random.Random) -> None:
    keep = dice.randrange(1, len(book.entries))
    book.entries = book.entries[:keep]
    book.payloads = {seq: payload for seq, payload in book.payloads.items() if seq <= keep}
    book.head = Head(keep, book.entries[-1].hash)


def rewrite(book: Book, dice: random.Random) -> None:
    forged = written(len(book.entries), start=dice.randrange(1, 10**6))
    book.entries, book.payloads, book.head = forged.entries, forged.payloads, forged.head


TAMPERINGS = [edit, delete, insert, swap, truncate, rewrite]


def test_a_sound_ledger_has_no_faults() -> None:
    book = written(40)
    assert faults(book, book.head, Head(17, book.entries[16].hash), Head(3, book.entries[2].hash[:16])) == []


def test_an_empty_ledger_has_no_faults() -> None:
    assert chain.verify(STREAM, [], {}, None) == []


def test_an_erased_payload_still_verifies() -> None:
    book = written(5)
    book.payloads[3] = Payload(None, None)
    assert faults(book, book.head) == []


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_every_tampering_is_caught_with_a_head_outside(tamper: Callable[[Book, random.Random], None]) -> None:
    caught = 0
    for seed in range(200):
        book = written(20)
        kept = book.head
        tamper(book, random.Random(seed))
        caught += bool(faults(book, kept))
    assert caught == 200


@pytest.mark.parametrize("tamper", [truncate, rewrite])
def test_without_a_head_outside_a_cut_or_rewritten_ledger_looks_sound(
    tamper: Callable[[Book, random.Random], None],
) -> None:
    """The negative control: why the head is printed on the minutes."""
    book = written(20)
    tamper(book, random.Random(7))
    assert faults(book) == []
