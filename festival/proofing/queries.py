"""Which names are proofed, how far is each delegation, and which names of a contest would be read or printed unproofed?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from festival.core.database import db
from festival.papers.models import PaperKind, PaperState, SignedPaper
from festival.proofing.models import NameConfirmation
from festival.proofing.names import NameKind, ProofState, SheetName, digest_of, proofed_by, state_of, unproofed_of
from festival.proofing.present import names_now
from festival.roster.delegations import delegations
from festival.roster.models import Delegation, Entry, EntryState, Family

Proofed = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DelegationProof:
    """How far a delegation is with its names."""

    delegation: Delegation
    state: ProofState
    names: tuple[SheetName, ...]
    unproofed: tuple[SheetName, ...]
    printed: bool  # a sheet waits to be signed


@dataclass(frozen=True, slots=True)
class UnproofedName:
    """A name that stands on no signed sheet as it is spelt now."""

    key: str
    digest: str
    text: str
    kind: NameKind
    delegation: str


@dataclass(frozen=True, slots=True)
class SaidEntry:
    """What of an entry would be read or printed: how it is called, its act, its delegation."""

    entry_id: int
    name: str
    title: str
    delegation: str


def proofed_of(delegation_ids: Iterable[int]) -> tuple[dict[int, Proofed], frozenset[int]]:
    """What the sheet in force of each delegation vouches for, and whose sheet waits to be signed."""
    rows = db.session.execute(
        select(SignedPaper.delegation_id, SignedPaper.state, SignedPaper.names).where(
            SignedPaper.kind == PaperKind.NAMES,
            SignedPaper.delegation_id.in_(list(delegation_ids)),
            SignedPaper.state.in_((PaperState.SIGNED, PaperState.PRINTED)),
        )
    ).all()
    signed = {row.delegation_id: proofed_by(row.names) for row in rows if row.state is PaperState.SIGNED}
    return signed, frozenset(row.delegation_id for row in rows if row.state is PaperState.PRINTED)


def proofs(listed: Sequence[Delegation]) -> list[DelegationProof]:
    """Each delegation with its names and those that are not proofed; the same number of statements for one and for all."""
    now = names_now(listed)
    signed, printed = proofed_of(now)
    made = []
    for each in listed:
        names = tuple(name for name in now[each.id] if name.text)
        unproofed = unproofed_of(names, signed.get(each.id, frozenset()))
        state = state_of(signed=each.id in signed, printed=each.id in printed, unproofed=len(unproofed))
        made.append(DelegationProof(each, state, names, unproofed, each.id in printed))
    return made


def unproofed(festival_id: int, contest_id: int | None = None) -> list[UnproofedName]:
    """Every unproofed name of a festival's sheets; of a contest: how its entries and their acts are called now."""
    if contest_id is not None:
        entries = db.session.execute(
            select(Entry.id, Entry.name, Entry.title, Delegation.name.label("delegation"))
            .join(Delegation, Delegation.id == Entry.delegation_id)
            .where(Entry.contest_id == contest_id, Entry.state == EntryState.ENROLLED)
            .order_by(Delegation.position, Entry.id)
        )
        return unproofed_said([SaidEntry(*row) for row in entries])
    return [
        UnproofedName(name.key, name.digest, name.text, name.kind, each.delegation.name)
        for each in proofs(delegations(festival_id))
        for name in each.unproofed
    ]


def unproofed_said(said: Sequence[SaidEntry]) -> list[UnproofedName]:
    """Which of the names that would be read or printed are not proofed, each once; the delegations' own last."""
    rows = {
        row.id: row
        for row in db.session.execute(
            select(
                Entry.id,
                Entry.code,
                Family.code.label("family"),
                Delegation.id.label("delegation_id"),
                Delegation.code.label("delegation"),
            )
            .join(Delegation, Delegation.id == Entry.delegation_id)
            .outerjoin(Family, Family.id == Entry.family_id)
            .where(Entry.id.in_([each.entry_id for each in said]))
        )
    }
    signed, _printed = proofed_of({row.delegation_id for row in rows.values()})
    found: dict[str, UnproofedName] = {}
    units: dict[str, UnproofedName] = {}
    for each in said:
        row = rows[each.entry_id]
        proofed = signed.get(row.delegation_id, frozenset())
        named = [(NameKind.FAMILY, row.family)] if row.family else []
        _ask(found, [*named, (NameKind.ENTRY, row.code)], each.name, proofed, each.delegation)
        _ask(found, [(NameKind.TITLE, row.code)], each.title, proofed, each.delegation)
        _ask(units, [(NameKind.DELEGATION, row.delegation)], each.delegation, proofed, each.delegation)
    return [*found.values(), *units.values()]


def _ask(
    found: dict[str, UnproofedName], kinds: Sequence[tuple[NameKind, str]], text: str, proofed: Proofed, delegation: str
) -> None:
    """Note a name unless a sheet vouches for it under one of its keys: of the family, or of the entry itself."""
    keys = [f"{kind.value}.{code}" for kind, code in kinds]
    if not text or any((key, digest_of(key, text)) in proofed for key in keys):
        return
    found[keys[0]] = UnproofedName(keys[0], digest_of(keys[0], text), text, kinds[0][0], delegation)


def not_confirmed(contest_id: int, names: Sequence[UnproofedName]) -> list[UnproofedName]:
    """Those nobody has confirmed for this contest as they are spelt now."""
    if not names:
        return []
    kept = db.session.scalars(select(NameConfirmation.names).where(NameConfirmation.contest_id == contest_id))
    confirmed = {(key, digest) for each in kept for key, digest in each}
    return [each for each in names if (each.key, each.digest) not in confirmed]


def proofing_begun(festival_id: int) -> bool:
    """Whether this edition has sheets of names at all; one that ended before there were any is not asked about them."""
    wanted = select(SignedPaper.id).where(SignedPaper.festival_id == festival_id, SignedPaper.kind == PaperKind.NAMES)
    return db.session.scalar(wanted.limit(1)) is not None
