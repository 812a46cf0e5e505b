"""Is this comment new, a repetition, a correction, or one that met another? Pure.

As with a sheet the base version must be current; what says the same is a repetition whatever its base.
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 600


@dataclass(frozen=True, slots=True)
class CommentThere:
    """The comment as it stands."""

    version: int
    said: str


@dataclass(frozen=True, slots=True)
class CommentTaken:
    """It stands now, as this version."""

    version: int


@dataclass(frozen=True, slots=True)
class CommentMet:
    """Another tablet's words stand there: nothing is overwritten, the judge chooses."""


@dataclass(frozen=True, slots=True)
class CommentSame:
    """It says that already."""


def comment_text(text: object) -> str | None:
    """The words in one line; None when it is no comment."""
    if not isinstance(text, str):
        return None
    said = " ".join(text.split())
    return said if len(said) <= LONGEST else None


def compare_comment(
    there: CommentThere | None, said: str, base_version: int
) -> CommentTaken | CommentMet | CommentSame:
    """What the words are to those that stand there."""
    if there is None:
        return CommentTaken(1) if said else CommentSame()
    if there.said == said:
        return CommentSame()
    return CommentTaken(there.version + 1) if base_version == there.version else CommentMet()
