"""Are the draws and matches in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.compare import Key, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence, Value
from festival.judging.matches.models import BracketDraw, PlayedMatch
from festival.judging.seal.recorded_brackets import BracketRecord

TABLES = ("bracket_draw", "played_match")
DRAWN = N_("Phần thi «%(contest)s», lần bốc thăm bảng đấu %(n)s, %(what)s", "seal_bracket")
PLAYED = N_("Phần thi «%(contest)s», bảng đấu %(n)s, vòng %(round)s trận %(match)s, %(what)s", "seal_match")
COLUMNS = {
    "seed": N_("số gieo", "seal_bracket_seed"),
    "lines": N_("thứ tự trong bảng", "seal_bracket_lines"),
    "drawn_by": N_("người bốc thăm", "seal_drawn_by"),
    "ended": N_("còn hiệu lực hay đã bỏ", "seal_bracket_ended"),
    "ended_by": N_("người bỏ", "seal_bracket_ended_by"),
    "ended_why": N_("lý do bỏ", "seal_bracket_ended_why"),
    "a_id": N_("bên thứ nhất", "seal_match_a"),
    "b_id": N_("bên thứ hai", "seal_match_b"),
    "how": N_("trận kết thúc thế nào", "seal_match_how"),
    "winner_id": N_("bên thắng", "seal_match_winner"),
    "sets": N_("điểm các hiệp", "seal_match_sets"),
    "mid": N_("tin của máy", "seal_match_mid"),
    "before": N_("kết quả trước khi sửa", "seal_match_before"),
}
Found = Iterator[tuple[Key, Mapping[str, Any]]]


def bracket_differences(
    record: BracketRecord, contest_ids: Sequence[int], counts: SealCounts
) -> Iterator[SealDifference]:
    """Both tables against the replayed lines of these contests."""
    yield from compare(record.draws, _draws(contest_ids), counts)
    yield from compare(record.matches, _matches(contest_ids), counts)


def _draws(contest_ids: Sequence[int]) -> Found:
    rows = db.session.scalars(
        select(BracketDraw).where(BracketDraw.contest_id.in_(contest_ids)).execution_options(yield_per=PART)
    )
    for row in rows:
        said = {name: getattr(row, name) for name in ("seed", "lines", "drawn_by", "ended_by", "ended_why")}
        yield (row.contest_id, row.drawing), said | {"ended": row.ended_at is not None}


def _matches(contest_ids: Sequence[int]) -> Found:
    names = ("a_id", "b_id", "how", "winner_id", "sets", "version", "typed_by", "mid", "before")
    rows = db.session.execute(
        select(PlayedMatch, BracketDraw.contest_id, BracketDraw.drawing)
        .join(BracketDraw, BracketDraw.id == PlayedMatch.draw_id)
        .where(BracketDraw.contest_id.in_(contest_ids))
        .execution_options(yield_per=PART)
    )
    for row, contest_id, drawing in rows:
        yield (contest_id, drawing, row.round, row.number), {name: getattr(row, name) for name in names}


def bracket_said(each: SealDifference, contests: Mapping[Any, str], what: Sentence) -> Sentence:
    """Which draw, which match."""
    known: dict[str, Value] = {"contest": contests.get(each.key[0], "?"), "n": str(each.key[1]), "what": what}
    if each.table == "bracket_draw":
        return DRAWN.filled(**known)
    return PLAYED.filled(**known, round=str(each.key[2]), match=str(each.key[3]))
