"""An officer types families into a grid, or changes one that is registered.

Each button keeps what was typed and answers with the page anew (303), so that Back and refresh find everything; a script
keeps it while it is typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import assert_never

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.canonical import canonical_json
from festival.core.old_fonts import offered
from festival.core.secrets import keyed_hash
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.i18n import say
from festival.registration import registering
from festival.registration.blueprint import bp
from festival.registration.editing import saving
from festival.registration.grid import keeping, typed
from festival.registration.grid.pasting import pasted
from festival.registration.grid.reading import replaced
from festival.registration.grid.sheet import TYPING_DROPPED
from festival.registration.guarding import held
from festival.registration.officer.grid_page import SAME_HOUSEHOLD, GridPage
from festival.registration.outcomes import AlreadyRegistered, OtherContent, Registered, SameHousehold
from festival.registration.typed.forms import USE
from festival.registration.versions import told_stale, version_of_form
from festival.roster.household import Household, cleaned, to_json
from festival.roster.models import Origin
from festival.roster.outcomes import Done, Stale

_CELL = re.compile(r"(?:f(\d{1,2})-)?members-(\d{1,2})-(name|guardian)")
_ACT = re.compile(r"(drop|out|row):(\d{1,2})(?::(\d{1,2}))?")


@bp.get("/delegation/<code>/families/new")
@requires(Permission.DELEGATION)
def family_new(code: str) -> ResponseReturnValue:
    """The grid of new families, as it was left."""
    return GridPage(code).draw()


@bp.post("/delegation/<code>/families/new")
@requires(Permission.DELEGATION)
def family_new_post(code: str) -> ResponseReturnValue:
    """Keep what is typed, do what was asked, or register every family that can be read."""
    with transaction():
        page = GridPage(code, lock=True)
        return _acted(page) or _registered(page)


@bp.get("/delegation/<code>/families/<family>")
@requires(Permission.DELEGATION)
def family_edit(code: str, family: str) -> ResponseReturnValue:
    """A family as registered, to correct, in the same grid."""
    return GridPage(code, family).draw()


@bp.post("/delegation/<code>/families/<family>")
@requires(Permission.DELEGATION)
def family_edit_post(code: str, family: str) -> ResponseReturnValue:
    """Correct a family that is not decided yet."""
    with transaction():
        page = GridPage(code, family, lock=True)
        return _acted(page) or _changed(page)


def _acted(page: GridPage) -> ResponseReturnValue | None:
    """What every button but the one that saves does: the typed work is kept, the grid changes, the page comes anew."""
    act = request.form.get("act", "save")
    overtaken = page.take()
    if act == "keep":
        seen = None if overtaken else page.keep()
        return (jsonify(message=_elsewhere()), 409) if seen is None else jsonify(seen=seen, **page.state())
    at = _at_hand()
    use = _CELL.fullmatch(request.form.get(USE, ""))
    if use is not None:
        at = use[0]
        page.sheet = page.sheet.typing(_with_offer(page, int(use[1] or 0), int(use[2]), use[3]))
    elif act == "save":
        return None
    elif act == "paste":
        text = request.form.get("pasted", "")
        page.sheet = page.sheet.taking(text, pasted(text, page.words), *_places(at))
    elif act == "family":
        page.sheet = page.sheet.typing(typed.compact(page.sheet.families))
        at = f"{typed.prefix(max(1, len(page.sheet.families)))}phone"
    elif act == "undo":
        page.sheet = page.sheet.undone()
    elif act == "redo":
        page.sheet = page.sheet.redone()
    elif act == "theirs" and page.item is not None:
        page.sheet = page.sheet.did(TYPING_DROPPED, page.registered)
        if page.draft is not None:
            keeping.stand_on(page.draft, page.item.family.version)
    elif act == "former" and page.item is not None:
        return _brought_back(page)
    elif (found := _ACT.fullmatch(act)) is not None:
        at = _rows(page, found[1], int(found[2]), int(found[3] or 0))
    page.keep()
    return _again(page, at)


def _elsewhere() -> str:
    return str(
        _(
            "Bảng này đang gõ ở một trang khác nữa. Bấm một nút ở đây để giữ bản này; bản kia lấy lại được bằng “Hoàn tác”."
        )
    )


def _rows(page: GridPage, act: str, family: int, row: int) -> str:
    """A row or a family goes, or there is room for one more person; where the hand goes then."""
    if act == "drop":
        page.sheet = page.sheet.without_row(family, row)
        return typed.cell(family, max(0, row - 1), "name")
    if act == "out":
        page.sheet = page.sheet.without_family(family)
        return f"{typed.prefix(max(0, family - 1))}phone"
    page.sheet = page.sheet.typing(typed.compact(page.sheet.families))
    people = page.sheet.families[family].people if family < len(page.sheet.families) else ()
    return typed.cell(family, len(people) + 1, "name")


def _with_offer(page: GridPage, family: int, row: int, key: str) -> tuple[typed.TypedFamily, ...]:
    """The families with an offered name taken."""
    families = list(page.sheet.families)
    if family < len(families) and row < len(families[family].people):
        people = list(families[family].people)
        text = getattr(people[row], key)
        people[row] = typed.with_cell(people[row], key, offered(text) or text)
        families[family] = replace(families[family], people=tuple(people))
    return tuple(families)


def _at_hand() -> str:
    return request.form.get("at", "")[:40]


def _places(at: str) -> tuple[int, int]:
    found = re.match(r"(?:f(\d{1,2})-)?(?:members-(\d{1,2})-)?", at)
    return (int(found[1] or 0), int(found[2] or 0)) if found else (0, 0)


def _again(page: GridPage, at: str = "") -> ResponseReturnValue:
    """The page once more, by an address that can be opened again."""
    shown = f"{page.address}?at={at}#{at}" if re.fullmatch(r"[a-z0-9-]+", at) else page.address
    return redirect(shown, 303)


@dataclass(slots=True)
class _Saving:
    """What became of the families of a grid."""

    saved: list[Household]
    twins: list[Household]
    left: list[typed.TypedFamily]


def _registered(page: GridPage) -> ResponseReturnValue:
    """Every family that can be read is registered; the others stay in the grid with what is wrong."""
    done = _Saving([], [], [])
    for each, read in zip(page.sheet.families, page.read(), strict=True):
        if each.blank:
            continue
        outcome = None if read.faults else _registering(page, read.household)
        match outcome:
            case Registered():
                done.saved.append(read.household)
                if held.is_held(outcome.family_id):
                    done.twins.append(read.household)
            case AlreadyRegistered():
                done.saved.append(read.household)
            case SameHousehold() | OtherContent() | None:
                done.left.append(each)
            case _:
                assert_never(outcome)
    _told_saved(done)
    if done.saved and not done.left:
        page.end()
        return redirect(url_for("registration.delegation", code=page.desk.delegation.code))
    if not done.left:
        flash(_("Chưa gõ gia đình nào. Gõ hoặc dán vào bảng rồi lưu."), "warn")
    page.sheet = replace(page.sheet, families=tuple(done.left), checked=True)
    if done.saved:
        page.sheet = replace(page.sheet, back=(), forth=())
    page.keep()
    return _again(page)


def _registering(page: GridPage, household: Household) -> Registered | AlreadyRegistered | SameHousehold | OtherContent:
    """The same page sent twice is one family; another family typed over it (the browser's Back) is another, and is kept."""
    content = canonical_json(to_json(cleaned(household))).decode()
    key = f"officer:{page.desk.delegation.id}:{keyed_hash('form', f'{page.sheet.key} {content}')}"
    return registering.register_family(
        page.desk.rules, page.desk.delegation, household, Origin.OFFICER, submission_key=key, method="paper"
    )


def _changed(page: GridPage) -> ResponseReturnValue:
    """The registered family as it is typed now, unless somebody changed it meanwhile: then both stand on the page."""
    item = page.item
    assert item is not None
    (read,) = page.read()
    if read.faults:
        page.sheet = replace(page.sheet, checked=True)
        page.keep()
        return _again(page)
    before = page.old
    by = acting_user()
    outcome = saving.save(page.desk.rules, item.family, read.household, version_of_form(), how="paper", by=by)
    match outcome:
        case Done():
            twin = held.is_held(item.family.id)
            _told_saved(_Saving([read.household], [read.household] if twin else [], []))
            _told_replaced(replaced(page.sheet.families[0], before, page.rule))
            page.end()
            return redirect(url_for("registration.delegation", code=page.desk.delegation.code))
        case Stale():
            flash(told_stale(outcome), "warn")
        case SameHousehold():
            page.sheet = replace(page.sheet, checked=True)
        case _:
            assert_never(outcome)
    page.keep()
    return _again(page)


def _brought_back(page: GridPage) -> ResponseReturnValue:
    """What the family said before its last change; what is typed and not saved stays beside it."""
    item = page.item
    assert item is not None
    unsaved = page.unsaved
    outcome = saving.bring_back(page.desk.rules, item.family, version_of_form(), how="paper", by=acting_user())
    match outcome:
        case Done():
            flash(_("Đã lấy lại hồ sơ như trước lần sửa cuối."), "good")
        case Stale():
            flash(told_stale(outcome), "warn")
        case SameHousehold():
            flash(say(SAME_HOUSEHOLD), "warn")
        case _:
            assert_never(outcome)
    if unsaved:
        page.keep()
    else:
        page.end()
    return _again(page)


def _told_saved(done: _Saving) -> None:
    if len(done.saved) == 1:
        flash(_("Đã lưu %(name)s.", name=done.saved[0].name), "good")
    elif done.saved:
        named = "; ".join(each.name for each in done.saved[:6]) + ("; …" if len(done.saved) > 6 else "")
        flash(_("Đã lưu %(n)s gia đình: %(names)s.", n=len(done.saved), names=named), "good")
    if done.saved and done.left:
        flash(
            _("%(n)s gia đình chưa lưu được, còn nguyên ở dưới. Sửa chỗ được nêu rồi lưu tiếp.", n=len(done.left)),
            "warn",
        )
    for each in done.twins[:3]:
        flash(
            _("%(name)s có lẽ trùng với một hồ sơ đã có. Mở “Hồ sơ cần xem” để so hai hồ sơ.", name=each.name), "warn"
        )
    loud = [member.name for each in done.saved for member in each.members if offered(member.name)]
    if loud:
        flash(
            _(
                "Tên viết toàn chữ hoa hoặc chữ thường: %(names)s. Mở gia đình thì đổi được bằng một lần bấm.",
                names=", ".join(loud[:6]),
            ),
            "note",
        )


def _told_replaced(over: tuple[tuple[str, str], ...]) -> None:
    """Who was typed over took the agreements along: said, because the ticks of the row were seen as this person's."""
    for new, old in over:
        flash(
            _(
                "%(new)s thay cho %(old)s: phiếu của %(old)s không tính cho người mới. Người mới đã ký thì mở gia đình và đánh dấu.",
                new=new,
                old=old,
            ),
            "warn",
        )
