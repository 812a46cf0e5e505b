"""What is a family's form between its steps: what was typed, the rules it is held to, and what keeps it from being sent?"""

from __future__ import annotations

from functools import cached_property

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import defer

from config import Config
from festival.consent import rules
from festival.core.clock import now
from festival.core.database import db
from festival.core.old_fonts import offered
from festival.core.secrets import token_hash
from festival.core.web.errors import BadInput, NotFound
from festival.editions.models import Festival, PhaseKind
from festival.editions.queries import phase_open
from festival.registration import drafts, phases
from festival.registration.models import RegistrationDraft
from festival.registration.sending import Ground, Hindrance, hindrances
from festival.roster import delegations as roster_delegations
from festival.roster import families
from festival.roster import rules as roster_rules
from festival.roster.household import Household, from_json
from festival.roster.models import Delegation, Family
from festival.roster.rules import Rules

# The name says nothing that browsers fill in by themselves (no name, address, phone, mail, link).
TRAP = "form_note_2"


class DraftForm:
    """One draft with the rules it is held to."""

    def __init__(self, token: str, *, lock: bool = False) -> None:
        self.token = token
        self.draft: RegistrationDraft = drafts.draft_of(token, lock=lock)
        # The rule set as imported is a long text nobody reads here.
        festival = db.session.get(Festival, self.draft.festival_id, options=[defer(Festival.ruleset)])
        if festival is None:
            raise NotFound()
        self.rules: Rules = roster_rules.rules_of(festival)
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
        ground = (
            phases.ground_of(delegation.id)
            if delegation
            else Ground(phase_open(self.festival, PhaseKind.REGISTRATION, now()))
        )
        found = hindrances(self.household.facts, self.rules.quotas, self.festival.starts_on, ground)
        return [each for each in found if each.reason.code not in rules.CODES]

    @property
    def seen(self) -> str:
        """Stands for the people of the form as a page shows them; pages name people by their place in the list."""
        people = [(m.name, m.relation, m.sex, m.birth, m.needs) for m in self.household.members]
        return token_hash(repr(people))[:16]

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

    def choices(self) -> list[tuple[str, str]]:
        """The units to choose from."""
        return [(each.code, each.unit.full_name) for each in self.delegations]

    @property
    def doubtful(self) -> bool:
        """Whether the field that no person sees was filled in on the way."""
        return bool(self.draft.content.get("doubtful"))

    def save(self, household: Household, delegation: str | None = None, *, doubtful: bool | None = None) -> None:
        """Keep a step."""
        chosen = self.delegation_code if delegation is None else delegation
        drafts.save_draft(self.draft, chosen, household, doubtful=self.doubtful if doubtful is None else doubtful)

    def url(self, step: str) -> str:
        """The address of a step of this form."""
        return url_for(f"registration.step_{step}", token=self.token)

    def render(self, template: str, **values: object) -> str:
        """A step's page with what all of them need."""
        return render_template(
            f"registration/family/{template}", form_url=self.url, token=self.token, festival=self.festival,
            household=self.household, rules=self.rules, address=absolute(self.url("family")), seen=self.seen,
            changed=request.method == "POST" and self.changed_elsewhere, trap=TRAP, offered=offered, **values,
        )  # fmt: skip


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
