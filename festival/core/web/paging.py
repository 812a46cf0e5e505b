"""Which part of a long list is shown, and which numbers of an address are to be believed?

Addresses are typed, shortened and passed on: a page number that is none shows the first page, one beyond the end the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import request

from festival.core.numbers import typed_number

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ListPart:
    """Page `number` of `last`; rows `first` to `until` (counted from 1) of `found`."""

    number: int
    last: int
    found: int
    size: int

    @property
    def first(self) -> int:
        """The number of the first row shown, 0 of an empty list."""
        return min(self.found, (self.number - 1) * self.size + 1)

    @property
    def until(self) -> int:
        """The number of the last row shown."""
        return min(self.found, self.number * self.size)

    @property
    def offset(self) -> int:
        """How many rows come before."""
        return (self.number - 1) * self.size

    def of(self, rows: Sequence[T]) -> Sequence[T]:
        """The rows of this part."""
        return rows[self.offset : self.offset + self.size]


def part(found: int, size: int, asked: int) -> ListPart:
    """Page `asked` of `found` rows, `size` a page."""
    last = max(1, -(-found // size))
    return ListPart(min(max(1, asked), last), last, found, size)


def asked_number(name: str, default: int = 0) -> int:
    """A whole number of the address; `default` for everything else."""
    number = typed_number(request.args.get(name, ""))
    return default if number is None else number


def asked_part(found: int, size: int) -> ListPart:
    """The part that `?page=` asks for."""
    return part(found, size, asked_number("page", 1))
