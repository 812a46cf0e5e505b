"""How does the table of the whole delegation follow when one of its contests was amended after it was signed?

By an amendment of its own, never by itself: the new table is computed, shown beside the one in force, and stored by two
people with number and reason. Where delegations are equal at a border of prizes the amendment states their prizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.marks import written
from festival.core.canonical import canonical_json
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.editions.models import Festival
from festival.papers import keeping
from festival.papers.keeping import PaperSubject, StandingChange
from festival.results.amended.corrections import Corrections, read_corrections
from festival.results.amended.history import Moved, moved, whole_amendments
from festival.results.amended.words import stated_words
from festival.results.amending import UNSTATED, Amendable, Amended, not_theirs
from festival.results.amendments.storing import facts_of, place_words, refuse_overtaken, replace_awards, stored
from festival.results.delegations import deciding
from festival.results.delegations.facts import whole_rule
from festival.results.delegations.table import (
    DelegationLine,
    WholeTable,
    whole_delegation,
    whole_json,
    with_prizes,
)
from festival.results.ladder.lock import WrongPeople
from festival.results.ladder.papers_there import hold_whole
from festival.results.ladder.states import whole_stream
from festival.results.models import Award, StandingAmendment
from festival.results.petitions.grounds import StatedGround
from festival.roster.models import Delegation


@dataclass(frozen=True, slots=True)
class ProposedWhole:
    """The table of the delegations as it would be amended, checked and not stored."""

    ordinal: int
    corrections: Corrections
    table: WholeTable
    after: tuple[DelegationLine, ...]
    said: tuple[Sentence, ...]
    moved: tuple[Moved, ...]


def proposed_whole(
    festival: Festival, prizes: Mapping[str, str | None], known_table: WholeTable | None = None
) -> ProposedWhole:
    """What would follow; `prizes`: what the amendment states itself, by code of delegation; `known_table`: read before."""
    table, rule = known_table or whole_delegation(festival), whole_rule(festival)
    if table is None or rule is None:
        raise NotFound(_("Thể lệ không có giải toàn đoàn."))
    if table.minutes is None:
        raise Conflict(_("Biên bản toàn đoàn chưa ký: bảng tự tính lại, không cần đính chính."))
    rows = whole_amendments(festival.id)
    in_force = read_corrections(rows[-1].corrections) if rows else Corrections()
    known = {each.name for each in rule.prizes}
    wrong = [code for code, prize in prizes.items() if code not in table.names or (prize and prize not in known)]
    if wrong:
        raise BadInput(_("Không có đoàn hoặc giải nào như vậy: %(codes)s.", codes=", ".join(wrong)))
    after = with_prizes(table.fresh or table.lines, prizes)
    if waiting := [code for code in table.waiting if code not in prizes]:
        names = ", ".join(table.names[code] for code in waiting)
        raise BadInput(_("Đồng hạng nằm giữa hai mức giải: %(names)s. Ghi giải của từng đoàn này.", names=names))
    old, new = whole_json(table.lines), whole_json(after)
    if [_bare(each) for each in old] == [_bare(each) for each in new]:
        raise BadInput(_("Bảng toàn đoàn tính lại giống bảng đang có hiệu lực: không có gì để đính chính."))
    corrections = Corrections(prizes=dict(prizes))
    return ProposedWhole(
        1 + len(rows),
        corrections,
        table,
        after,
        tuple(stated_words(table.names, in_force, corrections)),
        moved(old, new, "delegation"),
    )


def _bare(each: Mapping[str, Any]) -> tuple[Any, ...]:
    return each["delegation"], each["place"], each["points"], each["prize"]


def amend_whole_standings(
    festival_id: int,
    prizes: Mapping[str, str | None],
    number: str,
    reason: str,
    chair_id: int,
    secretary_id: int,
    *,
    seen: int | None = None,
    ground: StatedGround = UNSTATED,
) -> Amended | WrongPeople:
    """Store it; for it stand a chair and a secretary of the contests that brought points, both proved before."""
    festival = hold_whole(festival_id)
    said = proposed_whole(festival, prizes)
    subject = PaperSubject(festival.id)
    what = Amendable(subject, whole_stream(festival), {"festival": festival.code}, "whole", said.table.contests)
    if why := not_theirs(what, chair_id, secretary_id):
        return WrongPeople(why)
    refuse_overtaken(said.ordinal, seen)
    deciding.keep_whole_paper(festival.id)
    old = {each.code: written(each.points_milli) for each in said.table.lines}
    new = {each.code: written(each.points_milli) for each in said.after}
    changes = [
        StandingChange(
            said.table.names[each.entry],
            (place_words(each.place_before), old.get(each.entry, ""), each.prize_before),
            (place_words(each.place), new.get(each.entry, ""), each.prize),
        )
        for each in said.moved
    ]
    paper_no, facts = facts_of(what, number, reason, said.said, changes, (chair_id, secretary_id), None, ground)
    own = (Award.festival_id == festival.id) & Award.contest_id.is_(None)
    held = list(db.session.scalars(select(Award).where(own).order_by(Award.id)))
    awards = replace_awards(held, _wanted(festival, said.after))
    paper = keeping.replace_paper(subject, paper_no, facts, chair_id, secretary_id)
    row = StandingAmendment(
        festival_id=festival.id,
        contest_id=None,
        ordinal=said.ordinal,
        corrections=said.corrections.kept(),
        before=whole_json(said.table.lines),
        standings=whole_json(said.after),
        specials_before={},
        specials={},
        takes_back=None,
    )
    digest = sha256(canonical_json({"standings": row.standings})).hexdigest()
    return stored(row, what, paper, facts.reason, awards, (chair_id, secretary_id), digest, ground)


def _wanted(festival: Festival, lines: tuple[DelegationLine, ...]) -> list[dict[str, Any]]:
    rule = whole_rule(festival)
    order = [each.name for each in rule.prizes] if rule else []
    ids = dict(
        db.session.execute(select(Delegation.code, Delegation.id).where(Delegation.festival_id == festival.id)).all()
    )
    return [
        {
            "festival_id": festival.id,
            "delegation_id": ids[each.code],
            "prize": each.prize,
            "position": 1 + order.index(each.prize),
            "special": False,
            "name": each.name,
            "delegation": each.name,
        }
        for each in lines
        if each.prize
    ]
