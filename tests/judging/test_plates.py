"""Is a contest judged by plates blind byte for byte, and are plates drawn, typed, put right and joined with their families again?"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from festival.contests.models import (
    Contest,
    ContestState,
    Criterion,
    Judge,
    PanelSeat,
    ResultKind,
    Secrecy,
    Unavailability,
)
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.editions.rules.document import BrokenRuleset
from festival.judging.calls.calling import call_seat, open_calls
from festival.judging.models import Plate
from festival.judging.plates.plate_draw import drawn_plates
from festival.judging.plates.putting import held_blind, plate_lines, put_plates, seen_of, swap_plates
from festival.judging.sheet_messages import SheetMessage, SheetRefused, SheetTaken
from festival.judging.sheets.blank_sheets import plan_of
from festival.judging.tablets.tablet import judge_state
from festival.judging.tablets.whose_tablet import own_streams
from festival.judging.taking_sheets import take_sheets
from festival.judging.tally import read_tally
from festival.office.festival_import import read_file
from festival.portal.queries import entries
from festival.results.awards import awards_by_contest
from festival.results.ladder.states import lock_problems
from festival.results.models import Award
from festival.results.table import compute_table
from festival.roster.models import Entry
from festival.schedule.drawing import draw_by_seed
from festival.schedule.planning import left_out
from tests.editions.test_every_key import BASE
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import USUAL, Panel, cast
from tests.results.test_pages_of_the_panel import Desk

PAGE = "/panel/kin/plates"


@pytest.fixture
def panel(app: Flask) -> Panel:
    """The cast with a blind contest over its four families; Lan is tied to the unit of the third there too."""
    with app.app_context():
        made = cast(4)
        with transaction():
            blind = Contest(
                festival_id=made.festival_id, code="kin", ledger_name="kin", name="Hương vị, chấm kín", position=3, result_kind=ResultKind.RUBRIC,
                secrecy=Secrecy.SECRET, entries_per_delegation=100, duration_min=15, aggregate="mean", smallest_panel=1,
                tie_ladder=[{"by": "jury"}], place_points=[], prizes=USUAL, special_prizes=[], plates_of="tai-nang",
                entries_from_id=made.contest_id,
            )  # fmt: skip
            db.session.add(blind)
            db.session.flush()
            db.session.add(
                Criterion(contest_id=blind.id, position=1, code="vi", name="Vị", max_milli=10_000, step_milli=500)
            )
            for letter, who, seat in (
                ("B", "lan", PanelSeat.MEMBER),
                ("C", "hung", PanelSeat.MEMBER),
                (None, "secretary", PanelSeat.SECRETARY),
            ):
                db.session.add(
                    Judge(
                        contest_id=blind.id, user_id=made.users[who], seat=seat, letter=letter, marks=letter is not None
                    )
                )
            db.session.flush()
            tie = db.session.scalars(select(Unavailability)).one()
            lan = db.session.scalars(select(Judge).where(Judge.contest_id == blind.id, Judge.letter == "B")).one()
            db.session.add(
                Unavailability(judge_id=lan.id, unit_id=tie.unit_id, reason="con gái dự thi", noted_at=now())
            )
        return made


def blind() -> Contest:
    return db.session.scalars(select(Contest).where(Contest.code == "kin")).one()


def put(panel: Panel, *plates: int) -> None:
    """The families of the cast in their order get these plates."""
    with transaction():
        contest = blind()
        wanted = dict(zip(panel.entry_ids, plates, strict=False))
        put_plates(contest.id, wanted, seen_of(plate_lines(contest)), "", panel.users["secretary"])


def whose(panel: Panel) -> list[int | None]:
    with reading():
        of_base = {each.base_id: each.plate for each in plate_lines(blind())}
        return [of_base[each] for each in panel.entry_ids]


def told(panel: Panel, who: str) -> dict[str, Any]:
    with reading():
        contests = judge_state(panel.users[who], panel.festival_id)["contests"]
        return next(each for each in contests if each["code"] == "kin")


def mark(panel: Panel, who: str, plate: int, milli: int) -> Any:
    with transaction():
        code = db.session.scalars(
            select(Entry.code).join(Plate, Plate.entry_id == Entry.id).where(Plate.number == plate)
        ).one()
        message = SheetMessage(
            mid=f"{who}-{plate}-{milli}", user_id=panel.users[who], entry_code=code, round=1, verb="send", body={"marks": {"vi": milli}},
            base_version=0, received_at=now(),
        )  # fmt: skip
        return take_sheets([message])[0]


def test_the_draw_can_be_repeated_and_leaves_numbers_out() -> None:
    codes = [f"E{at:03}" for at in range(15)]
    drawn = drawn_plates("1234561234", "kin", codes)
    assert drawn == drawn_plates("1234561234", "kin", list(reversed(codes)))
    assert drawn != drawn_plates("1234561235", "kin", codes)
    assert len(set(drawn.values())) == 15 and all(10 <= each < 100 for each in drawn.values())
    more = drawn_plates("666666666666", "kin", ["E100"], set(drawn.values()))
    assert not set(more.values()) & set(drawn.values())


def test_a_blind_tablet_gets_nothing_of_who_it_is_byte_for_byte(app: Flask, panel: Panel) -> None:
    with app.app_context():
        put(panel, 42, 17, 61, 23)
        assert isinstance(mark(panel, "hung", 42, 9_000), SheetTaken)
        with transaction():
            tally = read_tally(blind())
            call_seat(tally, "C", tally.appearances[0].code, None)

        def seen() -> tuple[str, str, str]:
            tablet = json.dumps(told(panel, "hung"), sort_keys=True, ensure_ascii=False)
            with reading():
                tally = read_tally(blind())
                return (
                    tablet,
                    json.dumps(plan_of(tally)["slips"], ensure_ascii=False),
                    json.dumps(open_calls(panel.users["hung"], panel.festival_id)),
                )

        before = seen()
        secret = ["Danh Chung", "Đoàn huyện", "gia-dinh", *panel.entries]
        assert [word for word in secret for text in before if word in text] == []
        assert [each["name"] for each in told(panel, "hung")["entries"]] == ["Mâm 17", "Mâm 23", "Mâm 42", "Mâm 61"]
        assert set(told(panel, "hung")["entries"][0].values()) & {None, ""} and json.loads(before[2])[0]["number"] == 17
        # two families exchanged behind their plates: not a byte of it reaches a judge; the desk sees it
        with transaction():
            swap_plates(blind().id, 42, 23, "phiếu dán nhầm đáy mâm", panel.users["secretary"])
        assert seen() == before
        assert whose(panel) == [23, 17, 61, 42]
        with reading():
            streams = own_streams(
                type("Opened", (), {"user_id": panel.users["hung"], "festival_id": panel.festival_id})(), "thu"
            )  # type: ignore[arg-type]
        assert "judging:kin" in streams and not [each for each in streams if each.startswith("plates:")]
        # the negative control: once the contest is locked the desk reads names, the tablet still does not
        with transaction():
            blind().state = ContestState.LOCKED
        assert "Danh Chung" in seen()[1] and "Danh Chung" not in seen()[0]


def test_a_judge_tied_to_a_family_has_no_such_plate_and_may_not_mark_it(app: Flask, panel: Panel) -> None:
    with app.app_context():
        put(panel, 42, 17, 61, 23)
        assert [each["name"] for each in told(panel, "lan")["entries"]] == ["Mâm 17", "Mâm 23", "Mâm 42"]
        refused = mark(panel, "lan", 61, 9_000)
        assert isinstance(refused, SheetRefused) and refused.reason == "tied"
        assert isinstance(mark(panel, "lan", 17, 9_000), SheetTaken)


def test_a_code_is_exchanged_before_the_first_mark_and_two_plates_are_swapped_after_it(
    app: Flask, panel: Panel
) -> None:
    with app.app_context():
        put(panel, 42, 17, 61)
        put(panel, 17, 42, 61, 23)  # typed wrong, typed anew; a family approved later gets its own
        assert whose(panel) == [17, 42, 61, 23]
        with reading():
            stale = seen_of(plate_lines(blind()))
        put(panel, 18, 42, 61, 23)
        with pytest.raises(Overtaken), transaction():
            put_plates(blind().id, {panel.entry_ids[0]: 99}, stale, "", None)
        with pytest.raises(BadInput), transaction():
            put_plates(blind().id, {panel.entry_ids[0]: 42}, seen_of(plate_lines(blind())), "", None)
        mark(panel, "hung", 18, 9_000)
        mark(panel, "hung", 42, 6_000)
        with pytest.raises(Conflict), transaction():
            put_plates(blind().id, {panel.entry_ids[0]: 19}, seen_of(plate_lines(blind())), "", None)
        with pytest.raises(BadInput), transaction():
            swap_plates(blind().id, 18, 42, "  ", None)
        for _way in range(3):  # there, back, and there again
            with transaction():
                swap_plates(blind().id, 42, 18, "hai phiếu dán lẫn", None)
        assert whose(panel) == [42, 18, 61, 23]
        with transaction():
            blind().state = ContestState.LOCKED
        with pytest.raises(Conflict), transaction():
            swap_plates(blind().id, 42, 18, "muộn", None)
        with reading():
            table = compute_table(read_tally(blind()), settled=True)
            by_name = {each.name: each.code for each in read_tally(blind()).appearances}
            assert table_points(table, by_name["Gia đình ông Danh Chung 1"]) == 9_000
            assert table_points(table, by_name["Gia đình ông Danh Chung 0"]) == 6_000
            assert ledger.verify("plates:kin") == []
        with seals.snapshot():
            assert not [each for each in seals.inspect().named() if each[0] == "plates"]
        with transaction():
            db.session.execute(update(Plate).values(number=Plate.number + 1))
        with seals.snapshot():
            assert [each for each in seals.inspect().named() if each[0] == "plates"]


def honest(panel: Panel, plate: int, seen: str) -> None:
    """What the page sends: the plates as they were when it was opened."""
    put_plates(blind().id, {panel.entry_ids[0]: plate}, seen, "", panel.users["secretary"])


def naive(panel: Panel, plate: int, seen: str) -> None:
    """Looks at what there is only when it saves: what somebody typed meanwhile is lost without a word."""
    contest = held_blind(blind().id)
    put_plates(contest.id, {panel.entry_ids[0]: plate}, seen_of(plate_lines(contest)), "", panel.users["secretary"])


@pytest.mark.parametrize(("how", "told"), [(honest, ["Overtaken", "put"]), (naive, ["put", "put"])])
def test_of_two_who_save_at_the_same_moment_one_is_told(
    app: Flask, panel: Panel, how: Callable[[Panel, int, str], None], told: list[str]
) -> None:
    """The first plates of a contest, and others in their place."""
    start, said = threading.Barrier(2), list[str]()

    def one(plate: int) -> None:
        with app.app_context():
            with reading():
                seen = seen_of(plate_lines(blind()))
            start.wait(PATIENCE_S)
            try:
                with transaction():
                    how(panel, plate, seen)
                said.append("put")
            except Overtaken:
                said.append("Overtaken")

    for plates in ((42, 43), (61, 62)):
        said.clear()
        threads = [threading.Thread(target=one, args=(plate,)) for plate in plates]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        assert sorted(said) == told
        with app.app_context():
            assert whose(panel)[0] in plates
            with reading():
                assert db.session.scalar(select(func.count()).select_from(Plate)) == 1
                assert ledger.verify("plates:kin") == []


def table_points(table: Any, code: str) -> int | None:
    return next(each.value for each in table.standings if each.entry == code)


def test_the_desk_draws_types_and_swaps_and_nobody_else_has_the_page(app: Flask, panel: Panel) -> None:
    for who in ("lan", "hung", "chair", "mc", "organiser", None):
        desk = Desk(app, panel.users[who] if who else None)
        assert "Danh Chung" not in desk.get(PAGE, {None: 302, "organiser": 403, "chair": 403}.get(who, 404))
    desk = Desk(app, panel.users["secretary"])
    assert "Còn 4 gia đình chưa có mã mâm." in desk.get(PAGE)

    def seen() -> str:
        with app.app_context(), reading():
            return seen_of(plate_lines(blind()))

    assert 'value="12345"' in desk.post(PAGE, 422, dice="12345", seen=seen())
    desk.post(PAGE, 303, dice="1 2 3 4 5 6 1 2 3 4", seen=seen())
    with app.app_context():
        first = whose(panel)
        expected = drawn_plates("1234561234", "kin", panel.entries)
        assert first == [expected[each] for each in panel.entries]
    twice = desk.post(PAGE, 422, seen=seen(), **{"p-E000": "12", "p-E001": "12"})
    assert twice.count("Mã mâm 12 có hai lần.") == 2 and 'value="12"' in twice
    desk.post(PAGE, 303, seen=seen(), **{"p-E000": "12", "p-E001": "13"})
    with app.app_context():
        assert whose(panel) == [12, 13, *first[2:]]
        mark(panel, "hung", 12, 9_000)
    page = desk.get(PAGE)
    assert "Bốc mã bằng xúc xắc" not in page and 'name="p-E000"' not in page
    assert 'value="nhầm khay"' in desk.post(f"{PAGE}/swap", 422, one="12", other="12", reason="nhầm khay")
    desk.post(f"{PAGE}/swap", 303, one="12", other="13", reason="nhầm khay")
    with app.app_context():
        assert whose(panel)[:2] == [13, 12]
    # what the chair and everybody at the panel read while it is open are plates
    assert "Danh Chung" not in desk.get("/panel/kin")


def test_after_the_lock_an_entry_bears_its_familys_number_and_no_order_is_ever_drawn(app: Flask, panel: Panel) -> None:
    with app.app_context():
        put(panel, 42, 17, 88, 23)
        with pytest.raises(Conflict), transaction():
            draw_by_seed(blind().id, "1234", panel.users["secretary"])
        with reading():
            assert {(each.number, each.on_sheets) for each in read_tally(blind()).appearances} == {
                (each, each) for each in (42, 17, 88, 23)
            }
            assert [each for each in left_out(panel.festival_id).acts if each.contest == blind().name] == []
            family = db.session.scalars(select(Entry.family_id).where(Entry.id == panel.entry_ids[0])).one()
            assert [each.contest.code for each in entries(family)] == ["tai-nang", "bong-ro"]
        with transaction():
            blind().state = ContestState.LOCKED
            for place, entry_id in enumerate(
                db.session.scalars(select(Entry.id).where(Entry.contest_id == blind().id))
            ):
                db.session.add(
                    Award(
                        contest_id=blind().id,
                        festival_id=panel.festival_id,
                        entry_id=entry_id,
                        prize="Nhất",
                        position=place,
                        special=False,
                    )
                )
        with reading():
            found = read_tally(blind()).appearances
            assert [(each.plate, each.number, each.on_sheets) for each in found] == [
                (17, 2, 17), (23, 4, 23), (42, 1, 42), (88, 3, 88),
            ]  # fmt: skip
            # what the MC reads of them is the same number
            read = [won.number for each in awards_by_contest([blind().id], {})[blind().id] for won in each.winners]
            assert sorted(str(each) for each in read) == ["1", "2", "3", "4"]
    page = Desk(app, panel.users["secretary"]).get("/panel/kin")
    assert "Mâm 42" in page and "Danh Chung" in page


def test_by_command(app: Flask, panel: Panel) -> None:
    run = app.test_cli_runner().invoke
    put_ = run(args=["judging", "plates", "kin", "E000=12", "E001=13"])
    assert put_.output.splitlines()[:3] == [
        "E000: 12 Gia đình ông Danh Chung 0",
        "E001: 13 Gia đình ông Danh Chung 1",
        "E002: – Gia đình ông Danh Chung 2",
    ]
    assert run(args=["judging", "plates", "kin", "E000=0"]).exit_code != 0
    assert (
        run(args=["judging", "plates-swap", "kin", "12", "13", "--reason", "nhầm khay"]).output
        == "12, 13: đã đổi cho nhau\n"
    )
    with app.app_context():
        assert whose(panel) == [13, 12, None, None]
        with reading():
            missing = [each.entry for each in lock_problems(read_tally(blind())) if each.what == "no_plate"]
        assert missing == ["Gia đình ông Danh Chung 2", "Gia đình ông Danh Chung 3"]


def test_the_file_names_a_rubric_contest_before_it() -> None:
    def faults(**said: Any) -> list[str]:
        document = json.loads(json.dumps(BASE))
        document["contests"].append(json.loads(json.dumps(document["contests"][0])) | {"code": "kin"} | said)
        document["contests"][-1].pop("entries_per_delegation", None)
        document["contests"][-1].update(said)
        try:
            read_file(json.dumps(document).encode())
        except BrokenRuleset as broken:
            return [
                str(each.path) for each in broken.problems if "plates_of" in each.path or "entries_per" in each.path
            ]
        return []

    assert faults(plates_of="tai-nang") == []
    here = f"$.contests[{len(BASE['contests'])}]"
    assert [faults(plates_of=code) for code in ("bong-ro", "kin", "la")] == [[f"{here}.plates_of"]] * 3
    assert faults(plates_of="tai-nang", entries_per_delegation={"min": 0, "max": 1}) == [
        f"{here}.entries_per_delegation"
    ]
