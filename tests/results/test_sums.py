"""A contest that is the sum of others: a part with a prize of its own, through its whole ladder and back."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select, update

import verify
from config import Config
from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.summed.parts import PartPoints, read_parts, summed
from festival.core.canonical import canonical_json
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.editions.rules.whole import WholeDelegationRule, WholeOrder
from festival.portal.queries import entries
from festival.results.amended.corrections import Corrections
from festival.results.amending import Amended
from festival.results.amendments.storing import amend_standings, as_components_say
from festival.results.current import current_table, tally_for_result
from festival.results.delegations.facts import counted_contests
from festival.results.explain.steps import steps_of
from festival.results.explain.words import explained
from festival.results.export.edition import export_of
from festival.results.ladder import unlock
from festival.results.ladder.lock import Locked
from festival.results.ladder.sign import sign
from festival.results.models import Award, Standing
from festival.results.sums.entries import refresh_entries, refresh_sums_of
from festival.results.sums.guards import said_otherwise
from festival.results.sums.parts import fresh_parts
from festival.roster.deriving.derived import derive_entries
from festival.roster.models import Entry, EntryState
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel
from tests.results.random_sums import random_sum
from tests.results.sum_cast import all_signed, bring, components_signed, locked, sum_cast
from tests.results.test_pages_of_the_panel import Desk
from tests.results.test_secrecy import changed, seen

SIGNED, DECIDED, RELEASED, PUBLISHED = (
    ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED,
)  # fmt: skip


def lines(contest_id: int) -> list[tuple[str, int | None, int | None, str]]:
    """Delegation, place, value and reasons, best first."""
    table = current_table(tally_for_result(db.session.get_one(Contest, contest_id)))
    return [
        (
            table.appearances[each.entry].delegation,
            each.rank,
            each.value,
            " ".join(str(reason) for reason in each.reasons),
        )
        for each in table.standings
    ]


def otherwise(contest: Contest) -> tuple[str, ...]:
    return said_otherwise(contest, tally_for_result(contest).parts)


def test_the_prize_of_a_part_from_its_components_to_the_public(app: Flask) -> None:
    with app.app_context():
        panel, sum_id = sum_cast()
        # nothing is locked before the minutes of each component are signed, whatever reason is given
        assert isinstance(locked(panel, panel.contest_id), Locked)
        with reading():
            assert {said for *_rest, said in lines(sum_id)} == {"Chờ ký biên bản: Gia đình tài năng, Ném bóng vào rổ."}
        with pytest.raises(Conflict, match="Ném bóng vào rổ"):
            locked(panel, sum_id)
        bring(panel.contest_id, SIGNED)
        assert isinstance(locked(panel, panel.sport_id), Locked)
        bring(panel.sport_id, SIGNED)
        # 2 × 89,75 + 12,5; 2 × 84,75 + 30; 2 × 79,75 + 12,5
        assert isinstance(locked(panel, sum_id), Locked)
        with reading():
            assert [line[:3] for line in lines(sum_id)] == [
                ("Đoàn huyện Số 1", 1, 199_500), ("Đoàn huyện Số 0", 2, 192_000), ("Đoàn huyện Số 2", 3, 172_000),
            ]  # fmt: skip
            assert lines(sum_id)[0][3] == "Gia đình tài năng: 84,75 điểm, hệ số 2. Ném bóng vào rổ: 30 điểm."
        bring(sum_id, SIGNED, DECIDED)
        with pytest.raises(Conflict, match="MC chưa được đọc"):
            bring(sum_id, RELEASED)
        for component in (panel.contest_id, panel.sport_id):
            bring(component, DECIDED, RELEASED)
        bring(sum_id, RELEASED)
        with pytest.raises(Conflict, match="chưa công bố: Gia đình tài năng, Ném bóng vào rổ"):
            bring(sum_id, PUBLISHED)
        for component in (panel.contest_id, panel.sport_id):
            bring(component, PUBLISHED)
        bring(sum_id, PUBLISHED)
        with reading():
            given = select(Award.prize).where(Award.contest_id == sum_id).order_by(Award.position, Award.id)
            assert list(db.session.scalars(given)) == ["Nhất", "Khuyến khích", "Khuyến khích"]


def test_its_entries_come_once_and_a_withdrawal_reaches_them(app: Flask) -> None:
    with app.app_context():
        panel, sum_id = sum_cast()
        own = select(Entry.name, Entry.family_id, Entry.title).where(Entry.contest_id == sum_id)
        for _again in range(2):
            with transaction():
                refresh_entries(db.session.get_one(Contest, sum_id))
        with reading():
            rows = db.session.execute(own.order_by(Entry.id)).all()
            assert [row.name for row in rows] == [f"Gia đình ông Danh Chung {at}" for at in range(3)]
            assert len({row.family_id for row in rows}) == 3
        with transaction():
            gone = db.session.scalars(select(Entry).where(Entry.contest_id == sum_id).order_by(Entry.id)).first()
            assert gone is not None
            gone.state = EntryState.WITHDRAWN
        components_signed(panel)
        assert isinstance(locked(panel, sum_id), Locked)
        with reading():
            assert [line[0] for line in lines(sum_id)] == ["Đoàn huyện Số 1", "Đoàn huyện Số 2"]


def test_a_signed_component_is_opened_no_more_and_the_sum_can_be_locked_again(app: Flask) -> None:
    with app.app_context():
        panel, sum_id = sum_cast()
        components_signed(panel)
        assert isinstance(locked(panel, sum_id), Locked)
        two = (panel.users["organiser"], panel.users["secretary"], "other", "gõ nhầm")
        with pytest.raises(Conflict, match="chưa ký biên bản"), transaction():
            unlock.unlock(panel.contest_id, panel.users["chair"], *two[1:])
        with transaction():
            assert isinstance(unlock.unlock(sum_id, *two), unlock.Unlocked)
        assert isinstance(locked(panel, sum_id), Locked)
        bring(sum_id, SIGNED)


def amended(panel: object, contest_id: int, corrections: Corrections, number: str) -> None:
    with transaction():
        users = panel.users  # type: ignore[attr-defined]
        chair = users["chair"] if contest_id == panel.contest_id else users["organiser"]  # type: ignore[attr-defined]
        done = amend_standings(contest_id, corrections, number, "gõ nhầm", chair, users["secretary"])
        assert isinstance(done, Amended), done


def test_an_amended_component_is_told_and_leads_to_the_amendment_of_the_sum(app: Flask) -> None:
    with app.app_context():
        panel, sum_id = sum_cast()
        components_signed(panel)
        assert isinstance(locked(panel, sum_id), Locked)
        with reading():
            tally = tally_for_result(db.session.get_one(Contest, panel.contest_id))
            third = tally.appearances[2].code
        marks = {
            (third, seat.id, code): 50_000
            for seat in tally.seats
            for code in ("noi-dung", "dien-xuat")
            if (seat.id, tally.appearances[2].id) not in tally.tied
        }
        amended(panel, panel.contest_id, Corrections(marks=marks), "12/DC")
        with pytest.raises(Conflict, match="Gia đình tài năng đã được đính chính"), transaction():
            sign(sum_id, "3", None)
        with transaction():
            unlock.unlock(sum_id, panel.users["organiser"], panel.users["secretary"], "other", "lấy điểm mới")
        assert isinstance(locked(panel, sum_id), Locked)
        bring(sum_id, SIGNED)
        with reading():
            assert lines(sum_id)[0][:3] == ("Đoàn huyện Số 2", 1, 212_500)
            assert otherwise(db.session.get_one(Contest, sum_id)) == ()
        # after the signature nothing moves by itself
        amended(panel, panel.contest_id, Corrections(), "13/DC")
        with reading():
            row = db.session.get_one(Contest, sum_id)
            assert lines(sum_id)[0][:3] == ("Đoàn huyện Số 2", 1, 212_500)
            assert otherwise(row) == ("Gia đình tài năng",)
            corrections = as_components_say(row, Corrections())
        amended(panel, sum_id, corrections, "14/DC")
        with reading():
            row = db.session.get_one(Contest, sum_id)
            assert otherwise(row) == ()
            assert lines(sum_id)[0][:3] == ("Đoàn huyện Số 1", 1, 199_500)
            given = select(Entry.delegation_id).join(Award, Award.entry_id == Entry.id)
            first = given.where(Award.contest_id == sum_id, Award.prize == "Nhất")
            second = select(Entry.delegation_id).where(Entry.id == panel.entry_ids[1])
            assert db.session.scalar(first) == db.session.scalar(second)
            file = export_of(row.festival, jury=True)
        assert verify.check(json.loads(json.dumps(file), parse_float=verify.Decimal), []).startswith("Khớp")
        # what a sum says of a component is held against that component
        told = json.loads(json.dumps(file), parse_float=verify.Decimal)
        entry = next(each for each in told["contests"] if each["code"] == "tong")["entries"][0]
        entry["parts"][1]["points"] += 1
        with pytest.raises(verify.Disagrees):
            verify.check(told, [])


def test_who_is_missing_counts_nothing_and_ties_go_down_the_ladder(app: Flask) -> None:
    with app.app_context():
        panel, sum_id = sum_cast(sum="points", of=[{"contest": "tai-nang", "weight": "0.5"}, {"contest": "bong-ro"}])
        with transaction():
            db.session.get_one(Entry, panel.sport_entries[0]).state = EntryState.WITHDRAWN
        all_signed(panel, sum_id)
        with reading():
            assert [line[:3] for line in lines(sum_id)] == [
                ("Đoàn huyện Số 1", 1, 72_375), ("Đoàn huyện Số 2", 2, 52_375), ("Đoàn huyện Số 0", 3, 44_875),
            ]  # fmt: skip
            assert lines(sum_id)[2][3] == (
                "Gia đình tài năng: 89,75 điểm, hệ số 0,5. Ném bóng vào rổ: không dự thi, tính 0 điểm."
            )
            now = fresh_parts([db.session.get_one(Contest, sum_id)])[sum_id]
            assert (now.waits_for, len(now.parts)) == ((), 3)


def test_a_recount_of_random_sums_agrees_step_by_step() -> None:
    seen: dict[str, int] = {}
    for seed in range(400):
        those, table, said, file = random_sum(Random(seed))
        recount = verify.Contest(file)
        assert verify.canonical(recount.standings()) == canonical_json(file["standings"]), seed
        for each in table.standings:
            steps = steps_of(those, table, each.entry, said)
            assert recount.steps[each.entry] == steps, (seed, each.entry)
            assert explained(steps, table, {code: code for code in table.appearances}, each.entry)
            for step in steps:
                seen[step["step"]] = seen.get(step["step"], 0) + 1
    assert set(seen) == {"part", "sum", "rung", "asked", "panel", "place", "no_place", "prize"}


def test_the_delegations_count_a_result_once() -> None:
    def contest(code: str, places: list[int], of: list[str] | None = None) -> Contest:
        summed = None if of is None else [{"contest": each, "weight": 1000} for each in of]
        kind = ResultKind.SUM if of is not None else ResultKind.COUNT
        return Contest(code=code, place_points=places, sum_of=summed, result_kind=kind)

    rule = WholeDelegationRule(WholeOrder.POINTS, (), ())
    beside = [contest("a", [3]), contest("b", [3]), contest("tong", [], ["a", "b"])]
    assert [each.code for each in counted_contests(rule, beside)] == ["a", "b"]
    instead = [contest("a", [3]), contest("b", [3]), contest("c", [3]), contest("tong", [5], ["a", "b"])]
    assert [each.code for each in counted_contests(rule, instead)] == ["c", "tong"]


def test_parts_are_kept_and_read_again() -> None:
    part = PartPoints("a", "A", 1500, ("e1", "e2"), (1, 3), 333)
    assert read_parts([part.kept()]) == (part,)
    assert summed([part]) == 500  # 499.5, half up


def test_nothing_public_depends_on_a_sum_or_its_components_until_each_is_published(app: Flask, config: Config) -> None:
    paths = ["/", "/results", "/programme", "/contests/tong", "/contests/tai-nang", "/results/files/results.json"]
    with app.app_context():
        panel, sum_id = sum_cast()
    steady = seen(config, paths)
    assert steady["/contests/tong"][0] == 200
    with app.app_context():
        for contest_id in (panel.contest_id, sum_id):
            if contest_id == sum_id:
                assert isinstance(locked(panel, panel.sport_id), Locked)
                bring(panel.sport_id, SIGNED, DECIDED, RELEASED, PUBLISHED)
                steady = seen(config, paths)  # what is public of the counted one is no secret
            assert isinstance(locked(panel, contest_id), Locked)
            bring(contest_id, SIGNED, DECIDED, *((RELEASED,) if contest_id == panel.contest_id else ()))
            assert changed(config, paths, steady) == []
        bring(sum_id, RELEASED)
        assert changed(config, paths, steady) == []
        with reading():
            family = db.session.scalar(select(Entry.family_id).where(Entry.contest_id == sum_id))
            assert {each.contest.code for each in entries(family or 0)} == {"tai-nang", "bong-ro"}
        bring(panel.contest_id, PUBLISHED)
        steady = seen(config, paths)
        bring(sum_id, PUBLISHED)
        # the control: its own publication is seen
        assert set(changed(config, paths, steady)) == {"/", "/results", "/contests/tong", "/results/files/results.json"}
        with reading():
            assert {each.contest.code for each in entries(family or 0)} == {"tai-nang", "bong-ro", "tong"}


def test_its_page_says_what_it_waits_for_and_offers_no_step_that_would_be_refused(app: Flask) -> None:
    with app.app_context():
        panel, sum_id = sum_cast()
    secretary = Desk(app, panel.users["secretary"])

    def page(address: str = "/panel/tong", status: int = 200) -> str:
        return secretary.get(address, status)

    waiting = page()
    assert "chờ ký biên bản của các phần thi thành phần" in waiting
    assert 'action="/panel/tong/lock"' not in waiting
    for nothing in ("/panel/tong/measures/table", "/panel/tong/ground"):
        page(nothing, 404)
    with app.app_context():
        components_signed(panel)
    assert 'action="/panel/tong/lock"' in page()
    with app.app_context():
        assert isinstance(locked(panel, sum_id), Locked)
        bring(sum_id, SIGNED)
    with app.app_context(), reading():
        entry = db.session.scalar(select(Entry.code).where(Entry.contest_id == sum_id))
    told = page(f"/panel/tong/explain?entry={entry}")
    assert "Điểm từ các phần thi" in told and "Cộng lại:" in told
    with app.app_context():
        amended(panel, panel.contest_id, Corrections(places={"E000": 2, "E001": 1}), "12/DC")
    assert "Đính chính theo kết quả mới" in page()
    back = secretary.post("/panel/tong/amend-standings", 200, step="read")
    assert "Gia đình tài năng: hạng 1 sửa thành 2." in back


def test_the_seal_of_a_sum_holds_and_sees_what_was_changed_beside_it(app: Flask) -> None:
    with app.app_context():
        panel, sum_id = sum_cast()
        all_signed(panel, sum_id)
        with seals.snapshot():
            before = {str(said) for said in seals.worded(seals.inspect().named())}
        assert not any("toàn năng" in said for said in before), before
        with transaction():
            row = db.session.scalars(select(Standing).where(Standing.contest_id == sum_id).limit(1)).one()
            row.detail = row.detail | {"parts": [each | {"points": 1} for each in row.detail["parts"]]}
        with seals.snapshot():
            after = {str(said) for said in seals.worded(seals.inspect().named())}
        assert any("toàn năng" in said for said in after - before)


def at_once(app: Flask, panel: Panel, sum_id: int, refresh: Callable[[int, int, threading.Barrier], None]) -> int:
    """Both components are locked at one moment; how many entries the sum of the delegations has then."""
    together = threading.Barrier(2, timeout=PATIENCE_S)

    def one(contest_id: int) -> None:
        with app.app_context():
            refresh(sum_id, contest_id, together)

    both = [threading.Thread(target=one, args=(each,)) for each in (panel.contest_id, panel.sport_id)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(PATIENCE_S)
    with app.app_context(), reading():
        return len(list(db.session.scalars(select(Entry.id).where(Entry.contest_id == sum_id))))


def held(_sum_id: int, contest_id: int, together: threading.Barrier) -> None:
    together.wait()
    with transaction():
        refresh_sums_of(db.session.get_one(Contest, contest_id))


def naive(sum_id: int, contest_id: int, together: threading.Barrier) -> None:
    """Looks who is there, then makes the others: what must never be built."""
    with reading():
        own = list(db.session.scalars(select(Entry.id).where(Entry.contest_id == contest_id)))
        there = list(db.session.scalars(select(Entry.id).where(Entry.contest_id == sum_id)))
    together.wait()
    with transaction():
        made = derive_entries(db.session.get_one(Contest, sum_id), [] if there else own)
        for each in made:
            each.family_id = None


@pytest.mark.parametrize(("refresh", "entries_made"), [(held, 3), (naive, 6)])
def test_two_components_locked_at_one_moment_bring_each_delegation_once(
    app: Flask, refresh: Callable[[int, int, threading.Barrier], None], entries_made: int
) -> None:
    with app.app_context():
        panel, sum_id = sum_cast(entry="team")
        with transaction():
            # one base more than the other has, so that no constraint knows them for the same
            db.session.execute(update(Entry).where(Entry.contest_id == panel.sport_id).values(family_id=None))
    made = at_once(app, panel, sum_id, refresh)
    assert made == entries_made
    if refresh is held:
        with app.app_context():
            with reading():
                rows = db.session.execute(select(Entry.name, Entry.family_id).where(Entry.contest_id == sum_id)).all()
                assert sorted(rows) == [(f"Đoàn huyện Số {at}", None) for at in range(3)]
            all_signed(panel, sum_id)
            with reading():
                assert [line[:3] for line in lines(sum_id)] == [
                    ("Đoàn huyện Số 1", 1, 199_500), ("Đoàn huyện Số 0", 2, 192_000), ("Đoàn huyện Số 2", 3, 172_000),
                ]  # fmt: skip
