"""How do comments go with the family they are about: from the row, from what the tablets sent, from the lines of the ledger?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select, update

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.devices.models import Mutation
from festival.judging.comments.models import SheetComment
from festival.judging.comments.taking import KIND
from festival.judging.contest_rules import judging_stream
from festival.roster.models import Entry

LINES = ("comment.said", "comment.held")


def forget_comments(entry_ids: Sequence[int]) -> None:
    """Everything written to the family of these entries, in the open transaction."""
    db.session.execute(
        update(SheetComment)
        .where(SheetComment.entry_id.in_(entry_ids))
        .values(said="", held="", held_by=None, held_at=None)
    )
    subjects = [f"{code}/1" for code in db.session.scalars(select(Entry.code).where(Entry.id.in_(entry_ids)))]
    sent = update(Mutation).where(Mutation.kind == KIND, Mutation.subject.in_(subjects))
    db.session.execute(sent.values(body={}, detail={}).execution_options(synchronize_session=False))
    contests = select(Contest).join(Entry, Entry.contest_id == Contest.id).where(Entry.id.in_(entry_ids)).distinct()
    wanted: dict[str, list[int]] = defaultdict(list)
    for stream in {judging_stream(contest) for contest in db.session.scalars(contests)}:
        lines = select(LedgerEntry.seq, LedgerEntry.subject).where(
            LedgerEntry.stream == stream, LedgerEntry.kind.in_(LINES)
        )
        wanted[stream] += [row.seq for row in db.session.execute(lines) if row.subject.get("entry") in set(entry_ids)]
    for stream, seqs in wanted.items():
        for start in range(0, len(seqs), 500):
            ledger.erase_payloads(stream, seqs[start : start + 500])
