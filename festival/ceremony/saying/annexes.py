"""What stands in the annexes of a contest's minutes: marks by judge, locks and openings, slips, answers, tables of dishes?"""

from __future__ import annotations

from flask_babel import gettext as _

from festival.ceremony.saying.common import Said, annex, items
from festival.contests.marks import written
from festival.contests.models import ResultKind
from festival.contests.panel import PanelMean, rounded
from festival.core.web.i18n import moment, points, say
from festival.documents.state_paper import LineLook, RuledTable, SaidLine
from festival.judging.paper.in_minutes import minutes_of
from festival.judging.tally import Tally
from festival.results.current import written_value
from festival.results.ladder.annex import Annex
from festival.results.ladder.states import Step
from festival.results.table import ContestTable
from festival.results.words import UNLOCK_WORDS


def locked_words(locked: Step) -> str:
    """When it was locked, by whom, and why in spite of what was missing."""
    by = ", ".join(each for each in (locked.by, locked.with_) if each)
    said = [str(_("Khóa điểm lúc %(at)s.", at=moment(locked.at)))]
    if by:
        said.append(str(_("Người khóa: %(names)s.", names=by)))
    if locked.note:
        said.append(str(_("Lý do khóa khi còn thiếu: %(why)s.", why=locked.note)))
    return " ".join(said)


def marks(tallied: Tally, table: ContestTable) -> Said:
    """What each judge gave, by letter, in the order of appearance; what does not count in brackets."""
    if tallied.contest.result_kind is not ResultKind.RUBRIC or not tallied.seats:
        return []
    values = {each.entry: each.value for each in table.standings}
    rows = []
    for entry in tallied.appearances:
        detail = table.details[entry.code]
        panel = detail.panel
        dropped = {each.judge for each in panel.dropped} if isinstance(panel, PanelMean) else set()
        given = {each.judge: each.total_milli for each in detail.totals}
        cells = [_mark(given.get(str(seat.id)), off=str(seat.id) in dropped) for seat in tallied.seats]
        mean = written_mean(panel) if isinstance(panel, PanelMean) else ""
        off = points(-detail.penalty_milli, 0) if detail.penalty_milli else ""
        value = written_value(tallied.contest, values.get(entry.code))
        rows.append((str(entry.number or ""), entry.name, *cells, mean, off, value))
    letters = tuple(seat.letter for seat in tallied.seats)
    head = (str(_("Số")), str(_("Tiết mục")), *letters, str(_("Trung bình")), str(_("Trừ")), str(_("Điểm")))
    widths = (3, 11, *(3 for _each in letters), 4, 3, 4)
    centred = (0, *range(2, len(head)))
    return [
        SaidLine(str(_("Phụ lục: điểm của từng giám khảo")), LineLook.HEADING),
        RuledTable(widths, head, tuple(rows), centred=centred, strong=(len(head) - 1,)),
        SaidLine(
            str(
                _("Điểm trong ngoặc bị loại theo thể lệ. Dấu – là giám khảo không chấm tiết mục đó; không phải 0 điểm.")
            ),
            LineLook.QUIET,
        ),
    ]


def written_mean(panel: PanelMean) -> str:
    """The mean of what counts, rounded as everywhere."""
    return written(rounded(panel.mean))


def _mark(milli: int | None, *, off: bool) -> str:
    if milli is None:
        return "–"
    return f"({written(milli)})" if off else written(milli)


def changes(found: Annex, locked: Step) -> Said:
    """Every lock and opening with who and why, every sheet that had another version before the lock."""
    if not (found.opened or found.replaced or locked.note):
        return []
    lines = []
    for each in found.opened:
        by = f" ({', '.join(each.locked_by)})" if each.locked_by else ""
        why = f" {_('Lý do khóa khi còn thiếu: %(why)s.', why=each.override)}" if each.override else ""
        lines.append(f"{_('Khóa điểm lúc %(locked)s', locked=moment(each.locked_at))}{by}.{why}")
        opened = _(
            "Mở lại lúc %(at)s: %(why)s. Lý do: %(reason)s",
            at=moment(each.at),
            why=UNLOCK_WORDS[each.code],
            reason=each.reason,
        )
        who = ", ".join(each.by) or str(_("không đủ hai người, ghi bằng lệnh"))
        lines.append(f"{opened} ({who}).")
    lines.append(locked_words(locked))
    replaced = [
        str(
            _(
                "Giám khảo %(letter)s, số %(number)s %(name)s: %(totals)s (bản cuối lúc %(at)s)",
                letter=each.letter,
                number=each.number or "–",
                name=each.name,
                totals=" → ".join(each.totals),
                at=moment(each.at),
            )
        )
        for each in found.replaced
    ]
    return [
        *annex(str(_("Phụ lục: khóa điểm, mở lại, phiếu được thay")), lines),
        *items(str(_("Phiếu có bản được thay trước khi khóa, tổng điểm theo thứ tự các bản:")), replaced),
    ]


def answered(found: Annex) -> Said:
    """What each team answered."""
    return annex(
        str(_("Phụ lục: câu trả lời của từng đội")),
        [f"{each.number or '–'}. {each.name}: {each.answers}. {say(each.counted)}" for each in found.answered],
        str(_("Mỗi câu một chữ, theo thứ tự câu hỏi: Đ đúng, S sai, B bỏ qua.")),
    )


def tables(found: Annex) -> Said:
    """Dishes and money of each family."""
    lines = []
    for each in found.tables:
        parts = []
        if each.dishes is not None:
            parts.append(str(_("%(n)s món", n=each.dishes)))
        if each.spent:
            parts.append(str(_("%(money)s đồng", money=each.spent)))
        faults = "".join(f"; {say(fault)}" for fault in each.outside)
        lines.append(f"{each.number or '–'}. {each.name}: {', '.join(parts)}{faults}.")
    return annex(str(_("Phụ lục: số món và số tiền của từng gia đình")), lines)


def checked(tallied: Tally) -> Said:
    """The border check of slips of paper, and the judges' confirmations."""
    found = minutes_of(tallied)
    said: Said = []
    if found.check is not None:
        words = _(
            "Kiểm tra ranh giới (phiếu giấy): xúc xắc %(seed)s; gõ lại %(beside)s phiếu cạnh ranh giới và %(drawn)s phiếu rút thăm trong %(rest)s phiếu còn lại; khớp %(same)s.",
            seed=found.check.seed,
            beside=found.beside,
            drawn=found.drawn,
            rest=found.check.rest,
            same=found.same,
        )
        who = f" {_('Người gõ lại: %(names)s.', names=', '.join(found.people))}" if found.people else ""
        said.append(SaidLine(f"{words}{who}"))
        for each in found.settled:
            differs = _(
                "Phiếu %(letter)s, %(name)s gõ lại bị lệch; xem tờ giấy thấy đúng như đã khóa. Lý do: %(reason)s (%(names)s).",
                letter=each.letter,
                name=each.name,
                reason=each.reason,
                names=", ".join(each.names),
            )
            said.append(SaidLine(str(differs)))
        for one in found.earlier:
            gone = _("Lần kiểm tra %(number)s, xúc xắc %(seed)s, không dùng nữa.", number=one.number, seed=one.seed)
            opened = f" {_('Phần thi được mở lại.')}" if one.ended == "unlocked" else ""
            said.append(SaidLine(f"{gone}{opened}"))
        if found.check.reason:
            said.append(SaidLine(str(_("Lý do bắt đầu lại: %(reason)s", reason=found.check.reason))))
    confirmed = [
        f"{each.seat.letter}. {each.seat.name}: "
        + str(
            _("không chờ, lý do: %(reason)s", reason=each.reason)
            if each.reason or each.at is None
            else _("đã xem trên máy và xác nhận lúc %(at)s", at=moment(each.at))
        )
        + f" {each.digest[:16]}"
        for each in found.confirmed
    ]
    return [*said, *items(str(_("Giám khảo xác nhận phiếu đã khóa:")), confirmed)]
