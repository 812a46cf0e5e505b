"""What is left to do when the festival is over, in its order, until its data is erased? Pure.

A step is done by its fact, as the next one will ask for it, never because somebody ticked it. Nothing begins before the
last day is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from festival.core.sentence import N_, Sentence
from festival.office.checklist import ORGANISER, PANELS, ChecklistStep, StepState


@dataclass(frozen=True, slots=True)
class AfterFacts:
    """What is known of an edition; counts of what is there and of what lacks."""

    ends_on: date
    erase_on: date
    erased: bool
    held: bool
    contests: int
    unpublished: int
    waiting: int  # rooms in which something waits for the organiser
    papers_open: int  # printed to be signed, and no signature came
    letters_stuck: int
    thanks_left: int
    devices: int  # that can still speak for the festival
    unsent: int  # entries those say they hold
    rehearsal: bool
    archived: bool
    away: bool  # a copy away from the machine, as the page of the machine counts it
    next_edition: bool


def after_steps(facts: AfterFacts, today: date) -> tuple[ChecklistStep, ...]:
    """All steps in their order."""
    over = today > facts.ends_on
    return tuple(_step(draft, over=over) for draft in _drafts(facts, today))


@dataclass(frozen=True, slots=True)
class _After:
    key: str
    words: Sentence
    done: bool
    lacks: Sentence | None = None
    ready: bool = True
    by: Sentence = ORGANISER
    deadline: date | None = None


def _step(draft: _After, *, over: bool) -> ChecklistStep:
    state = StepState.DONE if draft.done else StepState.NEXT if over and draft.ready else StepState.LATER
    done = state is StepState.DONE
    return ChecklistStep(
        draft.key, state, draft.words, draft.by, None if done else draft.deadline, None if done else draft.lacks
    )


def _drafts(facts: AfterFacts, today: date) -> Iterator[_After]:
    published = facts.contests > 0 and facts.unpublished == 0
    yield from _wound_up(facts, published=published)
    yield from _put_away(facts, today, published=published)


def _wound_up(facts: AfterFacts, *, published: bool) -> Iterator[_After]:
    yield _After(
        "results",
        N_("Công bố kết quả mọi phần thi"),
        published,
        N_("%(n)s phần thi chưa công bố").filled(n=facts.unpublished) if facts.contests else N_("Chưa có phần thi nào"),
        by=PANELS,
    )
    yield _After(
        "waiting",
        N_("Trả lời mọi việc đang chờ Ban Tổ chức"),
        facts.waiting == 0,
        N_("%(n)s nơi còn việc chờ").filled(n=facts.waiting),
    )
    yield _After(
        "papers",
        N_("Thu về giấy đã in để ký: biên bản, tờ ký tên, biên bản giao nhận"),
        facts.papers_open == 0,
        N_("%(n)s tờ chưa có bản ký").filled(n=facts.papers_open),
    )
    yield _After(
        "thanks",
        N_("Gửi thư cảm ơn các gia đình"),
        facts.thanks_left == 0 and facts.letters_stuck == 0,
        N_("%(n)s gia đình chưa được gửi").filled(n=facts.thanks_left)
        if facts.thanks_left
        else N_("%(n)s thư chưa đi được").filled(n=facts.letters_stuck),
        ready=published,
    )
    yield _After(
        "devices",
        N_("Thu hồi mọi máy: cổng, bàn tiếp đón, giám khảo, sân khấu"),
        facts.devices == 0,
        N_("%(n)s máy còn gắn, %(unsent)s mục trên máy chưa gửi: nối mạng các máy đó trước").filled(
            n=facts.devices, unsent=facts.unsent
        )
        if facts.unsent
        else N_("%(n)s máy còn gắn").filled(n=facts.devices),
    )


def _put_away(facts: AfterFacts, today: date, *, published: bool) -> Iterator[_After]:
    if facts.rehearsal:
        yield _After(
            "rehearsal", N_("Xóa bản tổng duyệt"), False, N_("Chạy trên máy chủ: flask festival rehearse --drop")
        )
    yield _After(
        "archive",
        N_("Làm hồ sơ lưu và tải về"),
        facts.archived,
        N_("Chưa ai tải hồ sơ làm sau lần cuối giấy tờ, kết quả đổi"),
        ready=published and not facts.erased,
        deadline=None if facts.erased else facts.erase_on,
    )
    yield _After("away", N_("Giữ một bản sao cuối ở ngoài máy chủ"), facts.away, N_("Chưa có bản sao mới ở ngoài máy"))
    yield _After("copy", N_("Lập kỳ sau từ kỳ này"), facts.next_edition, N_("Chưa có kỳ sau"))
    yield _After(
        "erasure",
        N_("Dữ liệu cá nhân được xóa"),
        facts.erased,
        N_("Đang giữ lại theo yêu cầu") if facts.held else N_("Tự xóa khi hết ngày giữ"),
        ready=facts.held or today > facts.erase_on,
        deadline=facts.erase_on,
    )
