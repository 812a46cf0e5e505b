"""Which acts stand beside a border of awards, and may a contest be signed as far as its slips of paper go?"""

from __future__ import annotations

from flask_babel import gettext as _

from festival.core.web.errors import Conflict
from festival.judging.paper.border import check_of, paper_slips
from festival.judging.paper.borders import PlacedAct, beside_a_border
from festival.judging.paper.confirming import unconfirmed
from festival.judging.tally import Tally
from festival.results.table import ContestTable


def beside(table: ContestTable) -> tuple[str, ...]:
    """The entries beside a border, as the table stands."""
    prizes = {each.entry: each.prize for each in table.prizes.awards}
    asked = {entry for question in table.prizes.questions for entry in question.entries}
    return beside_a_border(
        [
            PlacedAct(each.entry, each.rank, prizes.get(each.entry), each.entry in asked)
            for each in table.standings
            if each.rank is not None
        ]
    )


def refuse_unless_checked(tallied: Tally, table: ContestTable) -> None:
    """Conflict while the border check is due, open or differs, or a confirmation is due. Without paper nothing is asked."""
    contest = tallied.contest
    if contest.confirming == "required" and (waiting := unconfirmed(tallied)):
        letters = ", ".join(seat.letter for seat in waiting)
        raise Conflict(
            _(
                "Giám khảo %(letters)s chưa xác nhận trên máy những phiếu đã khóa. Chờ, hoặc hai người ghi lý do.",
                letters=letters,
            )
        )
    slips = paper_slips(tallied)
    if not slips:
        return
    state = check_of(contest.id)
    if state is None:
        raise Conflict(_("Phần thi có phiếu giấy: kiểm tra ranh giới trước khi ký biên bản."))
    near = set(beside(table))
    if any(each.appearance.code in near and each.pair not in state.pairs for each in slips):
        raise Conflict(
            _(
                "Từ khi bắt đầu kiểm tra, hạng hoặc giải đã thay đổi: có phiếu cạnh ranh giới chưa được kiểm tra. Bắt đầu lại."
            )
        )
    if state.open:
        raise Conflict(_("Kiểm tra ranh giới còn %(n)s phiếu chưa gõ lại.", n=len(state.open)))
    if state.differing:
        raise Conflict(
            _("Kiểm tra ranh giới thấy %(n)s phiếu lệch. Mở lại phần thi để sửa theo phiếu giấy, hoặc ban giám khảo quyết định.",
              n=len(state.differing))
        )  # fmt: skip


def why_not_yet(tallied: Tally, table: ContestTable) -> str | None:
    """The same, for the page that says what comes next. None: the slips stop nothing."""
    try:
        refuse_unless_checked(tallied, table)
    except Conflict as refused:
        return str(refused.message)
    return None
