"""Is a JSON file readable, and where exactly is it not?

A file is read whole or refused whole (`BrokenRuleset`), every problem named by its path and a reason in Vietnamese.
Numbers are exact decimals, a key may stand once in an object, NaN is no number.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple, TypeVar

from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.shapes import SHAPES


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong at which place of the file; the path is written as in `$.contests[2].criteria[0].max`."""

    path: str
    reason: Sentence

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class BrokenRuleset(ValueError):
    """The file is refused whole; `problems` names every place at once, so that it is mended in one go."""

    def __init__(self, problems: Sequence[FileFault]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_POINTS_MILLI = 10_000_000
LONGEST_TEXT = 500
_FACTOR = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")
NO_POINTS = N_("số điểm %(value)s không hợp lệ (không âm, nhiều nhất ba số lẻ)")
NO_SIGNED_POINTS = N_("số điểm %(value)s không hợp lệ (nhiều nhất ba số lẻ)")
NO_FACTOR = N_(
    "«%(value)s» không phải là số dùng được ở đây: lớn hơn 0, nhiều nhất %(most)s, nhiều nhất ba số lẻ, như 1.5"
)


@dataclass(frozen=True, slots=True)
class Span:
    """An inclusive range of a count."""

    min: int
    max: int


T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Node(NamedTuple):
    """A value of the document, where it stands, and the list that problems are added to."""

    value: object
    path: str
    problems: list[FileFault]

    def wrong(self, reason: Sentence) -> None:
        self.problems.append(FileFault(self.path, reason))

    def at(self, key: str) -> Node:
        inside = self.value.get(key) if isinstance(self.value, Mapping) else None
        return Node(inside, f"{self.path}.{key}", self.problems)

    def has(self, key: str) -> bool:
        return isinstance(self.value, Mapping) and self.value.get(key) is not None

    def shaped(self, shape: str, shapes: Mapping[str, Mapping[str, bool]] = SHAPES) -> bool:
        """Is this an object with the keys of shapes[shape] and no other? What is too much or missing is noted."""
        if not isinstance(self.value, Mapping):
            self.wrong(N_("phải là một đối tượng { … }"))
            return False
        known = shapes[shape]
        for key in self.value:
            if key not in known:
                self._replace(path=f"{self.path}.{key}").wrong(
                    N_(
                        "khóa không có trong lược đồ; các khóa được dùng: %(keys)s",
                        keys=", ".join(known),
                    )
                )
        missing = [key for key, required in known.items() if required and self.value.get(key) is None]
        for key in missing:
            self._replace(path=f"{self.path}.{key}").wrong(N_("thiếu khóa bắt buộc"))
        return not missing

    def items(self) -> list[Node]:
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            self.wrong(N_("phải là một danh sách [ … ]"))
            return []
        return [Node(each, f"{self.path}[{at}]", self.problems) for at, each in enumerate(self.value)]

    def many(self, shape: str, read: Callable[[Node], T]) -> tuple[T, ...]:
        return tuple(read(node) for node in self.items() if node.shaped(shape))

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            self.wrong(N_("phải là chữ, không để trống"))
            return ""
        if len(self.value) > LONGEST_TEXT:
            self.wrong(N_("dài quá %(most)s ký tự", most=LONGEST_TEXT))
        return unicodedata.normalize("NFC", self.value.strip())

    def maybe_text(self) -> str | None:
        return None if self.value is None else self.text()

    def code(self) -> str:
        text = self.text()
        if text and not CODE.fullmatch(text):
            self.wrong(N_("mã «%(code)s» chỉ được gồm chữ thường không dấu, số và dấu gạch nối", code=text))
        return text

    def whole(self, least: int, most: int) -> int:
        value = self.value
        # bool is a kind of int in Python; `true` judges would pass as 1
        if isinstance(value, Decimal) and value == value.to_integral_value():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(N_("phải là số nguyên"))
            return least
        if not least <= value <= most:
            self.wrong(N_("phải từ %(least)s đến %(most)s, không phải %(value)s", least=least, most=most, value=value))
            return least
        return value

    def points(self, *, least: int = 0) -> int:
        """A number of points, at most three decimals, in thousandths."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.wrong(N_("phải là số điểm"))
            return max(least, 1)
        try:
            milli = Decimal(value) * 1000
            exact = milli == milli.to_integral_value()
        except InvalidOperation:
            milli, exact = Decimal(-1), False
        if not exact or not least <= milli <= MOST_POINTS_MILLI:
            said = NO_POINTS if least >= 0 else NO_SIGNED_POINTS
            self.wrong(said.filled(value=str(value)))
            return max(least, 1)
        return int(milli)

    def factor(self, most: int) -> int:
        """A factor over 0 in thousandths: decimal text (`"1.5"`) or a number, at most three decimals."""
        value = self.value
        if isinstance(value, str) and _FACTOR.fullmatch(value):
            value = Decimal(value)
        milli = Decimal(value) * 1000 if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None
        if milli is None or not milli.is_finite() or milli != milli.to_integral_value() or not 1 <= milli <= most:
            self.wrong(NO_FACTOR.filled(value=str(self.value), most=Points(most)))
            return 1000
        return int(milli)

    def truth(self, default: bool) -> bool:
        if self.value is None:
            return default
        if not isinstance(self.value, bool):
            self.wrong(N_("phải là true hoặc false"))
            return default
        return self.value

    def day(self) -> date:
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self.wrong(N_("ngày phải viết dạng 2024-06-14"))
            return date.min

    def one_of(self, choices: type[E]) -> E:
        try:
            return choices(unicodedata.normalize("NFC", self.value) if isinstance(self.value, str) else "")
        except ValueError:
            self.wrong(
                N_(
                    "«%(value)s» không được dùng ở đây; chọn một trong: %(choices)s",
                    value=str(self.value),
                    choices=", ".join(choices),
                )
            )
            return next(iter(choices))

    def span(self, least: int, most: int) -> Span | None:
        if self.value is None or not self.shaped("span"):
            return None
        low, high = self.at("min").whole(least, most), self.at("max").whole(least, most)
        if low > high:
            self.wrong(N_("min %(low)s lớn hơn max %(high)s", low=low, high=high))
        return Span(low, high)


def parse(text: str | bytes) -> object:
    """The JSON document, numbers as exact decimals.

    Raises BrokenRuleset when it is no JSON, has a key twice (the second would silently win) or says NaN.
    """
    try:
        return json.loads(
            text if isinstance(text, str) else text.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_refused_constant,
            object_pairs_hook=_keys_once,
        )
    except UnicodeDecodeError as error:
        raise BrokenRuleset([FileFault("$", N_("tệp không phải chữ UTF-8"))]) from error
    except json.JSONDecodeError as error:
        reason = N_("không phải JSON: dòng %(line)s, cột %(column)s", line=error.lineno, column=error.colno)
        raise BrokenRuleset([FileFault("$", reason)]) from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, BrokenRuleset):
            raise
        raise BrokenRuleset([FileFault("$", N_("không phải JSON đọc được"))]) from error


def _refused_constant(name: str) -> object:
    raise BrokenRuleset([FileFault("$", N_("%(name)s không phải là số dùng được", name=name))])


def _keys_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise BrokenRuleset(
                [FileFault(f"$..{key}", N_("khóa «%(key)s» viết hai lần trong một đối tượng", key=key))]
            )
        found[key] = value
    return found
