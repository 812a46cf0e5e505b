"""A family corrects its registration behind its own link: people, contests, how it is reached; and takes a change back.

What is typed is kept on the server without the four digits, as a draft that this phone alone can open; the digits are asked
when it is saved. The draft holds only what differs from the registration, so a change made elsewhere meanwhile is not undone.
"""

from __future__ import annotations

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config import Config
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import family_link
from festival.core.web.errors import Conflict, NotFound
from festival.core.web.i18n import say
from festival.core.web.limiter import limiter
from festival.registration import changing
from festival.registration.blueprint import bp
from festival.registration.editing import keeping, saving
from festival.registration.editing.differences import differences
from festival.registration.family.link import checked_tail, family_of_request, own_family, tail_limit
from festival.registration.models import RegistrationDraft
from festival.registration.outcomes import NotSent, SameHousehold
from festival.registration.sending import may_send_again
from festival.registration.typed import former
from festival.registration.typed.forms import TailForm, typed_form
from festival.registration.typed.household import EditedHousehold, acted, changed, fields_of
from festival.registration.versions import version_of_form
from festival.roster import families, views
from festival.roster import rules as roster_rules
from festival.roster.household import MOST_MEMBERS, Household, from_json
from festival.roster.models import Family, FamilyState
from festival.roster.outcomes import Done, Stale
from festival.roster.rules import Rules
from festival.roster.views import FamilyView

DRAFT_COOKIE = "family_draft"
keep_limit = limiter.shared_limit("1200 per hour", scope="family-keep", key_func=family_of_request)


class _Editing:
    """One family with what this phone is typing over it."""

    def __init__(self, *, lock: bool = False) -> None:
        self.family: Family = own_family()
        self.rules: Rules = roster_rules.rules_of(self.family.delegation.festival)
        self.view: FamilyView = views.view(self.family, self.rules)
        self.draft, self.token = _draft(self.family, lock=lock)

    @property
    def household(self) -> Household:
        return self.view.household

    @property
    def typed(self) -> keeping.Typed:
        return keeping.typed(self.draft) if self.draft else {}

    @property
    def edited(self) -> EditedHousehold:
        most = self.rules.quotas.members.most or MOST_MEMBERS
        return EditedHousehold(self.household, self.typed, self.rules.names, most)

    def keep(self, sent: keeping.Typed, *, try_it: bool | None = None) -> None:
        """Keep what was typed on the page that was sent; a draft begins with the first field that is different."""
        version = typed_number(request.form.get("version", "")) or self.family.version
        before = former.at_version(self.family.id, version) if version < self.family.version else None
        shown = from_json(before.household) if before else self.household
        changes = changed(sent, fields_of(shown), fields_of(self.household))
        if self.draft is None and not any(changes.values()):
            return
        if self.draft is None:
            self.draft, self.token = keeping.begin(self.family.festival_id, family=self.family)
            keeping.stand_on(self.draft, min(version, self.family.version))
        keeping.keep(self.draft, changes, try_it=try_it)

    def act(self, do: str) -> str:
        """What a button of the page does to the draft; who it is about."""
        changes, key = acted(do, self.household, self.typed)
        if changes and self.draft is None:
            self.draft, self.token = keeping.begin(self.family.festival_id, family=self.family)
        if changes and self.draft is not None:
            keeping.keep(self.draft, changes)
        return key

    def answer(self, response: ResponseReturnValue) -> Response:
        """With the cookie that leads this phone to its draft."""
        answer = make_response(response)
        config: Config = current_app.config["FESTIVAL"]
        if self.draft is None:
            answer.delete_cookie(DRAFT_COOKIE, path="/family")
        elif self.token:
            answer.set_cookie(
                DRAFT_COOKIE, self.token, max_age=int(keeping.LIFETIME.total_seconds()), httponly=True, samesite="Lax",
                secure=config.secure_cookies, path="/family",
            )  # fmt: skip
        return answer


def _draft(family: Family, *, lock: bool) -> tuple[RegistrationDraft | None, str]:
    token = request.cookies.get(DRAFT_COOKIE, "")
    try:
        return (keeping.behind(token, family_id=family.id, lock=lock), token) if token else (None, "")
    except NotFound:
        return None, ""


@bp.get("/family/change")
@family_link
def family_editor() -> ResponseReturnValue:
    """The registration to correct, with what this phone has typed over it so far; an approved one by a request."""
    editing = _Editing()
    asked = url_for("registration.family_changes") if editing.family.state is FamilyState.APPROVED else ""
    if asked and not editing.typed:
        return redirect(asked)
    edited, draft, family = editing.edited, editing.draft, editing.family
    valid = edited.valid()  # the page shows what is wrong only once somebody has asked for it to be saved
    tried = draft is not None and keeping.tried(draft)
    elsewhere: tuple[object, ...] = ()
    if draft is not None and draft.base_version is not None and draft.base_version < family.version:
        before = former.at_version(family.id, draft.base_version)
        elsewhere = differences(from_json(before.household), editing.household) if before else ()
    on = editing.rules.festival.starts_on
    return render_template(
        "registration/family/change.html",
        family=family,
        festival=editing.rules.festival,
        rules=editing.rules,
        edited=edited if tried else editing.edited,
        tried=tried,
        elsewhere=elsewhere,
        pending=differences(editing.household, edited.saved(on)) if valid and editing.typed else (),
        typing=bool(editing.typed),
        tail=TailForm(formdata=None),
        send_again=may_send_again(family.state, family.origin),
        editable=family.state in views.OPEN_STATES,
        changes_page=asked,
    )


def _back_to_editor(editing: _Editing, key: str = "") -> Response:
    """Refused or half done: the page comes by itself, so that Back and refresh never ask to send something again."""
    address = url_for("registration.family_editor", _anchor=key or None)
    return editing.answer(redirect(address, 303))


@bp.post("/family/change/keep")
@family_link
@keep_limit
def family_keep() -> ResponseReturnValue:
    """Keep what is typed; a button adds, takes off, moves or gives up."""
    do = request.form.get("do", "")
    with transaction():
        editing = _Editing(lock=True)
        if do == "discard":
            if editing.draft is not None:
                keeping.take_away(editing.draft)
                editing.draft = None
            return _back_to_editor(editing)
        editing.keep(typed_form().to_dict(flat=False))
        key = editing.act(do)
    if do in ("", "keep") and not request.form.get("use"):
        return editing.answer(("", 204))
    return _back_to_editor(editing, key)


@bp.post("/family/change")
@family_link
@tail_limit
def family_change() -> ResponseReturnValue:
    """Save what was typed, as long as nothing is decided; a returned registration is sent again with it."""
    tail, fits = checked_tail()
    with transaction():
        editing = _Editing(lock=True)
        editing.keep(typed_form().to_dict(flat=False), try_it=True)
        edited, rules, family = editing.edited, editing.rules, editing.family
        if not edited.valid() or not fits or request.form.get("use"):
            for words in tail.tail.errors:
                flash(words, "bad")
            return _back_to_editor(editing, "" if fits else "tail")
        household = edited.saved(rules.festival.starts_on)
        outcome = saving.save(rules, family, household, version_of_form(), how="link")
        if isinstance(outcome, Done) and editing.draft is not None:
            keeping.take_away(editing.draft)
            editing.draft = None
        send = isinstance(outcome, Done) and request.form.get("send") == "yes"
        words, tone = _sent_again(rules, family) if send else _saved(rules, family)
    match outcome:
        case Done():
            flash(words, tone)
        case Stale(state=FamilyState.APPROVED):
            flash(_("Hồ sơ vừa được duyệt nên chưa ghi gì. Hãy gửi thay đổi cho Ban Tổ chức ở trang này."), "warn")
            return _back_to_editor(editing)
        case Stale():
            flash(_("Hồ sơ vừa được thay đổi ở nơi khác. Chưa ghi gì. Hãy xem lại bản mới rồi lưu."), "warn")
            return _back_to_editor(editing)
        case SameHousehold():
            raise Conflict()  # only an officer is told; by the link it is held for the officer
    return editing.answer(redirect(url_for("registration.family_page")))


@bp.post("/family/change/back")
@family_link
@tail_limit
def family_change_back() -> ResponseReturnValue:
    """Bring back what the registration said before its last change."""
    tail, fits = checked_tail()
    if not fits:
        for words in tail.tail.errors:
            flash(words, "bad")
        return redirect(url_for("registration.family_page", _anchor="former"), 303)
    with transaction():
        family = own_family()
        rules = roster_rules.rules_of(family.delegation.festival)
        outcome = saving.bring_back(rules, family, version_of_form(), how="link")
    if isinstance(outcome, Done):
        flash(_("Đã lấy lại hồ sơ như trước lần sửa cuối."), "good")
    else:
        flash(_("Hồ sơ vừa được thay đổi ở nơi khác. Hãy xem lại bản mới rồi sửa."), "warn")
    return redirect(url_for("registration.family_page"))


@bp.post("/family/send")
@family_link
@tail_limit
def family_send() -> ResponseReturnValue:
    """Send a returned registration again, when everything that was asked for is in it."""
    tail, fits = checked_tail()
    if not fits:
        for words in tail.tail.errors:
            flash(words, "bad")
        return redirect(url_for("registration.family_page", _anchor="send"), 303)
    with transaction():
        family = own_family()
        words, tone = _sent_again(roster_rules.rules_of(family.delegation.festival), family)
    flash(words, tone)
    return redirect(url_for("registration.family_page"))


def _saved(rules: Rules, family: Family) -> tuple[str, str]:
    """What to say of a change that was saved."""
    item = views.view(families.family_by_id(family.id), rules)
    if item.lacks and item.family.state is not FamilyState.DRAFT:
        return _("Đã lưu thông tin gia đình. Hồ sơ còn thiếu, xem ở đầu trang."), "warn"
    return _("Đã lưu thông tin gia đình."), "good"


def _sent_again(rules: Rules, family: Family) -> tuple[str, str]:
    """Send what was just corrected; what to say and how."""
    item = views.view(families.family_by_id(family.id), rules)
    match changing.submit_family(rules, item, item.family.version, by_family=True):
        case Done():
            return _("Đã gửi lại hồ sơ. Ban Tổ chức xem rồi trả lời ở trang này."), "good"
        case NotSent(why):
            return _("Đã lưu. Chưa gửi lại được: %(why)s", why=" ".join(say(each.reason) for each in why)), "warn"
        case Stale():
            return _("Hồ sơ vừa được thay đổi ở nơi khác. Hãy xem lại bản mới rồi sửa."), "warn"
