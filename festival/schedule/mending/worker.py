"""Mends one plan in a process of its own: `python -m festival.schedule.mending.worker --seconds 2`.

Standard input: one JSON object (`problem`, and `known`, an answer that is there already, or null). Standard output: a line `{"spots": …}` for each
better answer and at last `{"families": …, "impossible": …, "best": …}`; it may be stopped at any moment. It knows no database, no
key and no setting, and nothing is believed of it: who reads it checks every answer.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
from collections.abc import Mapping

from festival.schedule.mending.clashes import MendRules
from festival.schedule.mending.exact import best_mend
from festival.schedule.mending.shapes import MendSpot, problem_from_json

MOST_BYTES = 1_500_000_000


def limit(seconds: float) -> None:
    """From here on the kernel stops this process when it takes too much."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    processor = 30 + 4 * int(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    os.nice(5)  # gates and judges come first


def say(line: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def tell(spots: Mapping[str, MendSpot]) -> None:
    """One line for an answer."""
    say({"spots": {code: [spot.session, spot.at] for code, spot in spots.items()}})


def main() -> None:
    """Answer once."""
    parser = argparse.ArgumentParser(prog="python -m festival.schedule.mending.worker", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    seconds = parser.parse_args().seconds
    said = json.loads(sys.stdin.buffer.read())
    limit(seconds)
    problem = problem_from_json(said["problem"])
    known = None if said["known"] is None else {code: MendSpot(*spot) for code, spot in said["known"].items()}
    found = best_mend(problem, MendRules(problem).domains(), known, seconds, tell)
    say({"families": found.families, "impossible": found.impossible, "best": found.best})


if __name__ == "__main__":
    main()
