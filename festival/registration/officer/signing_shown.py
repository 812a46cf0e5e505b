"""What do officer and organiser see and do about the lists of a delegation that are signed? Both doors end here.

Of each unit that signs: what is different from the signed list, the sheet that waits, the letter with its pages, everything
that was printed, signed and taken back, by whom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from config import Config
from festival.accounts.models import User
from festival.core.clock import today
from festival.core.database import db
from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.i18n import say
from festival.documents.docx import MIMETYPE as DOCX
from festival.papers.files import kept_file, kept_page
from festival.papers.models import PaperState
from festival.papers.signing_lists import ListPage, PageFormat, SigningList
from festival.registration.blueprint import bp
from festival.registration.editing.changes import ChangeSeen, changes
from festival.registration.models import FormerRegistration
from festival.registration.signing import communes, lists
from festival.registration.signing.listed import since
from festival.registration.signing.scans import FIELD, sent_pages
from festival.registration.signing.typed import Letter, typed_letter
from festival.registration.signing.units import UnitList, signings
from festival.registration.signing.words import LIST_WORDS, STATE_TONES, STATE_WORDS
from festival.roster import families, views
from festival.roster.models import Delegation
from festival.roster.rules import Rules

Load = Callable[[], tuple[Delegation, Rules]]
UNSIGNED = (PaperState.PRINTED, PaperState.REPLACED)


@dataclass(frozen=True, slots=True)
class SigningDoors:
    """Under which addresses the steps stand: the officer's, or the organiser's."""

    name: str  # how the endpoints begin
    code: str
    back: str  # the page above
    back_words: str  # '' is the name of the delegation
    organiser: bool

    def to(self, which: str = "", /, **more: Any) -> str:
        """The address of a step; "" is the page of the delegation."""
        return url_for(f"registration.{self.name}{which}", code=self.code, **more)


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One sending of signed pages."""

    turn: int
    pages: tuple[tuple[int, PageFormat], ...]
    at: datetime
    by: int | None


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {
        "signing_words": {
            "state": lambda state: say(STATE_WORDS[state]),
            "tone": STATE_TONES.__getitem__,
            "list": lambda state: say(LIST_WORDS[state]),
        }
    }


def index_page(load: Load, doors: SigningDoors) -> ResponseReturnValue:
    """Each unit that signs for the delegation; which commune each family belongs to."""
    delegation, rules = load()
    (signing,) = signings([delegation])
    if not signing.several and not doors.organiser:
        return redirect(doors.to("_unit", unit=delegation.unit.key))
    looked(SecurityKind.READ_CHILDREN, delegation=delegation.code)
    of_family = {family.code: own.unit.key for own in signing.units for family in own.families}
    every = sorted(
        [*signing.unplaced, *(family for own in signing.units for family in own.families)], key=lambda each: each.id
    )
    return render_template(
        "registration/officer/signing.html",
        delegation=delegation,
        festival=rules.festival,
        signing=signing,
        doors=doors,
        families=every,
        of_family=of_family,
        meant=communes.meant_communes(signing),
        keys=",".join(own.unit.key for own in signing.units) if signing.several else "",
        named="\n".join(own.unit.full_name for own in signing.units) if signing.several else "",
    )


def place(load: Load, doors: SigningDoors) -> ResponseReturnValue:
    """Put families on the lists of communes."""
    chosen = {name.removeprefix("of-"): value for name, value in request.form.items() if name.startswith("of-")}
    was = {name.removeprefix("was-"): value for name, value in request.form.items() if name.startswith("was-")}
    with transaction():
        delegation, _rules = load()
        moved = communes.place_families(delegation, chosen, was, acting_user())
    flash(_("Đã xếp %(n)s gia đình.", n=moved) if moved else _("Không có gì thay đổi."), "good" if moved else "note")
    return redirect(doors.to(), 303)


def unit_page(load: Load, doors: SigningDoors, key: str) -> str:
    """One unit: what to print, what came back, what was before."""
    delegation, rules = load()
    (signing,) = signings([delegation])
    own = signing.of(key)
    looked(SecurityKind.READ_CHILDREN, delegation=delegation.code)
    rows = _lists(delegation, own)
    turns = _turns([row.id for row in rows])
    changed = _changes(own, rules)
    by = {account for row in rows for account in (row.printed_by, row.signed_by, row.changed_by)}
    by |= {each.by for some in turns.values() for each in some} | {one.by for _f, some in changed for one in some}
    return render_template(
        "registration/officer/signing_unit.html",
        delegation=delegation,
        festival=rules.festival,
        signing=signing,
        own=own,
        doors=doors,
        lists=rows,
        turns=turns,
        waits=[row for row in rows if row.signed_at is None and row.state in UNSIGNED][:5],
        since_print=since(own.printed.said, own.families) if own.printed else None,
        changed=changed,
        rules=rules,
        names=_names(by - {None}),
        people=sum(len(family.people) for family in own.families),
    )


def _lists(delegation: Delegation, own: UnitList) -> Sequence[SigningList]:
    wanted = select(SigningList).where(SigningList.delegation_id == delegation.id, SigningList.unit_id == own.unit.id)
    return db.session.scalars(wanted.order_by(SigningList.id.desc())).all()


def _turns(list_ids: Sequence[int]) -> dict[int, list[ShownTurn]]:
    columns = (ListPage.list_id, ListPage.turn, ListPage.page, ListPage.format, ListPage.put_at, ListPage.put_by)
    found: dict[int, dict[int, list[Any]]] = {}
    wanted = select(*columns).where(ListPage.list_id.in_(list_ids))
    for row in db.session.execute(wanted.order_by(ListPage.turn, ListPage.page)):
        found.setdefault(row.list_id, {}).setdefault(row.turn, []).append(row)
    return {
        list_id: [
            ShownTurn(turn, tuple((row.page, row.format) for row in rows), rows[0].put_at, rows[0].put_by)
            for turn, rows in of_list.items()
        ]
        for list_id, of_list in found.items()
    }


def _changes(own: UnitList, rules: Rules) -> list[tuple[str, tuple[ChangeSeen, ...]]]:
    """What was changed, field by field and by whom, of families that the signed list says otherwise."""
    wanted = {code for code, _name in own.different.changed}
    if own.signed is None or not wanted:
        return []
    ids = [family.id for family in own.families if family.code in wanted]
    former = select(FormerRegistration).where(
        FormerRegistration.family_id.in_(ids), FormerRegistration.changed_at > own.signed.printed_at
    )
    kept: dict[int, list[FormerRegistration]] = {}
    for row in db.session.scalars(former.order_by(FormerRegistration.version)):
        kept.setdefault(row.family_id, []).append(row)
    shown = views.views([each for each in families.families_of(own.signed.delegation_id) if each.id in ids], rules)
    return [(view.family.name, changes(kept.get(view.family.id, []), view.household)) for view in shown]


def _names(accounts: set[int | None]) -> dict[int, str]:
    if not accounts:
        return {}
    return {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(accounts)))}


# ------------------------------------------------------------------------------------------------ the steps


def act(load: Load, doors: SigningDoors, key: str, step: str) -> ResponseReturnValue:
    """One step of a unit's list, by its name in the address."""
    steps = {"print": _print, "sign": _sign, "correct": _correct, "take-back": _take_back, "reinstate": _reinstate}
    if step not in steps:
        raise NotFound()
    with reading():
        load()  # whose delegation it is comes before what was typed
    steps[step](load, key)
    return redirect(doors.to("_unit", unit=key), 303)


def _print(load: Load, key: str) -> None:
    with reading():
        delegation, rules = load()
        delegation_id, drawing = delegation.id, lists.draw_list(delegation, key, rules)
    with transaction():
        number = lists.print_list(delegation_id, key, drawing, acting_user()).number
    flash(
        _("Tờ số %(number)s đã sẵn sàng. Mở tờ PDF để in, hoặc tải bản Word để sửa phần đầu văn bản.", number=number),
        "good",
    )


def _sign(load: Load, key: str) -> None:
    list_id = _number("list")
    delegation_id, letter = _letter(load, key, list_id)
    sent = sent_pages(request.files.getlist(FIELD), _folder())
    if sent is None:
        raise BadInput(_("Chưa chọn tệp. Chụp hoặc quét các trang đã ký rồi gửi."), field=FIELD)
    with transaction():
        lists.sign_list(delegation_id, list_id, letter, sent, acting_user())
    flash(_("Đã nhận danh sách đã ký. Ban Tổ chức thấy ngay."), "good")


def _correct(load: Load, key: str) -> None:
    list_id, version = _number("list"), _number("version")
    turn = typed_number(request.form.get("turn", ""))
    delegation_id, letter = _letter(load, key, list_id)
    sent = sent_pages(request.files.getlist(FIELD), _folder())
    with transaction():
        lists.correct_list(delegation_id, list_id, version, letter, sent, acting_user(), turn)
    flash(_("Đã sửa bản đã ký."), "good")


def _take_back(load: Load, key: str) -> None:
    list_id, version = _number("list"), _number("version")
    with transaction():
        delegation, _rules = load()
        _of_unit(delegation, key, list_id)
        reason = request.form.get("reason", "")
        before = lists.take_back_list(delegation.id, list_id, version, reason, acting_user())
        number = before.number if before else None
    if number is None:
        flash(_("Đã bỏ bản đã ký. In lại để ký tờ khác; bỏ nhầm thì dùng lại ở bảng bên dưới."), "good")
    else:
        flash(_("Đã bỏ bản đã ký. Tờ số %(number)s ký trước đó có hiệu lực trở lại.", number=number), "good")


def _reinstate(load: Load, key: str) -> None:
    list_id, version = _number("list"), _number("version")
    with transaction():
        delegation, _rules = load()
        _of_unit(delegation, key, list_id)
        lists.reinstate_list(delegation.id, list_id, version, acting_user())
    flash(_("Tờ này có hiệu lực trở lại."), "good")


def _letter(load: Load, key: str, list_id: int) -> tuple[int, Letter]:
    """Whose list it is, and what was typed, come before the files."""
    with reading():
        delegation, _rules = load()
        row = _of_unit(delegation, key, list_id)
        return delegation.id, _typed(lists.printed_on(row))


def _typed(printed_on: date) -> Letter:
    form = request.form
    return typed_letter(form.get("number", ""), form.get("day", ""), form.get("signer", ""), printed_on, today())


def _of_unit(delegation: Delegation, key: str, list_id: int) -> SigningList:
    (signing,) = signings([delegation])
    row = lists.list_in(delegation, list_id)
    if row.unit_id != signing.of(key).unit.id:
        raise NotFound()
    return row


def _number(name: str) -> int:
    number = typed_number(request.form.get(name, ""))
    if number is None:
        raise BadInput()
    return number


def _folder() -> Path:
    config: Config = current_app.config["FESTIVAL"]
    return config.instance


# ------------------------------------------------------------------------------------------------ the files


def file(load: Load, list_id: int, name: str) -> Response:
    """A kept file, byte for byte: the sheet as printed, the document, a page as `2-1` (second sending, first page)."""
    delegation, _rules = load()
    row = lists.list_in(delegation, list_id)
    looked(SecurityKind.EXPORT, what="list", delegation=delegation.code)
    stem = f"danh-sach-{delegation.code}-{row.number}"
    if name == "list.pdf":
        return kept_file(row.content, row.sha256, f"{stem}.pdf")
    if name == "list.docx":
        return kept_file(row.editable, row.editable_sha256, f"{stem}.docx", DOCX)
    turn, page = (typed_number(part) for part in name.partition("-")[::2])
    wanted = ListPage.list_id == row.id, ListPage.turn == (turn or 0), ListPage.page == (page or 0)
    found = db.session.scalar(select(ListPage).where(*wanted))
    if found is None:
        raise NotFound()
    return kept_page(found, f"{stem}-da-ky.pdf")
