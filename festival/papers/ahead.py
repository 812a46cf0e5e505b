"""How is a paper drawn while nobody waits for it? Between two tries of the step that keeps it, outside of its transaction.

A step says what its paper will say only once it holds its rows. `with_papers` therefore tries it: where a paper is not drawn
yet the try is rolled back, the paper is drawn while nothing is held, and the step is tried again; when it says the same then, the
bytes are there. Whoever calls such a step in a transaction of its own has the paper drawn on the spot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from festival.core.transaction import transaction

Answer = TypeVar("Answer")
TRIES = 3  # what somebody changes again and again meanwhile is drawn on the spot at last

_ready: ContextVar[dict[str, tuple[bytes, bytes]] | None] = ContextVar("papers_drawn", default=None)


@dataclass(frozen=True, slots=True)
class SaidPaper:
    """What a paper says, by its digest. `made`: the PDF and the document, from values alone."""

    drawn: str
    signers: tuple[Mapping[str, str], ...]
    made: Callable[[], tuple[bytes, bytes]]


class PaperNotReady(Exception):
    """This paper has to be drawn before the step is tried again."""

    def __init__(self, said: SaidPaper) -> None:
        super().__init__(said.drawn)
        self.said = said


def with_papers(step: Callable[[], Answer]) -> Answer:
    """What `step` answers in a transaction of its own, its papers drawn before."""
    ready: dict[str, tuple[bytes, bytes]] = {}
    for _try in range(TRIES):
        held = _ready.set(ready)
        try:
            with transaction():
                return step()
        except PaperNotReady as wanted:
            said = wanted.said
        finally:
            _ready.reset(held)
        ready[said.drawn] = said.made()
    with transaction():
        return step()


def drawn_ahead(said: SaidPaper) -> tuple[bytes, bytes]:
    """The bytes of a paper."""
    ready = _ready.get()
    if ready is None:
        return said.made()
    if said.drawn not in ready:
        raise PaperNotReady(said)
    return ready[said.drawn]
