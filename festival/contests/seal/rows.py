"""Are rules, seats and ties in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.models import Contest, Criterion, Judge, Unavailability
from festival.contests.replacing.models import SeatReplacement
from festival.contests.saving import rules_written
from festival.contests.seal.recorded import FAMILY, ContestsRecord
from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordedRows, RecordLine, SealCounts, SealDifference, compare, digest
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {f"decisions:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class ContestsReplay:
    """One festival's lines against its contests and panels."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = ContestsRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        record = self._record
        if record.rules is None and record.rules_erased:
            counts.erased += sum(1 for _row in self._rules())
        elif record.rules is None:
            counts.unknown += sum(1 for _row in self._rules())
        else:
            yield from compare(record.edition, self._edition(), counts)
            yield from self._of_rules(record.rules, counts)
        yield from compare(record.seats, self._seats(), counts)
        for key in [key for key in record.ties.rows if key[0] in record.ties_unsure]:
            record.ties.drop(key)
        yield from compare(record.ties, self._ties(), counts)
        yield from compare(record.replaced, self._replaced(), counts)

    def _of_rules(self, rules: RecordedRows, counts: SealCounts) -> Iterator[SealDifference]:
        """Criteria are compared one by one, so that the one that differs is named."""
        for columns in rules.rows.values():
            columns["criteria"] = _by_code(columns.get("criteria", []))
        yield from compare(rules, self._rules(), counts)

    def _edition(self) -> Found:
        for ruleset in db.session.scalars(select(Festival.ruleset).where(Festival.id == self._festival)):
            yield (), {"ruleset": digest(ruleset)}

    def _rules(self) -> Found:
        criteria: dict[int, list[Criterion]] = defaultdict(list)
        own = select(Contest.id).where(Contest.festival_id == self._festival)
        for each in db.session.scalars(
            select(Criterion).where(Criterion.contest_id.in_(own)).order_by(Criterion.position)
        ):
            criteria[each.contest_id].append(each)
        for contest in db.session.scalars(select(Contest).where(Contest.festival_id == self._festival)):
            written = rules_written(contest, criteria[contest.id])
            yield (contest.code,), written | {"criteria": _by_code(written["criteria"])}

    def _seats(self) -> Found:
        wanted = (
            select(
                Judge.id,
                Contest.code.label("contest"),
                Judge.seat,
                Judge.letter,
                Judge.user_id,
                Judge.marks,
                Judge.unit_id,
            )
            .join(Contest, Contest.id == Judge.contest_id)
            .where(Contest.festival_id == self._festival)
        )
        for row in db.session.execute(wanted):
            yield (row.id,), row._asdict()

    def _ties(self) -> Found:
        wanted = (
            select(Unavailability.judge_id, Unavailability.unit_id, Unavailability.family_id, Unavailability.reason)
            .join(Judge, Judge.id == Unavailability.judge_id)
            .join(Contest, Contest.id == Judge.contest_id)
            .where(Contest.festival_id == self._festival)
        )
        for row in db.session.execute(wanted):
            if row.judge_id not in self._record.ties_unsure:
                to = row.unit_id if row.family_id is None else f"{FAMILY}{row.family_id}"
                yield (row.judge_id, to), row._asdict()

    def _replaced(self) -> Found:
        wanted = (
            select(
                SeatReplacement.root_id,
                SeatReplacement.number,
                SeatReplacement.out_id,
                SeatReplacement.in_id,
                SeatReplacement.letter,
                SeatReplacement.reason,
                SeatReplacement.chair_id,
                SeatReplacement.secretary_id,
                SeatReplacement.taken_back_why,
            )
            .join(Judge, Judge.id == SeatReplacement.root_id)
            .join(Contest, Contest.id == Judge.contest_id)
            .where(Contest.festival_id == self._festival)
        )
        for row in db.session.execute(wanted):
            yield (row.root_id, row.number), row._asdict()


def _by_code(criteria: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {each["code"]: each for each in criteria}


EDITION = N_("Thể lệ của ngày hội", "seal_ruleset")
CONTEST = N_("Thể lệ phần thi «%(contest)s», %(what)s", "seal_contest")
SEAT = N_("Ban giám khảo, %(judge)s, %(what)s", "seal_seat")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "criteria": N_("tiêu chí %(part)s", "seal_mark"),
    "contest": N_("phần thi", "seal_of_contest"),
    "seat": N_("ghế", "seal_chair"),
    "letter": N_("chữ cái", "seal_letter"),
    "user_id": N_("người ngồi ghế", "seal_person"),
    "marks": N_("có chấm hay không", "seal_marking"),
    "unit_id": N_("đơn vị không chấm", "seal_tie"),
    "reason": N_("lý do không chấm", "seal_tie_reason"),
    "out_id": N_("ai được thay", "seal_replaced"),
    "in_id": N_("người thay", "seal_substitute"),
    "chair_id": N_("người quyết định thay", "seal_replaced_by"),
    "secretary_id": N_("người quyết định thay", "seal_replaced_by"),
    "taken_back_why": N_("lý do trả lại ghế", "seal_replacement_back"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which contest's rule, or whose seat in which panel."""
    of_seats = ("judge", "unavailability", "seat_replacement")
    ids = {each.key[0] for each in differences if each.table in of_seats}
    seats = select(Judge.id, User.name, Contest.name.label("contest")).join(User).join(Contest)
    names = {row.id: f"{row.name} («{row.contest}»)" for row in db.session.execute(seats.where(Judge.id.in_(ids)))}
    return [_said(each, names) for each in differences]


def _said(each: SealDifference, names: Mapping[Any, str]) -> Sentence:
    if each.table == "festival":
        return EDITION
    if each.table == "contest":
        # A column of the rules is named as the rule set's document and the table name it.
        what = COLUMNS[each.column].filled(part=each.part) if each.column in ("", "criteria") else each.column
        return CONTEST.filled(contest=str(each.key[0]), what=what)
    return SEAT.filled(judge=names.get(each.key[0], f"#{each.key[0]}"), what=COLUMNS[each.column])


SEAL = Seal("contests", "decisions:", streams, ContestsReplay, words)
