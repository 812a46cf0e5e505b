"""The whole delegation: a tie at a border of prizes is decided, signed and read, and nothing of it comes before its time."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Forbidden, NotFound
from festival.editions.models import Festival
from festival.papers.models import WholeMinutes
from festival.results import decide as results_decide
from festival.results.decide import PrizesGiven, TakenOut, TieOrder
from festival.results.decisions import decisions_of_whole
from festival.results.delegations import deciding
from festival.results.delegations.table import WholeTable, read_whole, whole_delegation
from festival.results.ladder import lock
from festival.results.ladder.sign import Signed, StillOpen
from festival.results.models import Award, DecisionKind, PanelDecision
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel, cast
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import Desk, people, read_places
from tests.results.whole_cast import (
    DELEGATIONS,
    NAMES,
    PRIZES,
    bring,
    lock_all,
    stored_awards,
    stored_decisions,
    whole_cast,
)

STREAM = "results:thu/delegations"
WHOLE = "/whole-delegation"
ONE_FIRST = TieOrder([["doan-1"], ["doan-0"]])


def table(panel: Panel) -> WholeTable:
    found = whole_delegation(db.session.get_one(Festival, panel.festival_id, populate_existing=True))
    assert found is not None
    return found


def places(panel: Panel) -> list[tuple[str, int, bool, str]]:
    lines = [(line.code, line.place, line.shared, line.prize) for line in table(panel).lines]
    db.session.rollback()
    return lines


def decide(panel: Panel, saying: TieOrder | PrizesGiven, reason: str = "đồng đều hơn", seen: int | None = None) -> None:
    with transaction():
        deciding.decide_whole(panel.festival_id, saying, reason, NAMES, panel.users["secretary"], seen=seen)


def sign(panel: Panel, number: str = "09/BB-BGK", *, may_release: bool = True) -> Signed | StillOpen:
    with transaction():
        return deciding.sign_whole(panel.festival_id, number, panel.users["secretary"], may_release=may_release)


def read(panel: Panel, state: ContestState) -> list[tuple[str, list[str]]]:
    lists = read_whole(panel.festival_id, state)
    db.session.rollback()
    return [(each.prize, [winner.name for winner in each.winners]) for each in lists]


def test_a_tie_between_delegations_goes_from_the_lock_to_the_public(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        with transaction():
            lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"])
        with pytest.raises(Conflict, match="Chưa khóa: Ném bóng vào rổ"):
            decide(panel, ONE_FIRST)
        with pytest.raises(Conflict, match="Chưa khóa: Ném bóng vào rổ"):
            sign(panel)
        with transaction():
            lock.lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"])
        assert places(panel) == [
            ("doan-0", 1, True, ""),
            ("doan-1", 1, True, ""),
            ("doan-2", 3, False, "Khuyến khích"),
        ]
        with pytest.raises(Conflict, match="Chưa ký: Gia đình tài năng, Ném bóng vào rổ"):
            sign(panel)
        bring(panel, ContestState.SIGNED)
        assert sign(panel) == StillOpen(1, 0)
        assert (stored_awards(), ledger.head(STREAM).size) == ([], 0)
        db.session.rollback()
        decide(panel, ONE_FIRST)
        decided = [("doan-1", 1, False, "Nhất"), ("doan-0", 2, False, "Nhì"), ("doan-2", 3, False, "Khuyến khích")]
        assert places(panel) == decided
        assert stored_awards() == []
        assert sign(panel) == Signed(3)
        assert stored_awards() == [("Nhất", 1, 2), ("Nhì", 2, 1), ("Khuyến khích", 3, 3)]
        assert sign(panel) == Signed(3)
        with pytest.raises(Conflict):
            sign(panel, "10/BB-BGK")
        with pytest.raises(Conflict):
            decide(panel, TieOrder([["doan-0"], ["doan-1"]]))
        assert len(stored_awards()) == 3
        for state in (ContestState.DECIDED, ContestState.RELEASED):
            assert read(panel, ContestState.RELEASED) == []
            bring(panel, state)
        prizes = [("Nhất", DELEGATIONS[1:2]), ("Nhì", DELEGATIONS[:1]), ("Khuyến khích", DELEGATIONS[2:])]
        assert read(panel, ContestState.RELEASED) == prizes
        assert read(panel, ContestState.PUBLISHED) == []
        bring(panel, ContestState.PUBLISHED)
        assert read(panel, ContestState.PUBLISHED) == prizes
        with transaction():  # a later withdrawal, a later rule
            db.session.execute(update(Family).values(state=FamilyState.WITHDRAWN))
            db.session.execute(update(Entry).values(state=EntryState.WITHDRAWN))
            db.session.get_one(Festival, panel.festival_id).ruleset = {}
        assert read(panel, ContestState.PUBLISHED) == prizes
        assert ledger.head(STREAM).size == 2
        assert ledger.verify(STREAM) == []


def test_what_is_withdrawn_or_renamed_later_does_not_change_signed_minutes(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        decide(panel, ONE_FIRST)
        sign(panel)
        before = places(panel)
        with transaction():
            db.session.execute(update(Family).values(state=FamilyState.WITHDRAWN))
            db.session.execute(update(Entry).values(state=EntryState.WITHDRAWN))
            first = db.session.scalars(select(Delegation).order_by(Delegation.id)).first()
            assert first is not None
            first.name = "Đoàn đổi tên"
        assert places(panel) == before
        assert table(panel).names["doan-0"] == DELEGATIONS[0]
        db.session.rollback()


def test_prizes_of_equal_delegations_are_given_and_decided_anew(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        both = PrizesGiven({"doan-0": "Nhất", "doan-1": "Nhất"})
        decide(panel, both)
        decide(panel, both)  # a double click
        assert len(stored_decisions()) == 1
        assert [line[3] for line in places(panel)] == ["Nhất", "Nhất", "Khuyến khích"]
        last = decisions_of_whole(panel.festival_id).last_id
        db.session.rollback()
        with pytest.raises(Conflict):
            decide(panel, PrizesGiven({"doan-0": None, "doan-1": "Nhất"}), seen=0)
        decide(panel, PrizesGiven({"doan-0": None, "doan-1": "Nhất"}), seen=last)
        assert [line[3] for line in places(panel)] == ["", "Nhất", "Khuyến khích"]
        assert decisions_of_whole(panel.festival_id).replaced == {last}
        db.session.rollback()
        bring(panel, ContestState.SIGNED)
        assert sign(panel) == Signed(2)
        assert stored_awards() == [("Nhất", 1, 2), ("Khuyến khích", 3, 3)]


def test_within_a_prize_the_order_of_the_names_tells_no_place(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast(balls=(5, 9, 7))
        with transaction():
            db.session.get_one(Contest, panel.sport_id).place_points = [60_000, 30_000]
            festival = db.session.get_one(Festival, panel.festival_id)
            rules = json.loads(json.dumps(festival.ruleset))
            rules["whole_delegation"]["prizes"] = [PRIZES[0], PRIZES[2]]
            festival.ruleset = rules
        lock_all(panel)
        assert [line[0] for line in places(panel)] == ["doan-1", "doan-2", "doan-0"]
        bring(panel, ContestState.SIGNED)
        sign(panel)
        bring(panel, ContestState.DECIDED, ContestState.RELEASED)
        assert read(panel, ContestState.RELEASED) == [
            ("Nhất", DELEGATIONS[1:2]),
            ("Khuyến khích", [DELEGATIONS[0], DELEGATIONS[2]]),
        ]


def test_what_is_not_asked_is_refused(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        for saying in (
            TieOrder([["doan-0"], ["doan-2"]]),
            TieOrder([["doan-0"]]),
            TieOrder([["doan-0"], ["doan-1"], ["doan-1"]]),
            TieOrder([]),
            TieOrder([["E000"], ["E001"]]),
            PrizesGiven({"doan-0": "Nhất"}),
            PrizesGiven({"doan-0": "Nhất", "doan-1": "Ba"}),
            PrizesGiven({}),
        ):
            with pytest.raises(BadInput):
                decide(panel, saying)
        with pytest.raises(BadInput):
            decide(panel, ONE_FIRST, "  ")
        with pytest.raises(BadInput), transaction():
            deciding.decide_whole(panel.festival_id, TakenOut("doan-0", "dsq"), "x", NAMES, None)  # type: ignore[arg-type]
        with pytest.raises(BadInput), transaction():
            deciding.decide_whole(panel.festival_id, ONE_FIRST, "x", [" "], None)
        with pytest.raises(BadInput):
            sign(panel, "  ")
        assert (stored_decisions(), stored_awards(), ledger.head(STREAM).size) == ([], [], 0)
        db.session.rollback()
        with transaction():
            db.session.get_one(Festival, panel.festival_id).ruleset = {}
        with pytest.raises(NotFound):
            decide(panel, ONE_FIRST)
        with pytest.raises(NotFound):
            sign(panel)


def test_a_decision_does_not_outlive_the_tie_it_was_about(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast(balls=(7, 9, 9))  # 15 + 13, 14 + 15, 13 + 15
        lock_all(panel)
        decide(panel, TieOrder([["doan-2"], ["doan-0"]]))
        assert [line[0] for line in places(panel)] == ["doan-1", "doan-2", "doan-0"]
        with transaction():
            results_decide.decide(panel.sport_id, TieOrder([["S001"], ["S002"]]), "ném lại", NAMES, None)
        assert places(panel) == [
            ("doan-1", 1, False, "Nhất"),
            ("doan-0", 2, False, "Nhì"),
            ("doan-2", 3, False, "Khuyến khích"),
        ]
        assert table(panel).stale == {decisions_of_whole(panel.festival_id).last_id}
        db.session.rollback()


def test_an_order_decided_after_prizes_takes_their_place(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        decide(panel, PrizesGiven({"doan-0": "Nhất", "doan-1": "Nhất"}))
        prizes = decisions_of_whole(panel.festival_id).last_id
        db.session.rollback()
        decide(panel, ONE_FIRST)
        assert [(line[0], line[3]) for line in places(panel)][:2] == [("doan-1", "Nhất"), ("doan-0", "Nhì")]
        assert table(panel).stale == {prizes}
        db.session.rollback()


def test_a_contest_without_points_for_places_holds_nothing_up(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        with transaction():
            db.session.get_one(Contest, panel.sport_id).place_points = []
            lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"])
        assert [contest.code for contest in table(panel).contests] == ["tai-nang"]
        assert not table(panel).provisional
        db.session.rollback()
        with transaction():  # but a first place in it counts when the ladder looks at first places
            festival = db.session.get_one(Festival, panel.festival_id)
            rules = json.loads(json.dumps(festival.ruleset))
            rules["whole_delegation"]["ties"] = [{"by": "first_places"}, {"by": "jury"}]
            festival.ruleset = rules
        assert [contest.code for contest in table(panel).contests] == ["tai-nang", "bong-ro"]
        assert table(panel).provisional
        db.session.rollback()


# ----------------------------------------------------------------------------------------------------- two at once

Decide = Callable[[Panel, TieOrder, threading.Barrier], None]


def honest(panel: Panel, saying: TieOrder, together: threading.Barrier) -> None:
    with reading():
        seen = decisions_of_whole(panel.festival_id).last_id
    together.wait(PATIENCE_S)
    decide(panel, saying, seen=seen)


def naive(panel: Panel, saying: TieOrder, together: threading.Barrier) -> None:
    """Looks first, then writes: what must never be built."""
    with reading():
        seen = decisions_of_whole(panel.festival_id).last_id
        free = seen == decisions_of_whole(panel.festival_id).last_id
    together.wait(PATIENCE_S)
    if not free:
        raise Conflict()
    with transaction():
        db.session.add(
            PanelDecision(
                festival_id=panel.festival_id,
                kind=DecisionKind.TIE,
                content={"order": saying.order},
                reason="x",
                names=NAMES,
                decided_at=now(),
            )
        )


def both_at_once(app: Flask, panel: Panel, act: Decide) -> list[str]:
    """Two secretaries decide the two possible orders at the same moment; what each of them got."""
    together = threading.Barrier(2)
    got: list[str] = []

    def one(saying: TieOrder) -> None:
        with app.app_context():
            try:
                act(panel, saying, together)
            except Conflict:
                got.append("conflict")
            else:
                got.append("stored")

    orders = (ONE_FIRST, TieOrder([["doan-0"], ["doan-1"]]))
    threads = [threading.Thread(target=one, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    return sorted(got)


@pytest.mark.parametrize("round_", range(3))
def test_of_two_who_decide_at_once_exactly_one_is_stored(app: Flask, round_: int) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        assert both_at_once(app, panel, honest) == ["conflict", "stored"]
        assert len(stored_decisions()) == 1
        assert ledger.head(STREAM).size == 1
        db.session.rollback()


def test_the_harness_catches_a_naive_decision(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        assert both_at_once(app, panel, naive) == ["stored", "stored"]
        assert len(stored_decisions()) == 2


def test_of_two_who_sign_at_once_exactly_one_gives_the_prizes(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        decide(panel, ONE_FIRST)
        together = threading.Barrier(2)
        got: list[object] = []

        def one(number: str) -> None:
            with app.app_context():
                together.wait(PATIENCE_S)
                try:
                    got.append(sign(panel, number))
                except Conflict:
                    got.append("conflict")

        threads = [threading.Thread(target=one, args=(number,)) for number in ("1", "2")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        assert sorted(map(str, got)) == [str(Signed(3)), "conflict"]
        assert len(stored_awards()) == 3
        assert len(db.session.scalars(select(WholeMinutes.number)).all()) == 1
        db.session.rollback()


def test_the_database_itself_refuses_a_second_prize_of_the_whole(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        award = {"festival_id": panel.festival_id, "delegation_id": 1, "position": 1}
        with transaction():
            db.session.add(Award(prize="Nhất", **award))
        with pytest.raises(IntegrityError), transaction():
            db.session.add(Award(prize="Nhì", **award))
        about = {"kind": DecisionKind.TIE, "content": {}, "reason": "x", "names": NAMES, "decided_at": now()}
        for subject in ({}, {"festival_id": panel.festival_id, "contest_id": panel.contest_id}):
            with pytest.raises(IntegrityError), transaction():
                db.session.add(PanelDecision(**about, **subject))


# ------------------------------------------------------------------------------------------------- pages and commands

ORDER = {"place-doan-0": "2", "place-doan-1": "1"}
DECIDED = ORDER | {"reason": "tròn vai hơn", "names": "Nguyễn Thị Chủ\nPhạm Tổ Chức"}


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        return whole_cast()


def test_only_who_may_see_every_contest_finds_the_whole_delegation(app: Flask, panel: Panel) -> None:
    for name, status in (
        ("secretary", 200),
        ("chair", 200),
        ("organiser", 200),
        ("lan", 404),
        ("other", 404),
        ("officer", 404),
        ("mc", 404),
    ):
        (desk,) = people(app, panel, name)
        page = desk.get(WHOLE, status)
        assert not any(delegation in page for delegation in DELEGATIONS), "a sealed place"
        desk.get(WHOLE + "/minutes", 404)
        for step in ("tie", "prize", "sign"):
            desk.post(f"{WHOLE}/{step}", 409 if status == 200 else 404, number="1", **DECIDED)
    Desk(app, None).get(WHOLE, 302)
    with app.app_context():
        lock_all(panel)
    for name in ("chair", "secretary", "organiser"):
        (desk,) = people(app, panel, name)
        assert all(delegation in desk.get(WHOLE) for delegation in DELEGATIONS)


def test_an_edition_without_a_rule_says_so(app: Flask) -> None:
    with app.app_context():
        panel = cast()
    (organiser,) = people(app, panel, "organiser")
    assert "Thể lệ không có giải toàn đoàn" in organiser.get(WHOLE)
    organiser.post(WHOLE + "/sign", 404, number="1")
    assert WHOLE not in organiser.get("/panel")


def test_a_tie_of_delegations_is_read_back_before_anything_is_stored(app: Flask, panel: Panel) -> None:
    chair, secretary, organiser, mc = people(app, panel, "chair", "secretary", "organiser", "mc")
    waiting = chair.get(WHOLE)
    assert "Chưa xét được giải toàn đoàn" in waiting and "đang chấm" in waiting
    assert "chờ khóa điểm" in chair.get("/panel")
    with app.app_context():
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
    assert "chờ quyết định" in chair.get("/panel")
    page = chair.get(WHOLE)
    assert "Đồng hạng 1" in page and "Xét giải cho hạng 1" in page and "Số biên bản" not in page
    told = chair.post(WHOLE + "/tie", 200, **DECIDED)
    assert read_places(told) == ["1 Đoàn huyện Số 1 Nhất", "2 Đoàn huyện Số 0 Nhì"]
    again = chair.post(WHOLE + "/tie", 200, **DECIDED, step="back")
    assert 'value="2"' in again and "tròn vai hơn</textarea>" in again
    with app.app_context():
        assert stored_decisions() == []
    seen = re.search(r'name="seen" value="(\d+)"', told)
    assert seen is not None and seen[1] == "0"
    for _ in range(2):
        chair.post(WHOLE + "/tie", **DECIDED, step="confirm", seen="0")
    with app.app_context():
        assert stored_decisions() == [{"order": [["doan-1"], ["doan-0"]]}]
    secretary.post(WHOLE + "/tie", 409, **DECIDED | {"place-doan-0": "1"}, step="confirm", seen="0")
    nonsense = secretary.post(WHOLE + "/tie", 422, **DECIDED | {"place-doan-0": "²"}, step="confirm", seen="0")
    assert 'value="²"' in nonsense and "tròn vai hơn</textarea>" in nonsense
    page = chair.get(WHOLE)
    assert "Quyết định lại: Đồng hạng 1" in page and "Xét giải cho hạng" not in page
    assert "Thứ tự: Đoàn huyện Số 1; Đoàn huyện Số 0" in page
    assert "…/BB-BGK" in chair.get(WHOLE + "/minutes")
    secretary.post(WHOLE + "/sign", number="09/BB-BGK")
    minutes = chair.get(WHOLE + "/minutes")
    assert "09/BB-BGK" in minutes and "tròn vai hơn" in minutes and "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in minutes
    assert "Còn chờ: Gia đình tài năng, Ném bóng vào rổ" in chair.get(WHOLE)
    assert "toàn đoàn" not in mc.get("/panel")
    with app.app_context():
        bring(panel, ContestState.DECIDED, ContestState.RELEASED)
    heard = mc.get("/panel")
    heard = heard[heard.index("Giải toàn đoàn") : heard.index("</main>")]
    order = [heard.index(words) for words in ("Giải Khuyến khích", DELEGATIONS[2], "Giải Nhì", "Giải Nhất")]
    assert order == sorted(order) and "29" not in heard
    assert "toàn đoàn" not in organiser.get("/results")
    with app.app_context():
        bring(panel, ContestState.PUBLISHED)
    shown = organiser.get("/results")
    shown = shown[shown.index("Giải toàn đoàn") :]
    assert shown.index("Nhất") < shown.index(DELEGATIONS[1]) < shown.index("Nhì") < shown.index(DELEGATIONS[0])


def test_prizes_that_were_given_fold_both_questions(app: Flask, panel: Panel) -> None:
    (chair,) = people(app, panel, "chair")
    with app.app_context():
        lock_all(panel)
    given = {"prize-doan-0": "Nhất", "prize-doan-1": "", "reason": "ngang tài", "names": "A"}
    told = read_places(chair.post(WHOLE + "/prize", 200, **given))
    assert told == ["1= Đoàn huyện Số 0 Nhất", "1= Đoàn huyện Số 1 không giải"]
    chair.post(WHOLE + "/prize", **given, step="confirm", seen="0")
    page = chair.get(WHOLE)
    assert re.findall(r"<summary>(.*?)</summary>", page)[-2:] == [
        "Xếp thứ tự: Đồng hạng 1 (Đoàn huyện Số 0, Đoàn huyện Số 1)",
        "Quyết định lại: Xét giải cho hạng 1",
    ]
    assert "Còn chờ: Gia đình tài năng, Ném bóng vào rổ." in page


def test_what_would_be_read_at_once_is_signed_by_the_organiser(app: Flask, panel: Panel) -> None:
    secretary, organiser, mc = people(app, panel, "secretary", "organiser", "mc")
    with app.app_context():
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED)
        decide(panel, ONE_FIRST)
        with pytest.raises(Forbidden):
            sign(panel, may_release=False)
    assert "Việc này do Ban Tổ chức làm." in secretary.get(WHOLE)
    secretary.post(WHOLE + "/sign", 403, number="9")
    assert "toàn đoàn" not in mc.get("/panel")
    assert "MC đọc được giải toàn đoàn ngay" in organiser.get(WHOLE)
    organiser.post(WHOLE + "/sign", number="9")
    assert "Giải toàn đoàn" in mc.get("/panel")


def test_the_whole_delegation_by_commands(app: Flask, panel: Panel) -> None:
    said = ["--reason", "đồng đều hơn", "--name", NAMES[0], "--name", NAMES[1], "--by", "thuky"]
    assert "Chưa khóa" in run(app, "results", "delegations-tie", "doan-1", "doan-0", *said, ok=False)
    assert "Tạm tính" in run(app, "results", "delegations")
    with app.app_context():
        lock_all(panel)
    assert "Chờ ban giám khảo: hạng 1: doan-0, doan-1" in run(app, "results", "delegations")
    assert "Chưa ký" in run(app, "results", "delegations-sign", "--number", "9", ok=False)
    with app.app_context():
        bring(panel, ContestState.SIGNED)
    assert "1 chỗ" in run(app, "results", "delegations-sign", "--number", "9", ok=False)
    run(app, "results", "delegations-prize", "doan-1=Nhất", "doan-0=", *said)
    run(app, "results", "delegations-tie", "doan-1", "doan-0", *said)
    run(app, "results", "delegations-sign", "--number", "9", "--by", "thuky")
    run(app, "results", "delegations-sign", "--number", "9")
    run(app, "results", "delegations-sign", "--number", "10", ok=False)
    told = json.loads(run(app, "results", "delegations", "--json"))
    assert (told["open"], told["questions"], told["signed"]) == ([], [], "9")
    assert [(each["delegation"], each["prize"]) for each in told["delegations"]] == [
        ("doan-1", "Nhất"),
        ("doan-0", "Nhì"),
        ("doan-2", "Khuyến khích"),
    ]
    with app.app_context():
        bring(panel, ContestState.DECIDED, ContestState.RELEASED)
    assert [each["contest"] for each in json.loads(run(app, "results", "public"))] == ["bong-ro"]
    with app.app_context():
        bring(panel, ContestState.PUBLISHED)
    assert json.loads(run(app, "results", "public"))[-1] == {
        "contest": None,
        "final": True,
        "prizes": [
            {"prize": "Nhất", "winners": DELEGATIONS[1:2]},
            {"prize": "Nhì", "winners": DELEGATIONS[:1]},
            {"prize": "Khuyến khích", "winners": DELEGATIONS[2:]},
        ],
        "lines": [],
    }
