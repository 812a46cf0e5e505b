"""Are the relations judges declared, and what they can judge, those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.models import Contest, Judge
from festival.contests.replacing.models import DeclaredRelation
from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordedRows, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.judging.panel.recorded import RelationsRecord
from festival.judging.panel.recording import (
    dismissal_said,
    dismissals_there,
    relation_said,
    relations_there,
    scope_said,
    scopes_there,
)

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def _streams() -> dict[str, int]:
    return {f"decisions:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class RelationsReplay:
    """One festival's lines against what judges declared in it."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id or 0
        self._record = RelationsRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        record = self._record
        scopes = [((row.user_id,), scope_said(row)) for row in scopes_there(self._festival)]
        yield from compare(record.scopes, scopes, counts)
        relations = [((row.id,), relation_said(row)) for row in relations_there(self._festival)]
        dismissed = [((row.judge_id, row.relation_id), dismissal_said(row)) for row in dismissals_there(self._festival)]
        if not record.begun:
            counts.unknown += len(relations) + len(dismissed)
            return
        yield from compare(record.relations, self._sure(record.relations, relations, counts), counts)
        yield from compare(record.dismissed, self._sure(record.dismissed, dismissed, counts), counts)

    def _sure(self, recorded: RecordedRows, rows: Sequence[tuple[Key, Mapping[str, Any]]], counts: SealCounts) -> Found:
        """The rows the ledger can still say something of: where what stood before its first line was erased, not all."""
        for key, row in rows:
            if self._record.unsure and key not in recorded.rows and key not in recorded.erased:
                counts.rows += 1
                counts.erased += 1
            else:
                yield key, row


RELATION = N_("Quan hệ đã khai của %(judge)s, %(what)s", "seal_relation")
DISMISSED = N_("Quan hệ được bỏ qua của %(judge)s («%(contest)s»), %(what)s", "seal_relation_dismissed")
SCOPE = N_("Phạm vi chấm của %(judge)s, %(what)s", "seal_scope")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "user_id": N_("người khai", "seal_relation_of"),
    "unit_id": N_("với đơn vị nào", "seal_relation_unit"),
    "family_id": N_("với gia đình nào", "seal_relation_family"),
    "words": N_("lời khai", "seal_relation_words"),
    "reason": N_("lý do vẫn được chấm", "seal_dismissal_reason"),
    "says": N_("chấm được gì, ngày nào", "seal_scope_says"),
    "before": N_("điều đã ghi trước đó", "seal_scope_before"),
    "version": N_("số bản", "seal_version_number"),
    "said_by": N_("người ghi", "seal_said_by"),
    "dismissed_by": N_("người quyết định", "seal_dismissed_by"),
}


def _words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Who declared it, or in whose seat it was dismissed."""
    stated = {each.key[0] for each in differences if each.table == "declared_relation"}
    whose = select(DeclaredRelation.id, User.name).join(User, User.id == DeclaredRelation.user_id)
    people = {row.id: row.name for row in db.session.execute(whose.where(DeclaredRelation.id.in_(stated)))}
    seats = {each.key[0] for each in differences if each.table == "relation_dismissed"}
    named = select(Judge.id, User.name, Contest.name.label("contest")).join(User).join(Contest)
    sits = {row.id: row for row in db.session.execute(named.where(Judge.id.in_(seats)))}
    own = select(User.id, User.name).where(
        User.id.in_({each.key[0] for each in differences if each.table == "judge_scope"})
    )
    scoped = {row.id: row.name for row in db.session.execute(own)}
    return [_said(each, scoped if each.table == "judge_scope" else people, sits) for each in differences]


def _said(each: SealDifference, people: Mapping[Any, str], sits: Mapping[Any, Any]) -> Sentence:
    what = COLUMNS[each.column]
    if each.table != "relation_dismissed":
        return (SCOPE if each.table == "judge_scope" else RELATION).filled(
            judge=people.get(each.key[0], f"#{each.key[0]}"), what=what
        )
    row = sits.get(each.key[0])
    judge, contest = (f"#{each.key[0]}", "?") if row is None else (row.name, row.contest)
    return DISMISSED.filled(judge=judge, contest=contest, what=what)


SEAL = Seal("relations", "decisions:", _streams, RelationsReplay, _words)
