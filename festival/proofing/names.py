"""Which names stand on a delegation's sheet, and is one proofed? Pure.

A name is proofed when it stands on a signed sheet with exactly the spelling it has now. What is compared is the digest of
the name as it was printed, never a flag: whatever is changed afterwards asks again by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from festival.core.names import nfc
from festival.core.sentence import N_

SHOWN = 32  # digits of a digest that are kept
NO_TEAM = N_("Đội cần có tên.", "no_team_name")


class NameKind(StrEnum):
    """Whose or what's name it is."""

    DELEGATION = "delegation"
    HEAD = "head"
    FAMILY = "family"  # as the MC says it: "Gia đình ông Danh Chung"
    MEMBER = "member"
    ENTRY = "entry"  # a mixed team, or an entry called otherwise than its family
    TITLE = "title"  # of an act


@dataclass(frozen=True, slots=True)
class SheetName:
    """One name of a sheet. `code`: of the row it is stored in; `note`: what it is, beside it; `group`: the family it stands under."""

    kind: NameKind
    code: str
    text: str
    note: str = ""
    group: str = ""
    entry_id: int | None = None
    editable: bool = True

    @property
    def key(self) -> str:
        """By which a sheet knows it again, however it is spelt."""
        return f"{self.kind.value}.{self.code}"

    @property
    def digest(self) -> str:
        """Of the name as it is spelt now."""
        return digest_of(self.key, self.text)


def digest_of(key: str, text: str) -> str:
    """Of one name under one key, in the stored form of a name (NFC, single spaces)."""
    return sha256(f"{key}\n{nfc(text)}".encode()).hexdigest()[:SHOWN]


Kept = list[list[object]]  # [key, digest, whether it had changed by the signature]


def kept_names(names: Iterable[SheetName]) -> Kept:
    """What a printed sheet remembers."""
    return [[each.key, each.digest, False] for each in names]


def changed_since(kept: Kept, now: Iterable[SheetName]) -> frozenset[str]:
    """The keys whose name is spelt otherwise now than printed, or is not there any more."""
    current = {each.key: each.digest for each in now}
    return frozenset(str(key) for key, digest, _changed in kept if current.get(str(key)) != digest)


def at_signature(kept: Kept, changed: frozenset[str]) -> Kept:
    """The sheet as signed: it says itself which names it prints otherwise than they were by then."""
    return [[key, digest, str(key) in changed] for key, digest, _before in kept]


def proofed_by(kept: Kept) -> frozenset[tuple[str, str]]:
    """What a signed sheet vouches for: each name with its spelling. A name changed before the signature is not among it."""
    return frozenset((str(key), str(digest)) for key, digest, changed in kept if not changed)


def unproofed_of(names: Sequence[SheetName], proofed: frozenset[tuple[str, str]]) -> tuple[SheetName, ...]:
    """The names that stand on no signed sheet as they are spelt now."""
    return tuple(each for each in names if (each.key, each.digest) not in proofed)


class ProofState(StrEnum):
    """How far a delegation is with its names."""

    NONE = "none"  # chưa dò
    PRINTED = "printed"  # đã in
    SIGNED = "signed"  # đã ký
    CHANGED = "changed"  # đổi sau khi ký


def state_of(*, signed: bool, printed: bool, unproofed: int) -> ProofState:
    if signed:
        return ProofState.CHANGED if unproofed else ProofState.SIGNED
    return ProofState.PRINTED if printed else ProofState.NONE
