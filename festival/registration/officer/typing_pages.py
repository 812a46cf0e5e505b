"""An officer types a family in, or changes one."""

from __future__ import annotations

from typing import assert_never

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.canonical import canonical_json
from festival.core.looks import looked
from festival.core.old_fonts import offered
from festival.core.secrets import keyed_hash, new_token
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, requires
from festival.registration import changing, registering
from festival.registration.blueprint import bp
from festival.registration.guarding import held
from festival.registration.officer.desk import Desk
from festival.registration.outcomes import AlreadyRegistered, OtherContent, Registered, SameHousehold
from festival.registration.receiving import receiving_of
from festival.registration.typed.forms import HouseholdForm, row_values
from festival.registration.versions import told_stale, version_of_form
from festival.roster import views
from festival.roster.household import MOST_MEMBERS, Household, cleaned, to_json
from festival.roster.models import Origin
from festival.roster.outcomes import Done, Stale
from festival.roster.people import Relation
from festival.roster.views import FamilyView

SPARE_ROWS = 4


@bp.get("/delegation/<code>/families/new")
@requires(Permission.DELEGATION)
def family_new(code: str) -> ResponseReturnValue:
    """An empty form for a family."""
    desk = Desk(code)
    return _family_form(desk, HouseholdForm(formdata=None), None)


@bp.post("/delegation/<code>/families/new")
@requires(Permission.DELEGATION)
def family_new_post(code: str) -> ResponseReturnValue:
    """Keep a family as it is so far; what is missing is said on the list."""
    form = HouseholdForm()
    with transaction():
        desk = Desk(code)
        if request.form.get("more") == "yes" or not _valid(desk, form, Household()):
            return _family_form(desk, form, None), 422 if form.errors else 200
        household = form.household(Household(), list(desk.rules.contests), desk.festival.starts_on)
        outcome = registering.register_family(
            desk.rules, desk.delegation, household, Origin.OFFICER,
            submission_key=_form_key(desk, household), method="paper",
        )  # fmt: skip
        twin = isinstance(outcome, Registered) and held.is_held(outcome.family_id)
    match outcome:
        case Registered() | AlreadyRegistered():
            _told_saved(household, twin=twin)
            return redirect(url_for("registration.delegation", code=code))
        case SameHousehold() | OtherContent():
            form.phone.errors = [_same_household()]
            return _family_form(desk, form, None), 409
        case _:
            assert_never(outcome)


@bp.get("/delegation/<code>/families/<family>")
@requires(Permission.DELEGATION)
def family_edit(code: str, family: str) -> ResponseReturnValue:
    """A family as registered, to correct."""
    desk = Desk(code)
    item = desk.family(family)
    shown = item.household
    form = HouseholdForm(
        formdata=None, phone=shown.phone, address=shown.address, email=shown.email, introduction=shown.introduction,
        members=[row_values(member) for member in shown.members],
    )  # fmt: skip
    return _family_form(desk, form, item)


@bp.post("/delegation/<code>/families/<family>")
@requires(Permission.DELEGATION)
def family_edit_post(code: str, family: str) -> ResponseReturnValue:
    """Correct a family that is not decided yet."""
    form = HouseholdForm()
    with transaction():
        desk = Desk(code)
        item = desk.family(family)
        if request.form.get("more") == "yes" or not _valid(desk, form, item.household):
            return _family_form(desk, form, item), 422 if form.errors else 200
        before = item.household
        household = form.household(before, list(desk.rules.contests), desk.festival.starts_on)
        outcome = changing.change_family(desk.rules, item.family, household, version_of_form(), "paper")
        if isinstance(outcome, Stale):
            return _family_form(desk, form, desk.family(family), stale=told_stale(outcome)), 409
        twin = isinstance(outcome, Done) and held.is_held(item.family.id)
    match outcome:
        case Done():
            _told_saved(household, twin=twin)
            _told_replaced(form, before)
            return redirect(url_for("registration.delegation", code=code))
        case SameHousehold():
            form.phone.errors = [_same_household()]
            return _family_form(desk, form, item), 409
        case _:
            assert_never(outcome)


def _told_saved(household: Household, *, twin: bool) -> None:
    flash(_("Đã lưu %(name)s.", name=household.name), "good")
    if twin:
        flash(
            _("%(name)s có lẽ trùng với một hồ sơ đã có. Mở “Hồ sơ cần xem” để so hai hồ sơ.", name=household.name),
            "warn",
        )
    loud = [member.name for member in household.members if offered(member.name)]
    if loud:
        flash(
            _(
                "Tên viết toàn chữ hoa hoặc chữ thường: %(names)s. Mở gia đình thì đổi được bằng một lần bấm.",
                names=", ".join(loud),
            ),
            "note",
        )


def _told_replaced(form: HouseholdForm, before: Household) -> None:
    """Who was typed over took the agreements along: said, because the ticks of the row were seen as this person's."""
    known = {member.code: member for member in before.members if member.agreement.by or member.own_agreement}
    for entry in form.members:
        old = known.get(entry.form.code.data or "")
        if old is not None and not entry.form.blank and entry.form.replaces(old):
            flash(
                _(
                    "%(new)s thay cho %(old)s: phiếu của %(old)s không tính cho người mới. Người mới đã ký thì mở gia đình và đánh dấu.",
                    new=entry.form.name.data,
                    old=old.name,
                ),
                "warn",
            )


def _valid(desk: Desk, form: HouseholdForm, old: Household) -> bool:
    """Everything that is wrong is said at once, each beside its field."""
    form.offer(list(desk.rules.names.items()), 0, _most(desk))
    valid = bool(form.validate())
    known = {member.code: member for member in old.members if member.code}
    rows = [entry.form for entry in form.members if not entry.form.blank]
    lost = [row.say_lost(known.get(row.code.data or ""), desk.festival.starts_on) for row in rows]
    if any(lost):
        form.members.errors = [entry.errors for entry in form.members]  # a list of fields asks its rows only once
    if not valid or any(lost):
        return False
    leading = [
        entry.form.relation
        for entry in form.members
        if not entry.form.blank and entry.form.relation.data == Relation.REPRESENTATIVE
    ]
    for relation in leading[1:]:
        relation.errors = [_("Gia đình có nhiều hơn một người đại diện. Hãy chỉ giữ một người.")]
    if len(leading) > 1:
        form.members.errors = [entry.errors for entry in form.members]  # a list of fields asks its rows only once
        return False
    most = desk.rules.quotas.members.most
    if most is not None and sum(not entry.form.blank for entry in form.members) > most:
        form.phone.errors = [_("Gia đình được đăng ký nhiều nhất %(most)s thành viên. Hãy bớt dòng.", most=most)]
        return False
    return True


def _family_form(desk: Desk, form: HouseholdForm, item: FamilyView | None, stale: str = "") -> str:
    """The form with what was typed. `stale`: somebody was faster; the page now holds the newer version, so that
    saving once more is a decision and not an accident.
    """
    used = len(form.members)
    spare = used + 1 if request.method == "GET" else used  # what is missing may be one more person
    rows = used + 2 if request.form.get("more") == "yes" else max(SPARE_ROWS, spare)
    form.offer(list(desk.rules.names.items()), rows, _most(desk))
    if item is not None:
        looked(SecurityKind.READ_CHILDREN, family=item.family.code)
    return render_template(
        "registration/officer/family.html",
        desk=desk,
        delegation=desk.delegation,
        form=form,
        view=item,
        receiving=receiving_of(item.family) if item else None,
        most=_most(desk),
        stale=stale,
        form_key=request.form.get("form_key") or new_token(),
        editable=item is None or item.family.state in views.OPEN_STATES,
    )


def _most(desk: Desk) -> int:
    return desk.rules.quotas.members.most or MOST_MEMBERS


def _form_key(desk: Desk, household: Household) -> str | None:
    """The same page sent twice is one family; another family typed over it (the browser's Back) is another, and is kept."""
    typed = request.form.get("form_key", "")[:80]
    if not typed:
        return None
    content = canonical_json(to_json(cleaned(household))).decode()
    return f"officer:{desk.delegation.id}:{keyed_hash('form', f'{typed} {content}')}"


def _same_household() -> str:
    return str(
        _(
            "Gia đình có người đại diện và số điện thoại này đã được đăng ký. Hãy tìm trong danh sách, hoặc hỏi Ban Tổ chức."
        )
    )
