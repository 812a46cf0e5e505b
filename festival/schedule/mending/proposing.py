"""What is proposed, before anything is written: who would come when instead, how many families, how much longer they wait; or who stands against it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from festival.core.clock import local
from festival.core.sentence import N_, Sentence
from festival.core.transaction import reading
from festival.schedule.conflicts import day_clock
from festival.schedule.mending.answer import Mended, mended
from festival.schedule.mending.change import PlanChange
from festival.schedule.mending.reading import DayNow, MendQuestion, moment_of, question
from festival.schedule.mending.shapes import MendSpot, Spots, standing_spots, waiting
from festival.schedule.mending.taking import ActMove
from festival.schedule.mending.typed import day_stamp
from festival.schedule.models import ActState
from festival.schedule.moving.lying import Lying, lying
from festival.schedule.solver.shapes import moment

ROUNDS = (0.0, 3.0, 7.0)  # seconds: at once what is found without a solver, then twice a better answer is looked for


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

    @property
    def way(self) -> Sentence:
        """In words."""
        if self.was is None:
            return N_("được giờ")
        if self.minutes == 0:
            return N_("đổi sân khấu")
        later, earlier = N_("muộn hơn %(n)s phút"), N_("sớm hơn %(n)s phút")
        return (later if self.minutes > 0 else earlier).filled(n=abs(self.minutes))


@dataclass(frozen=True, slots=True)
class Proposal:
    """`moves` empty: there is nothing to do, or (`against`) it cannot be. `families`: that have another hour, without the one that asked;
    no answer disturbs fewer than `least` (`fewest`: nor than this one). `over`: nothing better is to be looked for; `looks`: how often
    it was looked for. `seen`: of what draft all this is said.
    """

    moves: tuple[ActMove, ...]
    moved: tuple[MovedAct, ...]
    families: int
    longest: int
    waiting: int
    fewest: bool
    least: int
    over: bool
    looks: int
    seen: str
    possible: bool
    impossible: bool
    against: tuple[Sentence, ...]
    remarks: tuple[Sentence, ...]

    @property
    def written(self) -> str:
        """As a form brings it back."""
        return " ".join(each.written for each in self.moves)

    @property
    def before(self) -> FoundBefore:
        """To go on from."""
        return FoundBefore(self.looks, self.moves, self.least, self.seen)

    @property
    def said(self) -> tuple[Sentence, Sentence]:
        """Who is disturbed, and who waits longer."""
        if not self.families:
            who = N_("Không gia đình nào khác phải đổi giờ.")
        elif any(each.asked for each in self.moved):
            who = N_("%(n)s gia đình khác đổi giờ, nhiều nhất %(most)s phút.", n=self.families, most=self.longest)
        else:
            who = N_("%(n)s gia đình đổi giờ, nhiều nhất %(most)s phút.", n=self.families, most=self.longest)
        if self.waiting > 0:
            return who, N_("Tất cả chờ thêm %(n)s phút.", n=self.waiting)
        if self.waiting < 0:
            return who, N_("Tất cả chờ bớt %(n)s phút.", n=-self.waiting)
        return who, N_("Không ai chờ lâu hơn.")

    @property
    def sure(self) -> Sentence:
        """How near that is to what nobody can beat: with all that stays where it is."""
        if self.fewest:
            return N_(
                "Không có cách nào ít gia đình phải đổi giờ hơn, khi giữ nguyên những gì đã thi, đã khóa, ở ngày khác và giới hạn đã chọn."
            )
        if self.least:
            return N_(
                "Giữ nguyên những gì đã thi, đã khóa, ở ngày khác và giới hạn đã chọn thì ít nhất %(n)s gia đình phải đổi giờ; "
                "giữa %(n)s và %(now)s chưa biết chắc.",
                n=self.least,
                now=self.families,
            )
        return N_("Chưa biết chắc có cách nào ít gia đình phải đổi giờ hơn không.")


@dataclass(frozen=True, slots=True)
class FoundBefore:
    """What an earlier look found in the draft as it was `seen`, to go on from; `looks`: how many there were."""

    looks: int = 0
    moves: tuple[ActMove, ...] = ()
    least: int = 0
    seen: str = ""


def proposed(
    festival_id: int,
    change: PlanChange,
    day: Callable[[Lying], DayNow | None] = lambda _table: None,
    before: FoundBefore | None = None,
) -> Proposal:
    """Looked for outside of any transaction; what is taken later is checked then. What was found `before` in another draft counts for nothing."""
    with reading():
        table = lying(festival_id)
        asked = question(table, festival_id, change, day(table))
        seen = day_stamp(table)
    before = before if before is not None and before.seen == seen else FoundBefore(seen=seen)
    known = _known(asked, before.moves) if before.moves else None
    found = mended(asked.problem, ROUNDS[min(before.looks, len(ROUNDS) - 1)], asked.proper, known, before.least)
    return _told(asked, found, before)


def _known(asked: MendQuestion, moves: Sequence[ActMove]) -> dict[str, MendSpot]:
    """An answer as it was shown, as the question has it."""
    loose = {act.code for act in asked.problem.acts if not act.fixed}
    gone = {each.code: MendSpot(str(each.session_id), moment(each.starts_at)) for each in moves if each.code in loose}
    return {**standing_spots(asked.problem), **gone}


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


def _told(asked: MendQuestion, found: Mended, before: FoundBefore) -> Proposal:
    looks = before.looks + 1
    over = found.over or looks >= len(ROUNDS)
    if found.spots is None:
        against = tuple(_against(asked, found))
        return Proposal(
            (), (), 0, 0, 0, False, found.bound, over, looks, before.seen, False, found.impossible, against, ()
        )
    final, stood = _final(asked, found.spots), _stood(asked.table)
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
        found.bound,
        over,
        looks,
        before.seen,
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
