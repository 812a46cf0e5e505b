"""Which families may be sent now, what is in the way of the others, and how many places are left? Pure.

Green is what `sending.hindrances` finds nothing against: the very question that is asked when the button is pressed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from festival.core.sentence import N_, Sentence
from festival.registration.sending import SENDABLE, Ground, Hindrance, Why
from festival.roster.eligibility import Quotas
from festival.roster.quotas.own import quotas_of


class Stand(StrEnum):
    """Where a registration stands for whoever sends it."""

    READY = "ready"
    AGAIN = "again"  # it came back to be mended, and nothing is in the way of sending it again
    LACKS = "lacks"
    FULL = "full"
    CLOSED = "closed"  # nothing is missing but the time
    SENT = "sent"
    APPROVED = "approved"
    GONE = "gone"


STAND_WORDS: dict[Stand, Sentence] = {
    Stand.READY: N_("Đủ hồ sơ, gửi được"),
    Stand.AGAIN: N_("Sửa xong thì gửi lại được"),
    Stand.LACKS: N_("Còn thiếu"),
    Stand.FULL: N_("Đủ hồ sơ, hết chỗ"),
    Stand.CLOSED: N_("Đủ hồ sơ, chưa mở gửi"),
    Stand.SENT: N_("Đã gửi, chờ duyệt"),
    Stand.APPROVED: N_("Đã duyệt"),
    Stand.GONE: N_("Đã rút hoặc bị từ chối"),
}
STAND_TONES: dict[Stand, str] = {
    Stand.READY: "good", Stand.AGAIN: "note", Stand.LACKS: "warn", Stand.FULL: "warn", Stand.CLOSED: "quiet",
    Stand.SENT: "note", Stand.APPROVED: "good", Stand.GONE: "quiet",
}  # fmt: skip
SENT_NOW = (Stand.READY, Stand.AGAIN)


def stand_of(state: str, barred: Iterable[Hindrance], *, complete: bool) -> Stand:
    """Where a family stands; `barred` is what `hindrances` found for it, `complete` whether it lacks nothing."""
    if state not in SENDABLE:
        over = {"approved": Stand.APPROVED, "submitted": Stand.SENT if complete else Stand.LACKS}
        return over.get(state, Stand.GONE)
    why = {each.why for each in barred}
    if Why.INCOMPLETE in why:
        return Stand.LACKS
    if Why.FULL in why:
        return Stand.FULL
    if why:
        return Stand.CLOSED
    return Stand.AGAIN if state == "returned" else Stand.READY


def counted(stands: Iterable[Stand]) -> tuple[tuple[Stand, int], ...]:
    """How many stand where, in the order of the bar; those of whom there are none are left out."""
    counts = Counter(stands)
    return tuple((stand, counts[stand]) for stand in Stand if counts[stand])


@dataclass(frozen=True, slots=True)
class PlacesLeft:
    """The places of a delegation for one thing: how many are given, and how many more wait for one.

    `joined`: whoever comes now joins the mixed teams that stand, and asks for no place.
    """

    what: Sentence
    most: int
    taken: int
    waiting: int = 0
    joined: bool = False

    @property
    def left(self) -> int:
        """How many can still be given."""
        return max(0, self.most - self.taken)

    @property
    def short(self) -> bool:
        """Whether more wait than there are places."""
        return self.waiting > self.left

    @property
    def warns(self) -> bool:
        """Whether somebody who would come now finds no place."""
        return self.short or (not self.left and not self.joined)

    @property
    def words(self) -> Sentence:
        """As the bar says it."""
        if self.short:
            return N_(
                "%(what)s: còn %(left)s chỗ mà đang có %(waiting)s chờ. Hãy bớt, hoặc hỏi Ban Tổ chức.",
                "places_short",
                what=self.what,
                left=self.left,
                waiting=self.waiting,
            )
        if self.joined and not self.left:
            return N_("%(what)s: đoàn đã đủ đội, ai đăng ký thêm không cần chỗ riêng", "places_joined", what=self.what)
        return N_("%(what)s: còn %(left)s chỗ", "places_left", what=self.what, left=self.left)


def places_left(
    quotas: Quotas, ground: Ground, waiting: Iterable[Mapping[str, int]] = (), people: int = 0
) -> tuple[PlacesLeft, ...]:
    """Of families, people and each contest that has a bound; `waiting` are the entries of each family that has no place yet,
    `people` how many these families are.
    """
    families, own = list(waiting), ground.own
    wanted = Counter(code for entries in families for code in entries)
    found = []
    if ground.families_most is not None:
        found.append(PlacesLeft(N_("Gia đình"), ground.families_most, ground.families, len(families)))
    if own.people_most is not None:
        found.append(PlacesLeft(N_("Người"), own.people_most, ground.people, people))
    for contest in quotas_of(quotas, own).contests:
        code = contest.code
        most, taken = contest.entries_per_delegation.most, ground.entries.get(code, 0)
        if most is not None:
            # Who joins a mixed team that stands already asks for no place of its own.
            more = (0 if taken else min(1, wanted[code])) if contest.team else wanted[code]
            joined = contest.team and taken > 0
            found.append(PlacesLeft(Sentence(contest.name), most, taken, more, joined))
        if code in own.performers:
            what = N_("%(contest)s, người dự thi", "performers_of", contest=contest.name)
            more = sum(entries.get(code, 0) for entries in families)
            found.append(PlacesLeft(what, own.performers[code], ground.performers.get(code, 0), more))
    return tuple(found)
