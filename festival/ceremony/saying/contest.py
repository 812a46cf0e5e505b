"""What do the minutes of a contest say?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from festival.ceremony.saying import annexes
from festival.ceremony.saying.common import Said, block, decided_lines, items, rows_of_three, state_paper
from festival.ceremony.saying.met import met, says_who_was_there
from festival.contests.measures import written_time
from festival.contests.models import Contest, ContestState, PanelSeat, ResultKind
from festival.core.web.i18n import moment, say
from festival.documents.state_paper import LineLook, PaperProof, RuledTable, SaidLine, SigningBlock, StatePaper
from festival.judging.contest_rules import judging_stream
from festival.judging.ground.decided import head_decisions
from festival.judging.tally import Tally
from festival.judging.words import MEASURE_WORDS
from festival.papers.keeping import PaperOccasion
from festival.results.awards import awards_of, order_of_appearance
from festival.results.current import current_table, standings_hash, tally_for_result, written_value
from festival.results.decisions import decisions_of
from festival.results.ladder.annex import annex_of
from festival.results.ladder.states import MinutesSigner, Step, signers_of, steps_of
from festival.results.meeting.reading import meeting_told
from festival.results.replacing.seat_lists import replaced_seats_of
from festival.results.table import ContestTable

CODE_DIGITS = 16


def contest_minutes(row: Contest, occasion: PaperOccasion) -> tuple[StatePaper, tuple[Mapping[str, str], ...]]:
    """The paper, and who signs it."""
    tallied, decided = tally_for_result(row), decisions_of(row.id)
    table = current_table(tallied, decided)
    locked = steps_of(row.id)[ContestState.LOCKED]
    panel, told = signers_of(row.id), meeting_told(row.id)
    absent = {judge for judge, _why in told.absent} if told else set()
    there = [each for each in panel if each.judge_id not in absent]
    changes = annex_of(tallied)
    entries = {appearance.code: appearance for appearance in tallied.appearances}
    void = decided.void(table.standings)
    specials = [each for each in awards_of(order_of_appearance(tallied), row.id) if each.special]
    body: Said = [
        *says_who_was_there(told, panel),
        SaidLine(annexes.locked_words(locked)),
        *_replaced_seats(tallied),
        *standings_table(tallied, table),
        *(SaidLine(f"{each.prize}: {', '.join(winner.name for winner in each.winners)}.") for each in specials),
        *items(
            str(_("Quyết định của ban giám khảo:")),
            decided_lines(decided.rows, entries, MEASURE_WORDS, decided.replaced, void),
        ),
        *items(str(_("Hai người đếm khác nhau, trọng tài chính quyết định:")), _of_head_judge(tallied)),
        *annexes.checked(tallied),
        *annexes.marks(tallied, table),
        *annexes.changes(changes, locked),
        *annexes.answered(changes),
        *annexes.tables(changes),
        *met(told),
    ]
    paper = state_paper(
        row.festival,
        occasion,
        str(_("Biên bản chấm thi")),
        (str(_("Phần thi: %(contest)s", contest=row.name)),),
        body,
        signing_of(there, rubric=row.result_kind is ResultKind.RUBRIC),
        receivers=told.receivers if told else (),
        proof=_proof(row, locked, table),
    )
    return paper, tuple({"seat": each.seat.value, "name": each.name} for each in there)


def signing_of(there: Sequence[MinutesSigner], *, rubric: bool) -> tuple[tuple[SigningBlock, ...], ...]:
    """A block for everybody who was there; secretary and who leads first, side by side."""
    chair = _("Trưởng Ban giám khảo") if rubric else _("Trưởng Ban Tổ chức")
    leading = [
        block(role, name)
        for role, seat in ((_("Thư ký"), PanelSeat.SECRETARY), (chair, PanelSeat.CHAIR))
        for name in [each.name for each in there if each.seat is seat] or ([] if there and rubric else [""])
    ]
    members = [block(_("Giám khảo"), each.name) for each in there if each.seat is PanelSeat.MEMBER]
    return (*rows_of_three(leading), *rows_of_three(members))


def standings_table(tallied: Tally, table: ContestTable) -> Said:
    """Places, results and prizes; entries without a place by their number: any other order would look like a place."""
    prizes = {each.entry: each.prize for each in table.prizes.awards}
    rows = []
    for each in sorted(
        table.standings, key=lambda e: (e.rank is None, e.rank or 0, table.appearances[e.entry].number or 0)
    ):
        entry = table.appearances[each.entry]
        why = " ".join(say(reason) for reason in each.reasons)
        name = entry.name if entry.delegation == entry.name else f"{entry.name}, {entry.delegation}"
        rows.append(
            (
                f"{each.rank or '–'}{'=' if each.shared else ''}",
                str(entry.number or ""),
                f"{name}\n{why}" if why else name,
                written_value(tallied.contest, each.value),
                prizes.get(each.entry, ""),
            )
        )
    rubric = tallied.contest.result_kind is ResultKind.RUBRIC
    head = (_("Hạng"), _("Số"), _("Tiết mục, đơn vị"), _("Điểm") if rubric else _("Kết quả"), _("Giải"))
    return [
        SaidLine(str(_("Kết quả:")), LineLook.HEADING),
        RuledTable((3, 3, 16, 4, 5), tuple(map(str, head)), tuple(rows), centred=(0, 1, 3), strong=(3,)),
        SaidLine(str(_("Dấu = là đồng hạng.")), LineLook.QUIET),
    ]


def _replaced_seats(tallied: Tally) -> Said:
    said: Said = []
    for seat in replaced_seats_of(tallied):
        for each in seat.changes:
            words = _(
                "Ghế %(letter)s thay người lúc %(at)s: %(out)s thôi chấm, %(into)s chấm tiếp. Lý do: %(reason)s",
                letter=seat.letter,
                at=moment(each.at),
                out=each.out,
                into=each.into,
                reason=each.reason,
            )
            said.append(SaidLine(str(words)))
        acts = "; ".join(f"{name}: {_('số %(acts)s', acts=acts)}" for name, acts in seat.people if acts)
        said.append(SaidLine(f"{_('Phiếu được tính của ghế %(letter)s:', letter=seat.letter)} {acts}."))
    return said


def _of_head_judge(tallied: Tally) -> list[str]:
    """Where counters did not agree and the head judge decided what stands."""
    contest = tallied.contest
    by_id = {each.id: each for each in tallied.appearances}
    lines = []
    for each in head_decisions(contest, by_id):
        if not any(
            (attempt.round, attempt.version) == (each.round, each.version)
            for attempt in tallied.measures.get(each.entry_id, ())
        ):
            continue
        lap = f", {_('lượt %(n)s', n=each.round)}" if contest.attempts > 1 else ""
        value = _of_a_try(contest, each.value)
        lines.append(f"{by_id[each.entry_id].name}{lap}: {value}. {_('Lý do:')} {each.reason}")
    return lines


def _of_a_try(contest: Contest, value: int | None) -> str:
    if value is None:
        return ""
    return written_time(value) if contest.result_kind is ResultKind.TIME else f"{value} {contest.unit_label}".strip()


def _proof(row: Contest, locked: Step, table: ContestTable) -> PaperProof:
    """The head of the ledger at the lock, to be read by a phone and by people."""
    return PaperProof(
        f"{judging_stream(row)} {locked.ledger_size} {locked.ledger_hash}",
        (
            str(
                _(
                    "Sổ chấm điểm khi khóa: %(size)s dòng, đầu sổ %(head)s.",
                    size=locked.ledger_size or 0,
                    head=locked.ledger_hash[:CODE_DIGITS],
                )
            ),
            str(_("Bảng xếp hạng: %(digest)s.", digest=standings_hash(table)[:CODE_DIGITS])),
            str(_("Ai giữ tờ này kiểm tra được rằng sổ không bị sửa sau khi ký.")),
        ),
    )
