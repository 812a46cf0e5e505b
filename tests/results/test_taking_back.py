"""A published result is taken back by the two of its panel: nothing of it is served any more, and it can be published again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from html import unescape
from re import findall, sub
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import verify
from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.results.amending import NewNames, amend, amend_whole
from festival.results.decide import TieOrder
from festival.results.delegations import deciding
from festival.results.ladder import people, sign
from festival.results.ladder.standing_on import hold_what_it_stands_on
from festival.results.ladder.steps import take_step
from festival.results.models import ResultTakenBack, StateChange, TakeBackReason
from festival.roster.models import Delegation, DelegationOfficer
from tests.accounts.kit import noted
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import PASSWORD, Panel
from tests.results import sum_cast
from tests.results.proof_cast import EXPORT, FILE, PAGE, before_the_first_mark, fetched, marked, rules_out
from tests.results.test_commands import BY, BY_PASSWORDS, PASSWORDS, PEOPLE, run
from tests.results.test_pages_of_the_panel import MINE, TAI_NANG, TWO, Desk, lock_form
from tests.results.test_papers import seals
from tests.results.test_proof import read
from tests.results.whole_cast import NAMES, bring, lock_all

pytestmark = pytest.mark.either_database

OUT = TAI_NANG + "/take-back"
SIGNED, DECIDED = ContestState.SIGNED, ContestState.DECIDED
RELEASED, PUBLISHED = ContestState.RELEASED, ContestState.PUBLISHED


def everything_out(panel: Panel) -> None:
    """Both contests and the delegations as a whole are public."""
    rules_out(panel)
    marked(panel)
    lock_all(panel)
    bring(panel, SIGNED)
    with transaction():
        deciding.decide_whole(panel.festival_id, TieOrder([["doan-0"], ["doan-1"]]), "đồng đều hơn", NAMES, None)
        deciding.sign_whole(panel.festival_id, "9", None)
    bring(panel, DECIDED, RELEASED, PUBLISHED)


def results(app: Flask) -> list[tuple[str, str]]:
    """The lines of results on the proof page, by machine."""
    told = fetched(app, FILE)["lines"]
    return [(each["what"], each["contest"]) for each in told if each["what"] in ("result", "taken_back")]


def agrees(app: Flask) -> str:
    export, proof = read(fetched(app, EXPORT)), read(fetched(app, FILE), verify.PROOF)
    verify.check(export, [])
    return verify.published(export, [proof])


def of_state(contest_id: int) -> tuple[ContestState, bool]:
    with reading():
        row = db.session.get_one(Contest, contest_id)
        return row.state, row.taken_back_at is not None


def form(why: str, **changes: str) -> dict[str, str]:
    return lock_form() | {"code": why, "reason": "công bố nhầm giờ"} | changes


def own_part(page: str, code: str) -> str:
    """What the page of results says of one contest."""
    return page.partition(f'id="{code}"')[2].partition("</section>")[0]


def words(page: str) -> str:
    return " ".join(sub(r"<[^>]+>", " ", unescape(page)).split())


def refused(chair: Desk) -> None:
    """Without a reason, or without the two."""
    for changed, said in (
        ({"code": "vì thích"}, "Chọn vì sao thu lại."),
        ({"reason": "  "}, "Ghi rõ lý do."),
        ({"secretary_password": "x"}, "mật khẩu của thư ký chưa đúng"),
        ({"chair": "lan"}, "Người thứ nhất không phải trưởng ban"),
        ({"chair": "thuky"}, "hai người khác nhau"),
    ):
        page = chair.post(OUT, 422, **form("early") | changed)
        assert said in page and PASSWORD not in page


def seen_by_the_officer(app: Flask, panel: Panel, officer: Desk) -> None:
    """The page of a delegation, by an old address."""
    with app.app_context(), transaction():
        own = db.session.scalars(select(Delegation.id).where(Delegation.code == "doan-0")).one()
        db.session.add(DelegationOfficer(delegation_id=own, user_id=panel.users["officer"]))
    own_page = unescape(officer.get("/delegation/doan-0/results?contest=tai-nang"))
    assert "Gia đình tài năng: kết quả đã thu lại lúc" in own_page and "<h2>Ném bóng vào rổ</h2>" in own_page


def test_nothing_of_it_is_served_any_more_and_it_is_public_again_as_it_was(app: Flask) -> None:
    with app.app_context():
        panel = before_the_first_mark()
        everything_out(panel)
    public = app.test_client()
    paths = ("/results", "/contests/tai-nang", "/contests/tai-nang/explain?entry=E000", EXPORT, PAGE)
    tags = {path: public.get(path).headers["ETag"] for path in paths[:2]}
    before = {path: public.get(path).get_data(as_text=True) for path in paths}
    shown = findall(r"<dd><b>([^<]+)</b>", own_part(before["/results"], "tai-nang"))
    assert len(shown) == 3 and "Giải toàn đoàn" in before["/results"]
    assert results(app) == [("result", "tai-nang"), ("result", "bong-ro"), ("result", "")]
    assert "3 kết quả" in agrees(app)

    organiser, chair, officer = (Desk(app, panel.users[name]) for name in ("organiser", "chair", "officer"))
    officer.get(OUT, 404)
    assert "Thu lại kết quả" in organiser.get(TAI_NANG) and "công bố quá sớm" in organiser.get(OUT)
    refused(chair)
    with app.app_context():
        assert of_state(panel.contest_id) == (PUBLISHED, False)

    chair.post(OUT, **form("early"))
    seen_by_the_officer(app, panel, officer)
    with app.app_context():
        assert of_state(panel.contest_id) == (RELEASED, True)
    for path, tag in tags.items():
        assert public.get(path, headers={"If-None-Match": tag}).status_code == 200
    after = {path: public.get(path).get_data(as_text=True) for path in paths}
    own = own_part(after["/results"], "tai-nang")
    assert "Kết quả đã thu lại lúc" in own and not any(name in own for name in shown)
    whole = own_part(after["/results"], "whole")
    assert "Kết quả đã thu lại lúc" in whole and "Đoàn huyện" not in whole and "nhầm giờ" not in "".join(after.values())
    assert public.get(paths[2]).status_code == 404
    assert "Kết quả đã thu lại lúc" in after["/contests/tai-nang"]
    told = fetched(app, EXPORT)
    assert [each["shows"] for each in told["contests"]] == ["nothing", "marks"] and told["whole"] is None
    assert results(app)[3:] == [("taken_back", "tai-nang"), ("taken_back", "")]
    assert "1 kết quả đúng" not in agrees(app) and "1 kết quả" in agrees(app) and "2 kết quả đã thu lại" in agrees(app)
    proof = words(after[PAGE])
    assert "thu lại Kết quả ở dòng số 4 không còn công khai" in proof and "đã thu lại, dòng số 7" in proof
    assert "judging:" not in proof and "Sổ chấm «Gia đình tài năng»" in proof and "Sổ kết quả toàn đoàn" in proof
    assert "MC vẫn được đọc" in organiser.get(TAI_NANG)
    organiser.get(TAI_NANG + "/mc")
    assert {"step": "take_back", "contest": "tai-nang", "account": panel.users["chair"], "with": panel.users["secretary"]} in [
        subject for kind, subject in noted(app) if kind == "two_persons"
    ]  # fmt: skip
    assert "không còn ở trang công khai" in chair.post(OUT, 409, **form("early"))

    organiser.post(TAI_NANG + "/publish", **MINE)
    with app.app_context():
        assert of_state(panel.contest_id) == (PUBLISHED, False)
    for path in paths[:3]:
        assert public.get(path).get_data(as_text=True) == before[path]
    assert results(app)[5:] == [("result", "tai-nang"), ("result", "")] and "3 kết quả" in agrees(app)
    assert words(public.get(PAGE).get_data(as_text=True)).count("công bố lại") == 2
    assert "công bố quá sớm, kết quả không sai" in organiser.get(TAI_NANG)
    assert seals(app, "proof:thu") == []


def test_what_is_wrong_the_mc_does_not_read_either_until_it_was_amended_and_released_again(app: Flask) -> None:
    with app.app_context():
        panel = before_the_first_mark()
        everything_out(panel)
    organiser, chair = Desk(app, panel.users["organiser"]), Desk(app, panel.users["chair"])
    run(app, "results", "take-back", "tai-nang", "--why", "wrong", "--reason", "x", ok=False)
    said = run(
        app, "results", "take-back", "tai-nang", "--why", "wrong", "--reason", "đọc nhầm", *PEOPLE, env=PASSWORDS
    )
    assert said == "Đã thu lại kết quả phần thi tai-nang.\n"
    with app.app_context():
        assert of_state(panel.contest_id) == (DECIDED, True)
    page = organiser.get(TAI_NANG + "/mc")
    assert "Không đọc kết quả này." in page and "<ol>" not in page
    assert organiser.client.get(TAI_NANG + "/mc/state").get_json()["state"].startswith("gone ")
    assert "đang được xem lại" in organiser.get(TAI_NANG)
    assert "không có gì để thu lại" in chair.get(OUT, 409)
    with app.app_context(), transaction():
        amend(panel.contest_id, {"E000": NewNames(name="Gia đình viết đúng")}, "2/ĐC", "sai tên", None, None)
    assert ("result", "tai-nang") not in results(app)[3:]
    organiser.post(TAI_NANG + "/release", **TWO)
    assert "Gia đình viết đúng" in organiser.get(TAI_NANG + "/mc")
    run(app, "results", "publish", "tai-nang", *BY, env=BY_PASSWORDS)
    assert "Gia đình viết đúng" in app.test_client().get("/results").get_data(as_text=True)
    with app.app_context(), transaction():
        amend(panel.contest_id, {"E000": NewNames(name="Gia đình viết đúng hơn")}, "3/ĐC", "sai tên", None, None)
        amend_whole(panel.festival_id, {"doan-0": NewNames(name="Đoàn viết đúng")}, "4/ĐC", "sai tên", None, None)
    names = [(each["contest"], each["names"]) for each in fetched(app, FILE)["lines"] if "names" in each]
    assert names == [("tai-nang", True), ("", True)] and "3 kết quả" in agrees(app)
    assert words(app.test_client().get(PAGE).get_data(as_text=True)).count("đính chính tên") == 2
    assert seals(app, "proof:thu") == []


CHANGED: dict[str, tuple[Callable[[dict[str, Any], dict[str, Any]], object], str]] = {
    "a prize of the delegations": (lambda told, _proof: told["whole"]["awards"][0].update(prize="Nhì"), "toàn đoàn: giải khác"),
    "the table of the delegations": (lambda told, _proof: told["whole"]["lines"][0].update(points=1), "toàn đoàn: bảng khác"),
    "a result that is left out": (lambda told, _proof: told["contests"][0].update(shows="nothing"), "mà tệp không có kết quả"),
    "a result that was taken back": (
        lambda _told, proof: proof["lines"].append({"n": 7, "what": "taken_back", "contest": "tai-nang", "line": 4}), "mà tệp vẫn có kết quả",
    ),
    "a taking back of nothing": (
        lambda _told, proof: proof["lines"].append({"n": 7, "what": "taken_back", "contest": "tai-nang", "line": 2}), "thu lại một kết quả chưa công bố",
    ),
}  # fmt: skip


def test_an_outsider_sees_what_is_said_otherwise_of_it(app: Flask) -> None:
    with app.app_context():
        everything_out(before_the_first_mark())
    for what, (change, where) in CHANGED.items():
        export, proof = read(fetched(app, EXPORT)), read(fetched(app, FILE), verify.PROOF)
        change(export, proof)
        with pytest.raises(verify.Disagrees, match=where):
            verify.published(export, [proof])
            raise AssertionError(what)


@pytest.mark.parametrize(("why", "down_to"), [("wrong", DECIDED), ("early", RELEASED)])
def test_a_sum_goes_with_its_component(app: Flask, why: str, down_to: ContestState) -> None:
    with app.app_context():
        panel, sum_id = sum_cast.sum_cast()
        sum_cast.all_signed(panel, sum_id)
        for state in (DECIDED, RELEASED, PUBLISHED):
            for contest_id in (panel.contest_id, panel.sport_id, sum_id):
                sum_cast.bring(contest_id, state)
        with transaction():
            done = people.take_back(panel.sport_id, None, None, why, "đếm nhầm")
        assert getattr(done, "along", None) == ("Gia đình toàn năng",)
        assert [of_state(each) for each in (panel.contest_id, panel.sport_id, sum_id)] == [
            (PUBLISHED, False), (down_to, True), (down_to, True),
        ]  # fmt: skip
        with (
            pytest.raises(Conflict, match=r"chưa công bố: Ném bóng|MC chưa được đọc: Ném bóng"),
            transaction(),
        ):
            sign.publish(sum_id, None) if why == "early" else sign.release(sum_id, None)
    # balls are public at once, and yet nothing of them is shown now
    page = app.test_client().get("/results").get_data(as_text=True)
    own = own_part(page, "bong-ro")
    assert "Kết quả đã thu lại lúc" in own and "quả</b>" not in own


# ------------------------------------------------------------------------------------------------ at one moment


def honest(sum_id: int, together: threading.Barrier) -> None:
    together.wait(PATIENCE_S)
    with transaction():
        sign.publish(sum_id, None)


def naive(sum_id: int, together: threading.Barrier) -> None:
    """Looks at the components first, then publishes: what must never be built."""
    with reading():
        hold_what_it_stands_on(sum_id)
        states = set(db.session.scalars(select(Contest.state).where(Contest.id != sum_id)))
    together.wait(PATIENCE_S)
    together.wait(PATIENCE_S)
    if states != {PUBLISHED}:
        raise Conflict()
    with transaction():
        take_step(db.session.get_one(Contest, sum_id), PUBLISHED, None, {})


def at_once(app: Flask, publish: Callable[[int, threading.Barrier], None], *, waits: bool) -> list[ContestState]:
    """The sum is published in the moment a component is taken back; where both stand then."""
    with app.app_context():
        panel, sum_id = sum_cast.sum_cast()
        sum_cast.all_signed(panel, sum_id)
        for state in (DECIDED, RELEASED, PUBLISHED):
            for contest_id in (panel.contest_id, panel.sport_id, sum_id)[: 2 if state is PUBLISHED else 3]:
                sum_cast.bring(contest_id, state)
    together = threading.Barrier(2)

    def publishing() -> None:
        with app.app_context(), suppress(Conflict):
            publish(sum_id, together)

    other = threading.Thread(target=publishing)
    other.start()
    with app.app_context():
        together.wait(PATIENCE_S)
        with transaction():
            people.take_back(panel.sport_id, None, None, "early", "đếm nhầm")
        if waits:
            together.wait(PATIENCE_S)
        other.join(PATIENCE_S)
        return [of_state(each)[0] for each in (panel.sport_id, sum_id)]


@pytest.mark.both_databases
def test_a_sum_is_never_public_over_a_component_that_was_taken_back_meanwhile(app: Flask) -> None:
    assert at_once(app, honest, waits=False) == [RELEASED, RELEASED]


@pytest.mark.both_databases
def test_the_harness_catches_who_looks_first(app: Flask) -> None:
    assert at_once(app, naive, waits=True) == [RELEASED, PUBLISHED]


@pytest.mark.both_databases
def test_of_two_who_take_it_back_at_once_one_does(app: Flask) -> None:
    with app.app_context():
        panel = before_the_first_mark()
        everything_out(panel)
        together, got = threading.Barrier(2), list[str]()

        def one(why: str) -> None:
            with app.app_context():
                together.wait(PATIENCE_S)
                try:
                    with transaction():
                        people.take_back(panel.contest_id, panel.users["chair"], panel.users["secretary"], why, why)
                    got.append("taken")
                except Conflict:
                    got.append("conflict")

        threads = [threading.Thread(target=one, args=("early",)) for _each in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        assert sorted(got) == ["conflict", "taken"]
        (row,) = db.session.scalars(select(ResultTakenBack)).all()
        assert row.published_at is not None
        again = {name: getattr(row, name) for name in ("contest_id", "code", "published_at")}
        db.session.rollback()
        for wrong in (
            again | {"reason": "x"},
            again | {"reason": "", "published_at": now()},
            again | {"reason": "x", "code": TakeBackReason.WRONG},
        ):
            with pytest.raises(IntegrityError), transaction():
                db.session.add(ResultTakenBack(at=now(), **wrong))
        assert [
            *db.session.scalars(
                select(StateChange.id).where(StateChange.state == PUBLISHED, StateChange.contest_id == panel.contest_id)
            )
        ] == []
        db.session.rollback()
