"""Which prize does a place bring, and what must the panel still decide?

Rank is not prize. Nearly every published festival gives 1 Nhất, 2 Nhì, 3 Ba and Khuyến khích to all the rest (Tây Ninh
2019, Thừa Thiên Huế 2018, Yên Châu 2024; editions/data), so several entries of different ranks carry one prize name.
Prizes are handed down the standings. A shared place that reaches over the border of two prizes is a *question* for the
panel: it is never silently decided, and those below it are not moved by the answer.

Some regulations give prizes by bands of points and cap them (Quyết định 05/QĐ-BVHTTDL 2016: gold 9–10, silver 8–8,9, all
of them together not over 35 % of the items). A place brings the highest prize whose level it reaches and that is not full
yet; a share is counted of the entries with a place and rounded down. The cap is a border like any other.

The panel may leave a prize empty, and give all who stand on one place other prizes than the place brings: both with reason
and names. So equal results are in different prizes only by a recorded decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.prizes import ALL_PERCENT, PrizeRule
from festival.results.standings import RankedEntry


@dataclass(frozen=True, slots=True)
class PrizeOfEntry:
    """`decided`: the panel, or an amendment, said it of this entry."""

    entry: str
    prize: str
    rank: int | None
    reasons: tuple[Sentence, ...] = ()
    decided: bool = False


@dataclass(frozen=True, slots=True)
class PrizeQuestion:
    """These entries share one place, and the places they fill belong to several prizes (or partly to none).

    ``seats``: how many of those places carry which prize; the panel may also give all of them the same.
    """

    entries: tuple[str, ...]
    rank: int
    seats: Mapping[str, int]
    said: Sentence


@dataclass(frozen=True, slots=True)
class PrizeDecision:
    """The panel's answer: a prize (or none) for every entry of one place, with reason and names."""

    prizes: Mapping[str, str | None]
    reason: str
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.names:
            raise ValueError("a decision of the panel carries its reason and the names of those who took it")


class LeftEmpty(StrEnum):
    """What becomes of the places of a prize that is given to nobody."""

    NEXT = "next"  # they bring the prize beneath it, beyond its number; everybody else keeps theirs
    NONE = "none"  # they bring nothing; everybody else keeps theirs
    HAND_DOWN = "hand_down"  # the prizes beneath are handed down from these places on, as many as the rules say


@dataclass(frozen=True, slots=True)
class Vacancy:
    """The panel gives this prize to nobody."""

    prize: str
    then: LeftEmpty
    reason: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prizes:
    """`without`: why an entry with a place has no prize."""

    awards: tuple[PrizeOfEntry, ...]
    questions: tuple[PrizeQuestion, ...]
    without: Mapping[str, tuple[Sentence, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PrizeRoom:
    """How many places can bring a prize: `own` at most, and `together` with those above it. None: no bound."""

    name: str
    own: int | None
    together: int | None
    from_milli: int | None
    share_milli: int | None


QUESTION = N_("%(count)s tiết mục cùng đứng thứ %(rank)s, nằm giữa hai mức giải: ban giám khảo quyết định.")
DECIDED = N_("Ban giám khảo quyết định: %(reason)s (%(names)s).")
BY_PLACE = N_("Hạng %(rank)s, trong %(count)s giải %(prize)s.")
BY_RANK = N_("Hạng %(rank)s, giải %(prize)s.")
REACHED = N_("Được %(points)s điểm, đủ mức %(prize)s (từ %(from)s điểm).")
FULL_SHARE = N_("Được %(points)s điểm, đủ mức %(prize)s, nhưng giải đã đủ %(percent)s %% (%(most)s/%(placed)s).")
FULL_COUNT = N_("Được %(points)s điểm, đủ mức %(prize)s, nhưng đã đủ %(most)s giải.")
BELOW = N_("Được %(points)s điểm, chưa đủ mức %(prize)s (từ %(from)s điểm).")
AFTER_ALL = N_("Hạng %(rank)s, sau các giải của thể lệ.")
EMPTY_NEXT = N_("Giải %(prize)s để trống, nhận giải liền dưới: %(reason)s (%(names)s).")
EMPTY_NONE = N_("Giải %(prize)s để trống, hạng này không nhận giải: %(reason)s (%(names)s).")
EMPTY_DOWN = N_("Giải %(prize)s để trống, các giải dưới trao lại từ hạng này: %(reason)s (%(names)s).")
NO_PRIZE = ""


def rooms_of(rules: Sequence[PrizeRule], placed: int) -> tuple[PrizeRoom, ...]:
    """The bounds where so many entries have a place."""
    return tuple(
        PrizeRoom(
            each.name,
            each.count,
            None if each.share_milli is None else placed * each.share_milli // ALL_PERCENT,
            each.from_milli,
            each.share_milli,
        )
        for each in rules
    )


def moved(rooms: Sequence[PrizeRoom], prize: str, by: int) -> tuple[PrizeRoom, ...] | None:
    """The bounds with one of them so many higher; None where that prize has no bound, or would have less than none."""
    at = next((at for at, each in enumerate(rooms) if each.name == prize), None)
    if at is None or (rooms[at].own is None and rooms[at].together is None):
        return None
    own, together = (None if most is None else most + by for most in (rooms[at].own, rooms[at].together))
    if min(most for most in (own, together) if most is not None) < 0:
        return None
    return (*rooms[:at], replace(rooms[at], own=own, together=together), *rooms[at + 1 :])


@dataclass(frozen=True, slots=True)
class _Seat:
    """What one place brings, and why."""

    prize: str
    reasons: tuple[Sentence, ...]


class _Handing:
    """Prizes handed down from the first place on."""

    def __init__(self, rooms: Sequence[PrizeRoom], vacancies: Sequence[Vacancy], placed: int) -> None:
        self.rooms, self.placed = rooms, placed
        self.taken = [0] * len(rooms)
        self.passed = [0] * len(rooms)  # places that would have brought a prize that was left empty
        self.empty = {each.prize: each for each in vacancies}

    def seat(self, rank: int, value: int | None) -> _Seat:
        """What the next place brings, with a result of `value`."""
        why: list[Sentence] = []
        for at, room in enumerate(self.rooms):
            if room.from_milli is not None and (value is None or value < room.from_milli):
                why.append(
                    BELOW.filled(points=Points(value or 0), prize=room.name, **{"from": Points(room.from_milli)})
                )
                continue
            if full := self._full(at, value):
                why += [full] if room.from_milli is not None else []
                continue
            vacancy = self.empty.get(room.name)
            if vacancy is not None and vacancy.then is LeftEmpty.HAND_DOWN:
                self.passed[at] += 1
                why += [_said(EMPTY_DOWN, vacancy)] if room.own is None or self.passed[at] <= room.own else []
                continue
            self.taken[at] += 1
            given = self._given(at, vacancy, rank, value)
            # to have missed a level of a higher prize is no reason for the one that is given
            return _Seat(given.prize, (*(each for each in why if each.template != BELOW.template), *given.reasons))
        return _Seat(NO_PRIZE, tuple(why) or (AFTER_ALL.filled(rank=rank),))

    def _full(self, at: int, value: int | None) -> Sentence | None:
        room = self.rooms[at]
        known: dict[str, int | str | Points] = {"prize": room.name, "points": Points(value or 0)}
        if room.together is not None and sum(self.taken[: at + 1]) >= room.together:
            percent = Points(room.share_milli or 0)
            return FULL_SHARE.filled(percent=percent, most=room.together, placed=self.placed, **known)
        return (
            FULL_COUNT.filled(most=room.own, **known) if room.own is not None and self.taken[at] >= room.own else None
        )

    def _given(self, at: int, vacancy: Vacancy | None, rank: int, value: int | None) -> _Seat:
        if vacancy is None:
            return _Seat(self.rooms[at].name, (_by_rule(self.rooms[at], rank, value),))
        if vacancy.then is LeftEmpty.NONE:
            return _Seat(NO_PRIZE, (_said(EMPTY_NONE, vacancy),))
        below = next((room.name for room in self.rooms[at + 1 :] if room.name not in self.empty), NO_PRIZE)
        return _Seat(below, (_said(EMPTY_NEXT, vacancy),))


def _by_rule(room: PrizeRoom, rank: int, value: int | None) -> Sentence:
    if room.from_milli is not None:
        points = Points(value or 0)
        return REACHED.filled(points=points, prize=room.name, **{"from": Points(room.from_milli)})
    if room.own is not None:
        return BY_PLACE.filled(rank=rank, count=room.own, prize=room.name)
    return BY_RANK.filled(rank=rank, prize=room.name)


def _said(template: Sentence, by: Vacancy) -> Sentence:
    return template.filled(prize=by.prize, reason=by.reason, names=", ".join(by.names))


def by_rank(table: Sequence[RankedEntry]) -> dict[int, tuple[RankedEntry, ...]]:
    """Who stands on which place, the first first."""
    groups: dict[int, list[RankedEntry]] = {}
    for each in table:
        if each.rank is not None:
            groups.setdefault(each.rank, []).append(each)
    return {rank: tuple(groups[rank]) for rank in sorted(groups)}


def _decision(
    decisions: Sequence[PrizeDecision], entries: tuple[str, ...], named: frozenset[str]
) -> PrizeDecision | None:
    """What the panel decided about exactly these; nothing while it names a prize that is not there to be given."""
    last = next((each for each in reversed(decisions) if set(each.prizes) == set(entries)), None)
    return last if last is not None and {prize for prize in last.prizes.values() if prize} <= named else None


def award(
    table: Sequence[RankedEntry],
    rules: Sequence[PrizeRule],
    decisions: Sequence[PrizeDecision] = (),
    vacancies: Sequence[Vacancy] = (),
    *,
    rooms: Sequence[PrizeRoom] | None = None,
) -> Prizes:
    """Hand the prizes down. Only entries with a place can be awarded; a decision counts for exactly its group.

    `rooms`: other bounds than those of the rules, to see what would follow.
    """
    groups = by_rank(table)
    placed = sum(map(len, groups.values()))
    handing = _Handing(rooms_of(rules, placed) if rooms is None else rooms, vacancies, placed)
    named = frozenset(rule.name for rule in rules) - handing.empty.keys()
    awards: list[PrizeOfEntry] = []
    questions: list[PrizeQuestion] = []
    without: dict[str, tuple[Sentence, ...]] = {}
    for rank, members in groups.items():
        entries = tuple(each.entry for each in members)
        # of one place that an amendment states the results may differ: all must have reached a level
        values = [each.value for each in members]
        value = None if None in values else min(each for each in values if each is not None)
        seats = [handing.seat(rank, value) for _each in members]
        decision = _decision(decisions, entries, named)
        prizes = {seat.prize for seat in seats}
        if decision is not None:
            why = (DECIDED.filled(reason=decision.reason, names=", ".join(decision.names)),)
            for entry in entries:
                if prize := decision.prizes[entry]:
                    awards.append(PrizeOfEntry(entry, prize, rank, why, decided=True))
                else:
                    without[entry] = why
        elif len(prizes) > 1:
            counted = {name: [seat.prize for seat in seats].count(name) for name in (seat.prize for seat in seats)}
            questions.append(PrizeQuestion(entries, rank, counted, QUESTION.filled(count=len(entries), rank=rank)))
        elif NO_PRIZE in prizes:
            without |= dict.fromkeys(entries, seats[0].reasons)
        else:
            awards += [PrizeOfEntry(entry, seats[0].prize, rank, seats[0].reasons) for entry in entries]
    return Prizes(tuple(awards), tuple(questions), without)


def parted_silently(table: Sequence[RankedEntry], prizes: Prizes) -> tuple[str, ...]:
    """Entries of one place in different prizes, though nobody decided so; there must be none."""
    given = {each.entry: each for each in prizes.awards}
    asked = {entry for question in prizes.questions for entry in question.entries}
    for members in by_rank(table).values():
        entries = [each.entry for each in members if each.entry not in asked]
        own = [given.get(entry) for entry in entries]
        if len({each and each.prize for each in own}) > 1 and not all(each.decided for each in own if each):
            return tuple(entries)
    return ()
