"""Who looks at an edition: the public, the office, registration, a judge, a panel, a table, the delegations, the timetable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from flask import render_template
from sqlalchemy import select

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.actions import seat
from festival.contests.composing.composed import composition_of
from festival.contests.counting.final_order import fault_of
from festival.contests.marks import parse_mark
from festival.contests.models import Contest, ContestState, PanelSeat, ResultKind
from festival.contests.panel import JudgeTotal, SheetState, panel_mean
from festival.contests.queries import scoring_words
from festival.contests.questions.answers import value_of
from festival.contests.replacing.holders import counting
from festival.core.births import Birth
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Refusal
from festival.editions.actions import open_phase
from festival.editions.models import Phase, PhaseKind
from festival.editions.queries import rules, the_festival
from festival.editions.rules.kinds import MarkedByBoth
from festival.editions.rules.use import highest_possible
from festival.editions.rules.whole import WholeOrder, WholeSum
from festival.judging.contest_rules import clock_penalty, questions_of, scale_of, scoring_rule
from festival.judging.ground.counters import counters_of
from festival.judging.ground.counts import judge_counts
from festival.judging.kitchen.kitchen_rule import TableCount, outside
from festival.judging.matches.match_rule import HowEnded, MatchResult, result_fault
from festival.judging.matches.reading import rule_of
from festival.judging.matches.tree import fill, places
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.judging.paper.rules import typed_twice
from festival.judging.tablets.tablet import judge_state
from festival.judging.tally import Appearance, Attempt, JudgeSheet, MarkingJudge, Tally
from festival.programme.queries import public_view
from festival.results.awarding.proposed import special_rules
from festival.results.awarding.special import SpecialFacts, candidates
from festival.results.current import special_names
from festival.results.delegations.counting import CountedContest, EntryBrings, counted
from festival.results.delegations.facts import WholeFacts, points_brought
from festival.results.export.shown import shown_of
from festival.results.ladder.people import not_these_two
from festival.results.models import StateChange
from festival.results.petition_desk.hours import closing_hour
from festival.results.prizes import award
from festival.results.published import shows_marks, shows_places
from festival.results.rounds.choosing import RoundPlace, going_on
from festival.results.standings import RankedEntry, ResultState
from festival.results.sums.parts import components_of
from festival.results.sums.points import brought_into
from festival.results.table import compute_table
from festival.roster.composition.rule import TeamMate, composition_faults
from festival.roster.eligibility import FamilyFacts, delegation_reasons, missing
from festival.roster.models import Delegation, Entry
from festival.roster.people import Sex
from festival.roster.rules import rules_of
from festival.schedule.models import Act
from festival.schedule.planning import make_plan
from festival.schedule.sessions import add_session, add_stage


def contest(code: str) -> Contest:
    return db.session.scalars(select(Contest).where(Contest.code == code)).one()


def by_the_typist() -> object:
    """How often a single slip of a judge with a tablet is typed, and whether the signature waits for confirmations."""
    of = contest("tai-nang")
    return typed_twice(of.paper_typing, paper_seat=False), of.confirming


def by_the_public() -> object:
    view = public_view()
    return repr(view)


def by_everybody() -> object:
    """What of a contest anybody may know once it is published."""
    row = contest("tai-nang")
    row.state = ContestState.PUBLISHED
    with db.session.no_autoflush:
        return shown_of(row, jury=False).value, shows_places(row), shows_marks(row)


def by_the_office() -> object:
    festival = contest("tai-nang").festival
    return [render_template(
        "contests/list.html", festival=festival, contests=[], panels={}, kinds={}, secrecies={}, states={}
    ).split("<h1")[-1], festival.name, festival.organiser]  # fmt: skip


def by_registration() -> object:
    """What families of several sizes lack, where delegations are out of their bounds, until when one may send."""
    festival = contest("tai-nang").festival
    quotas = rules_of(festival).quotas
    family = FamilyFacts()
    open_phase(festival.id, PhaseKind.REGISTRATION, now())
    entered: list[dict[str, int]] = [{}, {"tai-nang": 1}, {"tai-nang": 4}, {"tai-nang": 2, "cau": 1}]
    entered += [
        {"tai-nang": 2, "bong-ro": 1, "chay": 1, "hoi": 1},
        {"bong-ro": 1, "chay": 1},
        {"bong-ro": 1, "chay": 1, "hoi": 1},
    ]
    lacks = [
        [str(each.reason) for each in missing(FamilyFacts("", (), own), quotas, festival.starts_on)] for own in entered
    ]
    sizes = [(quotas.members.least, quotas.members.most), str(missing(family, quotas, festival.starts_on))]
    bounds = [
        [str(each) for each in delegation_reasons(families, {"tai-nang": entries}, quotas, {"cau": 9})]
        for families, entries in ((1, 1), (2, 2), (3, 3), (4, 4))
    ]
    rows = select(
        Delegation.rule_code, Delegation.name, Delegation.families_min, Delegation.families_max, Delegation.unit_id
    )
    closes = db.session.scalar(select(Phase.closes_at).where(Phase.kind == PhaseKind.REGISTRATION))
    return lacks, sizes, bounds, str(closes), [tuple(row)[:4] for row in db.session.execute(rows)]


def by_the_judge() -> object:
    """What the tablet offers: marks that are taken, and what they mean."""
    return (contest("tai-nang").deductions, [each.highest_milli for each in contest("tai-nang").criteria]), [
        (
            each.code,
            each.name,
            each.descriptor,
            each.part,
            [repr(parse_mark(typed, scale_of(each))) for typed in ("0", "1,5", "50", "51")],
        )
        for each in contest("tai-nang").criteria
    ]


def by_the_kitchen() -> object:
    """What is said of tables with so many dishes for so much money."""
    row = contest("tai-nang")
    tables = (TableCount(3, 500_000), TableCount(5, 600_000), TableCount(6, 600_001), TableCount(7, None))
    return tuple(tuple(str(fault) for fault in outside(row, table)) for table in tables)


def by_the_team() -> object:
    """What is said of teams of one, two and three people of several ages, and what everybody reads of it."""
    row = contest("cau")
    people = [TeamMate(year, str(year), Sex.MALE, Birth(year, 8, 1)) for year in (2054, 2062, 2066, 2069, 2074)]
    teams = (people[1:2], people[1:3], people[:3], people[:4], people[3:4], people[4:])
    lines, starts = composition_of(row), row.festival.starts_on
    return [composition_faults(team, lines, starts) for team in teams], list(map(str, scoring_words(row)))


def by_the_sum() -> object:
    """What the first and second of each component bring, and the words of it."""
    row = contest("tong")
    places = [RankedEntry(f"e{at}", ResultState.RANKED, 11 - at, at, False, False, ()) for at in (1, 2)]
    brought = {
        each.contest.code: brought_into(each.contest, WholeSum(row.sum_by or ""), places)
        for each in components_of([row])[row.id]
    }
    return brought, list(map(str, scoring_words(row)))


def by_the_tablet() -> object:
    """What a judge's tablet is told of corrections and comments, and what becomes of a comment."""
    row = contest("tai-nang")
    user = create_user("gk", "Giám khảo", "", []).id
    seat(row.id, user, PanelSeat.MEMBER)
    (told,) = judge_state(user, row.festival_id)["contests"]
    return told["corrections"], told["comments"], told.get("comments_to_head")


PANELS = (
    [60, 70, 80],
    [60, 70, 85],
    [0, 50, 100],
    [60, 61, 62, 63, 90],
    [0, 25, 30, 34, 100],
    [50, 90],
    [70, 70, 70, 84, 100],
    [0, 0, 100, 100],
)


def by_the_ladder() -> object:
    """Why an organiser and the chair of a contest may not release it together; "" when they may."""
    row = contest("tai-nang")
    organiser = create_user("btc", "Ban Tổ chức", "", [Role.ORGANISER]).id
    chair = create_user("truong", "Trưởng ban", "", []).id
    seat(row.id, chair, PanelSeat.CHAIR)
    return not_these_two(organiser, chair, row.festival_id, [row])


def by_the_petitioner() -> object:
    """When the jury's review of a contest closes that was locked at eight and signed at nine."""
    row = contest("tai-nang")
    for state, hour in ((ContestState.LOCKED, 8), (ContestState.SIGNED, 9)):
        db.session.add(StateChange(contest_id=row.id, state=state, at=datetime(2099, 6, 14, hour, tzinfo=UTC)))
    db.session.flush()
    return closing_hour(row.festival, row)


def by_a_substitute() -> object:
    """Whose sheet counts for an act that a judge and the substitute both marked."""
    rule = MarkedByBoth(contest("tai-nang").marked_by_both)
    both = {at: JudgeTotal(str(at), SheetState.MARKED, 1000 * at) for at in (1, 2)}
    return counting((1, 2), 2, both, rule)


def by_the_panel() -> object:
    row = contest("tai-nang")
    rule = scoring_rule(row)
    means = [
        panel_mean([JudgeTotal(str(at), SheetState.MARKED, 1000 * each) for at, each in enumerate(panel)], rule)
        for panel in PANELS
    ]
    penalties = [clock_penalty(row, seconds) for seconds in (20, 31, 40, 100, 1000, -100, -200, -290)]
    users = [create_user(f"gk{at}", f"Giám khảo {at}", "", []).id for at in range(7)]
    seated = 0
    for user in users:
        try:
            with db.session.begin_nested():
                seat(row.id, user, PanelSeat.MEMBER)
            seated += 1
        except Refusal:
            break
    return repr(means), rule.round_milli, rule.rounding, penalties, seated


def tally(row: Contest) -> Tally:
    """Three entries of two delegations with results that are equal at first sight."""
    appearances = tuple(
        Appearance(at, f"e{at}", at, f"Nhà {at}", "", at % 2, "", at, 2 + at, None, "", "", None) for at in range(3)
    )
    if row.result_kind is ResultKind.RUBRIC:
        marks = ({"x": 30_000, "y": 20_000}, {"x": 20_000, "y": 30_000}, {"x": 10_000, "y": 10_000})
        seats = tuple(MarkingJudge(at, at, "", "ABC"[at], PanelSeat.MEMBER) for at in range(3))
        sheets = {
            (one.id, at): JudgeSheet(
                at, one.id, at, 1, 1, SheetState.MARKED, sum(own.values()), own, False, False, "", now()
            )
            for one in seats
            for at, own in enumerate(marks)
        }
        return Tally(row, tuple(row.criteria), seats, appearances, frozenset(), sheets, {}, {})
    tries = {0: (12, 7), 1: (12, 8), 2: (6, 5)}
    measures = {
        at: tuple(Attempt(n, MeasureState.VALID, value, 1) for n, value in enumerate(own, start=1))
        for at, own in tries.items()
    }
    order = ((1,), (0,), (2,)) if row.result_kind is ResultKind.MATCH else None
    return Tally(row, (), (), appearances, frozenset(), {}, measures, {}, order)


def by_the_table() -> object:
    rows = db.session.scalars(select(Contest).order_by(Contest.position)).all()
    tables = {row.code: compute_table(tally(row), settled=True) for row in rows}
    return [
        (
            code,
            [(each.entry, each.rank, each.shared) for each in table.standings],
            table.prizes,
            special_names(table.contest),
        )
        for code, table in tables.items()
    ]


def by_the_quiz() -> object:
    """The questions that a device shows, and what it comes to when the first is right and all others are wrong."""
    asked = questions_of(contest("do-vui"))
    return asked, value_of("r" + "w" * (len(asked) - 1), asked), value_of("w" + "r" * (len(asked) - 1), asked)


def by_the_cut() -> object:
    """Who goes on of three, into each final of the file; and with what points a final of the first of them is counted."""
    rows = db.session.scalars(select(Contest).where(Contest.after.is_not(None)).order_by(Contest.position)).all()
    standings = [RoundPlace(f"e{at}", at + 1, 80_000) for at in range(3)]
    found = []
    for row in rows:
        gone = going_on(standings, (row.after or {})["take"])
        lines = [{"entry": f"e{at}", "from": f"e{at}", "value": 80_000} for at in range(3)]
        row.cut = {"lines": lines}
        with db.session.no_autoflush:
            values = [each.value for each in compute_table(tally(row), settled=True).standings]
        row.cut = None
        before = db.session.get_one(Contest, row.entries_from_id)
        found.append((row.code, before.code, gone, values))
    return tuple(found)


def by_the_delegations() -> object:
    """What each contest brings, and in what order two equal delegations stand."""
    rows = db.session.scalars(select(Contest).order_by(Contest.position)).all()
    stated = rules(rows[0].festival)
    whole = stated.whole_delegation
    assert whole is not None
    by_code = {each.code: each for each in stated.contests}
    brought = {
        row.code: points_brought(compute_table(tally(row), settled=True), WholeOrder(whole.sum), by_code[row.code])
        for row in rows
    }
    # a: two acts of the panel and a run given up; b: one act, out of the game of balls; c: did not start there
    results = [
        EntryBrings(whose, contest, f"{whose}{at}", state, None if points is None else rank, points or 0, prize)
        for at, (whose, contest, state, rank, points, prize) in enumerate(
            [
                ("a", "tai-nang", ResultState.RANKED, 1, 50_000, "Nhất"),
                ("a", "tai-nang", ResultState.RANKED, 3, 20_000, "Khuyến khích"),
                ("a", "chay", ResultState.DNF, None, None, ""),
                ("b", "tai-nang", ResultState.RANKED, 2, 40_000, "Khuyến khích"),
                ("b", "bong-ro", ResultState.DSQ, None, None, ""),
                ("b", "chay", ResultState.RANKED, 1, 5_000, ""),
                ("c", "bong-ro", ResultState.DNS, None, None, ""),
                ("c", "chay", ResultState.RANKED, 2, 3_000, ""),
            ]
        )
    ]
    contests = [CountedContest(row.code, row.name, highest_possible(by_code[row.code])) for row in rows[:3]]
    sums = counted(whole, contests, results, "abc", {})
    ladder = [(each.by.value, each.contest) for each in whole.ties]
    places = WholeFacts({}, sums, (), whole.sum).places(())
    return brought, ladder, whole.medals, whole.points_need_scan, sums, award(places, whole.prizes)


def by_the_heats() -> object:
    """Who runs at the same time."""
    return by_the_timetable("chay")


def by_the_timetable(code: str = "tai-nang") -> object:
    row = contest(code)
    delegations = db.session.scalars(select(Delegation)).all()
    for at, each in enumerate(delegations):
        db.session.add(Entry(contest_id=row.id, delegation_id=each.id, code=f"t{at}", name=each.name, number=at + 1))
    db.session.flush()
    begins = datetime(2099, 6, 14, 1, tzinfo=UTC)
    stage = add_stage(row.festival_id, "s", "Sân")
    add_session(stage.id, row.id, begins, begins + timedelta(hours=8), "cả ngày")
    planned = make_plan(row.festival_id)
    acts = db.session.scalars(select(Act).order_by(Act.position)).all()
    return planned.placed, [((act.starts_at - begins).total_seconds(), act.duration_min) for act in acts]


def by_the_secretary() -> object:
    """What is said to 25 balls, and to an order in which two are second."""
    row = contest("bong-ro")
    delegation = db.session.scalars(select(Delegation).order_by(Delegation.position)).first()
    assert delegation is not None
    entry = Entry(contest_id=row.id, delegation_id=delegation.id, code="q", name="Q")
    db.session.add(entry)
    db.session.flush()
    shared = fault_of([["a"], ["b", "c"]], {"a": "A", "b": "B", "c": "C"}, contest("cau").shared_from)
    return [repr(note_measure(row.id, entry.id, 1, MeasureState.VALID, value, 0, None)) for value in (25, 35)], str(
        shared
    )


def by_the_courts() -> object:
    """What a referee is told of matches that ended so, and who is third when all four have played."""
    rule = rule_of(contest("cau"))
    sets = ([(21, 19), (21, 19)], [(15, 13), (15, 13)], [(25, 24), (30, 29)], [(21, 18), (22, 20)])
    said = [str(result_fault("a", "b", MatchResult(HowEnded.PLAYED, "a", tuple(each)), rule)) for each in sets]
    won = {key: MatchResult(HowEnded.PLAYED, "a") for key in ((1, 1), (2, 1))} | {
        (1, 2): MatchResult(HowEnded.PLAYED, "c"),
        (2, 2): MatchResult(HowEnded.PLAYED, "b"),
    }
    return said, places(fill(list("abcd"), won, third_played=rule.third_played))


def by_the_ground() -> object:
    """What becomes of two counts."""
    counted = counters_of(contest("bong-ro"))
    return tuple(judge_counts(pair, counted) for pair in ([11, 10], [12, 10], [13, 10]))


def by_the_specials() -> object:
    """Who is proposed for each special prize, of two entries: one of more people, one with more in the second criterion."""
    festival, two = the_festival(), (TeamMate("a"), TeamMate("a"))
    found = []
    for each in special_rules(festival):
        means = [Fraction(own) for own in ((9, 8) if each.criterion == "x" else (8, 9))]
        facts = [SpecialFacts("e1", two, means[0]), SpecialFacts("e2", two[:1], means[1])]
        found.append([one.entry for one in candidates(each.by, facts, festival.starts_on)] if each.by else None)
    return tuple(found)
