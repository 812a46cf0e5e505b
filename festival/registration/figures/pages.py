"""The organiser looks at the numbers of registration, drawn, with a table beneath each drawing."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.web.access import Permission, requires
from festival.core.web.i18n import day
from festival.registration.blueprint import bp
from festival.registration.figures import queries
from festival.registration.figures.ages import AgeGroup
from festival.registration.figures.drawing import WIDTH, NumbersOf, SpanOfDays, bars, columns, spans
from festival.roster.asked import asked_rules


@bp.get("/office/figures")
@requires(Permission.REVIEW)
def figures_page() -> ResponseReturnValue:
    """How many by unit, contest, day, sex and age."""
    festival = asked_rules().festival
    units, contests = queries.by_unit(festival.id), queries.by_contest(festival.id)
    days, people = spans(queries.by_day(festival.id)), queries.people(festival)
    of_units = [NumbersOf(each.delegation.name, each.approved, each.waiting) for each in units]
    of_contests = [NumbersOf(each.name, each.entries, each.waiting) for each in contests]
    return render_template(
        "registration/figures/page.html",
        festival=festival,
        width=WIDTH,
        units=units,
        contests=contests,
        days=[(_span_words(each), each.number) for each in days],
        people=people,
        groups=[(_age_words(each), each) for each in people.groups],
        drawn={
            "units": (bars(of_units), _most_words(of_units)),
            "contests": (bars(of_contests), _most_words(of_contests)),
            "days": (columns(days), _most_words([NumbersOf(_span_words(each), each.number) for each in days])),
            "ages": (bars(_of_sexes(people.groups)), _most_words(_of_sexes(people.groups))),
        },
    )


def _of_sexes(groups: Sequence[AgeGroup]) -> list[NumbersOf]:
    """A bar each, told apart by its words and not by its colour."""
    found = []
    for each in (group for group in groups if group.women or group.men):
        found.append(NumbersOf(_("%(ages)s, nữ", ages=_age_words(each)), each.women))
        found.append(NumbersOf(_("%(ages)s, nam", ages=_age_words(each)), each.men))
    return found


def _age_words(group: AgeGroup) -> str:
    if group.last is None:
        return str(_("Từ %(first)s tuổi", first=group.first) if group.first else _("Mọi lứa tuổi"))
    if group.first == 0:
        return str(_("Dưới %(until)s tuổi", until=group.last + 1))
    return str(_("%(first)s–%(last)s tuổi", first=group.first, last=group.last))


def _span_words(span: SpanOfDays) -> str:
    return day(span.first) if span.days == 1 else str(_("Tuần từ %(day)s", day=day(span.first)))


def _most_words(rows: Sequence[NumbersOf]) -> str:
    """What a drawing tells at a glance, for who hears it."""
    top = max(rows, key=lambda row: row.first + row.second, default=None)
    if top is None:
        return ""
    return str(_("Nhiều nhất: %(words)s, %(n)s. Đủ số liệu ở bảng dưới.", words=top.words, n=top.first + top.second))
