"""Which wishes cannot be kept by any plan? Said before anything is planned, each with what to change. Pure.

Only what is certain is said: an act for which no session leaves room, two acts of one family that no order makes possible, an
act before another that is over too late, a circle, more opening acts than sessions, a stage without hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from festival.core.sentence import N_, Sentence
from festival.schedule.rules.ordering import circle, in_order
from festival.schedule.rules.planned import Clash, Placed, PlanConflict, PlannedAct, PlannedSession, day_clock, no_place
from festival.schedule.rules.wished import Wishes, free_spans


@dataclass(frozen=True, slots=True)
class ActRoom:
    """Where an act could be: the longest free span, the earliest end and the latest start."""

    act: PlannedAct
    longest_min: int
    ends: datetime
    starts: datetime


def impossible(
    acts: Sequence[PlannedAct], sessions: Sequence[PlannedSession], wishes: Wishes, stages: Iterable[str] = ()
) -> list[PlanConflict]:
    """Every wish that no plan can keep, and every stage (by name) on which nothing can be planned."""
    used = {session.stage for session in sessions}
    found = [
        PlanConflict(Clash.CAPACITY, (), N_("%(stage)s chưa có buổi thi nào: chưa tiết mục nào xếp lên đó được.", stage=stage))
        for stage in stages
        if stage not in used
    ]  # fmt: skip
    rooms: dict[str, ActRoom] = {}
    for act in acts:
        room = _room(act, sessions, wishes)
        if isinstance(room, ActRoom):
            rooms[act.code] = room
        else:
            found.append(PlanConflict(Clash.WINDOW, (act.code,), room))
    found += _one_after_the_other(rooms, wishes)
    found += _at_once(rooms)
    found += _too_many(acts, sessions, wishes)
    return found


def unplaced(
    acts: Iterable[PlannedAct], sessions: Sequence[PlannedSession], wishes: Wishes, placed: Iterable[Placed]
) -> list[PlanConflict]:
    """Those that stand in no session, each with why."""
    have = {each.act.code for each in placed}
    return [
        PlanConflict(Clash.UNPLACED, (act.code,), why_no_place(act, sessions, wishes))
        for act in acts
        if act.code not in have
    ]


def why_no_place(act: PlannedAct, sessions: Sequence[PlannedSession], wishes: Wishes) -> Sentence:
    """Why an act stands in no session: a wish that leaves no room, or the others who are there."""
    room = _room(act, sessions, wishes)
    return no_place(act) if isinstance(room, ActRoom) else room


def _room(act: PlannedAct, sessions: Sequence[PlannedSession], wishes: Wishes) -> ActRoom | Sentence:
    own = [session for session in sessions if session.queue == act.queue]
    length = timedelta(minutes=act.duration_min)
    spans = [span for session in own for span in free_spans(act, session, wishes)]
    room = [(begins, ends) for begins, ends in spans if ends - begins >= length]
    longest = max((session.minutes for session in own), default=0)
    if room:
        return ActRoom(
            act,
            longest,
            min(begins for begins, _ends in room) + length,
            max(ends for _begins, ends in room) - length,
        )
    if longest < act.duration_min:
        return N_(
            "«%(act)s» cần %(minutes)s phút, dài hơn mọi buổi của phần thi (buổi dài nhất %(longest)s phút). "
            "Kéo dài một buổi, hoặc bớt số phút của tiết mục.",
            act=act.title,
            minutes=act.duration_min,
            longest=longest,
        )
    left = max((int((ends - begins).total_seconds()) // 60 for begins, ends in spans), default=0)
    return N_(
        "«%(act)s» cần %(minutes)s phút, nhưng trừ giờ vắng mặt, giờ nghỉ và giờ đã hẹn thì chỉ còn liền nhau %(left)s phút. "
        "Bớt một điều đã ghi, hoặc thêm buổi thi.",
        act=act.title,
        minutes=act.duration_min,
        left=left,
    )


def _one_after_the_other(rooms: dict[str, ActRoom], wishes: Wishes) -> Iterable[PlanConflict]:
    """Circles, and acts that are over too late for those after them; what an act waits for is carried on."""
    around = circle(pair for pair in wishes.before if pair[0] in rooms and pair[1] in rooms)
    if around:
        named = " → ".join(f"«{rooms[code].act.title}»" for code in around)
        yield PlanConflict(Clash.BEFORE, tuple(around), in_a_circle(named))
        return
    ends = {code: room.ends for code, room in rooms.items()}
    for code in in_order(rooms, wishes.before):
        for first in (before for before, after in wishes.before if after == code and before in ends):
            one, other = rooms[first], rooms[code]
            if ends[first] > other.starts:
                yield PlanConflict(
                    Clash.BEFORE,
                    (first, code),
                    N_(
                        "«%(first)s» phải thi xong trước «%(second)s», nhưng sớm nhất %(end)s mới xong, còn «%(second)s» muộn "
                        "nhất %(start)s phải bắt đầu. Bỏ một trong các điều đã ghi.",
                        first=one.act.title,
                        second=other.act.title,
                        end=day_clock(ends[first]),
                        start=day_clock(other.starts),
                    ),
                )
            ends[code] = max(ends[code], ends[first] + timedelta(minutes=other.act.duration_min))


def in_a_circle(named: str) -> Sentence:
    """What is said of acts that wait for each other."""
    return N_("Thứ tự trước sau đi thành vòng: %(acts)s. Bỏ một điều trong vòng này.", acts=named)


def _at_once(rooms: dict[str, ActRoom]) -> Iterable[PlanConflict]:
    """Two acts of one family, or of one person, of which neither can be over before the other must begin."""
    of: dict[Hashable, list[ActRoom]] = defaultdict(list)
    for room in rooms.values():
        for who in {
            *(("family", each) for each in room.act.families),
            *(("person", each) for each in room.act.persons),
        }:
            of[who].append(room)
    said: set[tuple[str, str]] = set()
    for several in of.values():
        for one, other in combinations(several, 2):
            pair = (one.act.code, other.act.code)
            if pair not in said and one.ends > other.starts and other.ends > one.starts:
                said.add(pair)
                reason = N_(
                    "«%(one)s» và «%(other)s» có chung gia đình hoặc người, mà theo các buổi và giờ đã ghi thì không cách nào "
                    "thi lần lượt. Nới giờ của một trong hai.",
                    one=one.act.title,
                    other=other.act.title,
                )
                yield PlanConflict(Clash.FAMILY, pair, reason)


def _too_many(acts: Sequence[PlannedAct], sessions: Sequence[PlannedSession], wishes: Wishes) -> Iterable[PlanConflict]:
    for queue in sorted({act.queue for act in acts}):
        held = sum(session.queue == queue for session in sessions)
        for codes, sentence in (
            (wishes.opening, N_("%(acts)s tiết mục cùng phải mở màn, nhưng phần thi chỉ có %(held)s buổi. Bỏ bớt.")),
            (
                wishes.closing,
                N_("%(acts)s tiết mục cùng phải kết thúc buổi, nhưng phần thi chỉ có %(held)s buổi. Bỏ bớt."),
            ),
        ):
            own = tuple(act.code for act in acts if act.queue == queue and act.code in codes)
            if len(own) > held:
                yield PlanConflict(Clash.PLACE, own, sentence.filled(acts=len(own), held=held))
