"""How is a step about a child written down, from a page of the office and from the lead's device, once each?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StrictStr, TypeAdapter, ValidationError, model_validator
from sqlalchemy import select

from festival.accounts.models import User
from festival.checkin.lost.models import ChildStep
from festival.checkin.lost.stories import HANDED, UNDONE, LostStep, Story, stories
from festival.core import security_log
from festival.core.database import db
from festival.core.security_log import SecurityKind
from festival.core.statements import insert_or_pass
from festival.devices.handlers import Applied, Duplicate, Incoming, Rejected, Verdict
from festival.roster.models import Person

WORDS_MAX = 300
CHILD = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
Code = Annotated[StrictStr, Field(pattern=CHILD)]


class ChildBody(BaseModel):
    """What a device says of a child."""

    model_config = ConfigDict(extra="forbid")
    step: Literal["missing", "found", "handed", "undone"]
    child: Code
    person: Annotated[StrictStr, Field(max_length=64)] | None = None
    words: Annotated[StrictStr, Field(max_length=WORDS_MAX)] = ""
    undoes: Code | None = None

    @model_validator(mode="after")
    def says_enough(self) -> ChildBody:
        """The same as the table asks for: to whom, why, which child."""
        told = bool(self.words.strip())
        if (self.step == UNDONE) != (self.undoes is not None):
            raise ValueError("undoes")
        if self.step in (HANDED, UNDONE) and not told:
            raise ValueError("words")
        if self.step not in (HANDED, UNDONE) and not told and self.person is None:
            raise ValueError("words")
        return self


class LookBody(BaseModel):
    """Somebody opened a family with its numbers on the lead's device: by which pass, about which child."""

    model_config = ConfigDict(extra="forbid")
    pass_id: Annotated[StrictStr, Field(alias="pass", pattern=r"^[0-9a-f]{32}$")]
    by: Literal["pass", "name", "child"]


_CHILD = TypeAdapter(ChildBody)
_LOOK = TypeAdapter(LookBody)


def apply_children(incoming: Sequence[Incoming]) -> list[Verdict]:
    """The verdicts of steps (kind `child`), in order."""
    return [_child(message) for message in incoming]


def _child(message: Incoming) -> Verdict:
    try:
        body = _CHILD.validate_python(message.body)
    except ValidationError as wrong:
        field = ".".join(str(part) for part in wrong.errors()[0]["loc"]) or "words"
        return Rejected("malformed", {"field": field})
    person = person_of(message.festival_id, body.person)
    if body.person is not None and person is None:
        return Rejected("unknown_person")
    new = write(
        festival_id=message.festival_id,
        key=message.mid,
        child=body.child,
        kind=body.step,
        at_ms=int(message.at.timestamp() * 1000),
        device_number=message.device_number,
        seq=message.seq,
        station=message.station,
        user_id=message.user_id,
        person_id=person,
        words=body.words.strip(),
        undoes=body.undoes,
    )
    return Applied() if new else Duplicate()


def apply_looks(incoming: Sequence[Incoming]) -> list[Verdict]:
    """Each look is a line of the security log with the device that looked, also when it comes hours later."""
    verdicts: list[Verdict] = []
    for message in incoming:
        try:
            body = _LOOK.validate_python(message.body)
        except ValidationError:
            verdicts.append(Rejected("malformed"))
            continue
        about = {
            "by": f"child_{body.by}",
            "device": message.device_number,
            "found": [body.pass_id],
            "when": message.at.isoformat(),
        }
        security_log.note(SecurityKind.READ_CHILDREN, about, device_id=message.device_id)
        verdicts.append(Applied())
    return verdicts


def write(**values: Any) -> bool:
    """One row, once a key; whether it is new."""
    wanted = insert_or_pass(ChildStep).values(values).on_conflict_do_nothing(index_elements=["key"])
    return db.session.execute(wanted.returning(ChildStep.id)).first() is not None


def person_of(festival_id: int, code: str | None) -> int | None:
    """The row of a known child; None for a code nobody has."""
    if code is None:
        return None
    return db.session.scalar(select(Person.id).where(Person.festival_id == festival_id, Person.code == code))


def steps(festival_id: int) -> list[LostStep]:
    """All steps of an edition."""
    rows = db.session.execute(
        select(
            ChildStep.key,
            ChildStep.child,
            ChildStep.kind,
            ChildStep.at_ms,
            ChildStep.device_number,
            ChildStep.seq,
            ChildStep.station,
            ChildStep.user_id,
            Person.code,
            ChildStep.words,
            ChildStep.undoes,
        )
        .outerjoin(Person, Person.id == ChildStep.person_id)
        .where(ChildStep.festival_id == festival_id)
    )
    return [LostStep(*row) for row in rows]


def all_stories(festival_id: int) -> list[Story]:
    """Every child's story, those that changed last first."""
    return stories(steps(festival_id))


def who_wrote(story: Story) -> dict[str, str]:
    """By step, who said it: an account's name, or the device with its place."""
    users = {step.user for step in story.steps if step.user is not None}
    names = {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(users)))}
    return {step.key: _who(step, names) for step in story.steps}


def _who(step: LostStep, names: Mapping[int, str]) -> str:
    device = _("máy %(number)s", number=step.device) if step.device else ""
    return ", ".join(filter(None, (names.get(step.user or 0, ""), device, step.station)))


def child_words(_festival_id: int, bodies: Sequence[dict[str, Any]]) -> list[str]:
    """For the office's inbox: what a step says, never a name."""
    said = {
        "missing": _("Tìm trẻ"),
        "found": _("Thấy trẻ"),
        "handed": _("Đã trao trẻ"),
        "undone": _("Rút lại một bước"),
    }
    return [said.get(str(body.get("step")), _("Xem số điện thoại người lớn")) for body in bodies]
