"""Does a fault of the document stand beside the field it speaks of?"""

from __future__ import annotations

from festival.core.sentence import N_
from festival.editions.rules.document import FileFault
from festival.setup.faults import by_field


def test_faults_stand_beside_their_fields() -> None:
    step, whole, other = N_("bước"), N_("cả"), N_("khác")
    faults = [
        FileFault("$.contests[1].criteria[0].step", step),
        FileFault("$.contests[1]", whole),
        FileFault("$.contests[10].name", other),
    ]
    assert by_field(faults, "$.contests[1]") == ({"criteria[0].step": [step], "": [whole]}, [faults[2]])
