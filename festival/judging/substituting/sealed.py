"""Are substitutions, and the families of the entries they moved, those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.judging.substituting.models import Substitution
from festival.judging.substituting.recorded import SubstitutionRecord
from festival.roster.models import Delegation, Entry, Family
from festival.roster.steps import stream

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def _streams() -> dict[str, int]:
    return {stream(festival): festival.id for festival in db.session.scalars(select(Festival))}


class SubstitutionReplay:
    """One festival's lines against its substitutions."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = SubstitutionRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.rows, self._rows(), counts)
        yield from compare(self._record.entries, self._entries(), counts)

    def _rows(self) -> Found:
        out, into = aliased(Family), aliased(Family)
        wanted = (
            select(
                Delegation.code.label("delegation"),
                Substitution.number,
                Substitution.kind.label("what"),
                Substitution.road,
                Entry.code.label("entry"),
                out.code.label("out"),
                into.code.label("into"),
                Substitution.out_code.label("leaves"),
                Substitution.in_code.label("comes"),
                Substitution.asked_by,
                Substitution.state,
                Substitution.decided_by,
            )
            .select_from(Substitution)
            .join(Delegation, Delegation.id == Substitution.delegation_id)
            .join(out, out.id == Substitution.out_family_id)
            .join(into, into.id == Substitution.in_family_id)
            .outerjoin(Entry, Entry.id == Substitution.entry_id)
            .where(Delegation.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            said = row._asdict()
            key: Key = (said.pop("delegation"), said.pop("number"))
            yield key, {**said, "entry": row.entry or ""}

    def _entries(self) -> Found:
        told = [key[0] for key in self._record.entries.rows]
        wanted = (
            select(Entry.code, Family.code.label("family"))
            .select_from(Entry)
            .outerjoin(Family, Family.id == Entry.family_id)
        )
        for row in db.session.execute(wanted.where(Entry.code.in_(told))):
            yield (row.code,), {"family": row.family or ""}


ROW = N_("Lần thay số %(number)s của %(delegation)s, %(what)s", "seal_substitution")
ENTRY = N_("Tiết mục «%(name)s» sau khi thay, %(what)s", "seal_substituted_entry")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "what": N_("thay người hay thay gia đình", "seal_substitution_what"),
    "road": N_("ai xin thay", "seal_substitution_road"),
    "entry": N_("tiết mục", "seal_substitution_entry"),
    "out": N_("gia đình thôi thi", "seal_substitution_out"),
    "into": N_("gia đình vào thay", "seal_substitution_into"),
    "leaves": N_("người thôi thi", "seal_substitution_leaves"),
    "comes": N_("người vào thay", "seal_substitution_comes"),
    "asked_by": N_("tài khoản xin thay", "seal_substitution_asked_by"),
    "state": N_("trạng thái", "seal_state"),
    "decided_by": N_("người quyết định", "seal_decided_by"),
    "family": N_("của gia đình nào", "seal_entry_family"),
}


def _words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Of which delegation, or which entry."""
    codes = {str(each.key[0]) for each in differences}
    named = select(Delegation.code, Delegation.name).where(Delegation.code.in_(codes))
    entries = select(Entry.code, Entry.name).where(Entry.code.in_(codes))
    names = {row.code: row.name for query in (named, entries) for row in db.session.execute(query)}
    return [
        ENTRY.filled(name=names.get(str(each.key[0]), str(each.key[0])), what=COLUMNS[each.column])
        if each.table == "entry"
        else ROW.filled(
            number=each.key[1], delegation=names.get(str(each.key[0]), str(each.key[0])), what=COLUMNS[each.column]
        )
        for each in differences
    ]


SEAL = Seal("substitutions", "decisions:", _streams, SubstitutionReplay, _words)
