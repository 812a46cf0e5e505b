"""What may be typed about a family, and how does it become the one value all roads end in?

Names, phones and births are read by the same rules as in Excel, so a person hears the same sentence everywhere. A row
of the officer's form that was left wholly empty is no member; one that was begun is asked for what it lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    EmailField,
    Field,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from festival.consent.rules import GUARDIANS as GUARDIAN_KEYS
from festival.consent.rules import Agreements
from festival.consent.texts import GIVEN_AS_WORDS
from festival.core.births import Birth, birth
from festival.core.clock import today
from festival.core.names import LONGEST_NAME, nfc, too_long
from festival.core.old_fonts import offered, written_fault
from festival.core.phones import last_four, phone
from festival.core.post.mail_address import LONGEST_EMAIL, email_fault
from festival.core.sentence import Sentence
from festival.core.text import line
from festival.core.web.forms import Form, choices_of
from festival.core.web.i18n import say, say_later
from festival.roster.household import LONGEST_INTRODUCTION, LONGEST_TEXT, Household, Member, somebody_else
from festival.roster.people import RELATION_WORDS, SEX_WORDS, Relation, Sex

RELATIONS = [(relation.value, say_later(words)) for relation, words in RELATION_WORDS.items()]
SEXES = [(sex.value, say_later(words)) for sex, words in SEX_WORDS.items()]
GUARDIANS = [(value, say_later(GIVEN_AS_WORDS[value])) for value in GUARDIAN_KEYS]


class Fits:
    """A text that the rule finds no fault with; browsers are told its greatest length."""

    def __init__(self, fault: Callable[[str], Sentence | None], most: int) -> None:
        self.fault = fault
        self.field_flags = {"maxlength": most}

    def __call__(self, _form: Any, field: Field) -> None:
        reason = self.fault(line(field.data or ""))
        if reason is not None:
            raise ValidationError(say(reason))


def at_most(most: int) -> Fits:
    """A text of so many characters."""
    return Fits(lambda text: too_long(text, most), most)


class AName:
    """A person's name as one writes it; one in an old font is a fault that says so."""

    field_flags = {"maxlength": LONGEST_NAME}

    def __call__(self, _form: Any, field: Field) -> None:
        reason = written_fault(field.data or "")
        if reason is not None:
            raise ValidationError(say(reason))


a_name = AName()

# The button beside a field that holds a garbled name: its value names the field whose offered name is taken.
USE = "use"


def typed_name(field: str, otherwise: str = "") -> str:
    """What stands in a field for a name; the name offered in its place, if its button was pressed."""
    text = request.form.get(field, otherwise)
    return (offered(text) or text) if request.form.get(USE) == field else text


def typed_form() -> MultiDict[str, str]:
    """What was sent, with the offered name where its button was pressed."""
    typed = MultiDict(request.form)
    field = typed.get(USE, "")
    if field in typed:
        typed[field] = typed_name(field)
    return typed


def offered_in(shown: Mapping[str, str], also: str) -> dict[str, str]:
    """Offers by field: of those shown with a name, or as typed, and of all typed ones whose field begins with `also`."""
    texts = {
        **shown,
        **{field: text for field, text in request.form.items() if field in shown or field.startswith(also)},
    }
    return {field: offer for field in texts if (offer := offered(typed_name(field, texts[field])))}


class NameField(StringField):  # type: ignore[misc]
    """A field for a person's name. What it offers instead is taken by one tap, and all else that was typed stays."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was typed, or the offer that was taken."""
        super().process_formdata([offered(text) or text for text in valuelist] if self._taken() else valuelist)

    def _taken(self) -> bool:
        return bool(request.form.get(USE) == self.name)

    @property
    def offer(self) -> str:
        """The name that is offered instead; "" when there is none."""
        return offered(self.data)

    def _value(self) -> str:
        # A letter that shows nothing must come back with the next tap.
        return self.data or ""


an_email = Fits(email_fault, LONGEST_EMAIL)


def a_phone(_form: Any, field: Field) -> None:
    """A Vietnamese phone number."""
    outcome = phone(field.data or "")
    if isinstance(outcome, Sentence):
        raise ValidationError(say(outcome))


def a_birth(_form: Any, field: Field) -> None:
    """A birth date or year."""
    outcome = birth(field.data or "", today())
    if isinstance(outcome, Sentence):
        raise ValidationError(say(outcome))


class ContactForm(Form):
    """How the family is reached."""

    phone = TelField(
        _l("Số điện thoại của gia đình"), [DataRequired(_l("Hãy ghi số điện thoại của gia đình.")), a_phone]
    )
    address = StringField(_l("Địa chỉ (ấp, khu phố, xã, phường)"), [at_most(LONGEST_TEXT)])
    email = EmailField(_l("Thư điện tử"), [Optional(), an_email])
    introduction = TextAreaField(_l("Đôi dòng giới thiệu gia đình"), [at_most(LONGEST_INTRODUCTION)])

    def fill(self, household: Household) -> Household:
        """The household with what was typed here."""
        number = phone(self.phone.data or "")
        return replace(
            household,
            phone=number if isinstance(number, str) else "",
            address=line(self.address.data or ""),
            email=nfc(self.email.data or ""),
            introduction=line(self.introduction.data or ""),
        )


class FamilyContactForm(ContactForm):
    """The same behind the family's own link, where the number itself is never shown: its last four digits are the key."""

    phone = TelField(_l("Số điện thoại mới"), [Optional(), a_phone])

    def fill(self, household: Household) -> Household:
        """The household with what was typed here; no number typed keeps the one there is."""
        filled = super().fill(household)
        return filled if filled.phone else replace(filled, phone=household.phone)


class FamilyStepForm(ContactForm):
    """Step one of a family's own registration."""

    delegation = SelectField(_l("Gia đình thuộc đơn vị nào"), [DataRequired(_l("Hãy chọn đơn vị của gia đình."))])

    def choose_from(self, choices: Sequence[tuple[str, str]]) -> None:
        """The units that take families' own registrations."""
        self.delegation.choices = choices_of([("", gettext("Chọn đơn vị")), *choices])


class PersonForm(Form):
    """One member."""

    name = NameField(_l("Họ và tên"), [DataRequired(_l("Chưa ghi họ và tên.")), a_name])
    relation = SelectField(
        _l("Quan hệ với người đại diện"),
        [DataRequired(_l("Hãy chọn quan hệ."))],
        choices=choices_of([("", _l("Chọn")), *RELATIONS]),
    )
    sex = RadioField(_l("Giới tính"), [InputRequired(_l("Hãy chọn nam hoặc nữ."))], choices=choices_of(SEXES))
    birth = StringField(_l("Ngày sinh hoặc năm sinh"), [DataRequired(_l("Hãy ghi ngày sinh, như 14/6/1984.")), a_birth])
    needs = StringField(_l("Nhu cầu hỗ trợ (xe lăn, phiên dịch…)"), [at_most(LONGEST_TEXT)])

    def member(self, old: Member | None = None) -> Member:
        """What was typed, as a value; contests of `old` stay, agreements too unless it is somebody else now."""
        name, born = nfc(self.name.data or ""), _birth(self.birth.data)
        before = old or Member("")
        if old is not None and somebody_else(old, name, born):
            before = old.agreeing(Agreements())
        return replace(
            before,
            name=name,
            relation=Relation(self.relation.data),
            sex=Sex(self.sex.data),
            birth=born,
            needs=line(self.needs.data or ""),
        )


def person_values(member: Member) -> dict[str, str]:
    """What a PersonForm shows for a member."""
    return {
        "name": member.name,
        "relation": member.relation or "",
        "sex": member.sex or "",
        "birth": str(member.birth or ""),
        "needs": member.needs,
    }


def _birth(text: str | None) -> Birth | None:
    outcome = birth(text or "", today())
    return outcome if isinstance(outcome, Birth) else None


class ReasonForm(Form):
    """Why something is returned, refused or undone: the family reads it."""

    reason = TextAreaField(
        _l("Lý do, viết cho người nhận đọc"), [DataRequired(_l("Hãy ghi lý do và điều cần làm.")), Length(max=600)]
    )


class TailForm(Form):
    """The last four digits of the family's phone: a link travels through groups, so it only shows."""

    tail = StringField(
        _l("4 số cuối của số điện thoại gia đình"), [DataRequired(_l("Hãy nhập 4 số cuối.")), Length(max=12)]
    )

    @property
    def four(self) -> str | None:
        """The four digits, if that is what was typed; anything else is no guess."""
        return last_four(self.tail.data or "")

    def fits(self, number: str) -> bool:
        """Whether these are the last four digits of the number."""
        return self.four is not None and number.endswith(self.four)
