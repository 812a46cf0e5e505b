"""Which names are proofed, how far is each delegation, and which names of a contest would be read or printed unproofed?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import literal, select, union_all

from festival.core.database import db
from festival.papers.models import PaperKind, PaperState, SignedPaper
from festival.proofing.models import NameConfirmation
from festival.proofing.names import NameKind, ProofState, SheetName, digest_of, proofed_by, state_of, unproofed_of
from festival.proofing.present import names_now
from festival.roster.delegations import delegations
from festival.roster.models import Delegation, Entry, EntryState, Family

Proofed = frozenset[tuple[str, str]]
NOBODY = 0  # no delegation: who confirmed stands for all of them


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
    """What of an entry would be read or printed: how it is called, its act, its delegation; and the codes of these."""

    name: str
    title: str
    delegation: str
    code: str
    family: str | None  # None: a mixed team
    delegation_id: int
    delegation_code: str


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
            select(
                Entry.name,
                Entry.title,
                Delegation.name.label("delegation"),
                Entry.code,
                Family.code.label("family"),
                Delegation.id,
                Delegation.code.label("delegation_code"),
            )
            .join(Delegation, Delegation.id == Entry.delegation_id)
            .outerjoin(Family, Family.id == Entry.family_id)
            .where(Entry.contest_id == contest_id, Entry.state == EntryState.ENROLLED)
            .order_by(Delegation.position, Entry.id)
        )
        return not_vouched_for([SaidEntry(*row) for row in entries])
    return [
        UnproofedName(name.key, name.digest, name.text, name.kind, each.delegation.name)
        for each in proofs(delegations(festival_id))
        for name in each.unproofed
    ]


def not_vouched_for(said: Sequence[SaidEntry], confirmed_of: int | None = None) -> list[UnproofedName]:
    """Which of the names that would be read or printed are not proofed, each once; the delegations' own last.

    `confirmed_of`: nor confirmed for this contest as they are spelt now. One statement.
    """
    if not said:
        return []
    sheets = select(SignedPaper.delegation_id.label("whose"), SignedPaper.names).where(
        SignedPaper.kind == PaperKind.NAMES,
        SignedPaper.state == PaperState.SIGNED,
        SignedPaper.delegation_id.in_({each.delegation_id for each in said}),
    )
    confirmations = select(literal(NOBODY), NameConfirmation.names).where(NameConfirmation.contest_id == confirmed_of)
    proofed: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in db.session.execute(union_all(sheets, confirmations) if confirmed_of is not None else sheets):
        listed = proofed_by(row.names) if row.whose != NOBODY else ((key, digest) for key, digest in row.names)
        proofed[row.whose].update(listed)
    found: dict[str, UnproofedName] = {}
    units: dict[str, UnproofedName] = {}
    for each in said:
        vouched = frozenset(proofed[each.delegation_id] | proofed[NOBODY])
        named = [(NameKind.FAMILY, each.family)] if each.family else []
        _ask(found, [*named, (NameKind.ENTRY, each.code)], each.name, vouched, each.delegation)
        _ask(found, [(NameKind.TITLE, each.code)], each.title, vouched, each.delegation)
        _ask(units, [(NameKind.DELEGATION, each.delegation_code)], each.delegation, vouched, each.delegation)
    return [*found.values(), *units.values()]


def _ask(
    found: dict[str, UnproofedName], kinds: Sequence[tuple[NameKind, str]], text: str, proofed: Proofed, delegation: str
) -> None:
    """Note a name unless a sheet vouches for it under one of its keys: of the family, or of the entry itself."""
    keys = [f"{kind.value}.{code}" for kind, code in kinds]
    if not text or any((key, digest_of(key, text)) in proofed for key in keys):
        return
    found[keys[0]] = UnproofedName(keys[0], digest_of(keys[0], text), text, kinds[0][0], delegation)
