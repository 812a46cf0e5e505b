"""What changed between two published programmes, in words a head of delegation reads once?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festival.core.sentence import N_, Sentence, Value
from festival.schedule.conflicts import day_clock
from festival.schedule.heats.rule import Lane, lane_in


@dataclass(frozen=True, slots=True)
class _ActPlace:
    name: str
    contest: str
    stage: str
    stage_code: str
    starts_at: datetime
    at: Lane | None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Sentence]:
    """Stages called otherwise; acts added, taken out and moved, in the order of the new programme. Both are contents of plans."""
    old, new = _places(before), _places(after)
    said = _renamed(before, after)
    for code, place in new.items():
        was = old.get(code)
        values: dict[str, Value] = {
            "name": place.name,
            "contest": place.contest,
            "stage": place.stage,
            "time": day_clock(place.starts_at),
        }
        if was is None:
            said.append(N_("Thêm «%(name)s» (%(contest)s): %(time)s, %(stage)s.", **values))
        elif was.stage_code != place.stage_code:
            said.append(
                N_(
                    "«%(name)s» (%(contest)s) chuyển sang %(stage)s lúc %(time)s; trước là %(old_time)s, %(old_stage)s.",
                    **values,
                    old_time=day_clock(was.starts_at),
                    old_stage=was.stage,
                )
            )
        elif was.starts_at != place.starts_at:
            later_min = int((place.starts_at - was.starts_at).total_seconds()) // 60
            values |= {"minutes": abs(later_min), "old_time": day_clock(was.starts_at)}
            if later_min > 0:
                said.append(
                    N_("«%(name)s» (%(contest)s) muộn hơn %(minutes)s phút: %(time)s, trước là %(old_time)s.", **values)
                )
            else:
                said.append(
                    N_("«%(name)s» (%(contest)s) sớm hơn %(minutes)s phút: %(time)s, trước là %(old_time)s.", **values)
                )
        elif place.at and was.at and place.at != was.at:
            values |= {"at": place.at.words, "old": was.at.words}
            said.append(N_("«%(name)s» (%(contest)s): %(at)s, trước là %(old)s; giờ không đổi.", **values))
    said += [
        N_("Bỏ «%(name)s» (%(contest)s), trước là %(time)s.", name=was.name, contest=was.contest,
           time=day_clock(was.starts_at))
        for code, was in old.items()
        if code not in new
    ]  # fmt: skip
    return said


def _places(content: Mapping[str, Any]) -> dict[str, _ActPlace]:
    return {
        act["entry"]: _ActPlace(
            act["name"],
            act["contest_name"],
            act["stage_name"],
            act["stage"],
            datetime.fromisoformat(act["starts_at"]),
            lane_in(act),
        )
        for act in content.get("acts", ())
    }


def _renamed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Sentence]:
    """A stage with another name is one change, not one for each of its acts."""
    names = {act["stage"]: act["stage_name"] for act in before.get("acts", ())}
    now = {act["stage"]: act["stage_name"] for act in after.get("acts", ())}
    return [
        N_("Sân khấu «%(old)s» nay gọi là «%(new)s».", old=names[code], new=name)
        for code, name in now.items()
        if code in names and names[code] != name
    ]
