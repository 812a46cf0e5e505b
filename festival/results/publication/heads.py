"""Which heads of ledgers are published of an evening, and by hand?"""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.statements import alone_on
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.editions.models import Festival
from festival.editions.queries import current_festival
from festival.judging.contest_rules import judging_stream
from festival.results.ladder.states import results_stream, whole_stream
from festival.results.proof.hashed import DAYS_AFTER, due_evening
from festival.results.proof.lines import NewProof, proof_lines, publish
from festival.results.proof.models import ProofKind, ProofLine

PERIOD_S = 300


def heads_of(festival: Festival) -> list[list[object]]:
    """[stream, size, hash] of every ledger from which a result follows; of tablets, plates and slips none before its time."""
    contests = db.session.scalars(select(Contest).where(Contest.festival_id == festival.id)).all()
    names = {name for each in contests for name in (judging_stream(each), results_stream(each))}
    heads = ledger.heads({*names, whole_stream(festival), f"decisions:{festival.code}"})
    return [[name, heads[name].size, heads[name].hash] for name in sorted(heads)]


def publish_heads(festival: Festival, by: int | None, evening: date | None = None) -> ProofLine | None:
    """The heads of ledgers that grew since they were last published. None when an evening has its line already, or none grew."""
    alone_on(ProofLine)
    lines = [each for each in proof_lines(festival.id) if each.what is ProofKind.HEADS]
    if evening is not None and any(each.evening == evening for each in lines):
        return None
    known = {stream: size for each in lines for stream, size, _hash in each.content["heads"]}
    grown = [each for each in heads_of(festival) if each[1] != known.get(str(each[0]))]
    if not grown:
        return None
    return publish(festival, [NewProof(ProofKind.HEADS, {"heads": grown}, evening=evening)], by)[0]


def publish_heads_now(festival: Festival, by: int | None) -> ProofLine:
    """By hand, at any hour. Conflict when nothing was written since."""
    found = publish_heads(festival, by)
    if found is None:
        raise Conflict(_("Từ lần công bố trước các sổ chưa có dòng nào mới: không có đầu sổ mới để công bố."))
    return found


def this_evening(festival: Festival) -> date | None:
    """Of which evening heads are due now: from the first thing that was published, or the first day, until a week after."""
    first_line = select(ProofLine.at).where(ProofLine.festival_id == festival.id).order_by(ProofLine.n).limit(1)
    begun = db.session.scalar(first_line)
    first = min(festival.starts_on, local(begun).date()) if begun else festival.starts_on
    return due_evening(local(now()), first, festival.ends_on + timedelta(days=DAYS_AFTER))


def each_evening() -> bool:
    """The worker's chore: the evening's heads, once; whoever comes second finds them there."""
    with reading():
        if (festival := current_festival()) is None or (evening := this_evening(festival)) is None:
            return False
        there = select(ProofLine.id).where(ProofLine.festival_id == festival.id, ProofLine.evening == evening)
        if db.session.scalar(there) is not None:
            return False
        festival_id = festival.id
    with transaction():
        return publish_heads(db.session.get_one(Festival, festival_id), None, evening) is not None
