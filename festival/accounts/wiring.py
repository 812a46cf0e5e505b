"""What this room tells the house: how a signed-in person is recognised, what the worker forgets when its time is over."""

from __future__ import annotations

from flask import Flask

from config import Config
from festival.accounts.first_link import first_link
from festival.accounts.queries import actor_of_cookie
from festival.accounts.slowdown import init_slowdown
from festival.core import security_log
from festival.core.chores import register_chore
from festival.core.web.access import register_loader

DAY_S = 24 * 3600


def init_room(app: Flask) -> None:
    """Register the loader of accounts, the link of the first start, the counts of tries, the chore of the security log."""
    register_loader(app, "user", actor_of_cookie)
    app.extensions["first_link"] = first_link  # printed at each start until it is used
    config: Config = app.config["FESTIVAL"]
    init_slowdown(app, config)
    register_chore(app, "forget old lines of the security log", DAY_S, security_log.forget_old)
