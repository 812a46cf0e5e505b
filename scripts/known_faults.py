"""Has any locked package a fault that is publicly known? Asked of a database on this machine, never of the network.

The database is what osv.dev gives away: a zip of JSON records for each registry (`PyPI/all.zip`, `npm/all.zip`), or a folder of them. Its
place is given by `KNOWN_FAULTS` (several: separated like PATH). It is as old as its newest record, and that is said. Without one
it is said in words that nothing was checked. What was looked at and does not concern us stands with its reason in
`[tool.known-faults]` of pyproject.toml; an answer nobody needs any more is a fault too. Exit code: 0 nothing found (or nothing to look
in), 1 something found, 2 the database cannot be read.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from packaging.version import InvalidVersion, Version

from scripts.locked import ROOT, Locked, canonical, locked

LOCKS = ("requirements-dev.lock", "requirements-node.lock", "package-lock.json")
OLD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KnownFault:
    """A record that names a locked package."""

    package: Locked
    name: str
    summary: str
    mended: str

    def told(self) -> str:
        """One line."""
        return f"{self.package.name} {self.package.version}: {self.name} {self.summary} (mended in {self.mended or 'no release yet'})"


def records(places: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Every record; ValueError or OSError where one cannot be read."""
    for place in places:
        if place.is_dir():
            for path in sorted(place.rglob("*.json")):
                yield json.loads(path.read_bytes())
            continue
        try:
            with zipfile.ZipFile(place) as packed:
                for name in packed.namelist():
                    if name.endswith(".json"):
                        yield json.loads(packed.read(name))
        except zipfile.BadZipFile as wrong:
            raise ValueError(f"{place} is no zip") from wrong


def touches(affected: dict[str, Any], version: str) -> bool:
    """Whether one `affected` of a record holds for this version, as osv.dev's own rule says."""
    if version in affected.get("versions", ()):
        return True
    return any(
        _within(each.get("events", ()), version)
        for each in affected.get("ranges", ())
        if each.get("type") in ("ECOSYSTEM", "SEMVER")
    )


def _within(events: Iterable[dict[str, str]], version: str) -> bool:
    at = _version(version)
    if at is None:
        return True  # what cannot be compared is told, not passed over
    hit = False
    steps = sorted(
        ((_version(value) or Version("0"), kind) for event in events for kind, value in event.items()),
        key=lambda step: (step[0], step[1] != "introduced"),
    )
    for bound, kind in steps:
        if kind == "introduced" and at >= bound:
            hit = True
        elif (kind == "fixed" and at >= bound) or (kind == "last_affected" and at > bound):
            hit = False
    return hit


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def search(
    packages: Iterable[Locked], found: Iterable[dict[str, Any]]
) -> tuple[list[KnownFault], datetime | None, int]:
    """Faults of the packages, how new the database is, and how many records it has."""
    ours = {(each.registry, each.name): each for each in packages}
    faults, newest, number = set(), None, 0
    for record in found:
        number += 1
        moment = datetime.fromisoformat(record["modified"]).astimezone(UTC)
        newest = max(newest, moment) if newest else moment
        for affected in () if "withdrawn" in record else record.get("affected", ()):
            registry, name = (affected.get("package", {}).get(key, "") for key in ("ecosystem", "name"))
            package = ours.get((registry, canonical(registry, name)))
            if package is not None and touches(affected, package.version):
                ends = [
                    event["fixed"]
                    for each in affected.get("ranges", ())
                    for event in each["events"]
                    if "fixed" in event
                ]
                faults.add(KnownFault(package, record["id"], record.get("summary", ""), ", ".join(ends)))
    return sorted(faults, key=lambda fault: (fault.package, fault.name)), newest, number


def main(places: str, root: Path = ROOT, at: datetime | None = None) -> int:
    """Look and tell."""
    packages = {each for name in LOCKS for each in locked(root / name)}
    if not places:
        print(
            f"known faults: NOT CHECKED. {len(packages)} packages; set KNOWN_FAULTS to osv.dev's all.zip of PyPI and npm (docs/deployment.md)"
        )
        return 0
    answered: dict[str, str] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"].get(
        "known-faults", {}
    )
    try:
        faults, newest, number = search(packages, records(map(Path, places.split(os.pathsep))))
    except (OSError, ValueError, KeyError) as wrong:
        print(f"known faults: the database cannot be read: {wrong}", file=sys.stderr)
        return 2
    if newest is None:
        print(f"known faults: {places} holds no record", file=sys.stderr)
        return 2
    age = (at or datetime.now(UTC)) - newest
    old = f"; THAT IS {age.days} DAYS OLD, fetch a new one" if age > OLD else ""
    print(f"known faults: {len(packages)} packages against {number} records, the newest of {newest:%d %B %Y}{old}")
    open_faults = [fault for fault in faults if fault.name not in answered]
    for fault in open_faults:
        print(f"  {fault.told()}")
    stale = sorted(set(answered) - {fault.name for fault in faults})
    for name in stale:
        print(f"  {name} is answered in pyproject.toml and concerns no locked package any more: take the answer out")
    return 1 if open_faults or stale else 0


if __name__ == "__main__":
    raise SystemExit(main(os.environ.get("KNOWN_FAULTS", "")))
