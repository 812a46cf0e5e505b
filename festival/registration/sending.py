"""May this registration be sent for approval now, and if not, why?

Pure, and one question for every door: the family's form and its own link, the officer's list, a file, the JSON call, the
command. What must be true: registration is open, the family lacks nothing (people, representative, contests, agreements),
the delegation has places left, and the registration is still to be sent.

What differs between the doors on purpose is before and after this question:

- An officer keeps a family as a draft, typed or by file, whatever it lacks and also while registration is closed. People of
  a file wait for their agreement (chờ đồng ý). The preview says what each family would lack, by the same sentences.
- A family's form and the JSON call write nothing before they may be sent. The same form or call once more is not refused:
  it is answered with the family it became.
- A family sends again only what it registered itself; for others the officer does.
- More families may wait than there are places, because the organiser chooses among them. Sending ends when approved families
  hold all of them, but for a family that registers itself where the delegation has a waiting list (`offering`). That no place
  is given twice is not held here but by the approval (`decisions`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from festival.core.sentence import N_, Sentence
from festival.roster.eligibility import ContestQuota, FamilyFacts, Missing, Quotas, missing
from festival.roster.quotas.own import NO_OWN, OwnBounds, quotas_of

# States of a registration that is still to be sent, and the origin of one a family may send itself.
SENDABLE = ("draft", "returned")
FAMILYS_OWN = "family"


class Why(StrEnum):
    """What kind of thing is in the way."""

    STATE = "state"
    SENDER = "sender"
    CLOSED = "closed"
    INCOMPLETE = "incomplete"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Ground:
    """What sending depends on beside the family itself.

    `families_most` None: no delegation is chosen yet. `entries` are the approved ones of the delegation by contest code, `families`
    and they with what is held for who was offered a place. `people` and `performers` (by contest) are counted where `own`, what is
    allotted to this delegation alone, bounds them. `line`: who registers itself waits in the line of the delegation.
    """

    open: bool
    families: int = 0
    families_most: int | None = None
    entries: Mapping[str, int] = field(default_factory=dict)
    people: int = 0
    performers: Mapping[str, int] = field(default_factory=dict)
    own: OwnBounds = NO_OWN
    line: bool = False


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing that keeps a registration from being sent; `lack` says where it is put in, for what is incomplete."""

    why: Why
    reason: Sentence
    lack: Missing | None = None


def hindrances(
    family: FamilyFacts,
    quotas: Quotas,
    on: date,
    ground: Ground,
    *,
    state: str = "draft",
    origin: str = "",
    by_family: bool = False,
    reserve: bool = False,
) -> tuple[Hindrance, ...]:
    """Everything that keeps it from being sent, empty when it may go; `by_family`: the family itself asks to send it again.

    What has been sent or decided, or is somebody else's to send, is told that alone. A family in `reserve` asks for no place,
    and one that stands in line waits for one.
    """
    if state not in SENDABLE:
        return (
            Hindrance(Why.STATE, N_("Hồ sơ này đã gửi hoặc đã có quyết định nên không gửi được nữa.", "not_to_send")),
        )
    if by_family and not may_send_again(state, origin):
        return (Hindrance(Why.SENDER, N_("Gia đình báo cán bộ văn hóa của đơn vị gửi lại hồ sơ.", "officer_sends")),)
    lacks = (Hindrance(Why.INCOMPLETE, lack.reason, lack) for lack in missing(family, quotas, on))
    return (
        *_closed(ground),
        *lacks,
        *(() if reserve or (ground.line and origin == FAMILYS_OWN) else _full(family, quotas, ground)),
    )


def may_send_again(state: str, origin: str) -> bool:
    """A family that registered itself sends a returned registration again itself; for others the officer does."""
    return origin == FAMILYS_OWN and state == "returned"


def _closed(ground: Ground) -> Iterator[Hindrance]:
    if not ground.open:
        yield Hindrance(
            Why.CLOSED,
            N_(
                "Đăng ký chưa mở hoặc đã hết hạn nên chưa gửi được. Những gì đã nhập vẫn còn nguyên. Hãy gọi Ban Tổ chức nếu cần gia hạn.",
                "registration_closed",
            ),
        )


def _full(family: FamilyFacts, quotas: Quotas, ground: Ground) -> Iterator[Hindrance]:
    most = ground.families_most
    if most is None:
        return
    if ground.families >= most:
        yield Hindrance(
            Why.FULL,
            N_(
                "Đoàn đã có đủ %(most)s gia đình được duyệt nên chưa gửi được. Hãy hỏi Ban Tổ chức.",
                "families_full",
                most=most,
            ),
        )
    people, more = ground.own.people_most, len(family.members)
    if people is not None and ground.people + more > people:
        yield Hindrance(
            Why.FULL,
            N_(
                "Đoàn được %(most)s người, đã duyệt %(taken)s, gia đình này %(n)s người nên chưa gửi được. Hãy bớt người hoặc hỏi Ban Tổ chức.",
                "people_full",
                most=people,
                taken=ground.people,
                n=more,
            ),
        )
    for contest in quotas_of(quotas, ground.own).contests:
        if contest.code in family.entries:
            yield from _contest_full(contest, family.entries[contest.code], ground)


def _contest_full(contest: ContestQuota, performers: int, ground: Ground) -> Iterator[Hindrance]:
    taken, bound = ground.entries.get(contest.code, 0), contest.entries_per_delegation.most
    # Who joins a mixed team that stands already asks for no place of its own.
    if bound is not None and taken >= bound and not (contest.team and taken):
        yield Hindrance(
            Why.FULL,
            N_(
                "Phần thi %(contest)s: đoàn đã có đủ %(most)s đội được duyệt. Hãy bỏ phần thi này hoặc hỏi Ban Tổ chức.",
                "entries_full",
                contest=contest.name,
                most=bound,
            ),
        )
    most, there = ground.own.performers.get(contest.code), ground.performers.get(contest.code, 0)
    if most is not None and there + performers > most:
        yield Hindrance(
            Why.FULL,
            N_(
                "Phần thi %(contest)s: đoàn được %(most)s người dự thi, đã duyệt %(taken)s, gia đình này cử %(n)s. Hãy bớt người hoặc hỏi Ban Tổ chức.",
                "performers_full",
                contest=contest.name,
                most=most,
                taken=there,
                n=performers,
            ),
        )
