"""Which part of a day of the programme does one page show, so that a festival of a thousand acts is still a small page?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from festival.core.clock import local
from festival.core.web.paging import ListPart, part
from festival.programme.live import Line
from festival.programme.queries import Block, ProgrammeDay

LINES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class ShownDay:
    """`stages`: to choose from, code and name, of a day that has more than one; `stage` "": all of them."""

    on: date
    stages: tuple[tuple[str, str], ...]
    stage: str
    blocks: tuple[Block, ...]
    part: ListPart

    @property
    def name(self) -> str:
        """Which page it is."""
        return f"{self.on} {self.stage} {self.part.number}"

    def after_midnight(self, line: Line) -> str:
        """The day of an act of this evening that comes after midnight, 15/6; "" of any other."""
        begins = local(line.starts_at)
        return "" if begins.date() == self.on else f"{begins.day}/{begins.month}"

    def goes_on(self, block: Block) -> bool:
        """Whether the evening does."""
        return any(self.after_midnight(line) for line in block.lines)


def shown_day(day: ProgrammeDay, stage: str, page: int) -> ShownDay:
    """A stage that the day does not have shows all, a page that is none the nearest."""
    stages = dict(
        sorted({block.lines[0].stage: block.stage_name for block in day.blocks}.items(), key=lambda each: each[1])
    )
    stage = stage if stage in stages else ""
    blocks = [block for block in day.blocks if stage in ("", block.lines[0].stage)]
    chosen = part(sum(len(block.lines) for block in blocks), LINES_A_PAGE, page)
    several = tuple(stages.items()) if len(stages) > 1 else ()
    return ShownDay(day.on, several, stage, tuple(_cut(blocks, chosen)), chosen)


def _cut(blocks: Sequence[Block], chosen: ListPart) -> Iterator[Block]:
    at = 0
    for block in blocks:
        since, until = max(chosen.offset - at, 0), chosen.until - at
        lines = block.lines[since : max(until, 0)]
        if lines:
            yield replace(block, lines=lines)
        at += len(block.lines)
