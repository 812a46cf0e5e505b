"""What do the minutes of the whole delegation and an amendment say, and the tally of a contest?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from festival.ceremony.saying import annexes
from festival.ceremony.saying.common import Said, block, decided_lines, items, rows_of_three, state_paper
from festival.ceremony.saying.contest import signing_of, standings_table
from festival.ceremony.saying.met import met, says_who_was_there
from festival.contests.models import Contest, ContestState, PanelSeat, ResultKind
from festival.core.web.i18n import day as day_words
from festival.core.web.i18n import moment, points, say
from festival.documents.state_paper import LineLook, RuledTable, SaidLine, SigningBlock, StatePaper
from festival.editions.models import Festival
from festival.papers.keeping import AmendmentFacts, PaperOccasion
from festival.results.awards import PrizeList
from festival.results.current import current_table, tally_for_result
from festival.results.delegations.meeting import who_meets
from festival.results.delegations.table import WholeTable
from festival.results.ladder.states import MinutesSigner, signers_of
from festival.results.meeting.reading import whole_meeting_row
from festival.results.meeting.told import MeetingTold, meeting_of


def whole_minutes(festival: Festival, table: WholeTable, occasion: PaperOccasion) -> StatePaper:
    """Places and prizes of the delegations."""
    decided = table.agenda.decided
    added = table.by != "medals"  # by awards there is nothing to add up
    rows = []
    for line in table.lines:
        why = " ".join(say(reason) for reason in line.reasons)
        rows.append(
            (
                f"{line.place}{'=' if line.shared else ''}",
                f"{line.name}\n{why}" if why else line.name,
                *([points(line.points_milli, 0)] if added else []),
                str(_("chờ quyết định")) if line.code in table.waiting else line.prize or "",
            )
        )
    head = tuple(map(str, (_("Hạng"), _("Đoàn"), *([_("Điểm")] if added else []), _("Giải"))))
    names = ", ".join(contest.name for contest in table.contests)
    known = {line.code: line for line in table.lines}
    told = meeting_of(kept.says) if (kept := whole_meeting_row(festival.id)) else None
    panel = who_meets(table.contests) if told else []
    body: Said = [
        *(says_who_was_there(told, panel) if told else []),
        SaidLine(str(_("Tính điểm từ: %(names)s.", names=names))),
        SaidLine(str(_("Kết quả:")), LineLook.HEADING),
        RuledTable(
            (3, 18, 4, 6) if added else (3, 22, 6),
            head,
            tuple(rows),
            centred=(0, 2) if added else (0,),
            strong=(2,) if added else (),
        ),
        SaidLine(str(_("Dấu = là đồng hạng.")), LineLook.QUIET),
        *items(
            str(_("Quyết định của ban giám khảo:")),
            decided_lines(decided.rows, known, {}, decided.replaced, table.stale),
        ),
        *met(told),
    ]
    title, receivers = str(_("Biên bản xét giải toàn đoàn")), told.receivers if told else ()
    return state_paper(festival, occasion, title, (), body, _signing_of_whole(told, panel), receivers=receivers)


def _signing_of_whole(told: MeetingTold | None, panel: Sequence[MinutesSigner]) -> tuple[tuple[SigningBlock, ...], ...]:
    """A block for everybody who was there; while nobody is named, one of each for whoever signs by hand."""
    away = {one for one, _why in told.absent} if told else set()
    blocks = [
        block(role, name)
        for role, seat in ((_("Thư ký"), PanelSeat.SECRETARY), (_("Trưởng Ban giám khảo"), PanelSeat.CHAIR))
        for name in [each.name for each in panel if each.seat is seat and each.judge_id not in away] or [""]
    ]
    return rows_of_three([*blocks, block(_("Trưởng Ban Tổ chức"))])


def amendment(
    festival: Festival,
    contest: Contest | None,
    lists: Iterable[PrizeList],
    facts: AmendmentFacts,
    occasion: PaperOccasion,
) -> StatePaper:
    """What is put right on signed minutes, why, and the prizes as they stand from then on."""
    number, at = facts.of_number, day_words(facts.of_signed_at)
    prizes = [
        f"{prize.prize}: "
        + "; ".join(", ".join(each for each in (won.name, won.delegation) if each) for won in prize.winners)
        + "."
        for prize in lists
    ]
    kept = (
        _("Điểm, thứ hạng và giải không thay đổi. Các phần khác của biên bản giữ nguyên.")
        if facts.standings is None
        else _("Phiếu điểm, kết quả và xếp hạng đã ký giữ nguyên trong hồ sơ; từ nay theo xếp hạng và giải của biên bản này.")
    )  # fmt: skip
    body: Said = [
        SaidLine(str(_("Đính chính biên bản số %(number)s, ký ngày %(at)s.", number=number, at=at))),
        *([SaidLine(str(_("Căn cứ: %(ground)s.", ground=say(facts.ground))))] if facts.ground else []),
        SaidLine(str(_("Lý do: %(reason)s", reason=facts.reason))),
        *(_names(facts) if facts.standings is None else _standings(facts)),
        *items(str(_("Danh sách giải sau khi đính chính:")), prizes),
        SaidLine(str(kept)),
    ]
    signers = tuple(
        block(role, name)
        for role, seat in ((_("Thư ký"), "secretary"), (_("Trưởng Ban giám khảo"), "chair"))
        for name in [each["name"] for each in facts.signers if each["seat"] == seat] or [""]
    )
    under = str(_("Phần thi: %(contest)s", contest=contest.name) if contest else _("Toàn đoàn"))
    return state_paper(festival, occasion, str(_("Biên bản bổ sung, đính chính")), (under,), body, (signers,))


def _names(facts: AmendmentFacts) -> Said:
    rows = tuple((each.prize, each.before, each.after) for each in facts.changes)
    head = (str(_("Giải")), str(_("Đã ghi")), str(_("Sửa thành")))
    return [RuledTable((5, 10, 10), head, rows, strong=(2,))]


def _standings(facts: AmendmentFacts) -> Said:
    """What was entered, and whose place, result or prize is another now."""
    taken = _("Biên bản này rút lại biên bản đính chính số %(number)s.", number=facts.takes_back)
    said: Said = [
        *([SaidLine(str(taken))] if facts.takes_back else []),
        *items(str(_("Nội dung được sửa:")), map(say, facts.entered)),
    ]
    if not facts.standings:
        return [*said, SaidLine(str(_("Thứ hạng và giải không thay đổi.")))]
    rows = tuple(
        (each.name, ", ".join(filter(None, each.before)), ", ".join(filter(None, each.after)))
        for each in facts.standings
    )
    head = (_("Tên"), _("Đã ghi: hạng, kết quả, giải"), _("Sửa thành: hạng, kết quả, giải"))
    return [*said, RuledTable((8, 9, 9), tuple(map(str, head)), rows, strong=(2,))]


def contest_tally(row: Contest, occasion: PaperOccasion) -> StatePaper:
    """All marks and places of a contest as they stand at this moment; before the lock it says that they may still change."""
    tallied = tally_for_result(row)
    table = current_table(tallied)
    now = moment(occasion.at)
    words = (
        _("Tạm tính lúc %(at)s: chưa khóa điểm, còn có thể thay đổi.", at=now)
        if row.state is ContestState.OPEN
        else _("Sau khi khóa điểm; lập lúc %(at)s.", at=now)
    )
    due = len(tallied.missing())
    lacks = [SaidLine(str(_("Còn thiếu %(n)s phiếu.", n=due)))] if due and row.state is ContestState.OPEN else []
    body: Said = [SaidLine(str(words)), *lacks, *standings_table(tallied, table), *annexes.marks(tallied, table)]
    panel = [each for each in signers_of(row.id) if each.seat is not PanelSeat.MEMBER]
    signers = signing_of(panel, rubric=row.result_kind is ResultKind.RUBRIC)
    contest = str(_("Phần thi: %(contest)s", contest=row.name))
    return state_paper(row.festival, occasion, str(_("Bảng tổng hợp điểm")), (contest,), body, signers)
