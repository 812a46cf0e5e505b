"""What may be read aloud tonight, contest by contest, and which steps come of it?

Only what was released to the MC is read, in the names that may be said at this hour. A rehearsal reads the rules alone: no award, no
family and no result of anybody is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, literal, select

from festival.acts.models import ActVersion
from festival.ceremony.reveal.models import Reveal, RevealOrder
from festival.ceremony.reveal.steps import (
    NAMES_A_SCREEN,
    WHOLE,
    WIDE,
    RevealedName,
    RevealedPrize,
    RevealPart,
    RevealStep,
    contest_of,
    sample_part,
    steps_of,
    steps_of_part,
)
from festival.contests import queries as contest_queries
from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import once
from festival.editions.models import Festival
from festival.editions.queries import rules
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.edition import SpecialPrizeRule
from festival.editions.rules.whole import WholeDelegationRule
from festival.judging.tally import appearances_of
from festival.results.awards import (
    AwardWinner,
    PrizeList,
    amended_at,
    amended_prizes,
    as_agreed,
    awards_by_contest,
)
from festival.results.delegations.table import read_whole
from festival.results.ladder.states import reached
from festival.roster.models import Entry
from festival.roster.shown.public_names import names_held


@dataclass(frozen=True, slots=True)
class EveningPart:
    """A contest, or the whole delegation, as the MC has it: released with its prizes, the highest first; else by name alone."""

    code: str
    name: str
    released: bool
    lists: tuple[PrizeList, ...] = ()
    amended: datetime | None = None
    contest_id: int | None = None


@dataclass(frozen=True, slots=True)
class ForeseenPrizes:
    """What the rules say of prizes; nothing as long as a festival has no rules."""

    contests: tuple[ContestRule, ...] = ()
    whole_delegation: WholeDelegationRule | None = None
    special_prizes: tuple[SpecialPrizeRule, ...] = ()


def foreseen_prizes(festival: Festival) -> ForeseenPrizes:
    """Read once a transaction."""

    def read() -> ForeseenPrizes:
        known = rules(festival)
        return ForeseenPrizes(known.contests, known.whole_delegation, known.special_prizes)

    return once(("foreseen prizes", festival.id), read) if festival.ruleset else ForeseenPrizes()


def order_of(festival_id: int) -> RevealOrder:
    """Which order was chosen; version 0: none, the contests stand as in the rules."""
    chosen = db.session.get(RevealOrder, festival_id)
    return chosen or RevealOrder(festival_id=festival_id, codes=[], version=0)


def in_order(festival_id: int) -> list[Contest]:
    """The contests as they are revealed."""
    codes = once(("reveal order", festival_id), lambda: order_of(festival_id)).codes
    place = {code: at for at, code in enumerate(codes)}
    return sorted(contest_queries.contests(festival_id), key=lambda each: place.get(each.code, len(place)))


def evening(festival: Festival, only: str | None = None) -> list[EveningPart]:
    """Every contest in its order, at last the whole delegation; `only` one of them. The same number of statements for any number of families."""
    every = [each for each in in_order(festival.id) if only in (None, each.code)]
    released = [each for each in every if reached(each, ContestState.RELEASED)]
    awards = _in_order_of_appearance([each.id for each in released]) if released else {}
    amended = amended_prizes(released, festival.id) if released else {}
    found = [
        EveningPart(
            each.code,
            each.name,
            each.id in awards,
            tuple(lists := as_agreed(awards.get(each.id, ()), festival.id)),
            max(filter(None, (amended_at(lists), amended[each.id].at if each.id in amended else None)), default=None),
            each.id,
        )
        for each in every
    ]
    if only in (None, WHOLE) and foreseen_prizes(festival).whole_delegation is not None:
        whole = read_whole(festival.id, ContestState.RELEASED)
        found.append(EveningPart(WHOLE, _whole_name(), bool(whole), tuple(whole), amended_at(whole)))
    return found


def _in_order_of_appearance(contest_ids: Sequence[int]) -> dict[int, list[PrizeList]]:
    """The awards of contests; only where winners appeared is asked, no sheet and no result."""
    awards = awards_by_contest(contest_ids, {})
    among = {
        key: {won.entry: None for each in lists for won in each.winners if won.entry is not None}
        for key, lists in awards.items()
    }
    place = {each.id: at for own in appearances_of(contest_ids, among).values() for at, each in enumerate(own)}
    last = len(place)

    def appeared(won: AwardWinner) -> tuple[int, str]:
        return last if won.entry is None else place.get(won.entry, last), won.name

    return {
        key: [replace(each, winners=tuple(sorted(each.winners, key=appeared))) for each in lists]
        for key, lists in awards.items()
    }


def _whole_name() -> str:
    with force_locale("vi"):
        return str(_("Toàn đoàn"))


def steps_for(festival: Festival, practice: bool, parts: Sequence[EveningPart] | None = None) -> tuple[RevealStep, ...]:
    """All steps of the evening, or of a rehearsal; `parts`: where the evening was read already."""
    if practice:
        return steps_of(_sample(festival))
    return steps_of([_revealed(each) for each in (evening(festival) if parts is None else parts) if each.released])


def step_on(festival: Festival, run: Reveal) -> RevealStep | None:
    """The step a run stands at, read for itself: nothing that comes later is asked for. None: there is no such award any more."""
    code = contest_of(run.key)
    if run.practice or not code:
        steps = steps_for(festival, run.practice, () if not run.practice else None)
    else:
        steps = tuple(
            step for each in evening(festival, code) if each.released for step in steps_of_part(_revealed(each))
        )
    return next((each for each in steps if each.key == run.key), None)


def _revealed(part: EveningPart) -> RevealPart:
    return RevealPart(
        part.code,
        part.name,
        tuple(
            RevealedPrize(
                each.prize,
                each.special,
                tuple(
                    RevealedName(won.name, "" if won.delegation == won.name else won.delegation) for won in each.winners
                ),
            )
            for each in part.lists
        ),
    )


def _sample(festival: Festival) -> list[RevealPart]:
    """Names that nobody bears, in the order of the evening."""
    known = foreseen_prizes(festival)
    by_code = {each.code: each for each in known.contests}
    specials: dict[str, list[str]] = {}
    for each in known.special_prizes:
        specials.setdefault(each.contest or "", []).append(each.name)
    with force_locale("vi"):
        found = [
            sample_part(
                each.code,
                each.name,
                by_code[each.code].prizes,
                specials.get(each.code, ()),
                _("Gia đình mẫu"),
                _("Đơn vị mẫu"),
            )
            for each in in_order(festival.id)
            if each.code in by_code
        ]
        if wide := specials.get("", ()):
            found.append(
                sample_part(WIDE, _("Giải chuyên đề của ngày hội"), (), wide, _("Gia đình mẫu"), _("Đơn vị mẫu"))
            )
        whole = known.whole_delegation
        if whole is not None:
            found.append(sample_part(WHOLE, _whole_name(), whole.prizes, (), _("Đoàn mẫu"), ""))
    return found


@dataclass(frozen=True, slots=True)
class WinnerDetail:
    """What the MC needs about a winner beside the name: how it is said, number, two lines, whether a name was corrected."""

    number: int | None
    said: str
    title: str
    introduction: str
    corrected: bool


def details_of(festival_id: int, parts: Sequence[EveningPart], step: RevealStep) -> list[WinnerDetail | None]:
    """Beside each winner of a step; None in a rehearsal and for the whole delegation."""
    part = next((each for each in parts if each.code == contest_of(step.key) and each.released), None)
    won = [
        winner
        for prize in (part.lists if part else ())
        if (prize.prize, prize.special) == (step.prize, step.special)
        for winner in prize.winners
    ]
    start = (step.part - 1) * NAMES_A_SCREEN
    shown = won[start : start + len(step.winners)]
    if [each.name for each in shown] != [each.name for each in step.winners]:
        return [None] * len(step.winners)  # made-up names
    said = spoken_names(festival_id, shown)
    return [
        None if each.entry is None else WinnerDetail(
            each.number, said.get(each.entry, ""), each.title, each.introduction, each.amended_at is not None
        )
        for each in shown
    ]  # fmt: skip


def spoken_names(festival_id: int, winners: Iterable[AwardWinner]) -> dict[int, str]:
    """By entry, how its names are said, as its act was last described, or that of the round it comes from; left out where it says a name
    that is held back.
    """
    ids = {each.entry for each in winners if each.entry is not None}
    known: dict[int, str] = once(("spoken names", festival_id), dict[int, str])
    if unread := ids - known.keys():
        first = select(Entry.id.label("asked"), Entry.id, Entry.from_id, literal(0).label("back")).where(
            Entry.id.in_(unread)
        )
        rounds = first.cte("rounds", recursive=True)
        before = select(rounds.c.asked, Entry.id, Entry.from_id, rounds.c.back + 1).where(Entry.id == rounds.c.from_id)
        rounds = rounds.union_all(before)
        newest = (
            select(func.max(ActVersion.id))
            .where(ActVersion.entry_id.in_(select(rounds.c.id)))
            .group_by(ActVersion.entry_id)
        )
        rows = db.session.execute(
            select(rounds.c.asked, ActVersion.said)
            .join(ActVersion, ActVersion.entry_id == rounds.c.id)
            .where(ActVersion.id.in_(newest), ActVersion.said != "")
            .order_by(rounds.c.back.desc())
        )
        known |= dict.fromkeys(unread, "") | {row.asked: row.said for row in rows}
    held = names_held(festival_id)
    return {entry: held.text(held.family_of(entry), known[entry]) for entry in sorted(ids) if known[entry]}
