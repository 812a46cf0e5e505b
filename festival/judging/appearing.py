"""What does any device know of an entry that appears?"""

from __future__ import annotations

from typing import Any

from festival.judging.tally import Appearance
from festival.roster.shown.public_names import NamesHeld


def appearance_state(appearance: Appearance, held: NamesHeld) -> dict[str, Any]:
    """Number, name and place in the day, as a judge's tablet and a device of the ground are told; `held`: names not to be told."""
    return {
        "code": appearance.code,
        "number": appearance.number,
        "name": appearance.name if appearance.masked else held.entry(appearance.id, appearance.name),
        "title": "" if appearance.masked else held.title(appearance.id, appearance.title),
        "delegation": appearance.delegation,
        "stage": appearance.stage,
        "session": appearance.session,
        "starts_at": None if appearance.starts_at is None else appearance.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "act": None if appearance.act_state is None else appearance.act_state.value,
    }
