"""How does a request give its connection back, also when the server has just ended it?"""

from __future__ import annotations

import logging

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)


def give_back_at_the_end(app: Flask, db: SQLAlchemy) -> None:
    """After `db.init_app`: the last registered runs first, and nothing is left for the one of Flask-SQLAlchemy.

    The answer stands by then and what it wrote was committed long before. All that can be lost is the end of a reading: a
    server that ends just here must not turn a drawn page into a 500. The pool drops the broken connection by itself.
    """

    @app.teardown_appcontext
    def _give_back(_error: BaseException | None) -> None:
        try:
            db.session.remove()
        except DBAPIError as error:
            log.error("database is away at the end of a request: %s", type(error).__name__)
            db.session.registry.clear()
