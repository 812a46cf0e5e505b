"""What was entered into an amendment, in words: each mark, measure, overtime, place and prize with what stood before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from festival.contests.models import Contest, ResultKind
from festival.contests.questions.answers import written_answers
from festival.core.sentence import N_, Points, Sentence, Stopped, Value
from festival.judging.models import MeasureState
from festival.judging.tally import Tally
from festival.results.amended.corrections import Corrections
from festival.results.standings import STATE_REASONS
from festival.results.table import OUT

MARK = N_("%(name)s, giám khảo %(letter)s, %(criterion)s: %(before)s sửa thành %(after)s.")
MEASURE = N_("%(name)s, lượt %(round)s: %(before)s sửa thành %(after)s.")
OVERTIME = N_("%(name)s, số giây quá giờ: %(before)s sửa thành %(after)s.")
PLACE = N_("%(name)s: ghi hạng %(place)s.")
NO_PLACE = N_("%(name)s: không ghi hạng riêng nữa.")
PRIZE = N_("%(name)s: ghi giải %(prize)s.")
NONE_GIVEN = N_("%(name)s: ghi không có giải.")
NO_PRIZE = N_("%(name)s: không ghi giải riêng nữa.")
PART_PLACES = N_("%(name)s, %(contest)s: hạng %(before)s sửa thành %(after)s.")
PART = N_("%(name)s, %(contest)s: %(before)s điểm sửa thành %(after)s điểm.")
SPECIAL = N_("Giải chuyên đề %(prize)s: %(before)s sửa thành %(after)s.")
NOBODY = N_("không trao cho ai")
NOTHING = N_("chưa có")
TOOK_PART = N_("có dự thi")


def entered(before: Tally, after: Tally, old: Corrections, new: Corrections) -> tuple[Sentence, ...]:
    """What an amendment with `new` changes where `old` was in force."""
    return (
        *_marks(before, after, {*old.marks, *new.marks}),
        *_measures(before, after, {*old.measures, *new.measures}),
        *_overtime(before, after, {*old.overtime, *new.overtime}),
        *_parts(before, after),
        *_stated(after, old, new),
    )


def _names(tally: Tally) -> dict[str, str]:
    return {each.code: each.name for each in tally.appearances}


def _marks(before: Tally, after: Tally, keys: set[tuple[str, int, str]]) -> Iterator[Sentence]:
    names, ids = _names(after), {each.code: each.id for each in after.appearances}
    letters = {seat.id: seat.letter for seat in after.seats}
    criteria = {each.code: each.name for each in after.criteria}
    for entry, judge_id, criterion in sorted(keys):
        pair = judge_id, ids.get(entry, 0)
        was, now = _mark(before, pair, criterion), _mark(after, pair, criterion)
        if was != now:
            yield MARK.filled(
                name=names.get(entry, entry),
                letter=letters.get(judge_id, ""),
                criterion=criteria.get(criterion, criterion),
                before=was,
                after=now,
            )


def _mark(tally: Tally, pair: tuple[int, int], criterion: str) -> Value:
    sheet = tally.sheets.get(pair)
    milli = None if sheet is None else sheet.marks.get(criterion)
    return NOTHING if milli is None else Points(milli)


def _measures(before: Tally, after: Tally, keys: set[tuple[str, int]]) -> Iterator[Sentence]:
    names, ids = _names(after), {each.code: each.id for each in after.appearances}
    for entry, round_ in sorted(keys):
        was, now = (_measure(tally, ids.get(entry, 0), round_) for tally in (before, after))
        if was != now:
            yield MEASURE.filled(name=names.get(entry, entry), round=round_, before=was, after=now)


def _measure(tally: Tally, entry_id: int, round_: int) -> Value:
    found = next((each for each in tally.measures.get(entry_id, ()) if each.round == round_), None)
    if found is None:
        return NOTHING
    if found.state is not MeasureState.VALID:
        return STATE_REASONS[OUT[found.state]]
    if found.value is None:
        return TOOK_PART
    said = _written(tally.contest, found.value)
    return said if found.answers is None else f"{said} ({written_answers(found.answers)})"


def _written(contest: Contest, value: int) -> Value:
    return Stopped(value) if contest.result_kind is ResultKind.TIME else f"{value} {contest.unit_label}".strip()


def _overtime(before: Tally, after: Tally, entries: set[str]) -> Iterator[Sentence]:
    names, ids = _names(after), {each.code: each.id for each in after.appearances}
    for entry in sorted(entries):
        was, now = (tally.overtime_s.get(ids.get(entry, 0), 0) for tally in (before, after))
        if was != now:
            yield OVERTIME.filled(name=names.get(entry, entry), before=was, after=now)


def _parts(before: Tally, after: Tally) -> Iterator[Sentence]:
    """Of a sum: what its components bring now."""
    for appearance in after.appearances:
        held = {each.contest: each for each in before.parts.get(appearance.id, ())}
        for each in after.parts.get(appearance.id, ()):
            was = held.get(each.contest, each)
            known: dict[str, Value] = {"name": appearance.name, "contest": each.name}
            if was.points_milli != each.points_milli:
                yield PART.filled(**known, before=Points(was.points_milli), after=Points(each.points_milli))
            elif was.places != each.places:
                yield PART_PLACES.filled(**known, before=_placed(was.places), after=_placed(each.places))


def _placed(places: tuple[int, ...]) -> str:
    return ", ".join(map(str, places)) or "–"


def special_words(names: Mapping[str, str], old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Sentence]:
    """Who had each special prize, and who has it now."""
    for prize in sorted({*old, *new}):
        if old.get(prize) != new.get(prize):
            was, now = (NOBODY if code is None else names.get(code, code) for code in (old.get(prize), new.get(prize)))
            yield SPECIAL.filled(prize=prize, before=was, after=now)


def _stated(after: Tally, old: Corrections, new: Corrections) -> Iterator[Sentence]:
    yield from stated_words(_names(after), old, new)


def stated_words(names: Mapping[str, str], old: Corrections, new: Corrections) -> Iterator[Sentence]:
    """The places and prizes that the amendment states itself, or states no more."""
    for entry in sorted({*old.places, *new.places}):
        name, place = names.get(entry, entry), new.places.get(entry)
        if place != old.places.get(entry):
            yield NO_PLACE.filled(name=name) if place is None else PLACE.filled(name=name, place=place)
    for entry in sorted({*old.prizes, *new.prizes}):
        name = names.get(entry, entry)
        if entry not in new.prizes:
            yield NO_PRIZE.filled(name=name)
        elif entry not in old.prizes or new.prizes[entry] != old.prizes[entry]:
            prize = new.prizes[entry]
            yield PRIZE.filled(name=name, prize=prize) if prize else NONE_GIVEN.filled(name=name)
