"""How is a version of the report made, drawn, taken back, set in force again, and found?

Made is what it says, in one transaction; the worker draws its documents afterwards. The edition's row is held meanwhile, so of
two people at once the second sees what the first made: of an edition the tables that hide cells are counted once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from festival.ceremony.report.content import ReportContent, ReportedLine, Stamp, content_from_json, content_to_json
from festival.ceremony.report.counting import figures, sensitive
from festival.ceremony.report.counting.tables import Counting, FigureTable
from festival.ceremony.report.drawing import draw
from festival.ceremony.report.lines import lines_of, sexes_typed
from festival.ceremony.report.models import ReportFile, ReportForm, ReportVersion
from festival.ceremony.report.reading import edition_before, facts_of, totals_of
from festival.ceremony.report.words import PANEL
from festival.core import ledger
from festival.core.canonical import canonical_json
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.text import line
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.editions.models import Festival
from festival.roster.steps import stream

log = logging.getLogger(__name__)

TRIES = 3


@dataclass(frozen=True, slots=True)
class ReportNow:
    """The report as it would be made at this moment, with who is counted where."""

    content: ReportContent
    countings: tuple[Counting, ...]


def versions_of(festival_id: int) -> list[ReportVersion]:
    """The newest first."""
    wanted = select(ReportVersion).where(ReportVersion.festival_id == festival_id)
    return list(db.session.scalars(wanted.order_by(ReportVersion.number.desc())))


def standing_of(versions: Sequence[ReportVersion]) -> ReportVersion | None:
    """The newest that was not taken back."""
    return next((each for each in versions if each.taken_back_at is None), None)


def report_now(festival: Festival, versions: Sequence[ReportVersion]) -> ReportNow:
    """Counted at this moment; tables that hide cells as the version that stands counted them."""
    lines = lines_of(festival.id)
    facts = facts_of(festival, sexes_typed(lines))
    plain, counted = figures.plain(facts), sensitive.counted(facts)
    before = standing_of(versions)
    if before is None:
        shown, counted_in = (
            tuple(sensitive.protected(facts, counted)),
            1 + max((each.number for each in versions), default=0),
        )
    else:
        kept = content_from_json(before.content)
        shown, counted_in = kept.sensitive, kept.sensitive_from
    totals = figures.totals(facts)
    content = ReportContent(
        {
            "code": festival.code,
            "name": festival.name,
            "organiser": festival.organiser,
            "venue": festival.venue,
            "starts_on": festival.starts_on.isoformat(),
            "ends_on": festival.ends_on.isoformat(),
        },
        tuple(figures.closed_plain(plain)),
        shown,
        counted_in,
        totals,
        _compared(festival, totals, shown),
        tuple(
            ReportedLine(each.kind.value, each.name, each.grounds, each.amount_vnd)
            for each in lines
            if each.taken_back_at is None and each.kind not in PANEL  # these are counted, and named nowhere
        ),
    )
    return ReportNow(content, (*plain, *counted))


def _compared(festival: Festival, totals: dict[str, int], shown: Sequence[FigureTable]) -> FigureTable | None:
    """With the last report of the edition before; only its plain numbers are counted where it made none."""
    earlier = edition_before(festival)
    if earlier is None:
        return None
    made = standing_of(versions_of(earlier.id))
    if made is not None and made.content:
        kept = content_from_json(made.content)
        return figures.compared(earlier.name, dict(kept.totals), totals, kept.sensitive, shown)
    return figures.compared(earlier.name, totals_of(earlier.id), totals, (), shown)


def make_version(festival_id: int, by: int | None) -> ReportVersion:
    """Make one; the same as the newest when nothing has changed since."""
    festival = _held(festival_id)
    versions = versions_of(festival.id)
    content = content_to_json(report_now(festival, versions).content)
    digest = sha256(canonical_json(content)).hexdigest()
    newest = standing_of(versions)
    if newest is not None and newest.sha256 == digest:
        return newest
    row = ReportVersion(
        festival_id=festival.id,
        number=1 + max((each.number for each in versions), default=0),
        content=content,
        sha256=digest,
        made_at=now(),
        made_by=by,
        tries=0,
        version=1,
        reason="",
    )
    db.session.add(row)
    db.session.flush()
    _note(festival, "report.made", row, by)
    return row


def version_of(festival: Festival, number: int) -> ReportVersion:
    """A version of this edition. NotFound."""
    wanted = select(ReportVersion).where(ReportVersion.festival_id == festival.id, ReportVersion.number == number)
    row = db.session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFound()
    return row


def take_back_version(festival_id: int, number: int, version: int, reason: str, by: int | None) -> None:
    """Nobody outside was given it: it counts no more, and the tables that hide cells may be counted anew."""
    why = line(reason)[:300]
    if not why:
        raise BadInput(_("Ghi lý do thu hồi, ví dụ: làm thử, chưa gửi cho ai."), field="reason")
    festival = _held(festival_id)
    row = version_of(festival, number)
    if row.taken_back_at is not None:
        raise Overtaken()
    _change(row, version, taken_back_at=now(), reason=why)
    _note(festival, "report.taken_back", row, by)


def reinstate_version(festival_id: int, number: int, version: int, by: int | None) -> None:
    """It was taken back by mistake. Conflict where a later one has counted anew what is counted once."""
    festival = _held(festival_id)
    row = version_of(festival, number)
    if row.taken_back_at is None:
        raise Overtaken()
    for other in versions_of(festival.id):
        if other.taken_back_at is None and other.content.get("sensitive") != row.content.get("sensitive"):
            raise Conflict(
                _(
                    "Bản %(other)s đã đếm lại lứa tuổi, loại hộ, dân tộc. Hai cách đếm cùng còn giá trị thì suy ra được từng người."
                    " Muốn dùng lại bản %(number)s thì thu hồi bản %(other)s trước.",
                    other=other.number,
                    number=number,
                )
            )
    _change(row, version, taken_back_at=None, reason="")
    _note(festival, "report.reinstated", row, by)


def _held(festival_id: int) -> Festival:
    db.session.execute(select(Festival.id).where(Festival.id == festival_id).with_for_update())
    return db.session.get_one(Festival, festival_id)


def _change(row: ReportVersion, version: int, **values: object) -> None:
    changed = db.session.execute(
        update(ReportVersion)
        .where(ReportVersion.id == row.id, ReportVersion.version == version)
        .values(version=version + 1, **values)
        .returning(ReportVersion.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if changed is None:
        raise Overtaken()
    db.session.refresh(row)


def _note(festival: Festival, kind: str, row: ReportVersion, by: int | None) -> None:
    subject = {
        "report": row.number,
        "sha256": row.sha256,
        "version": row.version,
        "out": row.taken_back_at is not None,
    }
    ledger.append(stream(festival), kind, subject, {"by": by, "reason": row.reason})


# ------------------------------------------------------------------------------------------------ the documents


@dataclass(frozen=True, slots=True)
class DrawnForms:
    """How far the documents of a version are."""

    forms: tuple[ReportFile, ...]
    given_up: bool

    @property
    def state(self) -> str:
        """As the page that waits asks: "ready", "failed" or "working"."""
        if len(self.forms) == len(ReportForm):
            return "ready"
        return "failed" if self.given_up else "working"


def forms_of(versions: Sequence[ReportVersion]) -> dict[int, DrawnForms]:
    """By version; one statement, without the bytes."""
    wanted = select(ReportFile).where(ReportFile.report_id.in_([each.id for each in versions]))
    found: dict[int, list[ReportFile]] = {each.id: [] for each in versions}
    for row in db.session.scalars(wanted):
        found[row.report_id].append(row)
    order = list(ReportForm)
    return {
        each.id: DrawnForms(tuple(sorted(found[each.id], key=lambda row: order.index(row.form))), each.tries >= TRIES)
        for each in versions
    }


def file_of(row: ReportVersion, form: ReportForm) -> ReportFile:
    """A document that was drawn and not erased since. NotFound."""
    found = db.session.get(ReportFile, (row.id, form))
    if found is None:
        raise NotFound(_("Tệp này đang được làm. Đợi một lát rồi mở lại."))
    return found


def draw_again(festival: Festival, number: int) -> None:
    """The worker has given up; somebody asks once more."""
    row = version_of(festival, number)
    db.session.execute(update(ReportVersion).where(ReportVersion.id == row.id).values(tries=0))


def draw_waiting() -> int:
    """The worker's chore: the oldest version that lacks documents, one document at a time; answers how many were drawn."""
    drawn = 0
    while (waiting := _waiting()) is not None:
        row, festival, forms, replaces = waiting
        with transaction():
            # counted before the work: what kills its worker must not do so for ever
            db.session.execute(
                update(ReportVersion).where(ReportVersion.id == row.id).values(tries=ReportVersion.tries + 1)
            )
        stamp = Stamp(row.number, row.made_at, row.sha256, replaces)
        try:
            for form in forms:
                content = draw(form, content_from_json(row.content), stamp)
                with transaction():
                    _keep(festival, row, form, content)
                drawn += 1
        except Exception as error:
            log.error("report %s not drawn: %s", row.number, type(error).__name__)
    return drawn


def _waiting() -> tuple[ReportVersion, Festival, list[ReportForm], int | None] | None:
    there = select(func.count()).where(ReportFile.report_id == ReportVersion.id).scalar_subquery()
    wanted = (
        select(ReportVersion, Festival)
        .join(Festival, Festival.id == ReportVersion.festival_id)
        .where(ReportVersion.tries < TRIES, there < len(ReportForm))
        .order_by(ReportVersion.id)
        .limit(1)
    )
    with reading():
        found = db.session.execute(wanted).first()
        if found is None or not found[0].content:
            return None
        row, festival = found
        done = {each.form for each in forms_of([row])[row.id].forms}
        earlier = [
            each.number for each in versions_of(festival.id) if each.number < row.number and not each.taken_back_at
        ]
        return row, festival, [form for form in ReportForm if form not in done], max(earlier, default=None)


def _keep(festival: Festival, row: ReportVersion, form: ReportForm, content: bytes) -> None:
    """Two workers may draw the same; the first one's bytes stay."""
    values = {
        "report_id": row.id,
        "form": form,
        "content": content,
        "sha256": sha256(content).hexdigest(),
        "drawn_at": now(),
    }
    made = insert_or_pass(ReportFile).values(values).on_conflict_do_nothing().returning(ReportFile.report_id)
    if db.session.execute(made).scalar_one_or_none() is not None:
        subject = {"report": row.number, "form": form.value, "sha256": values["sha256"]}
        ledger.append(stream(festival), "report.drawn", subject, {})
