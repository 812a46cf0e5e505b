"""How does a pure rule say something to a person without knowing the languages of the house?

It returns a `Sentence`: the Vietnamese template (the source language of every message) and its values. A door turns it
into the reader's language with `gettext(sentence.template, **sentence.values)`; `str(sentence)` is the Vietnamese text.
`N_` is the marker that the extraction of messages looks for, as in GNU gettext.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for people: template and values."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template

    def __hash__(self) -> int:
        return hash(str(self))


def N_(template: str, **values: object) -> Sentence:  # noqa: N802 - the name the message extractor looks for
    """Mark a sentence for the catalogue and give it its values."""
    return Sentence(template, values)
