"""What may everybody take home from the public results: the file of them, and the one that recounts it?"""

from __future__ import annotations

import json
from functools import cache

from flask import Response
from flask.typing import ResponseReturnValue

from config import ROOT
from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.editions.queries import the_festival
from festival.programme.routes import bp
from festival.programme.snapshot import snapshot
from festival.results.export.edition import export_of
from festival.results.proof.lines import lines_published

RESULTS, RECOUNT = "results.json", "verify.py"


@cache
def _recount() -> bytes:
    return (ROOT / RECOUNT).read_bytes()


@bp.get("/results/files/<filename>")
@public
def results_file(filename: str) -> ResponseReturnValue:
    """`results.json`: what the public may know, drawn anew when something public has changed. `verify.py`: recounts it."""
    if filename == RECOUNT:
        answer = Response(_recount(), mimetype="text/x-python")
        answer.headers["Cache-Control"] = "public, max-age=300"
    elif filename == RESULTS:
        view = snapshot().view()
        if view is None:
            raise NotFound()
        seen = lines_published(the_festival().id)  # what opens a published hash is in the file, and in no view
        answer = snapshot().page(view, f"/results/files/{RESULTS} {seen}", _results, mimetype="application/json")
    else:
        raise NotFound()
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def _results() -> str:
    return json.dumps(export_of(the_festival()), ensure_ascii=False, indent=1)
