"""What is proposed, before anything is written: who would come when instead, how many families, how much longer they wait; or who stands against it?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from festival.core.clock import local
from festival.core.sentence import N_, Sentence
from festival.core.transaction import reading
from festival.schedule.conflicts import day_clock
from festival.schedule.mending.answer import Mended, mended
from festival.schedule.mending.change import PlanChange
from festival.schedule.mending.reading import DayNow, MendQuestion, moment_of, question
from festival.schedule.mending.shapes import MendSpot, Spots, waiting
from festival.schedule.mending.taking import ActMove
from festival.schedule.models import ActState
from festival.schedule.moving.lying import Lying, lying
from festival.schedule.solver.shapes import moment

SECONDS = 2.8  # what an organiser waits for at most


@dataclass(frozen=True, slots=True)
class MovedAct:
    """One act before and after. `asked`: it is the one that is to move."""

    title: str
    was: datetime | None
    now: datetime
    was_stage: str
    stage: str
    asked: bool

    @property
    def minutes(self) -> int:
        """How much later; below 0: earlier."""
        return 0 if self.was is None else int((self.now - self.was).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Proposal:
    """`moves` empty: there is nothing to do, or (`against`) it cannot be. `families`: that have another hour, without the one that asked."""

    moves: tuple[ActMove, ...]
    moved: tuple[MovedAct, ...]
    families: int
    longest: int
    waiting: int
    fewest: bool
    possible: bool
    impossible: bool
    against: tuple[Sentence, ...]
    remarks: tuple[Sentence, ...]

    @property
    def written(self) -> str:
        """As a form brings it back."""
        return " ".join(each.written for each in self.moves)


def proposed(
    festival_id: int, change: PlanChange, day: Callable[[Lying], DayNow | None] = lambda _table: None
) -> Proposal:
    """Looked for outside of any transaction; what is taken later is checked then."""
    with reading():
        table = lying(festival_id)
        asked = question(table, festival_id, change, day(table))
    found = mended(asked.problem, SECONDS, asked.proper)
    if found.spots is None:
        return Proposal((), (), 0, 0, 0, False, False, found.impossible, tuple(_against(asked, found)), ())
    return _told(asked, found, _final(asked, found.spots))


def _stood(table: Lying) -> dict[str, MendSpot]:
    """Where the draft has them."""
    return {code: MendSpot(str(rows[0].session_id), moment(rows[0].starts_at)) for code, rows in table.by_code.items()}


def _final(asked: MendQuestion, spots: Spots) -> dict[str, MendSpot]:
    """Where all would stand. On the day acts are late already: that is written only where it must be, on the stages on which
    somebody is moved; everywhere when that alone would put two acts into each other's way.
    """
    stood, sessions = _stood(asked.table), asked.problem.sessions
    really = {act.code for act in asked.problem.acts if act.code in spots and spots[act.code] != act.was}
    stages = {sessions[spots[code].session].stage for code in really}
    few = {
        code: spot if code in really or sessions[spot.session].stage in stages else stood[code]
        for code, spot in spots.items()
    }
    return few if asked.proper(few) else dict(spots)


def _told(asked: MendQuestion, found: Mended, final: Spots) -> Proposal:
    stood = _stood(asked.table)
    acts = {act.code: act for act in asked.problem.acts}
    went = sorted((code for code, spot in final.items() if spot != stood.get(code)), key=lambda code: final[code].at)
    moved = tuple(_moved(asked, code, stood.get(code), final[code]) for code in went)
    others = [code for code in went if not acts[code].asked]
    return Proposal(
        tuple(ActMove(code, int(final[code].session), moment_of(final[code].at)) for code in went),
        moved,
        len({who for code in others for who in acts[code].whose}),
        max((abs(each.minutes) for each in moved if not each.asked), default=0),
        waiting(asked.problem.acts, final) - waiting(asked.problem.acts, stood),
        found.fewest,
        True,
        False,
        (),
        tuple(each.reason for each in asked.new_conflicts(final)),
    )


def _moved(asked: MendQuestion, code: str, was: MendSpot | None, now: MendSpot) -> MovedAct:
    sessions = asked.problem.sessions
    return MovedAct(
        asked.table.acts[code].title,
        None if was is None else moment_of(was.at),
        moment_of(now.at),
        "" if was is None else sessions[was.session].stage,
        sessions[now.session].stage,
        code in asked.named,
    )


def _against(asked: MendQuestion, found: Mended) -> list[Sentence]:
    """Who has no place, and who would have to move for it and cannot."""
    said = []
    for code in found.stuck:
        act = next(each for each in asked.problem.acts if each.code == code)
        title = _title(asked, code)
        if act.fixed:
            said.append(_why_it_stays(asked, code))
        elif not any(act.rooms.values()):
            said.append(
                N_(
                    "«%(name)s» không có buổi nào nhận vào lúc ấy: ngoài giờ buổi thi, trùng giờ nghỉ, hoặc có người vắng.",
                    name=title,
                )
            )
        else:
            said.append(N_("«%(name)s» không còn chỗ trong giới hạn này.", name=title))
    return said + [_why_it_stays(asked, code) for code in found.against]


def _title(asked: MendQuestion, code: str) -> str:
    known = asked.table.acts.get(code)
    rows = asked.table.block(code)
    return known.title if known else rows[0].name if rows else code


def _why_it_stays(asked: MendQuestion, code: str) -> Sentence:
    rows, title = asked.table.block(code), _title(asked, code)
    at = day_clock(local(rows[0].starts_at)) if rows else ""
    if code in asked.table.acts and (why := asked.table.held(code)) is not None:
        return why
    if any(row.state is ActState.READY for row in rows) and not asked.change.called:
        return N_(
            "«%(name)s» lúc %(at)s đã được mời chuẩn bị; muốn dời thì đánh dấu «Dời cả gia đình đã mời chuẩn bị».",
            name=title,
            at=at,
        )
    act = next(each for each in asked.problem.acts if each.code == code)
    if act.fixed:
        return N_("«%(name)s» lúc %(at)s giữ nguyên chỗ.", name=title, at=at)
    return N_(
        "«%(name)s» lúc %(at)s dời được nhiều nhất %(n)s phút, không đủ.",
        name=title,
        at=at,
        n=asked.change.cap_of_others,
    )
