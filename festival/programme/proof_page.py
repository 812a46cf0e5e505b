"""What was published when, so that nobody can change it behind: rules and inputs, heads of each evening, results."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from config import Config
from festival.contests.models import Contest
from festival.contests.queries import contests
from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.editions.queries import current_festival
from festival.programme.routes import bp, none_yet
from festival.programme.snapshot import snapshot
from festival.results.export.contest import rules_told
from festival.results.proof.hashed import rules_hash
from festival.results.proof.lines import proof_lines, proof_told, rules_lines
from festival.results.proof.models import ProofKind, ProofLine
from festival.results.publication.said import ledger_names

EVENINGS = 14  # on the page; the file has them all
MAX_AGE_S = 60


@bp.get("/results/proof")
@public
def proof() -> ResponseReturnValue:
    """In the order in which it happens: rules, heads, results; and how an outsider holds one against the other."""
    view, festival = snapshot().view(), current_festival()
    if view is None or festival is None:
        return none_yet("/results/proof")
    lines, every = proof_lines(festival.id), contests(festival.id)
    config: Config = current_app.config["FESTIVAL"]
    heads = [each for each in lines if each.what is ProofKind.HEADS]
    page = render_template(
        "programme/proof.html",
        view=view,
        facts=view.facts,
        names={each.code: each.name for each in every},
        rules=[each for each in lines if each.what is ProofKind.RULES],
        heads=heads[-EVENINGS:],
        earlier=len(heads[:-EVENINGS]),
        ledgers=ledger_names(festival, every),
        results=_results(lines),
        changed=_changed(festival, every, lines),
        commands=commands(config.public_url),
    )
    return _kept(Response(page))


@bp.get("/results/proof.json")
@public
def proof_file() -> ResponseReturnValue:
    """The same for a machine; `verify.py --published` reads it."""
    festival = current_festival()
    if festival is None:
        raise NotFound()
    told = json.dumps(proof_told(festival, proof_lines(festival.id)), ensure_ascii=False, separators=(",", ":"))
    return _kept(Response(told, mimetype="application/json"))


def commands(address: str) -> list[str]:
    """What an outsider types."""
    files = ("/results/files/verify.py", "/results/files/results.json", "/results/proof.json")
    return [*(f"curl -fsSO {address}{file}" for file in files), "python3 verify.py results.json --published proof.json"]


def _kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    answer.headers["Vary"] = "Accept-Encoding, Cookie"
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


def _results(lines: Sequence[ProofLine]) -> list[tuple[ProofLine, str, int]]:
    """Each line of a result: "" the first, "again" after it was taken back, "names" or "amended"; or "taken_back".
    Last the number of the line by which it was taken back, 0 while it stands.
    """
    gone = {each.content["line"]: each.n for each in lines if each.what is ProofKind.TAKEN_BACK}
    last: dict[str, ProofKind] = {}
    found = []
    for each in lines:
        if each.what not in (ProofKind.RESULT, ProofKind.TAKEN_BACK):
            continue
        before, last[each.contest] = last.get(each.contest), each.what
        if each.what is ProofKind.TAKEN_BACK:
            how = "taken_back"
        elif before is ProofKind.TAKEN_BACK:
            how = "again"
        else:
            how = "" if before is None else "names" if each.content.get("names") else "amended"
        found.append((each, how, gone.get(each.n, 0)))
    return found


def _changed(festival: Festival, every: Sequence[Contest], lines: Sequence[ProofLine]) -> list[str]:
    """Names of contests whose rules are other ones by now than were published; "" for the delegations as a whole."""
    last = rules_lines(lines)
    now = {each.code: (each.name, rules_told(each)) for each in every if each.code in last}
    now[""] = ("", (festival.ruleset or {}).get("whole_delegation"))
    return [
        name
        for code, (name, rules) in now.items()
        if code in last and (rules is None or rules_hash(rules) != last[code].content["rules"])
    ]
