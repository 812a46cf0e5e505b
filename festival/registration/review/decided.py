"""In which words is somebody told what came of an approval?"""

from __future__ import annotations

from typing import assert_never

from flask_babel import gettext as _

from festival.core.web.i18n import say
from festival.registration.outcomes import Decision, NotComplete, NotLookedAt, NotSigned, StandsInLine, StandsInReserve
from festival.roster.outcomes import Done, QuotaFull, Stale
from festival.roster.words import STATE_WORDS


def said_of(outcome: Decision) -> str:
    """One sentence."""
    match outcome:
        case Done():
            return str(_("Đã duyệt."))
        case Stale(state=state):
            return str(
                _(
                    "Người khác vừa xử lý hồ sơ này, hiện là “%(state)s”. Mở lại hồ sơ để xem bản mới. Chưa có gì bị ghi đè.",
                    state=say(STATE_WORDS[state]),
                )
            )
        case NotComplete(lacks):
            return str(_("Chưa duyệt được: %(why)s", why=" ".join(say(lack.reason) for lack in lacks)))
        case NotLookedAt():
            return str(
                _("Chưa duyệt được: hồ sơ này giống một hồ sơ đã có. Trước hết hãy cho biết là một nhà hay hai nhà.")
            )
        case NotSigned():
            return str(
                _(
                    "Chưa duyệt được: gia đình chưa có, hoặc đã đổi, so với danh sách đã ký. Đơn vị in lại, ký rồi gửi lên."
                )
            )
        case StandsInReserve():
            return str(_("Gia đình này là dự bị: nhận làm dự bị, hoặc gọi lên thi chính thức."))
        case StandsInLine():
            return str(_("Gia đình này đứng trong danh sách chờ của đoàn: đến lượt thì được mời, không duyệt tay."))
        case QuotaFull(contest="", most=most, people=True):
            return str(_("Chưa duyệt được: đoàn nhiều nhất %(most)s người theo chỉ tiêu.", most=most))
        case QuotaFull(contest="", most=most):
            return str(_("Chưa duyệt được: đoàn đã đủ %(most)s gia đình theo chỉ tiêu.", most=most))
        case QuotaFull(contest=contest, most=most, people=True):
            return str(
                _(
                    "Chưa duyệt được: phần thi %(contest)s, đoàn nhiều nhất %(most)s người dự thi.",
                    most=most,
                    contest=contest,
                )
            )
        case QuotaFull(contest=contest, most=most):
            text = _("Chưa duyệt được: đoàn đã đủ %(most)s đội ở phần thi %(contest)s.", most=most, contest=contest)
            return str(text)
        case _:
            assert_never(outcome)
