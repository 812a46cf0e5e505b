"""What do officer and organiser see and do about one family's agreements? Both doors end here.

The page tells for everybody in the order of the family what stands, by whom and by which road; from it links are handed
out, the sheet is printed and its photo kept, a child is handed the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from festival.consent.rules import GUARDIANS as ROLES
from festival.consent.rules import Agreement
from festival.core.looks import looked
from festival.core.names import name_fault, nfc
from festival.core.numbers import typed_number
from festival.core.phones import phone
from festival.core.security_log import SecurityKind
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.i18n import say
from festival.documents import paper
from festival.documents.sent_photos import sent_photo
from festival.registration.agreements import parent_links, sheets, writing
from festival.registration.agreements.parent_links import AskedParent, LinkState
from festival.registration.agreements.shown import LINK_WORDS, shown_links
from festival.registration.agreements.typed_agreements import ADULTS, typed_parent
from festival.registration.typed.forms import GUARDIANS, offered_in, typed_form, typed_name
from festival.roster import views
from festival.roster.models import Family
from festival.roster.rules import Rules

Load = Callable[[], tuple[Rules, Family]]
LARGEST_PHOTO = 12 * 1024 * 1024  # bytes as the phone sends them


@dataclass(frozen=True, slots=True)
class StaffDoors:
    """Under which addresses the steps of one family's agreements stand: the officer's, or the organiser's."""

    name: str  # how the endpoints begin
    values: dict[str, str]
    back: str  # the family's own page of this door

    def to(self, step: str, **more: int) -> str:
        """The address of a step; "" is the page itself."""
        values: dict[str, Any] = {**self.values, **more}
        return url_for(f"registration.{self.name}{step}", **values)


def page(load: Load, doors: StaffDoors) -> str:
    """What stands for everybody, who is asked, the sheet."""
    rules, family = load()
    looked(SecurityKind.READ_CHILDREN, family=family.code)
    household = views.view(family, rules).household
    people = [
        (person, member.agreements, writing.asked_person(person, rules), _standing(person))
        for person, member in zip(family.members, household.members, strict=True)
    ]
    return render_template(
        "registration/agreements.html",
        family=family,
        doors=doors,
        people=people,
        children=[(person.code, person.name) for person, _s, asked, _c in people if asked.child and not person.out],
        lines=sheets.lines_of(family, rules),
        parents=shown_links(family),
        link_words=LINK_WORDS,
        sheet=sheets.kept_sheet(family.id),
        guardians=GUARDIANS,
        over=family.state in writing.OVER,
        typed=typed_form() if request.method == "POST" else MultiDict(),
        offers=offered_in({}, "away"),
    )


def _standing(person: object) -> list[object]:
    return [consent for consent in getattr(person, "consents", []) if consent.withdrawn_at is None]


def over(family: Family) -> None:
    """Conflict when the registration is over."""
    if family.state in writing.OVER:
        raise Conflict(_("Hồ sơ của gia đình đã kết thúc nên không ghi thêm sự đồng ý."))


def made(rules: Rules, family: Family, by: int | None) -> str:
    """Make the link that was asked for; the name of whom it is for. BadInput with what is wrong at which field."""
    over(family)
    children = [child.code for child in writing.children_of(family, rules) if not child.out]
    asked, faults = typed_parent(children)
    if asked is None:
        field, fault = next(iter(faults.items()), ("away", None))
        raise BadInput(say(fault) if fault else _("Hãy ghi họ và tên cha, mẹ hoặc người giám hộ."), field=field)
    parent_links.make_link(rules, family, AskedParent(*asked), by)
    return asked[0]


def changed(rules: Rules, family: Family, link_id: int, by: int | None) -> str:
    """Replace a link or take it back; what to say."""
    link = parent_links.link_in(family, link_id)
    seen = typed_number(request.form.get("issue", ""))
    if seen is None:
        raise BadInput()
    if request.form.get("act") == "end":
        parent_links.end_parent_link(rules, family, link, seen, LinkState.TAKEN_BACK, by)
        return str(_("Đã bỏ liên kết của %(name)s.", name=link.name))
    over(family)
    text = request.form.get("phone", "").strip()
    number = phone(text) if text else ""
    if isinstance(number, Sentence):
        raise BadInput(say(number), field="phone")
    parent_links.replace_parent_link(rules, family, link, seen, by, number)
    return str(_("Đã đổi liên kết của %(name)s. Gửi lại liên kết mới.", name=link.name))


def parent_asked(load: Load, doors: StaffDoors) -> ResponseReturnValue:
    """A link of the own for a father, mother or guardian."""
    with transaction():
        rules, family = load()
        name = made(rules, family, acting_user())
    flash(_("Đã có liên kết riêng cho %(name)s. Gửi cho đúng người ấy.", name=name), "good")
    return redirect(doors.to("") + "#parents", 303)


def parent_changed(load: Load, doors: StaffDoors, link_id: int) -> ResponseReturnValue:
    """Another code for a link, or none any more."""
    with transaction():
        rules, family = load()
        words = changed(rules, family, link_id, acting_user())
    flash(words, "good")
    return redirect(doors.to("") + "#parents", 303)


def sheet_pdf(load: Load) -> Response:
    """The sheet that is printed and signed; Vietnamese, whoever prints it."""
    rules, family = load()
    looked(SecurityKind.EXPORT, what="paper", family=family.code)
    with force_locale("vi"):
        content = paper.pdf("registration/papers/agreements.typ", sheets.printed_values(family, rules))
    headers = {"Content-Disposition": 'inline; filename="phieu-dong-y.pdf"', "Cache-Control": "no-store"}
    return Response(content, mimetype="application/pdf", headers=headers)


def sheet_photo(load: Load) -> Response:
    """The signed sheet as it was photographed."""
    _rules, family = load()
    looked(SecurityKind.READ_CHILDREN, family=family.code)
    answer = Response(sheets.sheet_photo(family), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def sheet_kept(load: Load, doors: StaffDoors) -> ResponseReturnValue:
    """Keep the photo with what was signed; made small and rid of what the phone wrote into it outside of any transaction."""
    with reading():
        load()  # whose family it is comes before the file
    photo = _photo()
    with transaction():
        rules, family = load()
        over(family)
        alone = {
            each.person.code: tuple(
                purpose for purpose in each.purposes if request.form.get(f"{purpose}-{each.person.code}") == "y"
            )
            for each in sheets.lines_of(family, rules)
        }
        parents: dict[Agreement, dict[str, tuple[bool, bool]]] = {}
        for which in ADULTS:
            wants = {
                child.code: (_ticked(f"agree{which}-{child.code}"), _ticked(f"publish{which}-{child.code}"))
                for child in writing.children_of(family, rules)
            }
            chosen = {code: want for code, want in wants.items() if any(want)}
            if chosen:
                parents.setdefault(_signer(which), {}).update(chosen)
        number = sheets.keep_sheet(rules, family, photo, alone, parents, acting_user())
        writing.after_agreeing(rules, family.id)
    flash(_("Đã giữ ảnh phiếu và ghi %(n)s điều đã ký.", n=number), "good")
    return redirect(doors.to("") + "#sheet", 303)


def _ticked(field: str) -> bool:
    return request.form.get(field) == "y"


def _signer(which: str) -> Agreement:
    """Who signed for the children that are ticked."""
    name = nfc(typed_name(f"guardian{which}"))
    fault = name_fault(name)
    if fault is not None:
        words = say(fault) if name else _("Ghi họ và tên cha, mẹ hoặc người giám hộ đã ký cho các cháu được đánh dấu.")
        raise BadInput(words, field=f"guardian{which}")
    as_who = request.form.get(f"guardian-as{which}", "")
    return Agreement(name, as_who if as_who in ROLES else "guardian")


def _photo() -> bytes:
    content = request.files["photo"].read() if "photo" in request.files else b""
    if not content:
        raise BadInput(_("Chưa chọn ảnh. Chụp tờ phiếu đã ký rồi gửi lại."), field="photo")
    return sent_photo(content, LARGEST_PHOTO, "photo")


def sheet_taken_back(load: Load, doors: StaffDoors) -> ResponseReturnValue:
    """The photo was wrong: what rested on it ends, and another one may come."""
    number = typed_number(request.form.get("sheet", ""))
    with transaction():
        rules, family = load()
        if number is None:
            raise BadInput()
        ended = sheets.take_back_sheet(rules, family, number, request.form.get("reason", ""), acting_user())
    flash(_("Đã bỏ ảnh phiếu; %(n)s điều đã ký trên đó thôi có hiệu lực.", n=ended), "good")
    return redirect(doors.to("") + "#sheet", 303)
