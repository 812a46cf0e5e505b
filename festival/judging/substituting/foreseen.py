"""What follows when somebody comes in for somebody else, and what stands against it? Said before it is done. Pure.

The entry keeps its number and its turn; its people and its name change. Against it stand: an act that was on stage or has a
mark, a contest that is locked, an agreement that is not there, a place that is not there, somebody in two places at once,
nobody left who may mark. Everything else is told, and whoever decides has read it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from festival.core.sentence import N_, Sentence, Value
from festival.roster.household import Household
from festival.schedule.conflicts import Clash, Placed, PlanConflict, check, day_clock
from festival.schedule.rules.wished import NO_WISHES, Wishes


@dataclass(frozen=True, slots=True)
class HeldTurn:
    """An entry that goes on with others: its number and turn; whether it has begun or its contest is locked."""

    entry: str
    contest: str
    number: int | None = None
    at: datetime | None = None
    stage: str = ""
    begun: bool = False
    locked: bool = False
    files: bool = False  # a track or a photo of who leaves


@dataclass(frozen=True, slots=True)
class ComesIn:
    """Somebody who comes in: who agrees for this one, and what of it is not there."""

    name: str
    child: bool = False
    own_asked: bool = False
    guardian: str = ""
    lacks: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgeTie:
    """A judge whom the change ties, frees, or who declared something of who comes in. `left`: who marks the entry then."""

    judge: str
    contest: str
    how: str  # "tied" | "freed" | "declared"
    left: int = 0
    least: int = 1


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`barred`: why it cannot be; `agree`: who must agree; `follows`, `warns`: what becomes of it, what is left to do."""

    barred: tuple[Sentence, ...] = ()
    agree: tuple[Sentence, ...] = ()
    follows: tuple[Sentence, ...] = ()
    warns: tuple[Sentence, ...] = ()

    @property
    def possible(self) -> bool:
        """Nothing stands against it."""
        return not self.barred


GUARDIAN = N_("cha, mẹ hoặc người giám hộ")
PASS_STAYS = N_("Thẻ của gia đình vẫn dùng được.")
DEVICES = N_("Danh sách ở cổng, phiếu chấm, sân khấu và MC dùng tên mới ngay.")
PRINTED = N_("Phiếu chấm, danh sách đã in còn tên cũ: in lại hoặc sửa tay.")
NO_TIE = N_("Không giám khảo nào có quan hệ với người vào thay.")


def standing_against(entries: Iterable[HeldTurn]) -> list[Sentence]:
    """What was on stage, marked or locked stays as it was."""
    said = []
    for each in entries:
        if each.begun:
            said.append(
                N_(
                    "«%(entry)s» đã lên sân khấu hoặc đã có điểm ở phần thi %(contest)s nên không thay được nữa.",
                    "subst_begun", entry=each.entry, contest=each.contest,
                )
            )  # fmt: skip
        elif each.locked:
            said.append(
                N_("Phần thi %(contest)s đã khóa nên không thay được nữa.", "subst_locked", contest=each.contest)
            )
    return said


def turns(entries: Iterable[HeldTurn]) -> list[Sentence]:
    """Number and turn that stay."""
    said = []
    for each in entries:
        values: dict[str, Value] = {"contest": each.contest, "number": each.number or 0, "stage": each.stage}
        if each.at is None and each.number is None:
            said.append(N_("%(contest)s: giữ chỗ; chưa có số báo danh và lượt.", contest=each.contest))
        elif each.at is None:
            said.append(N_("%(contest)s: giữ số báo danh %(number)s; chưa có lượt.", **values))
        elif each.number is None:
            said.append(N_("%(contest)s: giữ lượt %(time)s, %(stage)s.", **values, time=day_clock(each.at)))
        else:
            said.append(
                N_(
                    "%(contest)s: giữ số báo danh %(number)s và lượt %(time)s, %(stage)s.",
                    **values, time=day_clock(each.at),
                )
            )  # fmt: skip
    return said


def who_agrees(people: Iterable[ComesIn]) -> list[Sentence]:
    """Who must agree that each of them comes in."""
    said = []
    for each in people:
        guardian = each.guardian or GUARDIAN
        if not each.child:
            said.append(N_("%(name)s tự đồng ý.", name=each.name))
        elif each.own_asked:
            said.append(
                N_(
                    "%(name)s: %(guardian)s đồng ý, và chính bạn ấy đồng ý (từ 7 tuổi).",
                    name=each.name, guardian=guardian,
                )
            )  # fmt: skip
        else:
            said.append(N_("%(name)s: %(guardian)s đồng ý.", name=each.name, guardian=guardian))
    return said


def not_agreed(people: Iterable[ComesIn]) -> list[Sentence]:
    """Agreements to taking part that are not there."""
    return [lack for each in people for lack in each.lacks]


def told_ties(ties: Sequence[JudgeTie]) -> tuple[list[Sentence], list[Sentence], list[Sentence]]:
    """What bars, what follows and what is warned of because of judges."""
    barred, follows, warns = [], [], []
    for each in ties:
        values: dict[str, Value] = {
            "judge": each.judge,
            "contest": each.contest,
            "left": each.left,
            "least": each.least,
        }
        if each.how == "freed":
            follows.append(N_("Giám khảo %(judge)s chấm lại được tiết mục này ở %(contest)s.", **values))
        elif each.how == "declared":
            warns.append(
                N_(
                    "Giám khảo %(judge)s đã khai quan hệ với gia đình vào thay: hãy quyết định trước lượt thi.",
                    **values,
                )
            )
        elif each.left == 0:
            barred.append(
                N_(
                    "%(contest)s: mọi giám khảo đều có quan hệ với người vào thay, không còn ai chấm. Thay giám khảo trước.",
                    "subst_no_judge", **values,
                )
            )  # fmt: skip
        elif each.left < each.least:
            warns.append(
                N_(
                    "Giám khảo %(judge)s có quan hệ với người vào thay nên không chấm tiết mục này ở %(contest)s: "
                    "còn %(left)s người chấm, dưới mức %(least)s. Thay giám khảo trước lượt thi.",
                    **values,
                )
            )
        else:
            follows.append(
                N_(
                    "Giám khảo %(judge)s có quan hệ với người vào thay nên không chấm tiết mục này ở %(contest)s; "
                    "còn %(left)s người chấm.",
                    **values,
                )
            )
    if not ties:
        follows.append(NO_TIE)
    return barred, follows, warns


# ------------------------------------------------------------------------------------------------ who is where


@dataclass(frozen=True, slots=True)
class Exchange:
    """Who leaves an entry and who comes into it, as the timetable knows people and families."""

    leave: frozenset[Hashable] = frozenset()
    come: frozenset[Hashable] = frozenset()
    families_leave: frozenset[Hashable] = frozenset()
    families_come: frozenset[Hashable] = frozenset()


@dataclass(frozen=True, slots=True)
class NewClashes:
    """What the exchange makes impossible, and where somebody has less time between two acts than they should."""

    impossible: list[Sentence] = field(default_factory=list)
    tight: list[Sentence] = field(default_factory=list)


def new_clashes(
    placed: Sequence[Placed], entries_of: Mapping[str, Sequence[int]], made: Mapping[int, Exchange], gap_min: int,
    wishes: Wishes = NO_WISHES,
) -> NewClashes:  # fmt: skip
    """What was no clash before. `entries_of`: act of the timetable → the entries in it; `made`: entry → its exchange;
    `wishes`: who is away and how long a costume takes bind whoever comes in too.
    """
    before = {str(each) for each in check(placed, gap_min=gap_min, wishes=wishes)}
    after = [_exchanged(each, [made[one] for one in entries_of[each.act.code] if one in made]) for each in placed]
    found = check(after, gap_min=gap_min, wishes=wishes)
    new: list[PlanConflict] = [each for each in found if str(each) not in before]
    return NewClashes(
        [each.reason for each in new if each.kind in (Clash.PERSON, Clash.FAMILY, Clash.AWAY)],
        [each.reason for each in new if each.kind in (Clash.GAP, Clash.CHANGE)],
    )


def _exchanged(each: Placed, made: Sequence[Exchange]) -> Placed:
    act = each.act
    for one in made:
        act = replace(
            act,
            persons=(act.persons - one.leave) | one.come,
            families=(act.families - one.families_leave) | one.families_come,
        )
    return replace(each, act=act)


def moved(home: Household, contest: str, leaves: str, comes: str) -> Household:
    """The family when in this contest the one performs no more and the other does; '' or another family's code: nobody."""

    def contests(code: str, own: tuple[str, ...]) -> tuple[str, ...]:
        if code == leaves:
            return tuple(each for each in own if each != contest)
        return (*own, contest) if code == comes and contest not in own else own

    return replace(
        home, members=tuple(replace(each, contests=contests(each.code, each.contests)) for each in home.members)
    )
