"""What becomes of a drawn order afterwards? Pure; and do the ten lines of the page recompute a seeded draw?"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from festival.core.sentence import N_
from festival.schedule.conflicts import Clash, check
from festival.schedule.draw import Drawn, Undrawn, hand_order, seeded_order
from festival.schedule.drawn.changed import (
    DrawChangeKind,
    DrawnInBlocks,
    OrderChange,
    as_drawn,
    block_of,
    block_order,
    divided,
    exchanged,
    trial_slots,
)
from festival.schedule.drawn.meeting_rule import MeetingSaid, meeting_fault
from festival.schedule.rules.planned import PlannedAct, PlannedSession
from festival.schedule.rules.wished import AwayTime, Wishes
from festival.schedule.running_order import first_plan

PAGE = ROOT / "docs/schedule.md"


def test_ten_lines_of_the_page_recompute_a_seeded_draw(tmp_path: Path) -> None:
    (lines,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    assert len([line for line in lines.splitlines() if line.strip()]) <= 10
    codes = [f"e{number}" for number in range(20)]
    printed = tmp_path / "order.tsv"
    printed.write_text("".join(f"{at}\t{code}\tGia đình {code}\n" for at, code in enumerate(codes)), "utf-8")
    script = tmp_path / "ten.py"
    script.write_text(lines, "utf-8")
    said = subprocess.run(
        [sys.executable, "-I", str(script), "14062024", "tai-nang", str(printed)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.split()[1] for line in said.stdout.splitlines()] == seeded_order("14062024", "tai-nang", codes)


@given(data=st.data(), size=st.integers(2, 12))
def test_what_was_drawn_is_found_again_behind_all_changes(data: st.DataObject, size: int) -> None:
    drawn = data.draw(st.permutations(range(1, size + 1)))
    order, standing, new = list(drawn), [], size
    for _step in range(data.draw(st.integers(0, 8))):
        if data.draw(st.booleans()):
            added = tuple(range(new + 1, new + 1 + data.draw(st.integers(1, 3))))
            new += len(added)
            order += added
            standing.append(OrderChange(DrawChangeKind.ADDED, added))
        else:
            pair = tuple(data.draw(st.permutations(order))[:2])
            order = exchanged(order, *pair)
            standing.append(OrderChange(DrawChangeKind.SWAPPED, pair))
    assert sorted(order) == list(range(1, new + 1))
    assert as_drawn(order, standing) == drawn


def test_a_contest_whose_sessions_were_drawn_keeps_what_was_wished_of_it() -> None:
    """Its stage takes it, its panel is away, its performers change costumes: under the name of the contest."""

    def hour(at: int, minute: int = 0) -> datetime:
        return datetime(2024, 6, 14, at, minute, tzinfo=UTC)

    sessions = [PlannedSession(f"{at}", "hát", "hat", "Sân", hour(8 * at), hour(8 * at + 4)) for at in (1, 2)]
    acts = [PlannedAct(f"a{at}", f"a{at}", "hat", 10, number=at, persons=frozenset({at // 3})) for at in (1, 2, 3, 4)]
    wishes = Wishes(
        away=(AwayTime(N_("ban giám khảo"), hour(8), hour(9), panel="hat"),),
        change_min={"hat": 30},
        takes={"Sân": frozenset({"hat"})},
    )
    parts = divided(acts, sessions, {"hat": [[1, 2], [2, 2]]})
    plan = first_plan(*parts, wishes=wishes)
    assert [(each.act.code, each.session.code, each.starts_at) for each in plan.placed] == [
        ("a1", "1", hour(9)),
        ("a2", "1", hour(9, 40)),
        ("a3", "2", hour(16)),
        ("a4", "2", hour(16, 40)),
    ]
    assert plan.unplaced == ()
    assert {each.kind for each in check(plan.placed, wishes=wishes)} == {Clash.CHANGE}, (
        "one after the other, and nothing else"
    )


def test_late_numbers_go_on_behind_the_last() -> None:
    assert hand_order({"x": "9", "y": "8"}, 8) == Drawn(("y", "x"))
    answer = hand_order({"x": "7", "y": "8"}, 8)
    assert isinstance(answer, Undrawn)
    assert {code: str(fault) for code, fault in answer.faults.items()} == {"x": "«7» không phải số từ 8 đến 9"}


def test_a_session_is_drawn_first_then_a_number_in_it() -> None:
    typed = {"a": ("2", "1"), "b": ("1", "2"), "c": ("1", "1"), "d": ("2", " 2 ")}
    assert block_order(typed, [1, 2]) == DrawnInBlocks(("c", "b", "a", "d"), ((1, 2), (2, 2)))
    assert [block_of(number, [[1, 2], [2, 2]]) for number in (1, 2, 3, 4, 5, None)] == [1, 1, 2, 2, 2, 2]
    answer = block_order({"a": ("", "1"), "b": ("1", "3"), "c": ("1", ""), "d": ("2", "1"), "e": ("2", "1")}, [1, 2])
    assert isinstance(answer, Undrawn)
    assert {code: str(fault) for code, fault in answer.faults.items()} == {
        "a": "chưa chọn buổi đã bốc",
        "b": "«3» không phải số từ 1 đến 2 của buổi ấy",
        "c": "chưa có số bốc thăm",
        "e": "số 1 của buổi ấy đã có người bốc",
    }


def test_a_delegation_tries_the_stage_once_in_the_order_of_its_first_number() -> None:
    begins = datetime(2026, 6, 13, 1, tzinfo=UTC)
    slots = trial_slots([7, 3, 7, 5, 3], begins, 10)
    assert [(slot.delegation, slot.starts_at.minute, slot.ends_at.minute) for slot in slots] == [
        (7, 0, 10), (3, 10, 20), (5, 20, 30),
    ]  # fmt: skip


def test_an_absent_delegation_needs_two_witnesses_who_are_neither_chair_nor_secretary() -> None:
    def fault(witnesses: tuple[str, str], **more: object) -> str | None:
        there = {"d1": "Danh Thị A", "d2": None}
        said = {"chair": "Nguyễn Văn Chủ", "secretary": "Trần Thị Thư", "contests": ["x"], "there": there} | more
        found = meeting_fault(MeetingSaid(witnesses=witnesses, **said))  # type: ignore[arg-type]
        return None if found is None else found[0]

    assert fault(("Lê Văn Một", "Phạm Thị Hai")) is None
    assert fault(("", "")) == "witness-1"
    assert fault(("Lê Văn Một", "12")) == "witness-2"
    assert fault(("Lê Văn Một", "le van mot")) == "witness-2"
    assert fault(("Lê Văn Một", "Trần Thị Thư")) == "witness-2"
    assert fault(("", ""), there={"d1": "Danh Thị A"}) is None
    assert fault(("", ""), there={"d1": ""}) == "head-d1"
    assert fault(("", ""), chair="") == "chair"
    assert fault(("", ""), contests=[]) == "contests"
