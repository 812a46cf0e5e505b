"""What is counted for the report, in which tables? Pure.

Plain tables count what everybody saw or is told anyway: families, people and entries of a unit, who performed, who was awarded,
who came, when it began. Where a table would tell a few people by age or household it goes through `sensitive`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from festival.ceremony.report.counting.facts import CountedPerson, ReportFacts
from festival.ceremony.report.counting.groups import NOT_WRITTEN, SEX_COUNTED_WORDS, SexCounted
from festival.ceremony.report.counting.tables import (
    SUM,
    CountedOne,
    Counting,
    FigureRow,
    FigureTable,
    Named,
    closed,
    named,
)
from festival.core.sentence import N_, Sentence

TOTAL = N_("Cộng")
ON_TIME_MIN = 5
WHOLE = "whole"
SEXES: list[Named] = [(sex.value, SEX_COUNTED_WORDS[sex]) for sex in SexCounted]


def plain(facts: ReportFacts) -> list[Counting]:
    """The tables without a secret, in their order."""
    return [
        _units(facts),
        _arrivals(facts),
        _contests(facts),
        _equality(facts),
        _awards_by_unit(facts),
        _awards_by_sex(facts),
        _programme(facts),
    ]


def closed_plain(countings: Iterable[Counting]) -> list[FigureTable]:
    """As they are shown: nothing is left out."""
    return [closed(each, TOTAL) for each in countings]


def one(person: CountedPerson) -> CountedOne:
    return CountedOne(person.name, person.under)


def of_units(facts: ReportFacts) -> list[Named]:
    return named((str(each.id), each.name) for each in facts.units)


def _units(facts: ReportFacts) -> Counting:
    columns = [
        ("families", N_("Gia đình")),
        ("members", N_("Người trong gia đình")),
        ("beside", N_("Người đi cùng")),
        ("entries", N_("Tiết mục, đội")),
    ]
    table = Counting("units", N_("Đoàn, gia đình, người theo đơn vị"), of_units(facts), columns, drawn="families")
    names = facts.unit_names
    for family in facts.families:
        table.put(str(family.unit), "families", CountedOne(family.name, names[family.unit]))
    for person in facts.people:
        if person.unit is not None:
            table.put(str(person.unit), "beside" if person.family is None else "members", one(person))
    for entry in facts.entries:
        table.put(str(entry.unit), "entries", CountedOne(entry.name, names[entry.unit]))
    table.children = True
    return table


def _arrivals(facts: ReportFacts) -> Counting:
    columns = [("came", N_("Đã đến")), ("missing", N_("Chưa thấy đến")), (SUM, N_("Dự kiến"))]
    table = Counting(
        "arrivals",
        N_("Người dự kiến và đã đến"),
        of_units(facts),
        columns,
        note=N_("Đã đến: có ít nhất một lượt quét vào còn tính, ngày nào cũng được. Gồm cả người đi cùng đoàn."),
        children=True,
    )
    for person in facts.people:
        if person.unit is not None:
            table.put(str(person.unit), "came" if person.came else "missing", one(person))
    return table


def _contests(facts: ReportFacts) -> Counting:
    columns = [("entries", N_("Tiết mục, đội")), ("performers", N_("Người dự thi")), *SEXES]
    rows = named((each.code, each.name) for each in facts.contests)
    table = Counting(
        "contests",
        N_("Theo phần thi"),
        rows,
        columns,
        note=N_("Một người dự nhiều phần thi được tính ở từng phần thi."),
        drawn="entries",
        children=True,
    )
    codes = {each.id: each.code for each in facts.contests}
    for entry in facts.entries:
        code = codes[entry.contest]
        table.put(code, "entries", CountedOne(entry.name, facts.unit_names[entry.unit]))
        for person_id in entry.people:
            person = facts.performing[person_id]
            table.put(code, "performers", one(person))
            table.put(code, person.sex.value, one(person))
    return table


def _equality(facts: ReportFacts) -> Counting:
    """Each person once in a row, however many entries."""
    rows = [
        ("cooking", N_("Người nấu ăn dự thi")),
        ("sport", N_("Người thi thể thao, trò chơi")),
        ("heads", N_("Trưởng đoàn")),
        ("jury", N_("Ban giám khảo, thư ký")),
        ("committee", N_("Ban Tổ chức (theo thẻ)")),
    ]
    table = Counting(
        "equality",
        N_("Nam, nữ trong các việc"),
        rows,
        [*SEXES, (SUM, TOTAL)],
        note=N_(
            "Không ghi: sổ không có giới tính của người ấy. Trưởng đoàn, giám khảo chưa ghi lấy giới tính của người cùng tên có thẻ."
        ),
        children=True,
        summed=False,
    )
    kinds = {each.id: each for each in facts.contests}
    for row, wanted in (("cooking", "cooks"), ("sport", "sport")):
        seen = {person for entry in facts.entries if getattr(kinds[entry.contest], wanted) for person in entry.people}
        for person_id in sorted(seen):
            person = facts.performing[person_id]
            table.put(row, person.sex.value, one(person))
    for unit in facts.units:
        if unit.head_name:
            table.put("heads", unit.head.value, CountedOne(unit.head_name, unit.name))
    with_card = {person.name: person for person in facts.people if person.badge == "jury"}
    for name in dict.fromkeys((*facts.panel, *with_card)):
        of_card = with_card[name].sex if name in with_card else SexCounted.UNKNOWN
        sex = facts.panel_sex.get(name, of_card)
        table.put("jury", sex.value, CountedOne(name))
    for person in facts.people:
        if person.badge == "committee":
            table.put("committee", person.sex.value, one(person))
    return table


def _awards_by_unit(facts: ReportFacts) -> Counting:
    columns = [
        ("prizes", N_("Giải của phần thi")),
        ("special", N_("Giải phụ, chuyên đề")),
        (WHOLE, N_("Giải toàn đoàn")),
        (SUM, TOTAL),
    ]
    table = Counting(
        "awards", N_("Giải thưởng theo đơn vị"), of_units(facts), columns, note=_released(facts), drawn=SUM
    )
    for award in facts.awards:
        column = WHOLE if award.contest is None else "special" if award.special else "prizes"
        table.put(str(award.unit), column, CountedOne(award.name, award.prize))
    return table


def _released(facts: ReportFacts) -> Sentence:
    done = sum(each.released for each in facts.contests)
    return N_("Chỉ tính phần thi đã cho MC đọc: %(done)s trên %(all)s phần thi.", done=done, all=len(facts.contests))


def _awards_by_sex(facts: ReportFacts) -> Counting:
    prizes = sorted({(each.special, each.position, each.prize) for each in facts.awards if each.contest is not None})
    order = list(dict.fromkeys(prize for _special, _position, prize in prizes))
    rows: list[Named] = named((f"p{at}", prize) for at, prize in enumerate(order))
    table = Counting(
        "receivers",
        N_("Giải thưởng theo giới của người đại diện"),
        rows,
        [*SEXES, (SUM, TOTAL)],
        note=N_("Không ghi: đội ghép không có một người đại diện, hoặc sổ không ghi giới tính."),
    )
    names = facts.unit_names
    for award in facts.awards:
        if award.contest is not None:
            table.put(f"p{order.index(award.prize)}", award.sex.value, CountedOne(award.name, names[award.unit]))
    return table


def _programme(facts: ReportFacts) -> Counting:
    columns = [
        ("on_time", N_("Đúng giờ")),
        ("late", N_("Trễ quá %(n)s phút", n=ON_TIME_MIN)),
        ("absent", N_("Vắng")),
        ("open", N_("Chưa diễn")),
        (SUM, N_("Theo lịch công bố")),
    ]
    with_turns = {each.contest for each in facts.turns}
    rows = named((each.code, each.name) for each in facts.contests if each.id in with_turns)
    table = Counting("programme", N_("Lịch đã công bố và giờ thật"), rows, columns, note=_lateness(facts))
    codes = {each.id: each.code for each in facts.contests}
    for turn in facts.turns:
        if turn.late_min is None:
            column = "absent" if turn.absent else "open"
        else:
            column = "late" if turn.late_min > ON_TIME_MIN else "on_time"
        table.put(codes[turn.contest], column, CountedOne(turn.name, turn.under))
    return table


def _lateness(facts: ReportFacts) -> Sentence:
    if not facts.published:
        return N_("Chưa công bố lịch nào.")
    late = [each.late_min for each in facts.turns if each.late_min is not None]
    if not late:
        return N_("Chưa có lượt nào bắt đầu.")
    return N_(
        "%(n)s lượt đã bắt đầu; trễ nhất %(most)s phút, trung bình %(mean)s phút so với giờ công bố.",
        n=len(late),
        most=max(0, *late),
        mean=max(0, round(sum(late) / len(late))),
    )


# ------------------------------------------------------------------------------------------------ compared


def totals(facts: ReportFacts) -> dict[str, int]:
    """What is compared with the edition before."""
    return {
        "delegations": len({each.unit for each in facts.families}),
        "families": len(facts.families),
        "members": len(facts.members),
        "entries": len(facts.entries),
        "contests": len(facts.contests),
        "came": sum(each.came for each in facts.people),
        "awards": sum(each.contest is not None for each in facts.awards),
    }


TOTAL_WORDS: dict[str, Sentence] = {
    "delegations": N_("Đoàn có gia đình dự"),
    "families": N_("Gia đình"),
    "members": N_("Người trong gia đình"),
    "contests": N_("Phần thi"),
    "entries": N_("Tiết mục, đội"),
    "came": N_("Người đã đến"),
    "awards": N_("Giải của các phần thi"),
}
COMPARED_COLUMNS: tuple[Named, ...] = (
    ("before", N_("Kỳ trước")),
    ("now", N_("Kỳ này")),
    ("change", N_("Thay đổi")),
)


def compared(
    name: str,
    before: dict[str, int],
    now: dict[str, int],
    kept_before: Sequence[FigureTable],
    kept_now: Sequence[FigureTable],
) -> FigureTable:
    """Beside the edition before. Of tables that hide cells only what both reports show: a difference tells no more than they do."""
    rows = [_compared(key, words, before.get(key), now.get(key)) for key, words in TOTAL_WORDS.items()]
    earlier = {each.key: each for each in kept_before}
    for table in kept_now:
        if table.key in earlier and table.key in COMPARED_BY:
            rows += _shown_in_both(earlier[table.key], table, COMPARED_BY[table.key])
    return FigureTable("compared", N_("So với %(name)s", name=name), COMPARED_COLUMNS, tuple(rows))


# Which margin of a table is compared: a column of every row, or the sum's row over every column.
COMPARED_BY: dict[str, Callable[[FigureTable], list[tuple[str, Sentence, str, str]]]] = {
    "ages": lambda table: [(f"age-{row.key}", row.label, row.key, SUM) for row in table.rows if row.key != SUM],
    "households": lambda table: [(f"kind-{key}", words, SUM, key) for key, words in table.columns if key != SUM],
}


def _shown_in_both(
    before: FigureTable, now: FigureTable, margin: Callable[[FigureTable], list[tuple[str, Sentence, str, str]]]
) -> list[FigureRow]:
    found = []
    for key, words, row, column in margin(now):
        one_, other = before.shown(row, column), now.shown(row, column)
        if isinstance(one_, int) and isinstance(other, int):
            found.append(_compared(key, words, one_, other))
    return found


def _compared(key: str, words: Sentence, before: int | None, now: int | None) -> FigureRow:
    if before is None or now is None:
        return FigureRow(
            key, words, (NOT_WRITTEN if before is None else before, 0 if now is None else now, NOT_WRITTEN)
        )
    change = now - before
    return FigureRow(key, words, (before, now, N_("+%(n)s", n=change) if change > 0 else change))
