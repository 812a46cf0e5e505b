"""In what do two rule documents differ, key by key, in words? Pure.

Every key a document may say (`editions.rules.shapes.SHAPES`) is told where it differs, old and new; contests, criteria and
delegations are known by their codes (a delegation first by its unit, as the import knows it), so that a moved one is
moved and not another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festival.core.sentence import N_, Sentence
from festival.editions.rules.shapes import SHAPES
from festival.setup.difference_words import LABELS, Names, value_words

Piece = Mapping[str, Any]

CHANGED = N_("%(what)s: %(old)s → %(new)s.")
ADDED = N_("Thêm «%(name)s» (mã %(code)s).")
GONE = N_("Bỏ «%(name)s» (mã %(code)s).")
CRITERION_ADDED = N_("Thêm tiêu chí «%(name)s» (mã %(code)s).")
CRITERION_GONE = N_("Bỏ tiêu chí «%(name)s» (mã %(code)s).")
MOVED = N_("Thứ tự: %(old)s → %(new)s.")
OF_CONTEST = N_("Phần thi «%(name)s»")
OF_CRITERION = N_("%(what)s của tiêu chí «%(name)s»")
OF_OTHER = N_("%(what)s (%(of)s)")
OF_DELEGATION = N_("%(what)s của đoàn «%(name)s»")
TOLD = N_("%(where)s. %(said)s")

# Objects that are told key by key under the name of the key that holds them.
INSIDE: Mapping[str, str] = {
    "part": "part",
    "after": "after",
    "overtime": "overtime",
    "undertime": "undertime",
    "bracket": "bracket",
    "dishes": "dishes",
    "scoring": "scoring",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: under which heading, said with old and new."""

    where: Sentence
    said: Sentence

    @property
    def told(self) -> Sentence:
        """Heading and sentence in one, where no list is drawn."""
        return TOLD.filled(where=self.where, said=self.said)


def differences(before: Piece, after: Piece) -> tuple[Difference, ...]:
    """Everything in which two documents differ, in the order of a document."""
    return tuple(_whole(before, after))


def contest_differences(before: Piece, after: Piece, contests: Sequence[Piece] = ()) -> tuple[Difference, ...]:
    """The same of one contest; `contests` are those whose names its words may need."""
    return tuple(_contest(before, after, _names(contests)))


def _whole(before: Piece, after: Piece) -> Iterator[Difference]:
    labels, names = LABELS["ruleset"], _names(before.get("contests") or (), after.get("contests") or ())
    for key in SHAPES["ruleset"]:
        old, new = before.get(key), after.get(key)
        if key in ("festival", "quotas", "whole_delegation"):
            yield from (Difference(labels[key], said) for said in _keys(key, old or {}, new or {}, names))
        elif key == "delegations":
            yield from (Difference(labels[key], said) for said in _delegations(old or [], new or []))
        elif key == "contests":
            yield from _contests(old or [], new or [], names)
        elif _differ(old, new):
            yield Difference(labels[key], _changed(labels[key], key, old, new, names))


def _keys(shape: str, before: Piece, after: Piece, names: Names) -> Iterator[Sentence]:
    for key in SHAPES[shape]:
        old, new = before.get(key), after.get(key)
        if key in INSIDE:
            for inner in SHAPES[INSIDE[key]]:
                first, second = (old or {}).get(inner), (new or {}).get(inner)
                if _differ(first, second):
                    what = OF_OTHER.filled(what=LABELS[INSIDE[key]][inner], of=LABELS[shape][key])
                    yield _changed(what, inner, first, second, names)
        elif key != "criteria" and _differ(old, new):
            yield _changed(LABELS[shape][key], key, old, new, names)


def _delegations(before: Sequence[Piece], after: Sequence[Piece]) -> Iterator[Sentence]:
    units = {each["unit_code"]: each for each in before if each.get("unit_code")}
    codes = {each["code"]: each for each in before}
    kept: list[tuple[Piece, Piece]] = []
    for new in after:
        old = units.get(new.get("unit_code")) or codes.get(new["code"])
        if old is None or any(old is each for each, _ in kept):
            yield _told(ADDED, new)
            continue
        kept.append((old, new))
        for key in SHAPES["delegation"]:
            if _differ(old.get(key), new.get(key)):
                what = OF_DELEGATION.filled(what=LABELS["delegation"][key], name=new["name"])
                yield _changed(what, key, old.get(key), new.get(key), {})
    stay = [old for old, _ in kept]
    for old in before:
        if not any(old is each for each in stay):
            yield _told(GONE, old)
    yield from _order([each for each in before if any(each is one for one in stay)], stay)


def _contests(before: Sequence[Piece], after: Sequence[Piece], names: Names) -> Iterator[Difference]:
    held = {each["code"]: each for each in before}
    for new in after:
        old = held.pop(new["code"], None)
        if old is None:
            yield Difference(LABELS["ruleset"]["contests"], _told(ADDED, new))
        else:
            yield from _contest(old, new, names)
    for gone in held.values():
        yield Difference(LABELS["ruleset"]["contests"], _told(GONE, gone))
    for said in _order(*_both(before, after)):
        yield Difference(LABELS["ruleset"]["contests"], said)


def _contest(old: Piece, new: Piece, names: Names) -> Iterator[Difference]:
    criteria = old.get("criteria") or [], new.get("criteria") or []
    own = {**names, **_names(*criteria)}
    for said in (*_keys("contest", old, new, own), *_criteria(*criteria)):
        yield Difference(OF_CONTEST.filled(name=old["name"]), said)


def _criteria(before: Sequence[Piece], after: Sequence[Piece]) -> Iterator[Sentence]:
    held = {each["code"]: each for each in before}
    for new in after:
        old = held.pop(new["code"], None)
        if old is None:
            yield _told(CRITERION_ADDED, new)
            continue
        for key in SHAPES["criterion"]:
            if _differ(old.get(key), new.get(key)):
                what = OF_CRITERION.filled(what=LABELS["criterion"][key], name=old["name"])
                yield _changed(what, key, old.get(key), new.get(key), {})
    for gone in held.values():
        yield _told(CRITERION_GONE, gone)
    yield from _order(*_both(before, after))


def _both(before: Sequence[Piece], after: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Those of `before` that stay, as they stood and as they stand now."""
    held = {each["code"]: each for each in before}
    now = [held[each["code"]] for each in after if each["code"] in held]
    return [each for each in before if any(each is one for one in now)], now


def _order(before: Sequence[Piece], now: Sequence[Piece]) -> Iterator[Sentence]:
    if [each["code"] for each in before] != [each["code"] for each in now]:
        yield MOVED.filled(
            old=", ".join(str(each["name"]) for each in before), new=", ".join(str(each["name"]) for each in now)
        )


def _told(said: Sentence, piece: Piece) -> Sentence:
    return said.filled(name=str(piece["name"]), code=str(piece["code"]))


def _changed(what: Sentence, key: str, old: Any, new: Any, names: Names) -> Sentence:
    return CHANGED.filled(what=what, old=value_words(key, old, names), new=value_words(key, new, names))


def _differ(old: Any, new: Any) -> bool:
    """A list with nothing in it says what no list says; 0.1 typed and 0.1 stored are one number."""
    return bool(_plain(old) != _plain(new))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value] or None
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return float(value)


def _names(*pieces: Sequence[Piece]) -> dict[str, str]:
    return {each["code"]: each["name"] for those in pieces for each in those if each.get("code")}
