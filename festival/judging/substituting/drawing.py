"""The pages of substitutions, drawn for whoever stands at the door: the officer asks, the organiser does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.sentence import N_, Sentence
from festival.judging.substituting.foreseeing import foresee
from festival.judging.substituting.models import SubstitutionState
from festival.judging.substituting.queries import ToldSubstitution
from festival.judging.substituting.typed import LONGEST_WHY
from festival.judging.substituting.wanted import choices, reserves_of, wanted
from festival.roster.models import Family
from festival.roster.rules import Rules

OFFICER, OFFICE = "officer", "office"

STATE_WORDS: dict[SubstitutionState, Sentence] = {
    SubstitutionState.WAITING: N_("Chờ Ban Tổ chức"),
    SubstitutionState.DONE: N_("Đã thay"),
    SubstitutionState.REFUSED: N_("Không nhận"),
    SubstitutionState.TAKEN_BACK: N_("Đã rút lại"),
    SubstitutionState.UNDONE: N_("Đã hoàn tác"),
}
STATE_TONES = {
    SubstitutionState.WAITING: "warn",
    SubstitutionState.DONE: "good",
    SubstitutionState.REFUSED: "bad",
    SubstitutionState.TAKEN_BACK: "quiet",
    SubstitutionState.UNDONE: "quiet",
}


@dataclass(frozen=True, slots=True)
class SubstitutionDoor:
    """Through which door: addresses of the family's page, of what was chosen on it, of one substitution, the way up."""

    road: str
    page: str
    back: str

    @property
    def office(self) -> bool:
        """Who stands here does it, and does not ask."""
        return self.road == OFFICE


def words() -> dict[str, object]:
    """What every page of these says of states."""
    return {"state_words": STATE_WORDS, "state_tones": STATE_TONES}


def choosing_page(door: SubstitutionDoor, family: Family, made: Sequence[ToldSubstitution]) -> str:
    """For each entry who leaves and who comes; a family in reserve; what was asked and made before."""
    looked(SecurityKind.READ_CHILDREN, family=family.code)
    own = [each for each in made if family.id in (each.row.out_family_id, each.row.in_family_id)]
    return render_template(
        "judging/substituting/choose.html",
        door=door,
        family=family,
        choices=choices(family, all_told=door.office),
        reserves=[(each.code, each.name) for each in reserves_of(family.delegation_id)],
        unchosen=bool(request.args),
        made=own,
        **words(),
    )


def foreseen_page(door: SubstitutionDoor, rules: Rules, family: Family, choice: str) -> str:
    """What would follow, before anything is written."""
    looked(SecurityKind.READ_CHILDREN, family=family.code)
    asked = wanted(family, choice, all_told=door.office)
    return render_template(
        "judging/substituting/foreseen.html",
        door=door,
        family=family,
        wanted=asked,
        foreseen=foresee(rules, asked),
        longest=LONGEST_WHY,
    )
