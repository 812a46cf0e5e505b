"""How are forms read, and in which words do they complain?

WTForms has no Vietnamese catalogue, so its messages are part of ours and every form asks flask-babel.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any, TypeVar

from flask import request
from flask_babel import get_translations
from flask_wtf import FlaskForm
from wtforms.fields import SelectChoice

from festival.core.numbers import typed_number
from festival.core.web.errors import BadInput

Choice = TypeVar("Choice", bound=Enum)


class _Translations:
    def gettext(self, string: str) -> str:
        return str(get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(get_translations().ungettext(singular, plural, n))


def choices_of(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """What a field offers, from pairs of what is sent and what is read (words, perhaps lazy ones)."""
    return [SelectChoice(value, words) for value, words in pairs]


class Form(FlaskForm):  # type: ignore[misc]
    """Base of all forms: Vietnamese messages; CSRF is checked once for all in `access.enforce`."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False

        def get_translations(self, form: Any) -> Any:
            return _Translations()


def form_number(name: str) -> int:
    """The number a field of the form that was sent must carry. BadInput."""
    number = typed_number(request.form.get(name, ""))
    if number is None:
        raise not_offered(name)
    return number


def form_choice(name: str, kind: type[Choice]) -> Choice:
    """The choice a field of the form that was sent must carry. BadInput."""
    try:
        return kind(request.form.get(name, ""))
    except ValueError as error:
        raise not_offered(name) from error


def not_offered(name: str) -> BadInput:
    """Nothing was chosen in this field, or what is not (or no more) among its choices; the page says which field."""
    return BadInput(field=name)
