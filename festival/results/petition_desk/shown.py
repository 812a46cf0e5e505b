"""How does a petition stand on a page or a paper: for whoever answers it, and for the delegation that lodged it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from festival.accounts.models import User
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.core.web.i18n import say
from festival.papers.models import SignedPaper
from festival.results.petition_desk.answering import needs_amendment
from festival.results.petition_desk.subjects import subject_words
from festival.results.petitions.kinds import ANSWERS, GRANTED, PetitionAbout, PetitionDeed, PetitionState, is_unsettled
from festival.results.petitions.models import Petition
from festival.results.petitions.reading import is_sealed, is_told, steps_of
from festival.results.petitions.words import DEED_WORDS, STATE_TONES, STATE_WORDS, TITLE_WORDS
from festival.roster.models import Entry

ANSWERED = N_("đã trả lời, đoàn đọc được khi công bố kết quả")
TO_DO = N_("được chấp nhận, chưa làm xong")
DONE = N_("được chấp nhận, đã làm")


@dataclass(frozen=True, slots=True)
class StepShown:
    """One thing that was done, in words."""

    deed: PetitionDeed
    what: Sentence
    words: str
    at: datetime
    by: str
    moved_from: str
    paper: tuple[int, str] | None  # the amendment and its number
    answers: bool


@dataclass(frozen=True, slots=True)
class PetitionShown:
    """The petition and what was done with it. `steps`: as its reader may see them."""

    row: Petition
    about: str
    what: Sentence
    steps: tuple[StepShown, ...]
    seen: int  # how many steps there are
    told: bool
    names: dict[int, str]

    @property
    def state(self) -> Sentence:
        if self.row.state in GRANTED:
            return DONE if self.row.carried else TO_DO
        return STATE_WORDS[self.row.state]

    @property
    def tone(self) -> str:
        return "warn" if self.unsettled else STATE_TONES.get(self.row.state, "note")

    @property
    def unsettled(self) -> bool:
        return is_unsettled(self.row.state, self.row.carried)

    @property
    def to_do(self) -> bool:
        """Accepted and not done yet."""
        return self.unsettled and self.row.state is not PetitionState.OPEN

    @property
    def by_amendment(self) -> bool:
        return needs_amendment(self.row) or self.row.about is PetitionAbout.WHOLE

    @property
    def taken_by(self) -> str:
        return self.names.get(self.row.taken_by or 0, "")

    @property
    def answer(self) -> StepShown | None:
        """The last one, which is the one that counts."""
        return next((each for each in reversed(self.steps) if each.answers), None)

    @property
    def head_state(self) -> Sentence:
        """What its delegation is told."""
        return self.state if self.told else ANSWERED


def about_words(row: Petition) -> str:
    """What it is about, in one line."""
    contest, entry = row.contest, row.entry
    return say(subject_words(row.about, contest.name if contest else "", entry.name if entry else ""))


def shown(row: Petition, *, to_head: bool = False) -> PetitionShown:
    """`to_head`: answers and what follows from them only where the delegation may read them."""
    steps, told = steps_of(row.id), is_told(row)
    accounts = {each for step in steps for each in (step.by_user, step.with_user) if each} | {row.taken_by or 0}
    names = dict(db.session.execute(select(User.id, User.name).where(User.id.in_(accounts))).all())
    papers = {each.paper_id for each in steps if each.paper_id}
    numbers = dict(
        db.session.execute(select(SignedPaper.id, SignedPaper.number).where(SignedPaper.id.in_(papers))).all()
    )
    hidden = to_head and is_sealed(row)
    lines = tuple(
        StepShown(
            step.deed,
            DEED_WORDS[step.deed],
            step.words,
            step.at,
            ", ".join(names[each] for each in (step.by_user, step.with_user) if each in names),
            _moved_from(step.before),
            (step.paper_id, numbers.get(step.paper_id, "")) if step.paper_id else None,
            step.deed in ANSWERS,
        )
        for step in steps
        if not hidden or step.told or step.deed is PetitionDeed.WITHDRAWN
    )
    return PetitionShown(row, about_words(row), TITLE_WORDS[row.title], lines, len(steps), told, names)


def listed(rows: Iterable[Petition]) -> Sequence[PetitionShown]:
    """Without their steps: the lines of a list."""
    return [PetitionShown(row, about_words(row), TITLE_WORDS[row.title], (), 0, is_told(row), {}) for row in rows]


def _moved_from(before: dict[str, str]) -> str:
    if not before:
        return ""
    own = select(Entry.name).where(Entry.code == before["entry"])
    entry = db.session.scalar(own) if before["entry"] else ""
    return say(subject_words(PetitionAbout(before["about"]), before["contest"], entry or ""))
