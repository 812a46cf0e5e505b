"""On which line of a JSON text does a path stand? Pure.

The reader of rule files names a fault by its path (`$.contests[2].criteria[0].max`); who mends the file in an editor looks
for a line. A key that is missing stands where its object begins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

_SPACE = re.compile(r"[ \t\r\n]*")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_PLAIN = re.compile(r"[^,\]}\s]+")


def lines_of(text: str) -> Mapping[str, int]:
    """Every path of a sound JSON text with the line it begins on; nothing for a text that is no JSON."""
    found: dict[str, int] = {}
    starts = [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]
    line = 0
    try:
        for path, at in _walk(text):
            while line + 1 < len(starts) and starts[line + 1] <= at:
                line += 1
            found[path] = line + 1
    except (ValueError, IndexError, StopIteration, RecursionError):
        return {}
    return found


def line_of(path: str, lines: Mapping[str, int]) -> int | None:
    """The line of a path, or of what it stands in."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["))] if max(path.rfind("."), path.rfind("[")) > 0 else ""
    return lines.get(path)


def _walk(text: str) -> Iterator[tuple[str, int]]:
    """Paths in the order in which they stand. A stack of our own: a deep text must not exhaust that of the program."""
    at = _space(text, 1 if text.startswith("\ufeff") else 0)
    open_: list[tuple[str, str, int]] = []  # closing sign, path, how many items of a list came before
    path = "$"
    while True:
        yield path, at
        if text[at] in "{[":
            open_.append(("}" if text[at] == "{" else "]", path, -1))
            at = _space(text, at + 1)
        else:
            at = _past(text, at)
        path, at = _next(text, at, open_)
        if not path:
            return


def _next(text: str, at: int, open_: list[tuple[str, str, int]]) -> tuple[str, int]:
    """The path of the next value and where its key or itself begins; "" at the end."""
    while open_:
        closing, holder, count = open_[-1]
        at = _space(text, at)
        if text[at] == closing:
            open_.pop()
            at += 1
            continue
        if count >= 0:
            if text[at] != ",":
                raise ValueError(at)
            at = _space(text, at + 1)
        open_[-1] = (closing, holder, count + 1)
        if closing == "]":
            return f"{holder}[{count + 1}]", at
        end = _past(text, at)
        return f"{holder}.{json.loads(text[at:end])}", _space(text, _space(text, end) + 1)
    return "", at


def _past(text: str, at: int) -> int:
    """Behind a text, a number or a word."""
    found = (_TEXT if text[at] == '"' else _PLAIN).match(text, at)
    if found is None:
        raise ValueError(at)
    return found.end()


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
