"""What stands on the minutes of a contest, of the whole delegation, and on an amendment?

A paper is in Vietnamese, whoever prints it, and needs no server: its style is inside. Its letters are those of the reader's
own state-document font (Times New Roman), so an upgrade of this program changes nothing about it. The digest of what it
says is taken before its first 16 digits are set in, and does not depend on the style.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from festival.contests.marks import written
from festival.contests.measures import written_time
from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.panel import NotValid
from festival.core import qr
from festival.core.clock import local
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.judging.contest_rules import judging_stream
from festival.judging.ground.decided import head_decisions
from festival.judging.paper.in_minutes import minutes_of
from festival.judging.tally import Tally
from festival.judging.words import MEASURE_WORDS
from festival.papers.keeping import DrawnPaper, PaperOccasion, PaperSubject
from festival.results.awards import PrizeList, awards_of, order_of_appearance
from festival.results.current import current_table, standings_hash, tally_for_result, written_value
from festival.results.decisions import decisions_of
from festival.results.delegations.table import awards_of_whole, whole_delegation
from festival.results.ladder.annex import annex_of
from festival.results.ladder.states import signers_of, steps_of
from festival.results.replacing.seat_lists import replaced_seats_of
from festival.results.table import ContestTable
from festival.results.words import SEAT_WORDS

STYLES = ("tokens", "base", "layout", "components", "staff", "paper", "print", "rooms/judging")
CODE_SPOT = "················"  # where the digest comes
CODE_DIGITS = 16


@dataclass(frozen=True, slots=True)
class PaperText:
    """A paper's title, what it says (as HTML), the digest of that, and who signs."""

    title: str
    body: Markup
    drawn: str
    signers: tuple[Mapping[str, str], ...]


def draw(subject: PaperSubject, occasion: PaperOccasion) -> DrawnPaper:
    """The bytes of a paper."""
    text = text_of(subject, occasion)
    with force_locale("vi"):
        page = render_template("ceremony/paper.html", title=text.title, body=text.body, styles=STYLES, language="vi")
    return DrawnPaper(page.encode(), text.drawn, text.signers)


def text_of(subject: PaperSubject, occasion: PaperOccasion) -> PaperText:
    """What a paper says, for its own page too."""
    with force_locale("vi"):
        if occasion.amendment is not None:
            return _amendment(subject, occasion)
        if subject.contest_id is not None:
            return _minutes(db.session.get_one(Contest, subject.contest_id), occasion)
        return _whole_minutes(db.session.get_one(Festival, subject.festival_id), occasion)


def _finished(title: str, signers: tuple[Mapping[str, str], ...], template: str, **facts: Any) -> PaperText:
    body = render_template(template, code_spot=CODE_SPOT, **facts)
    drawn = sha256(body.encode()).hexdigest()
    return PaperText(title, Markup(body.replace(CODE_SPOT, drawn[:CODE_DIGITS])), drawn, signers)  # noqa: S704


def _minutes(row: Contest, occasion: PaperOccasion) -> PaperText:
    tallied, decided = tally_for_result(row), decisions_of(row.id)
    table = current_table(tallied, decided)
    steps = steps_of(row.id)
    locked = steps[ContestState.LOCKED]
    panel = signers_of(row.id)
    return _finished(
        f"{_('Biên bản chấm thi')} - {row.name}",
        tuple({"seat": each.seat.value, "name": each.name} for each in panel),
        "ceremony/_minutes.html",
        contest=row,
        festival=row.festival,
        occasion=occasion,
        dated=local(occasion.at),
        panel=panel,
        seat_words=SEAT_WORDS,
        measure_words=MEASURE_WORDS,
        rows=_minute_rows(tallied, table),
        not_valid={code: each.panel.said for code, each in table.details.items() if isinstance(each.panel, NotValid)},
        seats=tallied.seats,
        rubric=row.result_kind is ResultKind.RUBRIC,
        decided=decided,
        void=decided.void(table.standings),
        awards=awards_of(order_of_appearance(tallied), row.id),
        entries={appearance.code: appearance for appearance in tallied.appearances},
        locked=locked,
        annex=annex_of(tallied),
        of_head_judge=_of_head_judge(tallied),
        replaced_seats=replaced_seats_of(tallied),
        checked=minutes_of(tallied),
        digest=standings_hash(table),
        proof=qr.svg(
            f"{judging_stream(row)} {locked.ledger_size} {locked.ledger_hash}", label=_("Mã đầu sổ chấm điểm")
        ),
    )


def _of_a_try(contest: Contest, value: int | None) -> str:
    if value is None:
        return ""
    return written_time(value) if contest.result_kind is ResultKind.TIME else f"{value} {contest.unit_label}".strip()


def _of_head_judge(tallied: Tally) -> list[tuple[str, int, str, str]]:
    """Name, try, result and reason where counters did not agree and the head judge decided what stands."""
    by_id = {each.id: each for each in tallied.appearances}
    return [
        (by_id[each.entry_id].name, each.round, _of_a_try(tallied.contest, each.value), each.reason)
        for each in head_decisions(tallied.contest, by_id)
        if any(
            (attempt.round, attempt.version) == (each.round, each.version)
            for attempt in tallied.measures.get(each.entry_id, ())
        )
    ]


def _minute_rows(tallied: Tally, table: ContestTable) -> list[dict[str, Any]]:
    prizes = {each.entry: each.prize for each in table.prizes.awards}
    return [
        {
            "appearance": table.appearances[each.entry],
            "totals": [
                written(sheet.total_milli)
                if (sheet := tallied.sheets.get((seat.id, table.appearances[each.entry].id))) is not None
                and sheet.total_milli is not None
                else "–"
                for seat in tallied.seats
            ],
            "value": written_value(tallied.contest, each.value),
            "place": each.rank,
            "shared": each.shared,
            "prize": prizes.get(each.entry, ""),
            "reasons": each.reasons,
        }
        # entries without a place by their number: any other order would look like a place
        for each in sorted(
            table.standings, key=lambda e: (e.rank is None, e.rank or 0, table.appearances[e.entry].number or 0)
        )
    ]


def _whole_minutes(festival: Festival, occasion: PaperOccasion) -> PaperText:
    table = whole_delegation(festival)
    if table is None:
        raise NotFound()
    return _finished(
        str(_("Biên bản xét giải toàn đoàn")),
        (),
        "ceremony/_whole_minutes.html",
        festival=festival,
        occasion=occasion,
        dated=local(occasion.at),
        whole=table,
        delegations={line.code: line for line in table.lines},
    )


def _amendment(subject: PaperSubject, occasion: PaperOccasion) -> PaperText:
    facts = occasion.amendment
    assert facts is not None
    festival = db.session.get_one(Festival, subject.festival_id)
    contest = None if subject.contest_id is None else db.session.get_one(Contest, subject.contest_id)
    lists: tuple[PrizeList, ...] | list[PrizeList]
    if contest is None:
        lists = awards_of_whole(festival.id)
    else:
        lists = awards_of(order_of_appearance(tally_for_result(contest)), contest.id)
    return _finished(
        f"{_('Biên bản bổ sung, đính chính')} - {contest.name if contest else _('Toàn đoàn')}",
        facts.signers,
        "ceremony/_amendment.html",
        festival=festival,
        contest=contest,
        occasion=occasion,
        dated=local(occasion.at),
        facts=facts,
        lists=lists,
        seat_words=SEAT_WORDS,
    )
