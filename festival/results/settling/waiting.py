"""Does a third marking or a draw of the rules still have to be held before the minutes are signed?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from festival.core.web.errors import Conflict
from festival.results.ties import Come


def refuse_while_waiting(waiting: Sequence[Come], names: Mapping[str, str]) -> None:
    """Conflict while a group waits: the rules part it, and going past that takes the panel's reason."""
    if waiting:
        who = "; ".join(", ".join(names.get(entry, entry) for entry in come.entries) for come in waiting)
        raise Conflict(
            _(
                "Theo thể lệ, những tên bằng điểm này còn phải chấm lại hoặc bốc thăm trước khi ký: %(names)s.",
                names=who,
            )
        )
