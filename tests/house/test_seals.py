from __future__ import annotations
from flask import Flask
from festival.core import seals


def test_clean(demo_app: Flask) -> None:
    with demo_app.app_context(), seals.snapshot():
        report = seals.inspect()
        print(report.counts, [(s.name, s.lines, s.counted) for s in report.streams])
        for one in report.named()[:20]: print(one)
        for s in seals.worded(report.named()[:20]): print(s)
        assert report.clean
