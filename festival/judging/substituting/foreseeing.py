"""What would follow from a substitution now? Page and deed ask the same question; the rule is `foreseen`."""

from __future__ import annotations

from festival.judging.substituting.foreseen import Foreseen
from festival.judging.substituting.models import SubstitutionKind
from festival.judging.substituting.of_family import foresee_family
from festival.judging.substituting.of_person import foresee_person
from festival.judging.substituting.wanted import AskedSubstitution
from festival.roster.rules import Rules


def foresee(rules: Rules, wanted: AskedSubstitution) -> Foreseen:
    """Everything that is said before it is done."""
    return foresee_person(rules, wanted) if wanted.kind is SubstitutionKind.PERSON else foresee_family(rules, wanted)
