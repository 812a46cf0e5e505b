"""What is said before somebody comes in for somebody else: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from festival.core.births import Birth
from festival.core.sentence import N_
from festival.judging.substituting.foreseen import (
    NO_TIE,
    ComesIn,
    Exchange,
    HeldTurn,
    JudgeTie,
    moved,
    new_clashes,
    not_agreed,
    standing_against,
    told_ties,
    turns,
    who_agrees,
)
from festival.roster.household import Household, Member
from festival.roster.people import Relation, Sex
from festival.schedule.conflicts import Placed, PlannedAct, PlannedSession
from festival.schedule.rules.wished import AwayTime, Wishes

AT = datetime(2024, 6, 15, 7, 30, tzinfo=UTC)


def said(sentences: object) -> list[str]:
    return [str(each) for each in sentences]  # type: ignore[attr-defined]


def test_what_was_on_stage_or_locked_stands_against_it() -> None:
    held = [HeldTurn("A", "Tài năng", begun=True), HeldTurn("B", "Nấu ăn", locked=True), HeldTurn("C", "Thể thao")]
    assert [each.code for each in standing_against(held)] == ["subst_begun", "subst_locked"]


def test_number_and_turn_are_told_as_far_as_they_are_known() -> None:
    held = [
        HeldTurn("A", "Tài năng", 5, AT, "Sân khấu A"), HeldTurn("A", "Tài năng", None, AT, "Sân khấu A"),
        HeldTurn("A", "Tài năng", 5), HeldTurn("A", "Tài năng"),
    ]  # fmt: skip
    assert said(turns(held)) == [
        "Tài năng: giữ số báo danh 5 và lượt 7 giờ 30 ngày 15/6, Sân khấu A.",
        "Tài năng: giữ lượt 7 giờ 30 ngày 15/6, Sân khấu A.",
        "Tài năng: giữ số báo danh 5; chưa có lượt.",
        "Tài năng: giữ chỗ; chưa có số báo danh và lượt.",
    ]


def test_who_must_agree_by_age() -> None:
    people = [ComesIn("Chung"), ComesIn("Bé", True, False, "Mẹ Hoa"), ComesIn("Khôi", True, True)]
    assert said(who_agrees(people)) == [
        "Chung tự đồng ý.", "Bé: Mẹ Hoa đồng ý.",
        "Khôi: cha, mẹ hoặc người giám hộ đồng ý, và chính bạn ấy đồng ý (từ 7 tuổi).",
    ]  # fmt: skip
    assert not_agreed(people) == []


def test_judges_are_told_by_what_becomes_of_the_panel() -> None:
    barred, follows, warns = told_ties([])
    assert (barred, follows, warns) == ([], [NO_TIE], [])
    barred, follows, warns = told_ties(
        [
            JudgeTie("Lan", "Tài năng", "tied", left=0), JudgeTie("Hùng", "Tài năng", "tied", left=2, least=3),
            JudgeTie("Mai", "Tài năng", "tied", left=4, least=3), JudgeTie("Sơn", "Tài năng", "freed"),
            JudgeTie("Tư", "Tài năng", "declared", left=4),
        ]
    )  # fmt: skip
    assert [each.code for each in barred] == ["subst_no_judge"]
    assert [each.split(" ")[2] for each in said(follows)] == ["Mai", "Sơn"]
    assert [each.split(" ")[2] for each in said(warns)] == ["Hùng", "Tư"]


def placed(code: str, minutes: int, persons: set[int], families: set[int], stage: str) -> Placed:
    session = PlannedSession(stage, stage, code, stage, AT, AT + timedelta(hours=3))
    act = PlannedAct(code, code, code, 15, persons=frozenset(persons), families=frozenset(families))
    return Placed(act, session, AT + timedelta(minutes=minutes))


def test_only_a_clash_that_was_not_there_is_told() -> None:
    plan = [
        placed("một", 0, {1}, {1}, "A"), placed("hai", 5, {1, 2}, {1, 2}, "B"), placed("ba", 30, {9}, {9}, "C"),
        placed("bốn", 50, {4}, {4}, "D"), placed("năm", 35, {5}, {5}, "E"),
    ]  # fmt: skip
    entries = {"một": [11], "hai": [22], "ba": [33], "bốn": [44], "năm": [55]}
    assert new_clashes(plan, entries, {}, 15).impossible == [], "one and two clash already"

    def into(entry: int, comes: int, family: int) -> tuple[int, int]:
        change = Exchange(come=frozenset({comes}), families_come=frozenset({family}))
        found = new_clashes(plan, entries, {entry: change}, 15)
        return len(found.impossible), len(found.tight)

    assert into(22, 9, 9) == (0, 1), "ten minutes until the next"
    assert into(11, 2, 2) == (0, 0), "another family of the same two acts is no news"
    assert into(33, 5, 5) == (1, 0)
    assert into(44, 9, 9) == (0, 1)
    assert into(44, 1, 1) == (0, 0)


def test_who_is_away_then_and_who_changes_costume_is_told_too() -> None:
    plan = [placed("một", 0, {1}, {1}, "A"), placed("hai", 25, {2}, {2}, "B")]
    away = AwayTime(N_("gia đình ba"), AT, AT + timedelta(hours=1), families=frozenset({3}))
    wishes = Wishes(away=(away,), change_min={"": 20})

    def into(comes: int, family: int) -> tuple[int, int]:
        change = Exchange(come=frozenset({comes}), families_come=frozenset({family}))
        found = new_clashes(plan, {"một": [11], "hai": [22]}, {11: change}, 5, wishes)
        return len(found.impossible), len(found.tight)

    assert into(4, 4) == (0, 0)
    assert into(3, 3) == (1, 0), "away at that time"
    assert into(2, 4) == (0, 1), "ten minutes for a costume that needs twenty"


def test_the_family_is_asked_as_it_would_be() -> None:
    home = Household(
        members=(
            Member("Sa", Relation.REPRESENTATIVE, Sex.FEMALE, Birth(1986), contests=("hat", "nau"), code="A"),
            Member("Chung", Relation.SPOUSE, Sex.MALE, Birth(1980), code="B"),
        )
    )
    assert [each.contests for each in moved(home, "hat", "A", "B").members] == [("nau",), ("hat",)]
    assert [each.contests for each in moved(home, "hat", "X", "B").members] == [("hat", "nau"), ("hat",)]
    assert moved(home, "hat", "X", "Y") == home
