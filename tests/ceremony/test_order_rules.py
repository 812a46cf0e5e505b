"""Are items, orders by hand, groups and trays what the organiser would count on paper?"""

from __future__ import annotations

from dataclasses import replace

from festival.ceremony.order import agenda, ranked, stage
from festival.ceremony.order.agenda import AgendaItem, CeremonyAgenda
from festival.ceremony.order.stage import AwardCall, AwardGiver, AwardPlan, AwardReceiver, groups_of

THREE = CeremonyAgenda("19:30", tuple(AgendaItem(f"Mục {n}", 10 * n, number=n) for n in (1, 2, 3)))


def names(made: CeremonyAgenda | None) -> list[str]:
    assert made is not None
    return [each.what for each in made.standing]


def test_items_move_go_and_come_back_and_keep_their_numbers() -> None:
    assert THREE.hours() == {1: "19:30", 2: "19:40", 3: "20:00"} and THREE.minutes == 60
    assert names(agenda.moved(THREE, 3, 1)) == ["Mục 3", "Mục 1", "Mục 2"]
    for number, to in ((3, 0), (3, 4), (9, 1)):
        assert agenda.moved(THREE, number, to) is None
    gone = agenda.taken_away(THREE, 1, away=True)
    assert gone is not None and names(gone) == ["Mục 2", "Mục 3"] and gone.hours()[2] == "19:30"
    assert agenda.taken_away(gone, 1, away=True) == gone and agenda.moved(gone, 1, 1) is None
    assert names(agenda.taken_away(gone, 1, away=False)) == ["Mục 2", "Mục 3", "Mục 1"]
    more = agenda.saved(gone, 0, AgendaItem("Thêm"))
    assert more is not None and more.items[-1].number == 4
    changed = agenda.saved(gone, 1, AgendaItem("Đổi tên"))
    assert changed is not None and [each.what for each in changed.away] == ["Đổi tên"]
    assert agenda.saved(gone, 9, AgendaItem("Không có")) is None
    full = CeremonyAgenda("", tuple(AgendaItem("x", number=n) for n in range(1, agenda.MOST_ITEMS + 1)))
    assert agenda.saved(full, 0, AgendaItem("Thêm")) is None
    assert agenda.read_agenda(THREE.kept()) == THREE and agenda.read_agenda({}) == CeremonyAgenda()
    late = replace(THREE, begins="23:45")
    assert late.hours() == {1: "23:45", 2: "23:55", 3: "00:15"}


def test_what_is_typed_is_read_or_the_box_is_named() -> None:
    assert [agenda.read_hour(typed) for typed in ("", "19h30", "7h", " 19:30 ", "24:00", "19:60", "tối", "-5")] == [
        "", "19:30", "07:00", "19:30", None, None, None, None,
    ]  # fmt: skip
    wrong = {
        "what": {"what": " "},
        "minutes": {"what": "Chào cờ", "minutes": "−5"},
        "microphones": {"what": "Chào cờ", "microphones": "51"},
        "note": {"what": "Chào cờ", "note": "x" * 301},
    }
    for field, typed in wrong.items():
        read = agenda.read_item(typed)
        assert not isinstance(read, AgendaItem) and read[0] == field
    for minutes in ("-5", "241", "mười"):
        assert not isinstance(agenda.read_item({"what": "Chào cờ", "minutes": minutes}), AgendaItem)
    read = agenda.read_item({"what": " Chào cờ ", "minutes": "3", "holds": "khác"})
    assert read == AgendaItem("Chào cờ", 3)


def test_an_order_by_hand_keeps_whoever_came_since_at_the_end() -> None:
    assert ranked.by_hand(["a", "b", "c", "d"], ["c", "x", "a"]) == ["c", "a", "b", "d"]
    assert ranked.placed(["a", "b", "c"], "c", 1) == ["c", "a", "b"]
    assert [ranked.placed(["a", "b"], *wrong) for wrong in (("x", 1), ("a", 0), ("a", 3))] == [None, None, None]
    marked = ranked.marked({"order": ["a"]}, "a", "late")
    assert marked == {"order": ["a"], "marks": {"a": "late"}}
    assert ranked.marked(marked, "a", "") == {"order": ["a"], "marks": {}}
    assert ranked.marks_of(marked, ["b"]) == {}


def call(key: str, many: int, *, released: bool = True) -> AwardCall:
    who = tuple(AwardReceiver(f"{key}{n}", f"{key} {n}") for n in range(many)) if released else ()
    return AwardCall(key, "p", "Phần thi", key, special=False, released=released, receivers=who, expected=many or None)


def test_groups_hold_at_most_so_many_and_awards_called_together_share_one() -> None:
    usual = AwardPlan(most=10, tray={"flowers": 1})
    for many, most, sizes in ((0, 10, [0]), (3, 10, [3]), (10, 10, [10]), (23, 10, [10, 10, 3]), (3, 1, [1, 1, 1])):
        groups = groups_of([(call("a", many), replace(usual, most=most))])
        assert [each.many for each in groups] == sizes, (many, most)
        assert [who.ref for each in groups for on in each.parts for who in on.receivers] == [
            f"a{n}" for n in range(many)
        ]
    three, two = call("a", 3), call("b", 2)
    apart = groups_of([(three, usual), (two, usual)])
    assert [[on.call.key for on in each.parts] for each in apart] == [["a"], ["b"]]
    joined = groups_of([(three, replace(usual, most=4)), (two, replace(usual, joined=True))])
    assert [[(on.call.key, on.many) for on in each.parts] for each in joined] == [[("a", 3), ("b", 1)], [("b", 1)]]
    foreseen = groups_of([(call("a", 3, released=False), usual)])
    assert [(each.many, dict(each.tray)) for each in foreseen] == [(3, {"flowers": 3})]


def test_a_tray_holds_nothing_for_who_receives_it_later_but_it_is_prepared() -> None:
    award = call("a", 3)
    plan = AwardPlan(tray={"flowers": 1, "certificate": 2})
    later = stage.missing(plan, "a1", True, "")
    assert dict(groups_of([(award, later)])[0].tray) == {"flowers": 2, "certificate": 4}
    assert dict(stage.to_prepare([(award, later)])) == {"flowers": 3, "certificate": 6}
    assert [(who.ref, done) for _call, who, done in stage.waiting([(award, later)])] == [("a1", False)]
    done = stage.handed(later, "a1", True)
    assert done is not None and [each[2] for each in stage.waiting([(award, done)])] == [True]
    undone = stage.handed(done, "a1", False)
    assert undone == later and stage.handed(later, "a0", True) is None
    instead = stage.missing(later, "a1", True, "Bà Danh Thị Hai")
    assert stage.waiting([(award, instead)]) == [] and dict(groups_of([(award, instead)])[0].tray)["flowers"] == 3
    assert stage.handed(instead, "a1", True) is None
    assert stage.missing(instead, "a1", False, "") == plan
    kept = replace(done, givers=(AwardGiver("k1"), AwardGiver(name="Ông A")))
    assert stage.plan_of({"a": kept.kept()}, "a", False) == replace(
        kept, tray={name: kept.tray.get(name, 0) for name in stage.TRAY}
    )
    full = AwardPlan(tuple(AwardGiver(name=str(n)) for n in range(stage.MOST_GIVERS)))
    assert stage.gave(full, AwardGiver(name="7")) is None and stage.gave(full, AwardGiver(name="1")) == full
