"""What becomes of what a device of the ground types: the result, one of two counts, or an offer beside the result?

Nothing is overwritten silently: what was typed on an older result waits for a person's choice, and as long as one waits,
whatever else comes for the same try waits beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.questions.answers import digest_of, value_of
from festival.core import ledger
from festival.core.database import db
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.judging.contest_rules import judging_stream, questions_of
from festival.judging.ground.counters import counters_of, judged
from festival.judging.ground.counts import Agreed, OneMore, Undecided
from festival.judging.ground.models import GroundReading, ReadingState
from festival.judging.measuring import MeasureRefused, drop_measure, keep_measure, note_measure
from festival.judging.models import Measure, MeasureState
from festival.judging.sheets.knowledge import hold_contests
from festival.roster.models import Entry


@dataclass(frozen=True, slots=True)
class GroundSaid:
    """What a device says of one try; `state` None: the result is taken back."""

    mid: str
    device_id: int
    device_number: int
    contest_id: int
    entry_id: int
    round: int
    state: MeasureState | None
    value: int | None
    base_version: int
    received_at: datetime
    answers: str | None = None  # question by question; the points are the value
    questions: str | None = None  # which list of them the device shows, see contests/questions/answers.py


@dataclass(frozen=True, slots=True)
class GroundTaken:
    """It stands (`version` 0: nothing stands any more); `anew` False: it stood so already."""

    version: int
    stream: str
    anew: bool = True


@dataclass(frozen=True, slots=True)
class GroundCounted:
    """One of two counts: `next` says what is awaited now."""

    next: OneMore | Undecided
    stream: str


@dataclass(frozen=True, slots=True)
class GroundApart:
    """Typed on an older result: both are kept, a person chooses."""

    version: int
    state: MeasureState | None
    value: int | None
    stream: str
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class GroundRefused:
    reason: str


GroundOutcome = GroundTaken | GroundCounted | GroundApart | GroundRefused


def take(said: GroundSaid) -> GroundOutcome:
    """The next message of a device about a try; the caller's transaction holds it."""
    contest = _held(said)
    if contest is None:
        return GroundRefused("unknown_entry")
    if contest.state is not ContestState.OPEN:
        _keep(said, ReadingState.REFUSED)
        return GroundRefused("locked")
    if contest.result_kind is ResultKind.MATCH and said.value is not None:
        return GroundRefused("malformed")
    if (wrong := _by_question(said, contest)) is not None:
        return wrong
    row = standing(said.entry_id, said.round)
    stream = judging_stream(contest)
    version = row.version if row else 0
    stood = (row.state, row.value, row.answers) if row else (None, None, None)
    if stood == (said.state, said.value, said.answers):
        return GroundTaken(version, stream, anew=False)
    if open_offers(said.entry_id, said.round) or version != said.base_version:
        return _offer(said, contest, row)
    if said.state is MeasureState.VALID and counters_of(contest).people > 1:
        return _count(said, contest)
    return _write(said, contest, (said.value, said.answers), {"device": said.device_number})


def _by_question(said: GroundSaid, contest: Contest) -> GroundRefused | None:
    """Why this does not answer the questions as the rules state them; a device that shows other ones is told so."""
    asked = questions_of(contest)
    if said.state is not MeasureState.VALID or (not asked and said.answers is None):
        return None
    if said.answers is None or said.questions != digest_of(contest.questions or ()):
        return GroundRefused("other_questions")
    return None if value_of(said.answers, asked) == said.value else GroundRefused("malformed")


def _held(said: GroundSaid) -> Contest | None:
    """The contest held against a lock, and the entry against anybody else, until this transaction ends."""
    contest = hold_contests([said.contest_id]).get(said.contest_id)
    entry = db.session.scalar(
        select(Entry.id).where(Entry.id == said.entry_id, Entry.contest_id == said.contest_id).with_for_update()
    )
    return contest if entry is not None else None


def standing(entry_id: int, round_: int) -> Measure | None:
    """The result of a try as it is now."""
    return db.session.scalars(
        select(Measure)
        .where(Measure.entry_id == entry_id, Measure.round == round_)
        .execution_options(populate_existing=True)
    ).one_or_none()


def open_offers(entry_id: int, round_: int) -> Sequence[GroundReading]:
    """What waits beside the result for a person's choice."""
    return db.session.scalars(
        select(GroundReading)
        .where(
            GroundReading.entry_id == entry_id,
            GroundReading.round == round_,
            GroundReading.became == ReadingState.OFFERED,
        )
        .order_by(GroundReading.id)
    ).all()


def _write(
    said: GroundSaid, contest: Contest, result: tuple[int | None, str | None], about: dict[str, Any]
) -> GroundOutcome:
    value, answers = result
    stream, base = judging_stream(contest), said.base_version
    try:
        if said.state is None:
            drop_measure(contest.id, said.entry_id, said.round, base, None, about)
            return GroundTaken(0, stream)
        outcome = note_measure(contest.id, said.entry_id, said.round, said.state, value, base, None, about, answers)
    except NotFound:
        return GroundRefused("unknown_entry")
    return GroundRefused("malformed") if isinstance(outcome, MeasureRefused) else GroundTaken(outcome.version, stream)


def _keep(said: GroundSaid, became: ReadingState) -> None:
    db.session.add(
        GroundReading(
            mid=said.mid,
            entry_id=said.entry_id,
            round=said.round,
            device_id=said.device_id,
            met_version=said.base_version,
            state=said.state,
            value=said.value,
            answers=said.answers,
            became=became,
            received_at=said.received_at,
        )
    )
    db.session.flush()


def _line(said: GroundSaid, contest: Contest, kind: str) -> None:
    ledger.append(
        judging_stream(contest),
        kind,
        {"entry": said.entry_id, "round": said.round, "mid": said.mid},
        {
            "state": said.state.value if said.state else None,
            "value": said.value,
            "met_version": said.base_version,
            "device": said.device_id,
            "number": said.device_number,
        }
        | ({"answers": said.answers} if said.answers is not None else {}),
    )


def _offer(said: GroundSaid, contest: Contest, row: Measure | None) -> GroundApart:
    _keep(said, ReadingState.OFFERED)
    _line(said, contest, "measure.offered")
    stream = judging_stream(contest)
    if row is None:
        return GroundApart(0, None, None, stream)
    return GroundApart(row.version, row.state, row.value, stream, row.answers)


def _count(said: GroundSaid, contest: Contest) -> GroundOutcome:
    """The same device counts anew: its earlier count does not count any more."""
    fault = unlikely(contest, said.round, said.value)
    if fault:
        return GroundRefused(fault)
    waiting = blind_counts(said.entry_id, said.round, said.base_version)
    settle([each for each in waiting if each.device_id == said.device_id], contest)
    others = [each for each in waiting if each.device_id != said.device_id]
    _keep(said, ReadingState.COUNTED)
    _line(said, contest, "measure.counted")
    found = judged([*others, said], contest)
    if not isinstance(found, Agreed):
        return GroundCounted(found, judging_stream(contest))
    counts = [*others, *blind_counts(said.entry_id, said.round, said.base_version)]
    settle(list({each.id: each for each in counts}.values()), contest)
    return _write(said, contest, (found.value, found.answers), {"counts": [each.mid for each in others] + [said.mid]})


def unlikely(contest: Contest, round_: int, value: int | None) -> str:
    """Why this cannot be a result of the contest; "" when it can."""
    beyond = contest.best_possible is not None and value is not None and value > contest.best_possible
    return "malformed" if beyond or not 1 <= round_ <= contest.attempts else ""


def blind_counts(entry_id: int, round_: int, met_version: int) -> list[GroundReading]:
    """The counts that wait for another one, in the order in which they came."""
    rows = select(GroundReading).where(
        GroundReading.entry_id == entry_id,
        GroundReading.round == round_,
        GroundReading.met_version == met_version,
        GroundReading.became == ReadingState.COUNTED,
    )
    return list(db.session.scalars(rows.order_by(GroundReading.id)))


def settle(readings: Sequence[GroundReading], contest: Contest) -> None:
    """These count no more by themselves: they were taken, chosen, or typed anew."""
    if not readings:
        return
    for each in readings:
        each.became = ReadingState.SETTLED
    db.session.flush()
    ledger.append(
        judging_stream(contest),
        "measure.settled",
        {"entry": readings[0].entry_id, "round": readings[0].round, "mids": [each.mid for each in readings]},
        {},
    )


def choose(contest_id: int, entry_id: int, round_: int, keep: str, base: int, about: dict[str, Any]) -> GroundOutcome:
    """Of a result and the offers beside it a person keeps one: "current", or the offer of that mid."""
    contest = hold_contests([contest_id]).get(contest_id)
    held = db.session.scalar(
        select(Entry.id).where(Entry.id == entry_id, Entry.contest_id == contest_id).with_for_update()
    )
    if contest is None or held is None:
        return GroundRefused("unknown_entry")
    if contest.state is not ContestState.OPEN:
        return GroundRefused("locked")
    offers, row = open_offers(entry_id, round_), standing(entry_id, round_)
    chosen = next((each for each in offers if each.mid == keep), None)
    if not offers:
        return GroundRefused("no_conflict")
    if (row.version if row else 0) != base:
        return GroundRefused("stale_choice")
    if keep != "current" and chosen is None:
        return GroundRefused("unknown_choice")
    state, value, answers = (chosen.state, chosen.value, chosen.answers) if chosen else (None, None, None)
    version = 0
    try:
        if chosen is None or (row is not None and (row.state, row.value, row.answers) == (state, value, answers)):
            if row is not None:
                version = keep_measure(contest_id, entry_id, round_, base, about | {"kept": "current"})
        elif state is not None:
            told, by = about | {"kept": keep}, about.get("typed_by")
            outcome = note_measure(contest_id, entry_id, round_, state, value, base, by, told, answers)
            if isinstance(outcome, MeasureRefused):
                return GroundRefused("malformed")
            version = outcome.version
        elif row is not None:
            drop_measure(contest_id, entry_id, round_, base, about.get("typed_by"), about | {"kept": keep})
    except (NotFound, Conflict, Overtaken):
        return GroundRefused("unknown_entry")
    settle(list(open_offers(entry_id, round_)), contest)
    return GroundTaken(version, judging_stream(contest))
