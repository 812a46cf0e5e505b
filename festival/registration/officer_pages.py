"""An officer registers the families of the unit: the list with what is missing, typing in, Excel both ways, the paper.

An officer sees only the own delegations; for any other the answer is *not found*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import assert_never

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from festival.core.access import Permission, acting_user, current_actor, requires
from festival.core.clock import now, today
from festival.core.errors import BadInput, Conflict
from festival.core.forms import typed_number
from festival.core.i18n import say
from festival.core.limiter import limiter
from festival.core.secrets import new_token
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.registration import decisions, drafts, exports, queries, registering, workbook
from festival.registration.blueprint import bp
from festival.registration.consent_rules import ages
from festival.registration.eligibility import Relation, delegation_reasons, entries_of_delegation
from festival.registration.forms import HouseholdForm, row_values
from festival.registration.household import MOST_MEMBERS, Household
from festival.registration.imports import FATE_WORDS, Fate
from festival.registration.models import Delegation, Family, FamilyState, Origin
from festival.registration.outcomes import AlreadyRegistered, Done, NotSent, Registered, SameHousehold, Stale
from festival.registration.queries import FamilyView, Rules
from festival.registration.sending import SENDABLE, Ground, Hindrance, Why, hindrances

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPARE_ROWS = 4


class _Desk:
    """The officer's own delegation with its rules and families."""

    def __init__(self, code: str) -> None:
        self.delegation: Delegation = queries.delegation_of(current_actor(), code)
        self.rules: Rules = queries.rules_of(self.delegation.festival)

    @property
    def festival(self) -> Festival:
        """The edition."""
        return self.rules.festival

    def views(self) -> list[FamilyView]:
        """All families by the given name of their representative."""
        return queries.members_in_order(queries.views(queries.families_of(self.delegation.id), self.rules))

    def family(self, code: str) -> FamilyView:
        """One family of this delegation."""
        return queries.view(queries.family_in(self.delegation, code), self.rules)

    @cached_property
    def ground(self) -> Ground:
        """What sending a family depends on beside itself."""
        return queries.ground_of(self.delegation.id)

    @property
    def open(self) -> bool:
        """Whether families may be sent in now."""
        return self.ground.open

    def offers(self, item: FamilyView) -> bool:
        """Whether the page offers to send this family. Full places are told when it is tried: they may become free."""
        family = item.family
        found = hindrances(
            item.household.facts, self.rules.quotas, self.festival.starts_on, self.ground, state=family.state
        )
        return all(each.why is Why.FULL for each in found)


@bp.get("/delegation")
@requires(Permission.DELEGATION)
def delegations() -> ResponseReturnValue:
    """The officer's delegations; straight on when there is only one."""
    mine = queries.delegations_of(current_actor())
    if len(mine) == 1:
        return redirect(url_for("registration.delegation", code=mine[0].code))
    return render_template("delegation/choose.html", delegations=mine)


@bp.get("/delegation/<code>")
@requires(Permission.DELEGATION)
def delegation(code: str) -> ResponseReturnValue:
    """The families of the unit, what each lacks, one green bar."""
    desk = _Desk(code)
    views = desk.views()
    coming = [item for item in views if item.family.state is not FamilyState.REJECTED]
    entries = entries_of_delegation((item.household.entries for item in coming), desk.rules.quotas)
    return render_template(
        "delegation/families.html",
        desk=desk,
        delegation=desk.delegation,
        views=views,
        complete=sum(item.complete for item in views),
        to_send=sum(map(desk.offers, views)),
        reasons=delegation_reasons(len(coming), entries, desk.rules.quotas) if views else (),
        phase=queries.registration_phase(desk.festival.id),
    )


# ---------------------------------------------------------------- typing in


@bp.get("/delegation/<code>/families/new")
@requires(Permission.DELEGATION)
def family_new(code: str) -> ResponseReturnValue:
    """An empty form for a family."""
    desk = _Desk(code)
    return _family_form(desk, HouseholdForm(formdata=None), None)


@bp.post("/delegation/<code>/families/new")
@requires(Permission.DELEGATION)
def family_new_post(code: str) -> ResponseReturnValue:
    """Keep a family as it is so far; what is missing is said on the list."""
    form = HouseholdForm()
    with transaction():
        desk = _Desk(code)
        if request.form.get("more") == "yes" or not _valid(desk, form):
            return _family_form(desk, form, None), 422 if form.errors else 200
        household = form.household(Household(), list(desk.rules.contests), desk.festival.starts_on)
        outcome = registering.register_family(
            desk.rules, desk.delegation, household, Origin.OFFICER,
            submission_key=_form_key(desk), method="paper",
        )  # fmt: skip
    match outcome:
        case Registered() | AlreadyRegistered():
            flash(_("Đã lưu %(name)s.", name=household.name), "good")
            return redirect(url_for("registration.delegation", code=code))
        case SameHousehold():
            form.phone.errors = [_same_household()]
            return _family_form(desk, form, None), 409
        case _:
            assert_never(outcome)


@bp.get("/delegation/<code>/families/<family>")
@requires(Permission.DELEGATION)
def family_edit(code: str, family: str) -> ResponseReturnValue:
    """A family as registered, to correct."""
    desk = _Desk(code)
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
        desk = _Desk(code)
        item = desk.family(family)
        if request.form.get("more") == "yes" or not _valid(desk, form):
            return _family_form(desk, form, item), 422 if form.errors else 200
        household = form.household(item.household, list(desk.rules.contests), desk.festival.starts_on)
        outcome = registering.change_family(desk.rules, item.family, household, version_of_form(), "paper")
        if isinstance(outcome, Stale):
            return _family_form(desk, form, desk.family(family), stale=_stale(outcome)), 409
    match outcome:
        case Done():
            flash(_("Đã lưu %(name)s.", name=household.name), "good")
            return redirect(url_for("registration.delegation", code=code))
        case SameHousehold():
            form.phone.errors = [_same_household()]
            return _family_form(desk, form, item), 409
        case _:
            assert_never(outcome)


def _valid(desk: _Desk, form: HouseholdForm) -> bool:
    form.offer(list(desk.rules.names.items()), 0, _most(desk))
    if not form.validate():
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


def _family_form(desk: _Desk, form: HouseholdForm, item: FamilyView | None, stale: str = "") -> str:
    """The form with what was typed. `stale`: somebody was faster; the page now holds the newer version, so that
    saving once more is a decision and not an accident.
    """
    used = len(form.members)
    rows = used + 2 if request.form.get("more") == "yes" else max(SPARE_ROWS, used)
    form.offer(list(desk.rules.names.items()), rows, _most(desk))
    return render_template(
        "delegation/family.html",
        desk=desk,
        delegation=desk.delegation,
        form=form,
        view=item,
        most=_most(desk),
        stale=stale,
        form_key=request.form.get("form_key") or new_token(),
        editable=item is None or item.family.state in queries.OPEN_STATES,
    )


def _most(desk: _Desk) -> int:
    return desk.rules.quotas.members.most or MOST_MEMBERS


def _form_key(desk: _Desk) -> str | None:
    typed = request.form.get("form_key", "")[:80]
    return f"officer:{desk.delegation.id}:{typed}" if typed else None


def version_of_form() -> int:
    """The version of the page a decision was taken on; 0 fits nothing."""
    return typed_number(request.form.get("version", "")) or 0


def _same_household() -> str:
    return str(
        _(
            "Gia đình có người đại diện và số điện thoại này đã được đăng ký. Hãy tìm trong danh sách, hoặc hỏi Ban Tổ chức."
        )
    )


def _stale(outcome: Stale) -> str:
    if outcome.state is FamilyState.APPROVED:
        return str(_("Hồ sơ này đã được duyệt nên không sửa được nữa. Cần sửa thì gọi Ban Tổ chức để hoàn tác duyệt."))
    return str(
        _("Hồ sơ này vừa được thay đổi ở nơi khác. Mở lại gia đình để xem bản mới rồi sửa. Chưa có gì bị ghi đè.")
    )


# ---------------------------------------------------------------- sending and withdrawing


@bp.post("/delegation/<code>/submit")
@requires(Permission.DELEGATION)
def delegation_submit(code: str) -> ResponseReturnValue:
    """Send all complete families to the organiser."""
    with transaction():
        desk = _Desk(code)
        waiting = [item for item in desk.views() if item.family.state in SENDABLE]
        outcomes = [outcome for _item, outcome in registering.submit_families(desk.rules, waiting)]
    sent = sum(isinstance(outcome, Done) for outcome in outcomes)
    barred = [each for outcome in outcomes if isinstance(outcome, NotSent) for each in outcome.why if each.lack is None]
    if sent:
        flash(_("Đã gửi %(n)s gia đình đến Ban Tổ chức. Kết quả duyệt hiện ở trang này.", n=sent), "good")
    if barred:
        _say_not_sent(barred)
    elif not sent:
        flash(_("Chưa có gia đình nào đủ hồ sơ để gửi. Xem phần còn thiếu của từng gia đình."), "warn")
    return redirect(url_for("registration.delegation", code=code))


@bp.post("/delegation/<code>/families/<family>/submit")
@requires(Permission.DELEGATION)
def family_submit(code: str, family: str) -> ResponseReturnValue:
    """Send one family."""
    with transaction():
        desk = _Desk(code)
        item = desk.family(family)
        outcome = registering.submit_family(desk.rules, item, version_of_form())
    match outcome:
        case Done():
            flash(_("Đã gửi %(name)s đến Ban Tổ chức.", name=item.family.name), "good")
        case NotSent(why):
            _say_not_sent(why)
        case Stale():
            raise Conflict(_stale(outcome))
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.delegation", code=code))


@bp.post("/delegation/<code>/families/<family>/withdraw")
@requires(Permission.DELEGATION)
def family_remove(code: str, family: str) -> ResponseReturnValue:
    """Take a family off the list; an approved one frees its place."""
    with transaction():
        desk = _Desk(code)
        item = desk.family(family)
        outcome = decisions.withdraw_family(desk.rules, item.family, version_of_form(), current_actor().name)
    match outcome:
        case Done():
            flash(_("Đã rút %(name)s khỏi danh sách.", name=item.family.name), "good")
        case Stale():
            raise Conflict(_stale(outcome))
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.delegation", code=code))


def _say_not_sent(why: Sequence[Hindrance]) -> None:
    """The first thing that is in the way; the list says everything a family lacks. Conflict while registration is closed."""
    words = say(why[0].reason)
    if why[0].why in (Why.CLOSED, Why.STATE):
        raise Conflict(words)
    flash(_("Chưa gửi được: %(why)s", why=words), "warn")


# ---------------------------------------------------------------- Excel and paper


@bp.get("/delegation/<code>/template.xlsx")
@requires(Permission.DELEGATION)
def template_file(code: str) -> ResponseReturnValue:
    """The empty template with lists and checks."""
    desk = _Desk(code)
    content = workbook.write(desk.festival.name, desk.delegation.name, desk.rules.names)
    return _file(content, f"mau-dang-ky-{desk.delegation.unit.official_code or desk.delegation.code}.xlsx")


@bp.get("/delegation/<code>/families.xlsx")
@requires(Permission.DELEGATION)
def export_file(code: str) -> ResponseReturnValue:
    """All families in the columns of the template, with state and what is missing."""
    desk = _Desk(code)
    content = workbook.write(desk.festival.name, desk.delegation.name, desk.rules.names, exports.rows(desk.views()))
    return _file(content, f"gia-dinh-{desk.delegation.unit.official_code or desk.delegation.code}.xlsx")


def _file(content: bytes, name: str) -> ResponseReturnValue:
    answer = make_response(content)
    answer.mimetype = EXCEL
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/delegation/<code>/import")
@requires(Permission.DELEGATION)
def import_page(code: str) -> ResponseReturnValue:
    """Where a filled file is given."""
    desk = _Desk(code)
    return render_template("delegation/import.html", desk=desk, delegation=desk.delegation, reasons=())


@bp.post("/delegation/<code>/import")
@requires(Permission.DELEGATION)
@limiter.limit("30 per minute")
def import_post(code: str) -> ResponseReturnValue:
    """Read the file and show each family's fate; nothing is registered yet."""
    with reading():
        desk = _Desk(code)  # whose delegation it is comes before anything about the file
        names = desk.rules.names
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise BadInput(_("Chưa chọn tệp. Hãy chọn tệp Excel (.xlsx) đã điền rồi bấm Xem trước."))
    content = upload.stream.read(workbook.LARGEST_FILE_BYTES + 1)
    # Parsing is long work: neither a reader nor a writer waits for it.
    sheet = workbook.read(content, names, today())
    if isinstance(sheet, workbook.Unreadable):
        return render_template(
            "delegation/import.html", desk=desk, delegation=desk.delegation, reasons=sheet.reasons
        ), 422
    with transaction():
        desk = _Desk(code)
        found = queries.import_fates(desk.rules, desk.delegation, sheet)
        remarks = queries.import_remarks(desk.delegation, sheet)
        token = drafts.keep_import(desk.delegation, upload.filename, found, acting_user())
    return render_template(
        "delegation/preview.html",
        desk=desk,
        delegation=desk.delegation,
        found=found,
        remarks=remarks,
        counts=Counter(each.fate for each in found),
        fates=Fate,
        fate_words=FATE_WORDS,
        people=sum(len(each.rows) for each in found if each.fate is Fate.NEW),
        file_name=upload.filename,
        token=token,
    )


@bp.post("/delegation/<code>/import/<token>")
@requires(Permission.DELEGATION)
def import_confirm(code: str, token: str) -> ResponseReturnValue:
    """Write what was shown, in one transaction, once however often it is confirmed."""
    with transaction():
        desk = _Desk(code)
        done = drafts.apply_import(desk.rules, desk.delegation, queries.import_of(desk.delegation.id, token))
    words = _("Đã ghi %(new)s gia đình từ tệp Excel.", new=done.new)
    flash(words, "good" if done.new else "note")
    if done.same:
        # Messages travel in a cookie: a whole file of names would not fit.
        named = "; ".join(done.passed_over[:5]) + ("; …" if done.same > 5 or not done.passed_over else "")
        flash(
            _(
                "%(n)s gia đình đã có người khác ghi trước nên giữ nguyên: %(names)s. Hãy mở từng gia đình để xem lại.",
                n=done.same,
                names=named,
            ),
            "warn",
        )
    return redirect(url_for("registration.delegation", code=code))


@bp.get("/delegation/<code>/print")
@requires(Permission.DELEGATION)
def print_list(code: str) -> ResponseReturnValue:
    """The list to sign and stamp."""
    desk = _Desk(code)
    on = desk.festival.starts_on
    views = [item for item in desk.views() if item.family.state is not FamilyState.REJECTED]
    rows = [(item, list(zip(item.family.members, item.household.members, strict=True))) for item in views]
    members = [member for item in views for member in item.household.members]
    age = [ages(member.birth, on) for member in members if member.birth]
    with force_locale("vi"):  # it is signed and stamped: an official paper, whoever prints it
        return render_template(
            "delegation/print.html",
            desk=desk,
            delegation=desk.delegation,
            rows=rows,
            rules=desk.rules,
            people=len(members),
            women=sum(member.sex == "female" for member in members),
            children=sum(each.child for each in age),
            older=sum(each.older for each in age),
            printed_at=now(),
        )


@bp.get("/delegation/<code>/links")
@requires(Permission.DELEGATION)
def links(code: str) -> ResponseReturnValue:
    """Each family's own link, to pass on, for confirming and agreeing."""
    desk = _Desk(code)
    families: list[Family] = [item.family for item in desk.views()]
    listed = [(family, queries.link_code(family)) for family in families]
    return render_template("delegation/links.html", desk=desk, delegation=desk.delegation, listed=listed)
