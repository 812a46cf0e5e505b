"""`make bench` or `python -m benchmarks [NAME …] [--database sqlite|postgresql]`: one JSON line a figure."""

from __future__ import annotations

import argparse

from benchmarks import (
    cards,
    checkin,
    conference,
    copies,
    counting,
    drawn,
    importing,
    ledger,
    limits,
    marks,
    marks_flat,
    mends,
    messages,
    pages,
    phone,
    registration,
    schedule,
    searching,
    seat_map,
    staff_pages,
    standings,
    tally,
    taps,
    timetables,
)
from benchmarks.measure import DATABASES, remember_version, sitting

BENCHMARKS = {
    "limit": limits.bare_transactions,
    "checkin": checkin.single,
    "checkin-batched": checkin.batched,
    "checkin-flat": checkin.flat,
    "marks": marks.single,
    "marks-batched": marks_flat.batched,
    "marks-flat": marks_flat.flat,
    "taps": taps.sheet,
    "ledger": ledger.verify,
    "copies": copies.copied,
    "messages": messages.gathered,
    "programme": pages.programme,
    "results": pages.results,
    "registration": registration.final_post,
    "import": importing.five_thousand,
    "search": searching.search,
    "gate-change": searching.changed,
    "phone": phone.cheap,
    "pages": staff_pages.staff,
    "map": seat_map.seat_map,
    "cards": cards.all_of_a_festival,
    "standings": standings.standings,
    "tally": tally.last_sheet,
    "orders": schedule.running_orders,
    "timetables": timetables.timetables,
    "conference": conference.conference,
    "mends": mends.mends,
    "draw": drawn.after_the_draw,
    "metrics": counting.check_in,
}


def main() -> None:
    """Run the chosen ones, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--database", choices=DATABASES, action="append")
    chosen = parser.parse_args()
    databases = chosen.database or list(DATABASES)
    with sitting() as bench:
        if "postgresql" in databases:
            remember_version(bench.cluster().url("postgres"))
        if not chosen.names or "limit" in chosen.names:
            limits.empty_application(bench)
        for name in chosen.names or BENCHMARKS:
            for database in databases:
                BENCHMARKS[name](bench, database)


if __name__ == "__main__":
    main()
