"""Is a draft said to the solver so that its plan keeps every wish, and is what is in the way found by taking away? Without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from festival.core.sentence import N_
from festival.schedule.conflicts import Clash, check
from festival.schedule.filling.chosen import DraftLaid, FillChoice, FillPart, divided_by
from festival.schedule.filling.closer import closer
from festival.schedule.filling.laid import asked_of
from festival.schedule.filling.reasons import smallest, without
from festival.schedule.filling.searching import FillSearch
from festival.schedule.filling.whole import ToSolve, as_places
from festival.schedule.rules.planned import Placed, PlannedAct, PlannedSession
from festival.schedule.rules.wished import NO_WISHES, AwayTime, PauseTime, Wishes
from festival.schedule.solver.checker import broken_rules, cost_of
from festival.schedule.solver.reading import read_festival
from festival.schedule.solver.shapes import AwaySpan, PlaceOfAct, WholeFestival
from festival.schedule.solver.whole.floors import Held, floors_of
from festival.schedule.solver.whole.greedy import Search
from festival.schedule.solver.writing import to_document
from tests.harness.waiting import wait_until
from tests.schedule.festivals import odd

MORNING = datetime(2024, 6, 14, 7, 30, tzinfo=UTC)
ALL = FillChoice(FillPart.ALL, binding=frozenset({"hat"}))


def at(minutes: int) -> datetime:
    return MORNING + timedelta(minutes=minutes)


SESSIONS = (
    PlannedSession("1", "Hát, sáng", "hat", "Hội trường", at(0), at(180)),
    PlannedSession("2", "Múa, sáng", "mua", "Sân", at(0), at(180)),
    PlannedSession("3", "Nấu ăn", "nau", "Bếp", at(0), at(240), 60),
)


def act(code: str, contest: str, family: int, number: int | None = None, minutes: int = 10) -> PlannedAct:
    return PlannedAct(code, code, contest, minutes, 2, number, frozenset({family}), frozenset({family * 10}))


def acts(families: int = 6) -> tuple[PlannedAct, ...]:
    found = [act(f"h{each}", "hat", each, each) for each in range(1, families + 1)]
    found += [act(f"m{each}", "mua", each) for each in range(1, families + 1)]
    return (*found, *(act(f"n{each}", "nau", each, each) for each in range(1, 3)))


def laid(wishes: Wishes = NO_WISHES, placed: tuple[Placed, ...] = (), held: frozenset[str] = frozenset()) -> DraftLaid:
    own = acts()
    every: tuple[PlannedAct | PlannedSession, ...] = (*own, *SESSIONS)
    parts = {each.code: each.contest for each in every}
    return DraftLaid(own, SESSIONS, wishes, {each.act.code: each for each in placed}, parts, held, frozenset())


def solved(asked: ToSolve) -> list[Placed]:
    """By the search of our own, in this process; every plan is read back from its file first, as the worker does."""
    festival = read_festival(to_document(asked.festival))
    assert festival == asked.festival
    search = Search(festival, 1, floors_of(festival).cost)
    search.begin()
    turns = iter(range(401))
    for _better in search.improve(lambda: next(turns) / 400):
        if not search.unplaced():
            break
    plan = closer(festival, search.plan())
    assert broken_rules(festival, plan, search.unplaced()) == []
    places = as_places(asked, plan)
    return [*places, *(each for each in asked.fixed if each not in places)]


def test_every_wish_is_kept_by_the_plan() -> None:
    wishes = Wishes(
        away=(
            AwayTime(N_("gia đình 6"), at(0), at(60), frozenset({6})),
            AwayTime(N_("ban giám khảo"), at(100), at(120), panel="mua"),
        ),
        pauses=(PauseTime("Nghỉ", at(80), at(95), "Hội trường"),),
        earliest={"h4": at(100)},
        latest={"m5": at(40)},
        before=(("m6", "h6"),),
        opening=frozenset({"h3"}),
        closing=frozenset({"m4"}),
        change_min={"": 20},
    )
    draft = laid(wishes)
    plan = solved(asked_of(draft, ALL))
    assert sorted(each.act.code for each in plan) == sorted(each.code for each in draft.acts)
    found = check(plan, gap_min=15, wishes=wishes)
    # whom a wish holds back, and who opens, lets the others of the drawn order pass
    assert {each.kind for each in found} <= {Clash.ORDER}
    order = [each.act.number for each in sorted(plan, key=lambda each: each.starts_at) if each.act.code in ("h2", "h5")]
    assert order == [2, 5]


def test_what_is_held_stays_also_where_it_breaks_a_rule() -> None:
    own = {each.code: each for each in acts()}
    stay = (
        Placed(own["h1"], SESSIONS[0], at(30)),
        Placed(own["m1"], SESSIONS[1], at(35)),  # the same family, at the same time
        Placed(own["h2"], SESSIONS[0], at(175)),  # over after its session
        Placed(own["n1"], SESSIONS[2], at(60)),
    )
    draft = laid(placed=stay, held=frozenset({"h1", "m1", "h2", "n1"}))
    asked = asked_of(draft, ALL)
    assert set(asked.fixed) >= set(stay)
    assert {each.act for each in asked.festival.locked} == {"h2", "n1", "n2"}  # the clash is told as closed hours
    plan = solved(asked)
    assert {each.act.code: each.starts_at for each in plan}["h1"] == at(30)
    assert [(each.kind, each.acts) for each in check(plan, wishes=NO_WISHES) if each.kind is not Clash.ORDER] == [
        (Clash.FAMILY, ("n1", "h1")),  # from the beginning of its session
        (Clash.FAMILY, ("n1", "m1")),
        (Clash.OVERRUN, ("h2",)),
    ]


@pytest.mark.parametrize(
    ("choice", "moved"),
    [
        (FillChoice(FillPart.MISSING), {"h6", "m5", "m6", "n1", "n2"}),
        (FillChoice(FillPart.SESSION, "1"), {"h1", "h2", "h3", "h4", "h5", "h6"}),
        (FillChoice(FillPart.DAY, "2024-06-15"), set()),
    ],
)
def test_only_the_part_that_was_chosen_is_moved(choice: FillChoice, moved: set[str]) -> None:
    own = {each.code: each for each in acts()}
    placed = [Placed(own[f"h{each}"], SESSIONS[0], at(each * 20)) for each in range(1, 6)]
    placed += [Placed(own[f"m{each}"], SESSIONS[1], at(each * 20 + 70)) for each in range(1, 5)]
    assert {each.code for each in divided_by(laid(placed=tuple(placed)), choice).loose} == moved


def test_a_part_is_named_alike_on_the_page_and_by_command() -> None:
    assert FillChoice.part_named("day-20240614") == (FillPart.DAY, "2024-06-14")
    assert FillChoice.part_named("session-12") == (FillPart.SESSION, "12")
    assert [FillChoice.part_named(each) for each in ("", "all-1", "day-2024", "session-x", "week")] == [None] * 5


def test_a_programme_without_holes_costs_no_more_and_breaks_nothing() -> None:
    shorter = 0
    for seed in range(6):
        festival = odd(seed)
        search = Search(festival, seed, floors_of(festival).cost)
        search.begin()
        plan = search.plan()
        near = closer(festival, plan)
        assert broken_rules(festival, near, search.unplaced()) == []
        assert cost_of(festival, near) <= cost_of(festival, plan)
        assert sorted(each.act for each in near) == sorted(each.act for each in plan)
        shorter += sum(each.at for each in near) < sum(each.at for each in plan)
    assert shorter > 1


def test_who_is_alone_on_a_stage_steps_up_and_who_begins_a_day_of_two_does_not() -> None:
    asked = asked_of(laid(), ALL)
    late = [PlaceOfAct("h3", "Hội trường", asked.festival.windows[0].begins + 40)]
    (near,) = closer(asked.festival, late)
    assert near.at == asked.festival.windows[0].begins
    both = [*late, PlaceOfAct("m3", "Sân", late[0].at + 60)]
    assert [each.at - late[0].at for each in closer(asked.festival, both)] == [0, 25]


def test_the_fewest_wishes_in_the_way_are_found_by_taking_away() -> None:
    festival = asked_of(laid(), ALL).festival
    begins = festival.windows[0].begins
    spans = [AwaySpan("person", f"act:h{each}", begins, begins + 30) for each in range(1, 7)]
    festival = replace(festival, away=(*festival.away, *spans), longest_wait_min=30)
    groups: list[tuple[Held, ...]] = [*((each,) for each in spans), ("longest",), ("order",)]

    def stands(left: WholeFestival) -> bool | None:
        """Contradict each other: the absences of h2 and h5, and the longest wait."""
        return not ({spans[1], spans[4]} <= set(left.away) and left.longest_wait_min is not None)

    assert smallest(festival, groups, stands) == ((spans[1], spans[4], "longest"), True)

    def tired(left: WholeFestival) -> bool | None:
        """The same, but that the last ones are needed is not found out in time."""
        answer = stands(left)
        return None if answer and left.longest_wait_min is not None else answer

    assert smallest(festival, groups, tired) == ((spans[1], spans[4], "longest"), False)
    assert smallest(festival, groups, lambda _left: None) == ((), False)
    free = without(festival, groups)
    assert (free.longest_wait_min, any(each.order_binds for each in free.contests)) == (None, False)
    assert [each for each in free.away if each in spans] == []


def test_who_works_together_is_placed_in_the_drawn_order_without_the_solver() -> None:
    draft = replace(laid(), acts=acts()[-2:])
    search = FillSearch(draft, asked_of(draft, ALL), ALL, {}, 1)
    search.start()
    wait_until(lambda: search.over, "the end of the search")
    told = search.told()
    assert [each[:2] for each in told["plan"]] == [["n1", "3"], ["n2", "3"]]
    assert (told["cost"], told["proven"], told["unplaced"], told["reasons"]) == (240, True, [], [])


def test_what_stays_though_its_family_waits_too_long_stops_nobody() -> None:
    own = {each.code: each for each in acts()}
    stay = Placed(own["h3"], SESSIONS[0], at(0)), Placed(own["m3"], SESSIONS[1], at(170))
    asked = asked_of(laid(placed=stay, held=frozenset({"h3", "m3"})), replace(ALL, longest_min=30))
    assert {each.act for each in asked.festival.locked} == {"n1", "n2"}
    plan = solved(asked)
    assert [(each.kind, each.acts) for each in check(plan, gap_min=15) if each.kind is not Clash.ORDER] == []


def test_wishes_of_several_families_that_contradict_each_other_are_proved_by_the_solver() -> None:
    own = tuple(each for each in acts() if each.contest == "hat")
    gone = tuple(AwayTime(N_("gia đình"), at(0), at(150), frozenset({family})) for family in (1, 2, 3))
    wishes = Wishes(away=gone, earliest={"h5": at(100)})  # three times ten minutes and the changeovers, in half an hour
    draft = replace(laid(wishes), acts=own, sessions=SESSIONS[:1])
    choice = FillChoice(FillPart.ALL)
    numbers = {("away", 0): 11, ("away", 1): 12, ("away", 2): 13, ("hours", "h5"): 15}
    search = FillSearch(draft, asked_of(draft, choice), choice, numbers, 5)
    search.start()
    wait_until(lambda: search.over, "the end of the search")
    (reason,) = search.reasons
    assert (reason["kind"], reason["least"], len(reason["acts"])) == ("set", True, 1)
    assert reason["holds"] == [{"wish": 11}, {"wish": 12}, {"wish": 13}]


def test_judges_of_the_same_contests_are_one_panel() -> None:
    sits = tuple(
        replace(each, judges=frozenset({1, 2} | ({3} if each.contest == "hat" else set()))) for each in SESSIONS[:2]
    )
    draft = replace(laid(), sessions=sits, acts=tuple(each for each in acts() if each.contest != "nau"))
    panels = asked_of(draft, ALL).festival.panels
    assert [sorted(each.contests) for each in panels] == [["hat"], ["hat", "mua"]]
