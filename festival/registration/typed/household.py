"""A whole family to correct, person by person: what stands there, with what is being typed over it.

Fields of a person begin with the person's code, those of somebody new with a number of their own (`new1`), so that what one
page keeps means the same people on every other, in whatever order they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectMultipleField

from festival.core.births import Birth, birth
from festival.core.clock import today
from festival.core.names import nfc
from festival.core.web.forms import choices_of
from festival.registration.typed.forms import FamilyContactForm, PersonForm, person_values
from festival.roster.household import Household, Member, somebody_else, with_birth
from festival.roster.people import Relation

Fields = Mapping[str, Sequence[str]]

NEW = "new"
ORDER = "order"


class EditedPersonForm(PersonForm):
    """One person of the family, with the contests."""

    contests = SelectMultipleField(_l("Dự phần thi"), choices=[], validate_choice=False)


@dataclass(frozen=True, slots=True)
class EditedPerson:
    """One row of the page. `member`: who stands there; None for somebody new. `dropped`: taken off when it is saved."""

    key: str
    form: EditedPersonForm
    member: Member | None
    dropped: bool
    touched: bool

    @property
    def blank(self) -> bool:
        """Somebody new of whom nothing was typed."""
        typed = (self.form.name, self.form.birth, self.form.needs, self.form.relation)
        return self.member is None and not any(nfc(field.data or "") for field in typed)

    @property
    def counts(self) -> bool:
        """Whether it is somebody of the family as it would be saved."""
        return not (self.dropped or self.blank)

    def saved(self, known: Sequence[str], on: date) -> Member:
        """What was typed, as a value. A person typed over another one is somebody new, of whom nobody has agreed."""
        name, born = nfc(self.form.name.data or ""), _birth(self.form.birth.data)
        old = self.member if self.member and not somebody_else(self.member, name, born) else None
        chosen = set(self.form.contests.data or ())
        kept = [code for code in old.contests if code not in known] if old else []
        member = replace(self.form.member(old), contests=(*(code for code in known if code in chosen), *kept))
        return with_birth(member, born, on) if old else member


class EditedHousehold:
    """A family as it stands (`household`), with what is being typed over it (`changes`)."""

    def __init__(self, household: Household, changes: Fields, contests: Mapping[str, str], most: int) -> None:
        fields = {**fields_of(household), **changes}
        data = MultiDict((name, value) for name, values in fields.items() for value in values)
        self.household, self.most, self.known = household, most, list(contests)
        self.contact = FamilyContactForm(formdata=data)
        members = {member.code: member for member in household.members}
        offered = choices_of(contests.items())
        self.rows = []
        for key in order_of(household, changes):
            form = EditedPersonForm(formdata=data, prefix=f"{key}-")
            form.contests.choices = offered
            touched = any(name.startswith(f"{key}-") for name in changes)
            self.rows.append(EditedPerson(key, form, members.get(key), bool(data.get(f"{key}-drop")), touched))

    def valid(self) -> bool:
        """Whether it can be saved; what is wrong then stands beside its field, all of it at once."""
        valid = [self.contact.validate(), *(row.form.validate() for row in self.rows if row.counts)]
        leading = [row for row in self.rows if row.counts and row.form.relation.data == Relation.REPRESENTATIVE]
        for row in leading[1:]:
            row.form.relation.errors = [_("Gia đình có nhiều hơn một người đại diện. Hãy chỉ giữ một người.")]
        return all(valid) and len(leading) < 2 and not self.too_many

    @property
    def too_many(self) -> bool:
        """More people than a family may have."""
        return sum(row.counts for row in self.rows) > self.most

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Field and fault, for the top of the page."""
        forms = [("", self.contact), *((row.form.name.data or "", row.form) for row in self.rows if row.counts)]
        found = [
            (field.id, f"{who}: {' '.join(field.errors)}" if who else " ".join(field.errors))
            for who, form in forms
            for field in form
            if field.errors
        ]
        if self.too_many:
            words = _("Gia đình được đăng ký nhiều nhất %(most)s thành viên. Hãy bỏ bớt người.", most=self.most)
            found.append(("people", words))
        return found

    def saved(self, on: date) -> Household:
        """The family as typed."""
        members = tuple(row.saved(self.known, on) for row in self.rows if row.counts)
        return replace(self.contact.fill(self.household), members=members)


def fields_of(household: Household) -> dict[str, list[str]]:
    """What the page of this family sends when nobody types anything."""
    fields = {
        "phone": [""],
        "address": [household.address],
        "email": [household.email],
        "introduction": [household.introduction],
        ORDER: [member.code for member in household.members],
    }
    for member in household.members:
        fields |= {f"{member.code}-{name}": [value] for name, value in person_values(member).items()}
        fields[f"{member.code}-contests"] = ["", *member.contests]
    return fields


def order_of(household: Household, changes: Fields) -> list[str]:
    """Everybody on the page, in the order of the page: as it was put, who is not named in it behind."""
    begun = {name.partition("-")[0] for name in changes if name.startswith(NEW) and "-" in name}
    there = [*(member.code for member in household.members), *sorted(begun, key=lambda key: (len(key), key))]
    put = [key for key in dict.fromkeys(changes.get(ORDER, ())) if key in there]
    return [*put, *(key for key in there if key not in put)]


def changed(sent: Mapping[str, Sequence[str]], shown: Fields, stands: Fields) -> dict[str, list[str]]:
    """What was typed on a page that showed one state, over the state that stands now; [] where nothing is left to change."""

    def same(name: str, values: Sequence[str], fields: Fields) -> bool:
        own = fields.get(name, [""])
        return list(own) == list(values) if name == ORDER else sorted(own) == sorted(values)

    return {
        name: [] if same(name, values, shown) or same(name, values, stands) else list(values)
        for name, values in sent.items()
        if name in stands or name.startswith(NEW) or name.endswith("-drop")
    }


def acted(do: str, household: Household, typed: Fields) -> tuple[dict[str, list[str]], str]:
    """What a button of the page changes, and who it is about: `add`, `drop-KEY`, `up-KEY`, `down-KEY`."""
    keys = order_of(household, typed)
    verb, _dash, key = do.partition("-")
    if verb == "add":
        new = next(f"{NEW}{number}" for number in range(1, len(keys) + 2) if f"{NEW}{number}" not in keys)
        return {f"{new}-name": [""]}, new
    if key not in keys:
        return {}, ""
    if verb == "drop":
        return {f"{key}-drop": [] if typed.get(f"{key}-drop") else ["y"]}, key
    place = keys.index(key)
    other = place + (-1 if verb == "up" else 1)
    if verb not in ("up", "down") or not 0 <= other < len(keys):
        return {}, key
    keys[place], keys[other] = keys[other], keys[place]
    return {ORDER: [] if keys == _codes(household.members) else keys}, key


def _codes(members: Iterable[Member]) -> list[str]:
    return [member.code for member in members]


def _birth(text: str | None) -> Birth | None:
    outcome = birth(text or "", today())
    return outcome if isinstance(outcome, Birth) else None
