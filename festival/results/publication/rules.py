"""Which rules and inputs are to be published, and how are they?"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest, ContestState, PanelSeat
from festival.core.database import db
from festival.core.text import line
from festival.core.web.errors import BadInput, Conflict
from festival.editions.models import Festival
from festival.judging.tally import marking_judges_of
from festival.results.export.contest import rules_told
from festival.results.ladder.steps import stated_reason
from festival.results.proof.hashed import inputs_hash, inputs_told, rules_hash
from festival.results.proof.lines import NewProof, proof_lines, publish, rules_lines
from festival.results.proof.models import ProofKind, ProofLine
from festival.roster.deriving.numbers import own_number
from festival.roster.models import Entry, EntryState


@dataclass(frozen=True, slots=True)
class RulesNow:
    """Rules of a contest (of the delegations as a whole: code ""), beside what was published of them last."""

    code: str
    name: str
    rules: str  # their hash now
    inputs: dict[str, Any] | None
    last: ProofLine | None
    marked: bool  # the first mark is in
    closed: bool  # the result is locked or further

    @property
    def other_rules(self) -> bool:
        """Whether they are not those that were published."""
        return self.last is not None and str(self.last.content["rules"]) != self.rules

    @property
    def other_inputs(self) -> bool:
        if self.last is None or self.last.opens is None or self.inputs is None:
            return False
        return str(self.last.content["inputs"]) != inputs_hash(self.last.opens["salt"], self.inputs)

    @property
    def due(self) -> bool:
        """Whether there is something to publish."""
        return self.last is None or self.other_rules or self.other_inputs


def rules_now(festival: Festival, contests: Sequence[Contest], lines: Sequence[ProofLine]) -> list[RulesNow]:
    """Every contest whose rules the edition has as a document, then the delegations as a whole; as many statements as for one."""
    last, entries = rules_lines(lines), _entries([each.id for each in contests])
    seats = marking_judges_of([each.id for each in contests])
    found = []
    for each in contests:
        rules = rules_told(each)
        if rules is None:
            continue
        own = inputs_told(
            entries[each.id], ((seat.letter, seat.seat is PanelSeat.CHAIR) for seat in seats.get(each.id, ()))
        )
        marked, closed = each.rules_fixed_at is not None, each.state is not ContestState.OPEN
        found.append(
            RulesNow(each.code, each.name, rules_hash(rules), own, last.get(each.code), marked or closed, closed)
        )
    if whole := (festival.ruleset or {}).get("whole_delegation"):
        marked = any(each.rules_fixed_at is not None for each in contests)
        found.append(RulesNow("", _("Toàn đoàn"), rules_hash(whole), None, last.get(""), marked, closed=False))
    return found


def _entries(contest_ids: Sequence[int]) -> dict[int, list[tuple[str, int | None]]]:
    found: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    rows = select(Entry.contest_id, Entry.code, own_number().label("number"))
    for row in db.session.execute(rows.where(Entry.contest_id.in_(contest_ids), Entry.state == EntryState.ENROLLED)):
        found[row.contest_id].append((row.code, row.number))
    return found


def publish_rules(festival: Festival, reason: str, by: int | None) -> list[ProofLine]:
    """Everything that was not published yet, or is another by now; what comes after the first mark says so.

    `reason`: why something is published once more. The contests are held, so that a first mark comes before or after.
    """
    own = select(Contest).where(Contest.festival_id == festival.id).order_by(Contest.id).with_for_update()
    contests = list(db.session.scalars(own.execution_options(populate_existing=True)))
    db.session.refresh(festival)
    due = [
        each
        for each in rules_now(festival, sorted(contests, key=lambda each: each.position), proof_lines(festival.id))
        if each.due
    ]
    if not due:
        raise Conflict(_("Thể lệ và dữ liệu đầu vào đã công bố đúng như đang có: không có gì để công bố thêm."))
    again = [each.name for each in due if each.last is not None]
    if again and not line(reason):
        names = ", ".join(again)
        raise BadInput(
            _("Ghi lý do công bố lại: %(names)s đã công bố trước đây và nay khác.", names=names), field="reason"
        )
    why = stated_reason(line(reason)) if again else ""
    return publish(festival, [_new(each, why) for each in due], by)


def _new(each: RulesNow, why: str) -> NewProof:
    opens: dict[str, Any] | None = None
    content: dict[str, Any] = {"rules": each.rules, "inputs": None}
    if each.inputs is not None:
        opens = {"salt": secrets.token_hex(16), **each.inputs}
        content["inputs"] = inputs_hash(opens["salt"], each.inputs)
    return NewProof(
        ProofKind.RULES, content, each.code, late=each.marked, reason=why if each.last is not None else "", opens=opens
    )
