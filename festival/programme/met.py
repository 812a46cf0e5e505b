"""Who is, or was to be, in a match of a later round, as far as everybody may know? For calendars, which must hear that a turn is off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from festival.contests.queries import contests
from festival.programme.lines import entry_rows
from festival.schedule.later.brackets import ever_known, known_brackets
from festival.schedule.later.naming import later_of_code


@dataclass(frozen=True, slots=True)
class EverIn:
    """`entries`: codes of those who are in it or were told so; `changes`: how often that can have changed."""

    entries: frozenset[str] = frozenset()
    changes: int = 0


NOBODY_YET = EverIn()


def ever_in(festival_id: int, codes: Collection[str]) -> Mapping[str, EverIn]:
    """By the code of a match, of those among `codes` whose bracket everybody may read; nothing is read where none is a match."""
    matches = {code: match for code in codes if (match := later_of_code(code)) is not None}
    if not matches:
        return {}
    ids = {each.code: each.id for each in contests(festival_id) if each.entries_told}
    wanted = {ids[contest] for contest, _at in matches.values() if contest in ids}
    told = {contest_id for contest_id, each in known_brackets(wanted).items() if each.told}
    ever, entries = ever_known(told), {row.id: row.code for row in entry_rows(festival_id)}
    found: dict[str, EverIn] = {}
    for code, (contest, at) in matches.items():
        known = ever.get(ids.get(contest, 0), {}).get(at)
        if known is not None:
            found[code] = EverIn(frozenset(entries[each] for each in known.sides if each in entries), known.changes)
    return found


def hidden_entries(festival_id: int) -> frozenset[str]:
    """Codes of entries of which nobody is to know yet."""
    return frozenset(row.code for row in entry_rows(festival_id) if not row.told)
