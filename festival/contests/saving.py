"""How do the rules of a contest reach their tables, and what of them stands once its time is over?

Each column may change as long as `changeable` says: a change is an UPDATE whose conditions find no row any more. Words may
change longer than what decides points, and each renaming is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from festival.contests.changeable import COLUMN_WORDS, COLUMNS, CRITERION_COLUMNS, Until, over
from festival.contests.models import Contest, ContestState, Criterion
from festival.contests.rule_columns import CRITERION_WRITTEN, RULE_COLUMNS, columns_of, criteria_rows
from festival.core import ledger
from festival.core.database import db
from festival.core.seal.compare import digest
from festival.core.web.errors import Conflict
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.ruleset import Ruleset

BEFORE_SIGNING = (ContestState.OPEN, ContestState.LOCKED)
# What must still be so for a change to be written: the condition of its UPDATE.
STILL: Mapping[Until, ColumnElement[bool]] = {
    Until.FIRST_MARK: Contest.rules_fixed_at.is_(None),
    Until.SIGNING: Contest.state.in_(BEFORE_SIGNING),
    Until.PUBLICATION: Contest.state != ContestState.PUBLISHED,
}
UNWEIGHED = 1000
CRITERION_UNTIL: Mapping[str, Until] = {"position": Until.FIRST_MARK, **CRITERION_COLUMNS}


def save_contests(festival: Festival, ruleset: Ruleset) -> list[Contest]:
    """The contests of a rule set: made, or brought up to date, each column as long as `changeable` lets it.

    Raises Conflict, naming the contest and what stays, when the time of a change is over, or when a contest that has
    entries is no longer in the file.
    """
    held = {each.code: each for each in db.session.scalars(select(Contest).where(Contest.festival_id == festival.id))}
    saved: list[Contest] = []
    for position, rule in enumerate(ruleset.contests, start=1):
        special = [prize.name for prize in ruleset.special_prizes if prize.contest == rule.code]
        origin = next((each.id for each in saved if each.code == rule.entries_from), None)
        columns = columns_of(rule) | {"position": position, "special_prizes": special, "entries_from_id": origin}
        contest = held.pop(rule.code, None)
        if contest is None:
            contest = Contest(
                festival_id=festival.id, code=rule.code, ledger_name=_ledger_name(festival, rule.code), **columns
            )
            db.session.add(contest)
            db.session.flush()
            _save_criteria(contest, rule)
        else:
            _update(contest, columns, rule)
        saved.append(contest)
    # what takes its entries from another goes before it
    for gone in sorted(held.values(), key=lambda each: -each.position):
        _drop(gone)
    db.session.flush()
    ledger.append(
        f"decisions:{festival.code}",
        "contests_saved",
        {"festival": festival.code},
        {
            "ruleset": digest(festival.ruleset),
            "contests": {each.code: rules_written(each, each.criteria) for each in saved},
        },
    )
    return saved


def unsaved(rule: ContestRule) -> Contest:
    """The contest that a rule would be saved as, locked and in no database: what is only tried is counted by the same code."""
    contest = Contest(
        code=rule.code,
        ledger_name=rule.code,
        position=1,
        state=ContestState.LOCKED,
        special_prizes=[],
        **columns_of(rule),
    )
    contest.criteria = [Criterion(**values) for values in criteria_rows(rule)]
    return contest


def _drop(gone: Contest) -> None:
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Criterion).where(Criterion.contest_id == gone.id))
            db.session.execute(delete(Contest).where(Contest.id == gone.id))
    except IntegrityError as error:
        raise Conflict(
            _(
                "Chưa bỏ được phần thi «%(name)s»: đã có người đăng ký, giám khảo hoặc buổi thi. Chưa ghi gì.",
                name=gone.name,
            )
        ) from error


def _update(contest: Contest, columns: dict[str, Any], rule: ContestRule) -> None:
    """Write what differs, where its time is not over: one conditional UPDATE decides, which also holds the contest while
    its criteria change. A first mark at the same moment comes before it or after it.
    """
    if contest.state is not ContestState.OPEN:
        # locked before the smallest panel had its present default: it stays as it was locked
        columns = {name: value for name, value in columns.items() if name != "smallest_panel"}
    changed = {name: value for name, value in columns.items() if getattr(contest, name) != value}
    wanted = criteria_rows(rule)
    parts = _criteria_changed(contest.criteria, wanted)
    if not changed and not parts:
        return
    # where nothing said what places bring, it may be said late: the way out for a sum that did not add up
    free = {"place_points"} if not contest.place_points else set()
    free.add("entries_from_id")  # follows a key, whose own column tells until when
    needed = {COLUMNS[name] for name in changed if name not in free} | {CRITERION_UNTIL[name] for name in parts}
    renamed = _renamed(contest, changed, wanted)
    if "after" in changed:
        _refuse_after(contest)
    done = db.session.execute(
        update(Contest)
        .where(Contest.id == contest.id, *(_still(contest, until) for until in needed if until in STILL))
        .values(**(changed or {"name": contest.name}))
        .execution_options(synchronize_session=False)
    )
    if done.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict(_refusal(contest, [name for name in changed if name not in free], parts))
    if {CRITERION_UNTIL[name] for name in parts} - {Until.PUBLICATION}:
        db.session.execute(delete(Criterion).where(Criterion.contest_id == contest.id))
        db.session.expire(contest)
        _save_criteria(contest, rule)
    elif parts:
        for held, new in zip(contest.criteria, wanted, strict=True):
            held.name, held.descriptor, held.part = new["name"], new["descriptor"], new["part"]
        db.session.flush()
    db.session.expire(contest)
    if renamed:
        ledger.append(
            f"decisions:{contest.festival.code}", "contest_renamed", {"contest": contest.code}, {"renamed": renamed}
        )


def _still(contest: Contest, until: Until) -> ColumnElement[bool]:
    """The condition of a change; how results are added up stands from the first mark of a component on."""
    own = STILL[until]
    if until is not Until.FIRST_MARK or contest.sum_of is None:
        return own
    marked = aliased(Contest)
    codes = [of["contest"] for of in contest.sum_of]
    begun = (marked.festival_id == contest.festival_id, marked.code.in_(codes), marked.rules_fixed_at.is_not(None))
    return and_(own, ~exists().where(*begun))


def _refuse_after(contest: Contest) -> None:
    """Who went on by the rule of then is taken back first. Held: nobody takes them in at this moment."""
    if db.session.scalar(select(Contest.cut).where(Contest.id == contest.id).with_for_update()) is not None:
        raise Conflict(
            _(
                "Đã lấy người vào phần thi «%(name)s», nên chưa đổi được vòng trước và số lượt thi vào vòng này. Chưa ghi gì: "
                "trả lại danh sách vào vòng này trước, rồi lưu lại.",
                name=contest.name,
            )
        )


def _criteria_changed(held: Sequence[Criterion], wanted: Sequence[Mapping[str, Any]]) -> set[str]:
    """Which columns of criteria differ; "position" when there are others, or in another order."""
    if [each.code for each in held] != [each["code"] for each in wanted]:
        return {"position"}
    return {name for old, new in zip(held, wanted, strict=True) for name in new if getattr(old, name) != new[name]}


def _renamed(contest: Contest, changed: Mapping[str, Any], wanted: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The words that change, old and new: of the contest, of its part, of criteria with the same code."""
    found = [
        {"what": name, "old": str(getattr(contest, name)), "new": str(changed[name])}
        for name in ("name", "part_name", "unit_label")
        if name in changed
    ]
    new = {each["code"]: each for each in wanted}
    for criterion in contest.criteria:
        for name in ("name", "descriptor", "part"):
            old = getattr(criterion, name)
            if criterion.code in new and new[criterion.code][name] != old:
                found.append({"what": name, "criterion": criterion.code, "old": old, "new": new[criterion.code][name]})
    return found


def _refusal(contest: Contest, columns: Iterable[str], parts: Iterable[str]) -> object:
    """Which time is over, and what therefore stays. The contest is read anew: a mark may have come since."""
    db.session.refresh(contest)
    untils = {name: COLUMNS[name] for name in columns} | {f"criteria.{name}": CRITERION_UNTIL[name] for name in parts}
    published = contest.state is ContestState.PUBLISHED
    signed = contest.state not in BEFORE_SIGNING
    # of a sum a component was marked: nothing else keeps its points
    fixed = contest.rules_fixed_at is not None or contest.sum_of is not None
    for until, words in (
        (Until.PUBLICATION, _("Phần thi «%(name)s» đã công bố kết quả nên không đổi được nữa", name=contest.name)),
        (Until.FIRST_MARK, _("Phần thi «%(name)s» đã có điểm nên không đổi được nữa", name=contest.name)),
        (Until.SIGNING, _("Phần thi «%(name)s» đã ký biên bản nên không đổi được nữa", name=contest.name)),
    ):
        kept = [name for name, its in untils.items() if its is until]
        if kept and over(until, fixed=fixed, signed=signed, published=published):
            what = dict.fromkeys(say(COLUMN_WORDS[name]) for name in kept)
            return _("%(why)s: %(what)s. Chưa ghi gì.", why=words, what=", ".join(what))
    return _("Phần thi «%(name)s» vừa thay đổi. Mở lại trang rồi thử lần nữa.", name=contest.name)


def _ledger_name(festival: Festival, code: str) -> str:
    """Two editions with one code of a contest keep their marks and results apart; the earlier one keeps its streams.

    Should both be imported at the same moment, they share them, and each line says whose it is.
    """
    taken = db.session.scalar(select(Contest.id).where(Contest.ledger_name == code).limit(1))
    return code if taken is None else f"{festival.code}/contest/{code}"


def rules_written(contest: Contest, criteria: Iterable[Criterion]) -> dict[str, Any]:
    """By which rules a contest is judged, as the ledger keeps them: all columns of its row that a rule set fills."""
    return {column: getattr(contest, column) for column in RULE_COLUMNS} | {
        "criteria": [criterion_written(each) for each in criteria]
    }


def criterion_written(each: Criterion) -> dict[str, Any]:
    """The same of a criterion. Weight and group are written where there are any: lines of an earlier release knew none."""
    written = {column: getattr(each, column) for column in CRITERION_WRITTEN}
    if each.weight_milli == UNWEIGHED:
        del written["weight_milli"]
    if not each.part:
        del written["part"]
    return written


def _save_criteria(contest: Contest, rule: ContestRule) -> None:
    db.session.add_all(Criterion(contest_id=contest.id, **values) for values in criteria_rows(rule))
    db.session.flush()
