"""What is a page told that waits for long work (static/js/job.js asks), and which of what was made is fetched?"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, jsonify, request

from festival.core.web.errors import NotFound
from festival.core.work.jobs import JobState, Progress


def how_far(progress: Progress | None) -> Response:
    """The state, and how much of the whole is done; NotFound when nothing was asked for."""
    if progress is None:
        raise NotFound()
    return jsonify({"state": progress.state, "done": progress.done, "whole": progress.whole})


def fetched(every: Iterable[Progress | None], gone: str) -> Progress:
    """Of these the first that is ready, or the one of the address (`?made=`); else NotFound says `gone`: where to have it made."""
    asked = request.args.get("made", "")
    for each in every:
        if each is not None and each.state is JobState.READY and asked in ("", each.code):
            return each
    raise NotFound(gone)
