"""The one page of changes of an approved family, drawn for whoever stands at the door: family, officer, organiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, render_template

from festival.core.sentence import N_, Sentence
from festival.core.web.i18n import say
from festival.registration import phases
from festival.registration.asked_changes.deciding import AskedNow, household_now
from festival.registration.asked_changes.following import what_follows_change
from festival.registration.asked_changes.models import ChangeState
from festival.registration.asked_changes.queries import ToldChange, changes_of
from festival.registration.asked_changes.typed import TypedChange, shown_rows
from festival.registration.editing import difference_words
from festival.registration.editing.differences import FamilyDifference, Kind, differences
from festival.registration.editing.merging import merged
from festival.registration.typed.forms import GUARDIANS, RELATIONS, SEXES, FamilyContactForm, TailForm
from festival.roster.household import Household, from_json
from festival.roster.models import Family, FamilyState
from festival.roster.rules import Rules

STATE_WORDS: dict[ChangeState, Sentence] = {
    ChangeState.WAITING: N_("Chờ Ban Tổ chức"),
    ChangeState.APPROVED: N_("Đã thay đổi"),
    ChangeState.REFUSED: N_("Không nhận"),
    ChangeState.TAKEN_BACK: N_("Đã rút lại"),
    ChangeState.UNDONE: N_("Đã hoàn tác"),
}
STATE_TONES = {
    ChangeState.WAITING: "warn",
    ChangeState.APPROVED: "good",
    ChangeState.REFUSED: "bad",
    ChangeState.TAKEN_BACK: "quiet",
    ChangeState.UNDONE: "quiet",
}
ROAD_WORDS = {"link": N_("gia đình, qua liên kết"), "officer": N_("cán bộ"), "office": N_("Ban Tổ chức")}
WRITTEN = N_("Đã sửa ngay: mọi danh sách và máy dùng chữ mới. Tên trên thẻ đã in thì cần in lại.")
ASKED = N_("Đã gửi yêu cầu cho Ban Tổ chức. Trong lúc chờ, hồ sơ và thẻ giữ như cũ.")


@dataclass(frozen=True, slots=True)
class DrawnChange:
    """A change as it is shown: its differences, and for one that waits what follows and who changed the same meanwhile."""

    told: ToldChange
    found: tuple[FamilyDifference, ...]
    follows: Sequence[Sentence] = ()
    clashes: tuple[FamilyDifference, ...] = ()

    @property
    def waits(self) -> bool:
        return self.told.row.state is ChangeState.WAITING

    @property
    def carried_out(self) -> bool:
        return self.told.row.state is ChangeState.APPROVED


def _drawn(told: ToldChange, now: Household, rules: Rules, family: Family) -> DrawnChange:
    stood, wanted = from_json(told.row.stood), from_json(told.row.wanted)
    found = differences(stood, wanted)
    if told.row.state is not ChangeState.WAITING:
        return DrawnChange(told, found)
    target, clashes = merged(now, stood, wanted)
    follows = what_follows_change(found, now, target, rules.quotas, phases.ground_of(family.delegation_id))
    return DrawnChange(told, found, follows, clashes)


def changes_page(
    rules: Rules,
    family: Family,
    road: str,
    typed: TypedChange | None = None,
    tail: TailForm | None = None,
    *,
    doors: Mapping[str, str],
) -> str:
    """`doors`: the addresses of this door (`send`, `take_back`, `back`); `typed`: what was refused, still in its fields."""
    now = household_now(rules, family)
    return render_template(
        "registration/asked_changes/page.html",
        frame="registration/family/_frame.html" if road == "link" else "layouts/office.html",
        road=road,
        family=family,
        festival=rules.festival,
        rules=rules,
        now=now,
        rows=shown_rows(now),
        contact=_contact(family, typed),
        why=typed.why if typed else "",
        faults=typed.faults if typed else {},
        tail=tail,
        doors=doors,
        may_ask=family.state is FamilyState.APPROVED,
        changes=[_drawn(each, now, rules, family) for each in changes_of(family.id)],
        relations=RELATIONS,
        sexes=SEXES,
        guardians=GUARDIANS,
        words=difference_words,
        facts=Kind.FACT,
        state_words=STATE_WORDS,
        state_tones=STATE_TONES,
        road_words=ROAD_WORDS,
    )


def _contact(family: Family, typed: TypedChange | None) -> FamilyContactForm:
    if typed is not None:
        return FamilyContactForm()
    return FamilyContactForm(
        formdata=None, address=family.address, email=family.email, introduction=family.introduction
    )


def tell_asked(done: AskedNow) -> None:
    """What was written at once, what waits."""
    if done.written:
        flash(say(WRITTEN), "good")
    if done.waiting:
        flash(say(ASKED), "good")
