"""How is a draft said to the solver, and how does its plan become places of the draft? Pure.

What the solver knows it is told as it is: who is away, panels, pauses and hours of sessions, what stays, drawn orders. Hours of one act
are told as somebody who is in that act alone and away outside them. What it does not know (one act before another, first and last of a
session, acts that work together at first) the first running order has placed: such acts are `bound` and stay. Between two acts
of a family lies at least the longest time for a costume that any of its people needs. An act a wish holds back lets the others
of its drawn order pass, as in the first running order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from festival.schedule.filling.chosen import DraftLaid, FillChoice, FillDivided
from festival.schedule.rules.planned import Placed, PlannedAct, PlannedSession
from festival.schedule.rules.wished import Wishes
from festival.schedule.solver.checker import broken_rules, waits_of
from festival.schedule.solver.shapes import (
    DAY,
    ActToTime,
    AwaySpan,
    ContestToTime,
    OpenWindow,
    PlaceOfAct,
    SittingPanel,
    StageToFill,
    WholeFestival,
    moment,
)

DAY_COST_MIN = 120  # what it counts that a family comes on one more day
Span = tuple[int, int]
Origin = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class ToSolve:
    """What the solver is given. `aside`: who has no place in any hours; `origins`: which wish an absence comes from:
    ("away", its place among those who are away) or ("hours", the act).
    """

    festival: WholeFestival
    loose: tuple[PlannedAct, ...]
    fixed: tuple[Placed, ...]
    aside: tuple[str, ...]
    origins: Mapping[AwaySpan, Origin]
    sessions: tuple[PlannedSession, ...]
    parts: Mapping[str, str]

    @property
    def least_days(self) -> int:
        """What every family costs that comes on one day."""
        return DAY_COST_MIN * len({family for act in self.festival.acts for family in act.families})


def bound_codes(draft: DraftLaid, loose: Sequence[PlannedAct]) -> frozenset[str]:
    """Acts that stand where the first running order puts them: a wish binds them that the solver does not know."""
    wishes = draft.wishes
    together = {draft.parts[each.code] for each in draft.sessions if each.together_min}
    bound = {*wishes.opening, *wishes.closing, *(code for pair in wishes.before for code in pair)}
    return frozenset(act.code for act in loose if act.code in bound or draft.parts[act.code] in together)


def to_solve(draft: DraftLaid, divided: FillDivided, choice: FillChoice, bound: Sequence[Placed]) -> ToSolve:
    """Everything the solver needs. `bound`: the places of acts that the first running order has placed."""
    settled = {each.act.code for each in bound}
    skipped = bound_codes(draft, divided.loose) - settled
    loose = tuple(act for act in divided.loose if act.code not in settled and act.code not in skipped)
    fixed = (*divided.stay, *bound)
    walls: set[str] = set()
    while True:
        asked = _asked(draft, divided, choice, loose, fixed, walls)
        faults = broken_rules(asked.festival, asked.festival.locked, whole=False)
        met = {act for fault in faults for act in fault.acts} | _waits_too_long(asked.festival)
        if not met:
            return replace(asked, aside=(*asked.aside, *sorted(skipped)), loose=divided.loose)
        walls |= met  # what breaks a rule where it stands is not told as locked: nobody comes near it


def _waits_too_long(festival: WholeFestival) -> set[str]:
    """What stays though its family waits longer between than any may."""
    if festival.longest_wait_min is None:
        return set()
    longest = festival.longest_wait_min
    whose = {family for family, wait in waits_of(festival, festival.locked).items() if wait > longest}
    stays = {each.act for each in festival.locked}
    return {act.code for act in festival.acts if act.code in stays and whose & set(act.families)}


def _asked(
    draft: DraftLaid,
    divided: FillDivided,
    choice: FillChoice,
    loose: Sequence[PlannedAct],
    fixed: Sequence[Placed],
    walls: set[str],
) -> ToSolve:
    windows = _windows(draft, divided.open, fixed, walls)
    room: dict[str, int] = defaultdict(int)
    for window in windows:
        for part in window.contests or ():
            room[part] = max(room[part], window.ends - window.begins)
    out = [act.code for act in loose if room[draft.parts[act.code]] < act.duration_min]
    there = [act for act in loose if act.code not in out]
    kept = [each for each in fixed if each.act.code not in walls]
    gap = _gap(draft, there, choice.gap_min)
    origins = _away(draft, there)
    parts = {part for window in windows for part in window.contests or ()}
    changeover = {draft.parts[act.code]: act.changeover_min for act in draft.acts}
    base = {draft.parts[act.code]: act.contest for act in draft.acts}
    festival = WholeFestival(
        acts=tuple(
            [_told(draft, act, _number(draft, divided.open, act)) for act in there]
            + [_told(draft, each.act, None) for each in kept]
        ),
        contests=tuple(
            ContestToTime(part, changeover.get(part, 0), base.get(part, "") in choice.binding) for part in sorted(parts)
        ),
        stages=tuple(
            StageToFill(stage, frozenset(part for w in windows if w.stage == stage for part in w.contests or ()))
            for stage in sorted({w.stage for w in windows})
        ),
        panels=_panels(draft, parts),
        windows=tuple(windows),
        away=(*origins, *_around(gap, there, fixed, walls)),
        family_gap_min=gap,
        longest_wait_min=choice.longest_min,
        day_cost_min=DAY_COST_MIN,
        locked=tuple(PlaceOfAct(each.act.code, each.session.stage, moment(each.starts_at)) for each in kept),
    )
    return ToSolve(festival, (), tuple(fixed), tuple(out), origins, draft.sessions, draft.parts)


def _told(draft: DraftLaid, act: PlannedAct, number: int | None) -> ActToTime:
    return ActToTime(
        act.code,
        draft.parts[act.code],
        act.duration_min,
        tuple(sorted(f"f{each}" for each in act.families)),
        (*sorted(f"p{each}" for each in act.persons), f"act:{act.code}"),
        number,
    )


def _number(draft: DraftLaid, opened: Iterable[PlannedSession], act: PlannedAct) -> int | None:
    """Its drawn number, unless a wish keeps it out of hours in which it could else be."""
    wishes = draft.wishes
    if act.code in wishes.earliest or act.code in wishes.latest:
        return None
    own = [each for each in opened if draft.parts[each.code] == draft.parts[act.code]]
    meets = any(begins < each.ends_at and each.starts_at < ends for each in own for begins, ends in wishes.absent(act))
    return None if meets else act.number


# ------------------------------------------------------------------------------------------------ hours


def _windows(
    draft: DraftLaid, opened: Iterable[PlannedSession], fixed: Sequence[Placed], walls: set[str]
) -> list[OpenWindow]:
    """Hours of each stage that do not overlap; what stays outside of them has its own."""
    found: list[OpenWindow] = []
    for session in opened:
        if not draft.wishes.takes_it(session):
            continue
        part = frozenset({draft.parts[session.code]})
        begins, ends = _between(draft.wishes, session, fixed)
        closed = [(moment(first), moment(last)) for first, last in draft.wishes.closed(session)]
        for first, last in _less([(begins, ends)], closed):
            found.append(OpenWindow(session.stage, first, last, part))
    for each in fixed:
        begins, length = moment(each.starts_at), each.act.duration_min
        about = each.act.changeover_min if each.act.code in walls else 0
        inside = any(
            w.stage == each.session.stage and w.begins <= begins and begins + length <= w.ends
            and draft.parts[each.act.code] in (w.contests or ())
            for w in found
        )  # fmt: skip
        if each.act.code in walls or not inside:
            cut = (begins - about, begins + length + about)
            found = [
                replace(w, begins=first, ends=last)
                for w in found
                for first, last in (
                    _less([(w.begins, w.ends)], [cut]) if w.stage == each.session.stage else [(w.begins, w.ends)]
                )
            ]
            if each.act.code not in walls:
                part = frozenset({draft.parts[each.act.code]})
                found.append(OpenWindow(each.session.stage, begins, begins + length, part))
    return sorted(found, key=lambda w: (w.begins, w.stage))


def _between(wishes: Wishes, session: PlannedSession, fixed: Iterable[Placed]) -> Span:
    """From its opening act to its closing act, where these stand."""
    begins = moment(session.starts_at + timedelta(minutes=session.together_min))
    ends = moment(session.ends_at)
    for each in fixed:
        if each.session.code == session.code and each.act.code in wishes.opening:
            begins = max(begins, moment(each.starts_at))
        if each.session.code == session.code and each.act.code in wishes.closing:
            ends = min(ends, moment(each.ends_at))
    return begins, ends


def _less(spans: Iterable[Span], closed: Iterable[Span]) -> list[Span]:
    found = list(spans)
    for begins, ends in closed:
        cut: list[Span] = []
        for first, last in found:
            if ends <= first or last <= begins:
                cut.append((first, last))
            else:
                cut += [(first, min(last, begins)), (max(first, ends), last)]
        found = cut
    return [(first, last) for first, last in found if first < last]


# ------------------------------------------------------------------------------------------------ who cannot be where


def _away(draft: DraftLaid, loose: Sequence[PlannedAct]) -> dict[AwaySpan, Origin]:
    """When each act cannot be. What stays is not asked again whether it may."""
    found: dict[AwaySpan, Origin] = {}
    days = [moment(at) for session in draft.sessions for at in (session.starts_at, session.ends_at)]
    first, last = min(days) - DAY, max(days) + DAY
    for act in loose:
        for at, away in enumerate(draft.wishes.away):
            if away.binds_act(act):
                found[AwaySpan("person", f"act:{act.code}", moment(away.begins), moment(away.ends))] = ("away", at)
        earliest, latest = draft.wishes.earliest.get(act.code), draft.wishes.latest.get(act.code)
        if earliest is not None and first < moment(earliest):
            found[AwaySpan("person", f"act:{act.code}", first, moment(earliest))] = ("hours", act.code)
        if latest is not None and moment(latest) < last:
            found[AwaySpan("person", f"act:{act.code}", moment(latest), last)] = ("hours", act.code)
    return found


def _around(gap: int, loose: Sequence[PlannedAct], fixed: Iterable[Placed], walls: set[str]) -> list[AwaySpan]:
    """What is not told as locked, and whoever works together from the beginning of a session, is not to be had meanwhile."""
    found: dict[AwaySpan, None] = {}
    for each in fixed:
        begins, ends = moment(each.busy_from), moment(each.ends_at)
        if each.act.code not in walls:
            ends = moment(each.starts_at)  # the act itself is told
        if begins >= ends:
            continue
        for act in loose:
            apart = gap if act.families & each.act.families else 0
            if apart or act.persons & each.act.persons:
                found[AwaySpan("person", f"act:{act.code}", begins - apart, ends + apart)] = None
    return list(found)


def _panels(draft: DraftLaid, parts: set[str]) -> tuple[SittingPanel, ...]:
    """Who judges, as sets of contests: judges of the same ones are one panel."""
    sits: dict[object, set[str]] = defaultdict(set)
    for session in draft.sessions:
        if draft.parts[session.code] in parts:
            for judge in session.judges:
                sits[judge].add(draft.parts[session.code])
    sets = sorted({frozenset(each) for each in sits.values()}, key=sorted)
    return tuple(SittingPanel(f"panel{at}", each) for at, each in enumerate(sets, start=1))


def _gap(draft: DraftLaid, loose: Sequence[PlannedAct], asked: int) -> int:
    """What a family has between two acts: what was asked, or the time for a costume of somebody who is in two."""
    of: dict[object, list[str]] = defaultdict(list)
    for act in draft.acts:
        for person in act.persons:
            of[person].append(act.contest)
    moved = {person for act in loose for person in act.persons}
    needed = [
        draft.wishes.change_of(contest)
        for person, contests in of.items()
        if len(contests) > 1 and person in moved
        for contest in contests
    ]
    return max([asked, *needed])


# ------------------------------------------------------------------------------------------------ and back


def as_places(asked: ToSolve, plan: Iterable[PlaceOfAct]) -> list[Placed]:
    """Where the plan puts the acts that are to get a place; those that stay are not among them."""
    own = {act.code: act for act in asked.loose}
    stays = {each.act.code for each in asked.fixed}
    zone = asked.sessions[0].starts_at.tzinfo
    found = [each for each in asked.fixed if each.act.code in own]  # placed by the first running order
    for place in plan:
        if place.act in own and place.act not in stays:
            begins = datetime.fromordinal(place.at // DAY).replace(tzinfo=zone) + timedelta(minutes=place.at % DAY)
            session = _session(asked, own[place.act], place.stage, begins)
            found.append(Placed(own[place.act], session, begins))
    return sorted(found, key=lambda each: (each.starts_at, each.session.stage, each.act.code))


def _session(asked: ToSolve, act: PlannedAct, stage: str, begins: datetime) -> PlannedSession:
    return next(
        each
        for each in asked.sessions
        if each.stage == stage
        and asked.parts[each.code] == asked.parts[act.code]
        and each.starts_at <= begins
        and begins + timedelta(minutes=act.duration_min) <= each.ends_at
    )
