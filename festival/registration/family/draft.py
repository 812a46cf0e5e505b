"""What is a family's form between its steps: what was typed, the rules it is held to, and what keeps it from being sent?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from config import Config
from festival.consent import rules
from festival.core.old_fonts import offered
from festival.core.secrets import token_hash
from festival.core.web.errors import BadInput
from festival.editions.models import Festival
from festival.registration import phases
from festival.registration.editing import keeping
from festival.registration.models import RegistrationDraft
from festival.registration.sending import Ground, Hindrance, hindrances
from festival.registration.typed.forms import typed_form
from festival.roster import delegations as roster_delegations
from festival.roster import families
from festival.roster import rules as roster_rules
from festival.roster.household import Household, from_json
from festival.roster.models import Delegation, Family, Origin
from festival.roster.rules import Rules

# The name says nothing that browsers fill in by themselves (no name, address, phone, mail, link).
TRAP = "form_note_2"
PEOPLE = "people"
CONTEST = "contest-"  # a field of the third step: its values are places of people
STEPS = ("family", "members", "contests", "review")


class DraftForm:
    """One draft with the rules it is held to."""

    def __init__(self, token: str, *, lock: bool = False) -> None:
        self.token = token
        self.draft: RegistrationDraft = keeping.behind(token, lock=lock)
        self.rules: Rules = roster_rules.rules_of_id(self.draft.festival_id)
        self.delegation_code: str = self.draft.content["delegation"]
        self.household: Household = from_json(self.draft.content["household"])
        self.sent: Family | None = families.family_of_form(self.key)

    @property
    def key(self) -> str:
        """The submission key: one form is one family, however often it is sent."""
        return form_key(self.token)

    @property
    def festival(self) -> Festival:
        """The edition the form is for."""
        return self.rules.festival

    @property
    def hindrances(self) -> list[Hindrance]:
        """What keeps it from being sent, without the agreements: they are given on the review page itself."""
        delegation = self.delegation
        ground = phases.ground_of(delegation.id) if delegation else Ground(bool(self.taking))
        facts, on = self.household.facts, self.festival.starts_on
        found = hindrances(facts, self.rules.quotas, on, ground, origin=Origin.FAMILY)
        return [each for each in found if each.reason.code not in rules.CODES]

    @property
    def seen(self) -> str:
        """Stands for the people of the form as a page shows them; pages name people by their place in the list."""
        return token_hash(repr(self.marks))[:16]

    @property
    def changed_elsewhere(self) -> bool:
        """Whether the page that was sent showed other people: another tab or phone was faster."""
        return request.form.get("seen", self.seen) != self.seen

    @cached_property
    def delegations(self) -> list[Delegation]:
        """Those open to families' own registrations."""
        return roster_delegations.delegations(self.festival.id, self_registration=True)

    @cached_property
    def delegation(self) -> Delegation | None:
        """The one that was chosen."""
        return roster_delegations.open_to_families(self.festival.id, self.delegation_code)

    @cached_property
    def taking(self) -> frozenset[str]:
        """Which delegations register now: those that were given longer, when the others may no more."""
        return phases.taking(self.festival.id)

    def choices(self) -> list[tuple[str, str]]:
        """The units to choose from; when nobody registers any more all of them, so that what was chosen still shows."""
        offered = [each for each in self.delegations if each.code in self.taking] or self.delegations
        chosen = [each for each in self.delegations if each.code == self.delegation_code and each not in offered]
        return [(each.code, each.unit.full_name) for each in [*offered, *chosen]]

    @property
    def doubtful(self) -> bool:
        """Whether the field that no person sees was filled in on the way."""
        return bool(self.draft.content.get("doubtful"))

    def save(
        self, household: Household, delegation: str | None = None, *, part: str = "", doubtful: bool | None = None,
        removed: int | None = None,
    ) -> None:  # fmt: skip
        """Take a step: what its page (`part`) says is the form's now."""
        chosen = self.delegation_code if delegation is None else delegation
        looked_at = self.doubtful if doubtful is None else doubtful
        keeping.save_step(self.draft, part, chosen, household, doubtful=looked_at, removed=removed)

    def keep(self, part: str, *, try_it: bool) -> None:
        """Keep what the page that was sent says, as it was typed, beside what was taken so far."""
        sent = {**typed_form().to_dict(flat=False), PEOPLE: self.marks}
        keeping.keep(self.draft, sent, part, whole=True, try_it=True if try_it else None)

    def typed(self, part: str) -> MultiDict[str, str] | None:
        """What was typed on a page and not taken yet; None when there is nothing."""
        fields = keeping.typed(self.draft, part)
        return MultiDict((name, value) for name, values in fields.items() for value in values) if fields else None

    def tried(self, part: str) -> bool:
        """Whether this page was sent as it is, so that it says what is wrong."""
        return keeping.tried(self.draft, part)

    def ticked(self, part: str) -> MultiDict[str, str]:
        """What was ticked for people, for those who are still the same, wherever they stand now."""
        return MultiDict(followed(keeping.typed(self.draft, part), self.marks))

    @property
    def marks(self) -> list[str]:
        """Stands for each person of the form as a page shows that person."""
        people = [(m.name, m.relation, m.sex, m.birth, m.needs) for m in self.household.members]
        return [token_hash(repr(each))[:16] for each in people]

    @property
    def unfinished(self) -> list[tuple[str, str]]:
        """What was typed and not taken yet: whose it is, and where it is gone on with."""
        parts = keeping.parts(self.draft)
        found = [(_("Bước 1: Gia đình"), self.url("family"))] if "family" in parts else []
        for part in parts:
            place = part.removeprefix("member-")
            if place == part:
                continue
            name = (keeping.typed(self.draft, part).get("name") or [""])[0]
            query = {} if place == "new" else {"member": place}
            found.append((name or _("Một người chưa ghi tên"), self.url("members", _anchor="member-form", **query)))
        return found

    def onward(self, step: str) -> str:
        """Where a page leads that was taken: where its sender wanted to go, back to the review, or on to the next step."""
        return self.wanted() or self.url("review" if request.form.get("back") == "review" else step)

    def again(self, step: str, **query: Any) -> Response:
        """The page once more, by an address of its own: Back and refresh never ask to send anything again."""
        back = {"back": "review"} if request.form.get("back") == "review" else {}
        return redirect(self.wanted() or self.url(step, **back, **query), 303)

    def wanted(self) -> str:
        """The step its sender wanted to go to (`go-members`, `go-members.1`); who comes from the review goes back there."""
        step, _dot, member = request.form.get("do", "").removeprefix("go-").partition(".")
        if step not in STEPS:
            return ""
        query = {"member": member, "_anchor": "member-form"} if member.isdecimal() else {}
        back = {"back": "review"} if (request.endpoint or "").endswith(".send") else {}
        return self.url(step, **back, **query)

    def url(self, step: str, **query: Any) -> str:
        """The address of a step of this form."""
        return url_for(f"registration.step_{step}", token=self.token, **query)

    def render(self, template: str, **values: object) -> str:
        """A step's page with what all of them need."""
        return render_template(
            f"registration/family/{template}", form_url=self.url, token=self.token, festival=self.festival,
            household=self.household, rules=self.rules, address=absolute(self.url("family")), seen=self.seen,
            trap=TRAP, offered=offered, back=request.args.get("back") == "review", unfinished=self.unfinished, **values,
        )  # fmt: skip


def followed(fields: keeping.Typed, marks: Sequence[str]) -> list[tuple[str, str]]:
    """Fields and values that name people by their place, for the places where those people stand now."""
    then = fields.get(PEOPLE, [])
    places = {str(place): str(marks.index(mark)) for place, mark in enumerate(then) if mark in marks}
    found: list[tuple[str, str]] = []
    for name, values in fields.items():
        stem, _dash, place = name.rpartition("-")
        if name == PEOPLE:
            continue
        if list(then) == list(marks) or not (place.isdecimal() or name.startswith(CONTEST)):
            found += [(name, value) for value in values]
        elif name.startswith(CONTEST):
            found += [(name, places[value]) for value in values if value in places]
        elif place in places:
            found += [(f"{stem}-{places[place]}", value) for value in values]
    return found


@contextmanager
def as_sent(typed: MultiDict[str, str]) -> Iterator[None]:
    """What was kept stands where a form that is sent does, so that the page says of it what it says of that one."""
    request.form = ImmutableMultiDict(typed)
    try:
        yield
    finally:
        del request.__dict__["form"]


def form_key(token: str) -> str:
    """The submission key of the form behind a link."""
    return f"draft:{token_hash(token)}"


def open_form(token: str) -> DraftForm:
    """A form that has not been sent yet, held until the end of the transaction."""
    draft = DraftForm(token, lock=True)
    if draft.sent is not None:
        raise BadInput(_("Hồ sơ này đã gửi rồi. Muốn sửa, gia đình mở liên kết riêng đã nhận."))
    return draft


def absolute(path: str) -> str:
    config: Config = current_app.config["FESTIVAL"]
    return config.public_url + path
