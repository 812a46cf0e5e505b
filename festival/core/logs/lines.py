"""What does the program write into a log? When (with the zone), where, and which kind; never the words of an exception.

An exception's own words hold what somebody typed: PostgreSQL's say which name is there already, Python's which text is no
number. So whoever logs one, we or a library, its kind and the places it went through are written. At a terminal sits somebody
who may read all of it, so there a command's own traceback stays as it is.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from typing import Any

log = logging.getLogger(__name__)

WHEN = "%Y-%m-%dT%H:%M:%S%z"


class KindAndPlace(logging.Formatter):
    """A line, and below it the kinds and places of an exception."""

    default_msec_format = None

    def __init__(self, line: str = "%(asctime)s %(levelname)s %(name)s %(message)s") -> None:
        super().__init__(line, WHEN)

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # the library keeps there what another handler has worded
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return kind_and_place(ei[1])


def kind_and_place(error: BaseException | None) -> str:
    """The exception and those it came from, the first one first, each with its frames and without its words."""
    return "\n".join(line for each in reversed(list(_chain(error))) for line in (*_frames(each), _kind(each)))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _frames(error: BaseException) -> list[str]:
    return [frame.rstrip() for frame in traceback.format_tb(error.__traceback__)]


def _kind(error: BaseException) -> str:
    """Its class; of the database's own also what it calls the fault and which rule of the tables held."""
    kind = type(error)
    named = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    told = getattr(error, "diag", None)
    more = [getattr(error, "sqlstate", None), getattr(told, "table_name", None), getattr(told, "constraint_name", None)]
    return " ".join([named, *(str(each) for each in more if each)])


def begin(*, testing: bool = False) -> None:
    """Every line of this process looks so; what nobody caught too, unless it is told at a terminal."""
    handler = logging.StreamHandler()
    handler.setFormatter(KindAndPlace())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    if testing or sys.stderr.isatty():
        return
    sys.excepthook = lambda _kind, error, _frames: _uncaught("program", error)
    threading.excepthook = lambda told: _uncaught("thread", told.exc_value)
    sys.unraisablehook = lambda told: _uncaught("clean-up", told.exc_value)


def _uncaught(where: str, error: BaseException | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    log.critical("the %s ended in an exception", where, exc_info=error)
