"""The organiser types what no table knows: money, communication, who is to be commended, lessons; each with its way back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from festival.ceremony.report import lines
from festival.ceremony.report.blueprint import bp
from festival.ceremony.report.lines import LineTyped
from festival.ceremony.report.models import ReportLine, ReportLineKind
from festival.ceremony.report.reading import awards_to_commend, seated
from festival.ceremony.report.typed import GROUPS, LineGroup, group_of, line_typed, panel_name
from festival.ceremony.report.words import LINE_WORDS, PANEL
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import NotFound
from festival.core.web.forms import form_choice, form_number, not_offered
from festival.editions.queries import the_festival
from festival.results.award_papers.said import vnd_in_words, written_vnd

LINE = "<int(max=9007199254740991):line_id>"
AWARDS_SHOWN = 40


@bp.get("/typed/<group>")
@requires(Permission.OFFICE)
def typed_lines(group: str) -> ResponseReturnValue:
    """The lines of a group, and the form for a further one."""
    festival, asked = the_festival(), _group(group)
    every = [each for each in lines.lines_of(festival.id) if each.kind in asked.kinds]
    standing = [each for each in every if each.taken_back_at is None]
    return render_template(
        "ceremony/report/typed.html",
        festival=festival,
        group=asked,
        groups=GROUPS,
        words=LINE_WORDS,
        by_kind=[(kind, [each for each in standing if each.kind is kind]) for kind in asked.kinds],
        taken_back=[each for each in every if each.taken_back_at is not None],
        sums={kind: sum(each.amount_vnd or 0 for each in standing if each.kind is kind) for kind in asked.kinds},
        written=written_vnd,
        in_words=vnd_in_words,
        offered=_offered(festival.id, standing) if asked.key == "commended" else [],
        unwritten=_unwritten(festival.id, standing) if asked.key == "panel" else [],
    )


def _group(key: str) -> LineGroup:
    if key not in GROUPS:
        raise NotFound()
    return GROUPS[key]


def _offered(festival_id: int, standing: list[ReportLine]) -> list[tuple[ReportLineKind, str, str]]:
    """Who was awarded and is not listed for that yet, the highest prizes first."""
    listed = {(each.name, each.grounds) for each in standing}
    found = []
    for award, contest in awards_to_commend(festival_id):
        whole = award.contest is None
        kind = ReportLineKind.COMMEND_UNIT if whole or award.team else ReportLineKind.COMMEND_FAMILY
        with force_locale("vi"):  # it is kept as it stands here, whoever reads this page
            where = _("toàn đoàn") if whole else _("phần thi %(name)s", name=contest)
        grounds = f"{award.prize}, {where}"
        if (award.name, grounds) not in listed:
            found.append((kind, award.name, grounds))
    return found[:AWARDS_SHOWN]


def _unwritten(festival_id: int, standing: list[ReportLine]) -> list[str]:
    """Who sits in a panel and is not written down yet."""
    known = {each.name for each in standing}
    return [name for name in seated(festival_id) if name not in known]


def _line(kind: ReportLineKind) -> LineTyped:
    """The line of the form; somebody of a panel by the name that stands there."""
    typed = line_typed(kind, request.form)
    if kind not in PANEL:
        return typed
    with reading():
        return LineTyped(panel_name(typed.name, seated(the_festival().id)))


@bp.post("/typed/<group>")
@requires(Permission.OFFICE)
def add_line(group: str) -> ResponseReturnValue:
    """A further line."""
    asked, kind = _group(group), form_choice("kind", ReportLineKind)
    if kind not in asked.kinds:
        raise not_offered("kind")
    typed = _line(kind)
    with transaction():
        lines.add_line(the_festival(), kind, typed, acting_user())
    flash(_("Đã thêm. Bản báo cáo làm từ giờ có dòng này."), "good")
    return redirect(url_for("report.typed_lines", group=group), 303)


@bp.get(f"/lines/{LINE}")
@requires(Permission.OFFICE)
def one_line(line_id: int) -> ResponseReturnValue:
    """A line, to put it right."""
    festival = the_festival()
    row = lines.line_of(festival, line_id)
    return render_template(
        "ceremony/report/line.html",
        festival=festival,
        line=row,
        group=group_of(row.kind),
        words=LINE_WORDS,
        amount=written_vnd(row.amount_vnd) if row.amount_vnd else "",
    )


@bp.post(f"/lines/{LINE}")
@requires(Permission.OFFICE)
def correct_line(line_id: int) -> ResponseReturnValue:
    """It says something else from now on."""
    with reading():
        kind = lines.line_of(the_festival(), line_id).kind
    typed, version = _line(kind), form_number("version")
    with transaction():
        lines.correct_line(the_festival(), line_id, version, typed, acting_user())
    flash(_("Đã sửa. Các bản báo cáo đã làm vẫn như cũ."), "good")
    return redirect(url_for("report.typed_lines", group=group_of(kind).key), 303)


@bp.post(f"/lines/{LINE}/take-back")
@requires(Permission.OFFICE)
def take_back_line(line_id: int) -> ResponseReturnValue:
    """It stands in no further report."""
    version = form_number("version")
    with transaction():
        festival = the_festival()
        lines.take_back_line(festival, line_id, version, acting_user())
        group = group_of(lines.line_of(festival, line_id).kind).key
    flash(_("Đã bỏ dòng này. Đưa lại được ở cuối trang."), "good")
    return redirect(url_for("report.typed_lines", group=group), 303)


@bp.post(f"/lines/{LINE}/bring-back")
@requires(Permission.OFFICE)
def bring_back_line(line_id: int) -> ResponseReturnValue:
    """It was taken back by mistake."""
    version = form_number("version")
    with transaction():
        festival = the_festival()
        lines.bring_back_line(festival, line_id, version, acting_user())
        group = group_of(lines.line_of(festival, line_id).kind).key
    flash(_("Đã đưa lại dòng này vào báo cáo."), "good")
    return redirect(url_for("report.typed_lines", group=group), 303)
