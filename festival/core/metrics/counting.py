"""What of a request is counted? Its route as it is written in the program, its status, and how long until the answer began.

The route's own writing also stands in the access log in place of the address, which holds keys (`deploy/gunicorn.conf.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from time import perf_counter
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app

from festival.core.database import db
from festival.core.metrics.sums import UNKNOWN, Sums

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Where whoever finds the route of a request writes it down.
ROUTE = "festival.route"
VERDICTS = ("applied", "duplicate", "conflict", "quarantined", "rejected")
# Whatever of ours went wrong: nobody foresaw it, the database was silent, one of its rules held what none of ours did,
# something could not be stored, a message of a device failed alone.
ERRORS = ("unexpected", "database", "constraint", "unstorable", "mutation")


def init_counting(app: Flask, kinds: Iterable[str], refusals: Iterable[str]) -> None:
    """Count what `app` answers (files aside). After its last route; `kinds` of messages and codes of `refusals` are all there are."""
    routes = [
        (method, rule.rule) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - {"OPTIONS"}
    ]
    families = {
        "mutations": product([*kinds, UNKNOWN], [*VERDICTS, UNKNOWN]),
        "refusals": [(code,) for code in [*sorted(set(refusals)), UNKNOWN]],
        "errors": [(kind,) for kind in [*ERRORS, UNKNOWN]],
    }
    # Twice the workers: those of before a reload still serve while the new ones start. The first seat is of whoever does not fork.
    seats = 2 * app.config["FESTIVAL"].workers + 1
    app.extensions["sums"] = sums = Sums(routes, families, seats)
    app.wsgi_app = _counted(app, sums, app.wsgi_app)  # type: ignore[assignment, method-assign]


def _counted(app: Flask, sums: Sums, pages: WSGIApplication) -> WSGIApplication:
    with app.app_context():
        engine = db.engine

    def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = perf_counter()

        def begin(status: str, headers: list[tuple[str, str]], *failed: Any) -> Any:
            route, took = environ.get(ROUTE, ""), perf_counter() - began
            sums.answered(environ["REQUEST_METHOD"], route, status, took, engine.pool.checkedout())  # type: ignore[attr-defined]
            return start_response(status, headers, *failed)

        return pages(environ, begin)

    return counted


def count(name: str, *labels: str) -> None:
    """One more of these."""
    current_app.extensions["sums"].add(name, *labels)
