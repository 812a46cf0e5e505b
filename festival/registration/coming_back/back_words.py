"""In which words is somebody told what came of undoing a withdrawal?"""

from __future__ import annotations

from typing import assert_never

from flask_babel import gettext as _

from festival.core.web.errors import Conflict, Overtaken
from festival.core.web.i18n import say
from festival.registration.coming_back.bringing_back import BackAgain, of_the_draw
from festival.registration.outcomes import Bound
from festival.roster.models import Family, FamilyState
from festival.roster.outcomes import QuotaFull, Stale
from festival.roster.words import STATE_WORDS


def told_back(family: Family, outcome: BackAgain | Stale | Bound | QuotaFull) -> list[tuple[str, str]]:
    """Sentences and how they are said. Conflict or Overtaken where nothing was written."""
    match outcome:
        case BackAgain(state=FamilyState.APPROVED):
            return _of_approved(family, outcome)
        case BackAgain(state=state):
            words = _(
                "%(name)s tham gia lại, hồ sơ như trước khi rút: %(state)s.",
                name=family.name,
                state=say(STATE_WORDS[state]),
            )
            return [(words, "good")]
        case Bound() | QuotaFull():
            raise Conflict(why_not_back(outcome))
        case Stale():
            raise Overtaken()
        case _:
            assert_never(outcome)


def _of_approved(family: Family, outcome: BackAgain) -> list[tuple[str, str]]:
    card = (
        _("Gia đình được cấp thẻ mới, thẻ cũ không dùng được nữa: hãy in lại.")
        if outcome.new_card
        else _("Thẻ đã in dùng lại được.")
    )
    said = [(_("%(name)s tham gia lại. %(card)s", name=family.name, card=card), "good")]
    said += [(say(each), "note") for each in of_the_draw(family.id)]
    if outcome.closed:
        closed = ", ".join(outcome.closed)
        said.append((_("Phần thi đã khóa, gia đình không còn trong đó: %(contests)s.", contests=closed), "warn"))
    return said


def why_not_back(outcome: Bound | QuotaFull) -> str:
    """Why it stays withdrawn, and what can be done."""
    match outcome:
        case Bound(reasons):
            return " ".join(say(reason) for reason in reasons)
        case QuotaFull(contest="", most=most, people=True):
            return str(
                _(
                    "Đoàn nhiều nhất %(most)s người theo chỉ tiêu nên chưa tham gia lại được. Chỉ tiêu tăng thì làm lại bước này.",
                    most=most,
                )
            )
        case QuotaFull(contest="", most=most):
            return str(
                _(
                    "Đoàn đã đủ %(most)s gia đình theo chỉ tiêu nên chưa tham gia lại được. Chỗ trống hoặc chỉ tiêu tăng thì làm lại bước này.",
                    most=most,
                )
            )
        case QuotaFull(contest=contest, most=most):
            return str(
                _(
                    "Phần thi %(contest)s: đoàn đã đủ %(most)s theo chỉ tiêu nên chưa tham gia lại được. Ban Tổ chức khôi phục thành"
                    " bản nháp thì bỏ được phần thi này rồi gửi lại.",
                    contest=contest,
                    most=most,
                )
            )
