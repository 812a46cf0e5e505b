"""How are forms read, and in which words do they complain?

WTForms has no Vietnamese catalogue, so its messages are part of ours and every form asks flask-babel.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import get_translations
from flask_wtf import FlaskForm
from wtforms.fields import SelectChoice


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


def typed_number(text: str, longest: int = 9) -> int | None:
    """The whole number somebody's address or form carries, of at most so many digits; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None
