"""What was typed and ticked where people agree: by adult for the adult and the children, and who is asked by a link of the own."""

from __future__ import annotations

from collections.abc import Collection

from flask import request

from festival.consent.rules import GUARDIANS, Ticks
from festival.core.names import nfc
from festival.core.old_fonts import written_fault
from festival.core.phones import phone
from festival.core.sentence import N_, Sentence
from festival.registration.typed.forms import typed_name

# Two adults may agree for children on one page; the fields of the second carry a 2.
ADULTS = ("", "2")
LOST = ("name_garbled", "name_lost")


def ticks(key: str) -> Ticks:
    """What was ticked about one person; a child's is that of the adult who ticked it, the first of two."""
    form = request.form
    who = next((each for each in ADULTS if form.get(f"agree{each}-{key}") == "y"), "")
    return Ticks(
        agreed=form.get(f"agree{who}-{key}") == "y",
        guardian=typed_name(f"guardian{who}"),
        as_who=form.get(f"guardian-as{who}", ""),
        own=form.get(f"own-{key}") == "y",
        publish=form.get(f"publish-{key}") == "y" or form.get(f"publish{who}-{key}") == "y",
        kept=form.get(f"keep-{key}") == "y" or form.get(f"keep{who}-{key}") == "y",
    )


def guardian_field(key: str) -> str:
    """The field of the name of the adult who ticked for this child."""
    return f"guardian{next((each for each in ADULTS if request.form.get(f'agree{each}-{key}') == 'y'), '')}"


def garbled(name: str) -> Sentence | None:
    """What is wrong with the letters of who agrees for a child: such a name agrees to nothing."""
    fault = written_fault(name) if name.strip() else None
    return fault if fault is not None and fault.code in LOST else None


NOBODY_NAMED = N_("Hãy ghi họ và tên cha, mẹ hoặc người giám hộ.", "parent_unnamed")
NO_CHILD = N_("Hãy chọn ít nhất một cháu mà người này đồng ý cho.", "parent_of_nobody")
NO_ROLE = N_("Hãy chọn người ấy là cha, mẹ hay người giám hộ.", "parent_as_what")


def typed_parent(children: Collection[str]) -> tuple[tuple[str, str, str, tuple[str, ...]] | None, dict[str, Sentence]]:
    """Name, role, phone and children of who is asked by a link of the own, and what is wrong by field.

    Nothing was typed: (None, {}). `children` are the keys that may be chosen.
    """
    name, number = nfc(typed_name("away")), request.form.get("away-phone", "").strip()
    chosen = tuple(key for key in children if request.form.get(f"away-{key}") == "y")
    if not name and not number and not chosen:
        return None, {}
    faults: dict[str, Sentence] = {}
    fault = NOBODY_NAMED if not name else written_fault(name)
    if fault is not None:
        faults["away"] = fault
    as_who = request.form.get("away-as", "")
    if as_who not in GUARDIANS:
        faults["away-as"] = NO_ROLE
    read = phone(number)
    if isinstance(read, Sentence):
        faults["away-phone"] = read
    if not chosen:
        faults["away-children"] = NO_CHILD
    return (None if faults else (name, as_who, str(read), chosen)), faults
