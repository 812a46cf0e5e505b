"""What is done, what comes next, by whom and until when, on the way from an empty house to erased data?

Pure: facts in, an ordered list of steps out. A step is done by its fact, never because somebody ticked it. What stands before
it decides whether it is next or later; a deadline comes from the rule set's days and from the phases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from festival.core.sentence import N_, Sentence


class StepState(StrEnum):
    """How a step stands; WAITING is somebody else's turn."""

    DONE = "done"
    NEXT = "next"
    WAITING = "waiting"
    LATER = "later"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class PhaseTimes:
    """A phase: "never" | "soon" | "open" | "closed", and the days on which it begins and ends."""

    state: str = "never"
    opens_on: date | None = None
    closes_on: date | None = None


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What is known of the current edition; counts of what is there and of what lacks."""

    starts_on: date
    ends_on: date
    erase_on: date
    erased: bool = False
    erase_soon: bool = False
    placed: bool = True  # the place is named
    contests: int = 0
    delegations: int = 0
    without_officer: int = 0
    registration: PhaseTimes = PhaseTimes()
    judging: PhaseTimes = PhaseTimes()
    families: int = 0  # approved
    waiting_review: int = 0
    panels_short: int = 0
    stages: int = 0
    sessions: int = 0
    undrawn: int = 0
    plan_version: int = 0
    meals: int = 0
    meals_unsaid: int = 0  # delegations that lack the numbers of one
    unproofed: int = 0  # delegations without a signed sheet of names
    devices: int = 0
    sheets_missing: int = 0
    unlocked: int = 0
    unsigned: int = 0
    unpublished: int = 0


@dataclass(frozen=True, slots=True)
class ChecklistStep:
    """One line of the list; `key` names the page that does it, `lacks` what is missing."""

    key: str
    state: StepState
    words: Sentence
    by: Sentence
    deadline: date | None = None
    lacks: Sentence | None = None


ORGANISER = N_("Ban Tổ chức")
OFFICERS = N_("cán bộ các đoàn")
HEADS = N_("Ban Tổ chức và trưởng các đoàn")
SECRETARIES = N_("thư ký phần thi")
PANELS = N_("trưởng ban giám khảo và thư ký")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A step before its state is known: `ready` once what stands before it is done, `theirs` when others do it."""

    key: str
    words: Sentence
    done: bool
    ready: bool = True
    by: Sentence = ORGANISER
    theirs: bool = False
    deadline: date | None = None
    lacks: Sentence | None = None


def checklist(facts: EditionFacts | None, today: date) -> tuple[ChecklistStep, ...]:
    """All steps in their order. Before there is an edition the first is next and nothing else has a day."""
    if facts is None:
        first = ChecklistStep(
            "edition", StepState.NEXT, N_("Lập ngày hội: tên, ngày, địa điểm, đơn vị tổ chức"), ORGANISER
        )
        rest = (
            ("contests", N_("Chọn các phần thi và thể lệ")),
            ("delegations", N_("Ghi các đoàn và chỉ tiêu")),
            ("registration", N_("Định giờ nhận đăng ký")),
        )
        return (first, *(ChecklistStep(key, StepState.LATER, words, ORGANISER) for key, words in rest))
    prepared = [*_before(facts), *_of_the_programme(facts, today)]
    if today > facts.ends_on:  # what was not needed to hold the festival is not asked for any more
        prepared = [each for each in prepared if each.done]
    drafts = (*prepared, *_of_results(facts, today), *_afterwards(facts))
    return tuple(
        ChecklistStep(
            each.key,
            _state(each, today),
            each.words,
            each.by,
            None if each.done else each.deadline,
            None if each.done else each.lacks,
        )
        for each in drafts
    )


def _state(step: _Draft, today: date) -> StepState:
    if step.done:
        return StepState.DONE
    if step.deadline is not None and today > step.deadline:
        return StepState.LATE
    if not step.ready:
        return StepState.LATER
    return StepState.WAITING if step.theirs else StepState.NEXT


def _lacking(template: Sentence, count: int) -> Sentence | None:
    return template if count else None


def _before(facts: EditionFacts) -> Iterator[_Draft]:
    begins = facts.starts_on
    yield _Draft(
        "edition",
        N_("Lập ngày hội: tên, ngày, địa điểm, đơn vị tổ chức"),
        facts.placed,
        deadline=begins,
        lacks=N_("chưa ghi địa điểm"),
    )
    yield _Draft("contests", N_("Chọn các phần thi và thể lệ"), facts.contests > 0, deadline=begins)
    yield _Draft("delegations", N_("Ghi các đoàn và chỉ tiêu"), facts.delegations > 0, deadline=begins)
    yield _Draft(
        "officers",
        N_("Giao cán bộ cho từng đoàn"),
        facts.delegations > 0 and not facts.without_officer,
        ready=facts.delegations > 0,
        deadline=facts.registration.opens_on or begins,
        lacks=_lacking(N_("%(n)s đoàn chưa có cán bộ", n=facts.without_officer), facts.without_officer),
    )
    yield _Draft(
        "registration",
        N_("Định giờ nhận đăng ký"),
        facts.registration.state != "never",
        ready=facts.contests > 0 and facts.delegations > 0,
        deadline=begins,
    )
    yield _Draft(
        "families",
        N_("Các đoàn và gia đình gửi đăng ký"),
        facts.registration.state == "closed",
        ready=facts.registration.state == "open",
        by=OFFICERS,
        theirs=True,
        deadline=facts.registration.closes_on,
    )
    yield _Draft(
        "review",
        N_("Duyệt đăng ký"),
        facts.registration.state == "closed" and not facts.waiting_review,
        ready=facts.waiting_review > 0,
        deadline=begins,
        lacks=_lacking(N_("%(n)s gia đình chờ duyệt", n=facts.waiting_review), facts.waiting_review),
    )
    yield _Draft(
        "panels",
        N_("Ghi đủ ban giám khảo và thư ký của từng phần thi"),
        facts.contests > 0 and not facts.panels_short,
        ready=facts.contests > 0,
        deadline=begins,
        lacks=_lacking(N_("%(n)s phần thi còn thiếu người", n=facts.panels_short), facts.panels_short),
    )


def _of_the_programme(facts: EditionFacts, today: date) -> Iterator[_Draft]:
    begins, registered = facts.starts_on, facts.registration.state == "closed"
    yield _Draft(
        "stages",
        N_("Lập sân khấu và buổi thi"),
        facts.sessions > 0,
        ready=facts.contests > 0,
        deadline=begins,
        lacks=N_("chưa có buổi thi") if facts.stages else N_("chưa có sân khấu"),
    )
    yield _Draft(
        "draw",
        N_("Bốc thăm thứ tự thi"),
        facts.families > 0 and not facts.undrawn,
        ready=registered and facts.undrawn > 0,
        deadline=begins,
        lacks=_lacking(N_("%(n)s phần thi chưa bốc thăm", n=facts.undrawn), facts.undrawn),
    )
    yield _Draft(
        "plan",
        N_("Xếp lịch và công bố chương trình"),
        facts.plan_version > 0,
        ready=facts.sessions > 0 and facts.families > 0 and not facts.undrawn,
        deadline=begins,
    )
    yield _Draft(
        "devices",
        N_("Gắn máy của cổng và máy chấm"),
        facts.devices > 0,
        ready=facts.plan_version > 0,
        deadline=begins,
    )
    if today < begins:  # nothing says whether cards were printed, so nothing claims that they were
        yield _Draft(
            "passes",
            N_("In thẻ cho các gia đình"),
            done=False,
            ready=registered and facts.families > 0,
            deadline=begins,
        )
    yield from _with_the_delegations(facts)
    yield _Draft(
        "judging",
        N_("Định giờ chấm điểm"),
        facts.judging.state != "never",
        ready=facts.plan_version > 0,
        deadline=begins,
    )


def _with_the_delegations(facts: EditionFacts) -> Iterator[_Draft]:
    begins, registered = facts.starts_on, facts.registration.state == "closed"
    if facts.meals:  # many festivals have none
        yield _Draft(
            "meals",
            N_("Nhận số suất ăn của các đoàn"),
            facts.delegations > 0 and not facts.meals_unsaid,
            ready=registered,
            by=OFFICERS,
            theirs=True,
            deadline=begins,
            lacks=_lacking(N_("%(n)s đoàn chưa báo đủ", n=facts.meals_unsaid), facts.meals_unsaid),
        )
    yield _Draft(
        "names",
        N_("Dò tên với các đoàn trước khi đọc và in giấy khen"),
        facts.families > 0 and not facts.unproofed,
        ready=registered and facts.families > 0,
        by=HEADS,
        deadline=begins,
        lacks=_lacking(N_("%(n)s đoàn chưa ký bản dò tên", n=facts.unproofed), facts.unproofed),
    )


def _of_results(facts: EditionFacts, today: date) -> Iterator[_Draft]:
    judged = today >= facts.starts_on and facts.contests > 0
    yield _Draft(
        "sheets",
        N_("Thu đủ phiếu điểm và kết quả"),
        judged and (not facts.unlocked or (today > facts.ends_on and not facts.sheets_missing)),
        ready=judged,
        by=SECRETARIES,
        theirs=True,
        deadline=facts.ends_on,
        lacks=_lacking(N_("còn thiếu %(n)s phiếu, kết quả", n=facts.sheets_missing), facts.sheets_missing),
    )
    yield _Draft(
        "lock",
        N_("Khóa điểm từng phần thi"),
        judged and not facts.unlocked,
        ready=judged,
        by=PANELS,
        theirs=True,
        deadline=facts.ends_on,
        lacks=_lacking(N_("%(n)s phần thi chưa khóa", n=facts.unlocked), facts.unlocked),
    )
    yield _Draft(
        "minutes",
        N_("Ký biên bản từng phần thi"),
        judged and not facts.unsigned,
        ready=judged and facts.unlocked < facts.contests,
        by=PANELS,
        theirs=True,
        deadline=facts.ends_on,
        lacks=_lacking(N_("%(n)s biên bản chưa ký", n=facts.unsigned), facts.unsigned),
    )
    yield _Draft(
        "publish",
        N_("Cho MC đọc và công bố kết quả"),
        judged and not facts.unpublished,
        ready=judged and facts.unsigned < facts.contests,
        deadline=facts.ends_on,
        lacks=_lacking(N_("%(n)s phần thi chưa công bố", n=facts.unpublished), facts.unpublished),
    )


def _afterwards(facts: EditionFacts) -> Iterator[_Draft]:
    yield _Draft(
        "erasure",
        N_("Xem điều gì bị xóa trước ngày xóa dữ liệu cá nhân"),
        facts.erased,
        ready=facts.erase_soon,
        deadline=facts.erase_on,
    )


def is_open(step: ChecklistStep) -> bool:
    """Whether somebody has something to do about it now; on the days of the festival only these are shown."""
    return step.state in {StepState.NEXT, StepState.WAITING, StepState.LATE}
