"""Is the server of a kept connection still there, when nobody has used it for a while?"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

PAUSE_S = 1.0


def ask_after_a_pause(engine: Engine) -> None:
    """Ask a kept connection whether its server is still there, when nobody has used it for a moment.

    `pool_pre_ping` asks each time, which is a round trip of every request; a server that came back meanwhile has taken longer.
    """
    ours = "festival_idle_since"

    @event.listens_for(engine, "checkin")
    def _put_back(_connection: Any, record: Any) -> None:
        record.info[ours] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.pop(ours, None)
        if since is None or time.monotonic() - since < PAUSE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as gone:
            raise InvalidatePoolError("the server has ended this connection") from gone
