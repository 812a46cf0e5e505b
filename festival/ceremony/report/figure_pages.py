"""The organiser reads the figures of the report, and behind each number the list that it counts."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from festival.ceremony.report.blueprint import bp
from festival.ceremony.report.content import content_from_json
from festival.ceremony.report.counting import figures
from festival.ceremony.report.counting.tables import SUM, FigureTable
from festival.ceremony.report.models import ReportLineKind
from festival.ceremony.report.typed import GROUPS
from festival.ceremony.report.versions import forms_of, report_now, standing_of, versions_of
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web.access import Permission, requires
from festival.core.web.errors import NotFound
from festival.core.web.i18n import say
from festival.core.web.paging import asked_part
from festival.editions.queries import the_festival
from festival.registration.figures.drawing import WIDTH, Drawing, NumbersOf, bars
from festival.results.award_papers.said import vnd_in_words

A_PAGE = 100
# Where the figures on top of the page are counted: table, row, column.
TILES = {
    "families": ("units", SUM, "families"),
    "members": ("units", SUM, "members"),
    "entries": ("contests", SUM, "entries"),
    "came": ("arrivals", SUM, "came"),
}


def drawn(table: FigureTable) -> Drawing | None:
    """The bars of a table, where two or more may be drawn."""
    rows = [NumbersOf(say(words), number) for words, number in table.bars]
    return bars(rows) if len(rows) > 1 else None


@bp.get("")
@requires(Permission.OFFICE)
def report() -> ResponseReturnValue:
    """Every table, what was typed in numbers, and the versions that were made."""
    festival = the_festival()
    versions = versions_of(festival.id)
    content = report_now(festival, versions).content
    standing = standing_of(versions)
    return render_template(
        "ceremony/report/report.html",
        festival=festival,
        content=content,
        total_words=figures.TOTAL_WORDS,
        tiles=TILES,
        drawings={each.key: found for each in content.all_tables if (found := drawn(each)) is not None},
        width=WIDTH,
        groups=GROUPS,
        counts={key: len(content.of(*group.kinds)) for key, group in GROUPS.items() if key != "panel"},
        sums={kind: content.sum_vnd(kind) for kind in (ReportLineKind.INCOME, ReportLineKind.EXPENDITURE)},
        in_words=vnd_in_words,
        versions=versions,
        forms=forms_of(versions),
        standing=standing,
        changed=standing is not None and content_from_json(standing.content) != content,
    )


@bp.get("/tables/<table>")
@requires(Permission.OFFICE)
def one_table(table: str) -> ResponseReturnValue:
    """One table, each number with the way to its list."""
    festival = the_festival()
    now = report_now(festival, versions_of(festival.id))
    shown = next((each for each in now.content.all_tables if each.key == table), None)
    if shown is None:
        raise NotFound()
    counting = next((each for each in now.countings if each.key == table), None)
    listed = set()
    if counting is not None:
        listed = {
            (row.key, column)
            for row in shown.rows
            for (column, _words), cell in zip(shown.columns, row.cells, strict=True)
            if isinstance(cell, int) and cell and counting.number(row.key, column) == cell
        }
    return render_template(
        "ceremony/report/table.html", festival=festival, table=shown, listed=listed, drawing=drawn(shown), width=WIDTH
    )


@bp.get("/list")
@requires(Permission.OFFICE)
def listed() -> ResponseReturnValue:
    """Who is counted in a cell; nothing of one that is not shown."""
    key, row, column = (request.args.get(name, "") for name in ("of", "row", "in"))
    festival = the_festival()
    now = report_now(festival, versions_of(festival.id))
    table = next((each for each in now.content.all_tables if each.key == key), None)
    counting = next((each for each in now.countings if each.key == key), None)
    if table is None or counting is None or not isinstance(table.shown(row, column), int):
        raise NotFound()
    found = counting.of(row, column)
    if counting.children:
        looked(SecurityKind.READ_CHILDREN, what="report", festival=festival.code)
    part = asked_part(len(found), A_PAGE)
    return render_template(
        "ceremony/report/list.html",
        festival=festival,
        table=table,
        row=next(each.label for each in table.rows if each.key == row),
        column=next(words for name, words in table.columns if name == column),
        asked={"of": key, "row": row, "in": column},
        part=part,
        people=part.of(found),
    )
