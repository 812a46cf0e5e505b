"""Has the head of the team seen the result of a try: by a tap on the device, or on a signed slip; or is it disputed?

The answer is about exactly what was shown: a result that has changed since is refused, and a correction makes a new answer
due. Whoever answered can answer anew; the last answer is in force, the ledger holds them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.judging.contest_rules import judging_stream
from festival.judging.ground.models import MeasureSeen, SeenHow
from festival.judging.ground.taking import GroundOutcome, GroundRefused, GroundTaken, standing
from festival.judging.models import MeasureState
from festival.judging.sheets.knowledge import hold_contests
from festival.roster.models import Entry

NOTE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class HeadsAnswer:
    """What the head of a team says of what stands; `device` or `noted_by` says through whose hands."""

    state: MeasureState
    value: int | None
    agrees: bool
    note: str
    how: SeenHow
    device_id: int | None = None
    noted_by: int | None = None
    answers: str | None = None


def see(contest_id: int, entry_id: int, round_: int, answer: HeadsAnswer) -> GroundOutcome:
    """Note the answer. A dispute, and an answer on paper, says why."""
    contest = _open(contest_id, entry_id)
    if isinstance(contest, GroundRefused):
        return contest
    note = " ".join(answer.note.split())[:NOTE_LENGTH]
    if not note and (not answer.agrees or answer.how is SeenHow.PAPER):
        return GroundRefused("blank")
    measure = standing(entry_id, round_)
    if measure is None or (measure.state, measure.value, measure.answers) != (
        answer.state,
        answer.value,
        answer.answers,
    ):
        return GroundRefused("changed")
    row = _answer_to(entry_id, round_, measure.version)
    said = {
        "how": answer.how,
        "agrees": answer.agrees,
        "note": note,
        "device_id": answer.device_id,
        "noted_by": answer.noted_by,
    }
    if row is None:
        row = MeasureSeen(entry_id=entry_id, round=round_, version=measure.version, seen_at=now(), **said)
        db.session.add(row)
    elif {name: getattr(row, name) for name in said} == said:
        return GroundTaken(measure.version, judging_stream(contest), anew=False)
    for name, value in said.items():
        setattr(row, name, value)
    row.seen_at = now()
    db.session.flush()
    subject = {"entry": entry_id, "round": round_, "version": measure.version}
    ledger.append(judging_stream(contest), "measure.seen", subject, said | {"how": answer.how.value})
    return GroundTaken(measure.version, judging_stream(contest))


def unsee(contest_id: int, entry_id: int, round_: int, version: int, by: int | None) -> GroundOutcome:
    """The answer was noted by mistake."""
    contest = _open(contest_id, entry_id)
    if isinstance(contest, GroundRefused):
        return contest
    row = _answer_to(entry_id, round_, version)
    if row is None:
        return GroundRefused("changed")
    db.session.delete(row)
    db.session.flush()
    subject = {"entry": entry_id, "round": round_, "version": version}
    ledger.append(judging_stream(contest), "measure.unseen", subject, {"by": by})
    return GroundTaken(version, judging_stream(contest))


def _open(contest_id: int, entry_id: int) -> Contest | GroundRefused:
    contest = hold_contests([contest_id]).get(contest_id)
    held = select(Entry.id).where(Entry.id == entry_id, Entry.contest_id == contest_id).with_for_update()
    if contest is None or db.session.scalar(held) is None:
        return GroundRefused("unknown_entry")
    return contest if contest.state is ContestState.OPEN else GroundRefused("locked")


def _answer_to(entry_id: int, round_: int, version: int) -> MeasureSeen | None:
    those = [MeasureSeen.entry_id == entry_id, MeasureSeen.round == round_, MeasureSeen.version == version]
    return db.session.scalars(select(MeasureSeen).where(*those)).one_or_none()
