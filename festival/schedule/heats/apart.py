"""Does everybody of a heat stand at the same time on the same stage, and has everybody a place? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from festival.core.sentence import N_
from festival.schedule.heats.rule import Lane
from festival.schedule.rules.planned import Clash, PlanConflict, PlannedAct

Stands = Mapping[int, tuple[int, datetime]]  # by entry: session and start


def apart(
    acts: Iterable[PlannedAct], entries_of: Mapping[str, tuple[int, ...]], lanes: Mapping[int, Lane], stands: Stands
) -> Iterator[PlanConflict]:
    """Heats that are torn, and those of which somebody came when the heat had its place already. A heat without any is unplaced."""
    for act in acts:
        entries = [each for each in entries_of[act.code] if each in lanes]
        places = [stands[each] for each in entries if each in stands]
        if len(set(places)) > 1:
            yield PlanConflict(
                Clash.TORN,
                (act.code,),
                N_(
                    "«%(act)s» bị tách: các gia đình cùng đợt đứng ở %(n)s giờ hoặc sân khấu khác nhau. Đưa đợt này ra khỏi lịch "
                    "ở bảng lịch rồi bấm «Xếp nốt», hoặc xếp lại cả lịch.",
                    act=act.title,
                    n=len(set(places)),
                ),
            )
        elif places and len(places) < len(entries):
            yield PlanConflict(
                Clash.UNPLACED,
                (act.code,),
                N_(
                    "«%(act)s»: %(n)s gia đình vào đợt khi lịch đã xếp nên chưa có giờ. Bấm «Xếp nốt» để đứng cùng đợt.",
                    act=act.title,
                    n=len(entries) - len(places),
                ),
            )
