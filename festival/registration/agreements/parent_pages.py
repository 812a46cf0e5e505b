"""What does father, mother or guardian find behind a link of the own, and the child on a screen of its own?

The link only shows; agreeing, saying no and taking back ask for the last four digits of that parent's own phone. Nothing of
other children or of the household is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from festival.consent.models import ConsentPurpose
from festival.consent.rules import Agreement
from festival.consent.texts import CONSENT_WORDS
from festival.core.clock import now
from festival.core.secrets import token_hash
from festival.core.transaction import reading, transaction
from festival.core.web.access import public
from festival.core.web.errors import Conflict, NotFound
from festival.core.web.i18n import say
from festival.core.web.limiter import limiter
from festival.core.web.previews import asks_for_preview
from festival.registration import agreeing, leaving
from festival.registration.agreements import parent_links, writing
from festival.registration.agreements.models import ParentLink
from festival.registration.agreements.parent_links import LinkState
from festival.registration.agreements.writing import ParentSays
from festival.registration.blueprint import bp
from festival.registration.kept import keeping
from festival.registration.typed.forms import TailForm
from festival.roster import families
from festival.roster.links import of_families
from festival.roster.models import Family, Person
from festival.roster.rules import Rules, rules_of

HOW = "own_link"


def _of_link() -> str:
    return f"parent:{token_hash(str((request.view_args or {}).get('code', '')))}"


parent_limit = limiter.shared_limit("120 per hour", scope="parent-tail", key_func=_of_link)


class ParentPage:
    """The link with its family, the rules, and the children it is for."""

    def __init__(self, code: str) -> None:
        link = parent_links.link_of_code(code)
        if link is None:
            if not of_families.is_whole(code.strip().upper()):
                raise NotFound(_("Liên kết chép chưa đủ. Hãy mở lại từ tin nhắn đã nhận, hoặc sao chép cả liên kết."))
            raise NotFound(_("Liên kết này không còn dùng được. Xin người đã gửi một liên kết mới."))
        self.code = code
        self.link: ParentLink = link
        self.family: Family = families.family_by_id(link.family_id)
        self.rules: Rules = rules_of(self.family.delegation.festival)
        self.state = LinkState.TAKEN_BACK if self.family.state in writing.OVER else parent_links.state_of(link, now())
        self.children: list[Person] = writing.children_of(self.family, self.rules, link.children)

    @property
    def parent(self) -> Agreement:
        """Who agrees, as what."""
        return Agreement(self.link.name, self.link.given_as)

    def child(self, person: str) -> Person:
        """One of the children of this link. NotFound for any other."""
        found = next((each for each in self.children if each.code == person), None)
        if found is None:
            raise NotFound(_("Liên kết này không dành cho bạn nhỏ ấy, hoặc bạn ấy không còn trong hồ sơ."))
        return found

    def needs_open(self) -> None:
        """Conflict with what to do, when the link takes no answer any more."""
        if self.family.state in writing.OVER:
            raise Conflict(_("Hồ sơ của gia đình đã kết thúc nên không ghi thêm sự đồng ý."))
        if self.state is not LinkState.OPEN:
            raise Conflict(_("Liên kết này không còn dùng được. Xin người đã gửi một liên kết mới."))


@bp.get("/parent/<code>")
@public
@limiter.limit("60 per minute")
def parent_page(code: str) -> ResponseReturnValue:
    """What is asked, for which children, and what was answered. Nothing happens by opening it, however often."""
    page = ParentPage(code)
    if asks_for_preview():
        return render_template("layouts/link_preview.html", festival=page.rules.festival)
    return _shown(page, TailForm(formdata=None))


def _private(text: str, status: int = 200) -> Response:
    answer = make_response(text, status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _shown(page: ParentPage, tail: TailForm, status: int = 200) -> Response:
    stands = writing.standing_of(page.family, page.rules)
    text = render_template(
        "registration/family/parent.html",
        code=page.code,
        mine=page.link,
        state=page.state.value,
        family=page.family,
        festival=page.rules.festival,
        children=[
            (child, stands[child.code], writing.asked_person(child, page.rules), _own(page, child))
            for child in page.children
        ],
        tail=tail,
        typed=request.form if request.method == "POST" else MultiDict(),
        words={purpose.value: say(text) for purpose, (_version, text) in CONSENT_WORDS.items()},
        kept={child.code for child in page.children if writing.is_kept(child)},
        kept_until=keeping.kept_until(page.rules.festival.ends_on),
    )
    return _private(text, status)


def _own(page: ParentPage, child: Person) -> set[str]:
    """To what this parent, by this name, has agreed for the child."""
    return {
        consent.purpose.value
        for consent in child.consents
        if consent.withdrawn_at is None and (consent.given_by, consent.given_as) == (page.link.name, page.link.given_as)
    }


def _fits(code: str) -> TailForm:
    """The digits; with errors when they do not fit. Counted in a transaction of its own, before anything is done."""
    with reading():
        ParentPage(code).needs_open()
    form = TailForm()
    if not form.validate():
        return form
    if not form.four:
        form.tail.errors = [_("Hãy nhập đúng 4 chữ số cuối.")]
        return form
    with transaction():
        link = parent_links.link_of_code(code)
        fits = None if link is None else parent_links.digits_fit(link, form.fits(link.phone))
    if fits is False:
        form.tail.errors = [_("4 số cuối chưa đúng. Hãy nhập 4 số cuối điện thoại của chính ông/bà.")]
    elif fits is None:
        form.tail.errors = [_("4 số cuối đã nhập sai quá nhiều lần. Xin người đã gửi một liên kết mới.")]
    return form


@bp.post("/parent/<code>")
@public
@parent_limit
def parent_answer(code: str) -> ResponseReturnValue:
    """Agree for the children that were ticked, or say no to all of it."""
    tail = _fits(code)
    if tail.errors:
        return _shown(ParentPage(code), tail, 422)
    with transaction():
        page = ParentPage(code)
        page.needs_open()
        if request.form.get("act") == "refuse":
            parent_links.end_parent_link(page.rules, page.family, page.link, page.link.issue, LinkState.REFUSED, None)
            words, tone = _("Đã ghi: ông/bà không đồng ý. Cảm ơn ông/bà đã trả lời."), "good"
        else:
            wants = {
                child.code: ParentSays(*(_ticked(what, child) for what in ("agree", "publish", "keep")))
                for child in page.children
            }
            written = writing.parent_agrees(page.rules, page.family, page.parent, wants, HOW)
            writing.after_agreeing(page.rules, page.family.id)
            words, tone = _agreed_words(written, wants)
    flash(words, tone)
    return redirect(url_for("registration.parent_page", code=code), 303)


def _agreed_words(written: list[str], wants: Mapping[str, ParentSays]) -> tuple[str, str]:
    if written:
        return _("Đã ghi nhận sự đồng ý cho %(names)s. Cảm ơn ông/bà.", names=", ".join(written)), "good"
    if any((each.publish or each.keep) and not each.taking_part for each in wants.values()):
        return _("Công bố tên, hình, giữ lại cho ngày hội sau chỉ ghi được khi cũng đồng ý cho cháu tham gia."), "warn"
    if any(any(each) for each in wants.values()):
        return _("Những điều đã chọn đã được ghi từ trước."), "note"
    return _("Chưa đánh dấu điều nào nên chưa ghi gì."), "warn"


def _ticked(what: str, child: Person) -> bool:
    return request.form.get(f"{what}-{child.code}") == "y"


@bp.post("/parent/<code>/withdraw")
@public
@parent_limit
def parent_withdraw(code: str) -> ResponseReturnValue:
    """Take back what this parent agreed to; what leaves the festival is shown first and asked once more."""
    asked = request.form.get("purpose", "")
    purpose = (
        ConsentPurpose(asked) if asked in (ConsentPurpose.PUBLISH, ConsentPurpose.KEPT) else ConsentPurpose.TAKING_PART
    )
    tail = _fits(code)
    if tail.errors:
        return _shown(ParentPage(code), tail, 422)
    if purpose is ConsentPurpose.TAKING_PART and request.form.get("sure") != "yes":
        page, child = _taking_back(code, purpose)
        return _private(
            render_template(
                "registration/family/parent_leaving.html", code=code, child=child, festival=page.rules.festival,
                follows=leaving.foresee(page.rules, page.family, child), tail=tail.tail.data,
            )
        )  # fmt: skip
    with transaction():
        page, child = _taking_back(code, purpose)
        if purpose is not ConsentPurpose.TAKING_PART:
            agreeing.withdraw_consent(page.rules, page.family, child, purpose, HOW)
        else:
            leaving.take_back(page.rules, page.family, child, purpose, HOW)
    flash(_("Đã rút lại sự đồng ý cho %(name)s.", name=child.name), "good")
    return redirect(url_for("registration.parent_page", code=code), 303)


def _taking_back(code: str, purpose: ConsentPurpose) -> tuple[ParentPage, Person]:
    page = ParentPage(code)
    child = page.child(request.form.get("person", ""))
    if purpose.value not in _own(page, child):
        raise Conflict(_("Điều này đã rút từ trước, hoặc do người khác đồng ý."))
    return page, child


@bp.get("/parent/<code>/child/<person>")
@public
@limiter.limit("60 per minute")
def parent_child(code: str, person: str) -> ResponseReturnValue:
    """The child's own screen on its parent's phone."""
    page = ParentPage(code)
    return _private(child_screen(page.family, page.rules, page.child(person), TailForm(formdata=None), **_doors(page)))


def _doors(page: ParentPage) -> dict[str, Any]:
    return {
        "back": url_for("registration.parent_page", code=page.code),
        "tail_words": _("4 số cuối điện thoại của cha, mẹ hoặc người giám hộ"),
    }


@bp.post("/parent/<code>/child/<person>")
@public
@parent_limit
def parent_child_answer(code: str, person: str) -> ResponseReturnValue:
    """What the child answered; both answers are thanked alike."""
    tail = _fits(code)
    with reading():
        page = ParentPage(code)
        answer, errors = child_answer(page.rules, page.child(person))
    if answer is None or tail.errors:
        page = ParentPage(code)
        child = page.child(person)
        return _private(child_screen(page.family, page.rules, child, tail, errors, **_doors(page)), 422)
    with transaction():
        page = ParentPage(code)
        child = page.child(person)
        writing.child_answers(page.rules, page.family, child, *answer, HOW)
        writing.after_agreeing(page.rules, page.family.id)
    flash(thanked(child.name), "good")
    return redirect(url_for("registration.parent_page", code=code), 303)


def child_screen(
    family: Family, rules: Rules, child: Person, tail: TailForm, errors: Mapping[str, str] | None = None, **doors: Any
) -> str:
    """The questions in a child's words, with nobody else's name on the page."""
    stands = writing.standing_of(family, rules)[child.code]
    return child_page(
        child.name, writing.asked_person(child, rules).picture_asked, stands, rules, tail, errors, **doors
    )


def child_page(
    name: str, pictures: bool, stands: Any, rules: Rules, tail: TailForm | None, errors: Mapping[str, str] | None = None,
    **doors: Any,
) -> str:  # fmt: skip
    """The same for a child of a form that was not sent yet: `tail` None, because no digits are asked there."""
    return render_template(
        "registration/family/child.html",
        name=name,
        called=name.rsplit(maxsplit=1)[-1] if name else "",
        pictures=pictures,
        stands=stands,
        festival=rules.festival,
        tail=tail,
        errors=errors or {},
        typed=request.form if request.method == "POST" else MultiDict(),
        words={purpose.value: say(text) for purpose, (_version, text) in CONSENT_WORDS.items()},
        **doors,
    )


def child_answer(rules: Rules, child: Person) -> tuple[tuple[bool, bool | None] | None, dict[str, str]]:
    """Yes or no to taking part, and to name and picture where that is asked; what was not answered by field."""
    return read_answer(writing.asked_person(child, rules).picture_asked)


def read_answer(pictures: bool) -> tuple[tuple[bool, bool | None] | None, dict[str, str]]:
    """The same, of whichever door."""
    own, publish = request.form.get("own", ""), request.form.get("publish", "")
    errors: dict[str, str] = {}
    if own not in ("yes", "no"):
        errors["own"] = _("Bạn chọn một câu trả lời nhé.")
    elif own == "yes" and pictures and publish not in ("yes", "no"):
        errors["publish"] = _("Bạn chọn một câu trả lời nhé.")
    if errors:
        return None, errors
    return (own == "yes", publish == "yes" if pictures else None), {}


def thanked(name: str) -> str:
    """A no is thanked like a yes."""
    return str(_("Cảm ơn bạn %(name)s đã trả lời. Câu trả lời của bạn được giữ đúng như vậy.", name=name))
