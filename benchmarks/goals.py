"""What the benchmarks are to reach, and how the figures for it are read out of what each one prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Report = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """One figure of one benchmark: ``least`` or ``most`` is what it has to reach, ``against`` what it is beside."""

    benchmark: str
    what: str
    against: str
    unit: str
    read: Callable[[Report], float | None]
    least: float | None = None
    most: float | None = None

    def met(self, figure: float) -> bool:
        """Whether *figure* reaches the goal."""
        return (self.least is None or figure >= self.least) and (self.most is None or figure <= self.most)


def _row(report: Report, **facts: Any) -> Report:
    """The one result that has these values; an empty one where it was left out."""
    found = (row for row in report.get("results", ()) if all(row.get(key) == value for key, value in facts.items()))
    return next(found, {})


def _kept(page: str, variant: str) -> Callable[[Report], float | None]:
    return lambda report: _row(report, page=page, variant=variant).get("kept")


def _by_hand(page: str) -> Callable[[Report], float | None]:
    return lambda report: _row(report, page=page, variant="notice").get("times_by_hand")


def _located(file: str) -> Callable[[Report], float | None]:
    return lambda report: _row(report, file=file).get("times_c_get")


def _new(report: Report) -> float | None:
    return _row(report, file="GeoLite2-City.mmdb").get("new_times_c_get")


def _unequal(report: Report) -> float | None:
    return sum(row["unequal"] for row in report["results"])


def _growth(report: Report) -> float | None:
    return next((row["growth"] for row in report["sizes"] if row["rules"] == 10_000), None)


def _rival(name: str) -> Callable[[Report], float | None]:
    return lambda report: next((row["ratio"] for row in report["rivals"] if row["engine"] == name), None)


def _wrong(report: Report) -> float | None:
    return sum(row.get("wrong", 0) for row in report["rivals"])


def _batches(report: Report) -> float | None:
    return min((row["per_second"] for row in report["results"] if "per_second" in row), default=None)


def _single(report: Report) -> float | None:
    return min((row["kept"] for row in report["results"] if "kept" in row), default=None)


def _of(key: str, **facts: Any) -> Callable[[Report], float | None]:
    return lambda report: _row(report, **facts).get(key)


def _beyond(report: Report) -> float | None:
    row = _row(report, rules=10_000)
    return row["resident"] - row["before"] if row else None


GOALS = (
    Goal("bench_pages", "page of 180 KB with a notice", "bare app", "of its speed",
         _kept("constant body", "notice"), 0.9),
    Goal("bench_pages", "page of 2 ms with a notice", "bare app", "of its speed",
         _kept("2 ms to render", "notice"), 0.97),
    Goal("bench_pages", "page of 180 KB with a notice", "written by hand", "times", _by_hand("constant body"), 2.5),
    Goal("bench_pages", "page of 180 KB without", "bare app", "of its speed",
         _kept("constant body", "not applicable"), 0.97),
    Goal("bench_locate", "address to location, City", "maxminddb C get", "times", _located("GeoLite2-City.mmdb"), 5.0),
    Goal("bench_locate", "the same, addresses all new", "maxminddb C get", "times", _new),
    Goal("bench_locate", "address to location, embedded", "maxminddb C get", "times", _located("country.mmdb")),
    Goal("bench_locate", "answers unequal of 100,000", "geoip2, reference", "answers", _unequal, most=0),
    Goal("bench_decide", "decide with 10,000 rules", "itself with 10", "times the time", _growth, most=1.5),
    Goal("bench_decide", "decide, 1,000 rules", "rule-engine", "times", _rival("rule-engine"), 1.0),
    Goal("bench_decide", "decide, 1,000 rules", "panzi-json-logic", "times", _rival("panzi-json-logic"), 1.0),
    Goal("bench_decide", "decide, 1,000 rules", "regopy", "times", _rival("regopy"), 1.0),
    Goal("bench_decide", "rivals' other answers", "the same rules", "answers", _wrong, most=0),
    Goal("bench_lookups", "GET /lookup", "bare route", "of its speed", _single, 0.8),
    Goal("bench_lookups", "POST /lookup of 1,000", "-", "look-ups/s", _batches, 100_000),
    Goal("bench_load", "load 1,000 rules", "-", "s", _of("load", rules=1_000), most=2.0),
    Goal("bench_load", "load 10,000 rules", "-", "s", _of("load", rules=10_000), most=20.0),
    Goal("bench_load", "memory of 10,000 rules", "before loading", "MiB", _beyond, most=60.0),
    Goal("bench_check", "check 1,000 rules", "-", "s", _of("seconds", rules=1_000), most=4.0),
    Goal("bench_reload", "p99 while rules change", "p99 without", "times", lambda report: report["times"], most=1.5),
    Goal("bench_start", "start with the sample rules", "bare Flask", "ms more",
         _of("beyond", what="start, sample rules"), most=150.0),
    Goal("bench_start", "memory of a worker, City", "bare Flask", "MiB more",
         _of("beyond", what="USS, notices, --preload"), most=40.0),
)  # fmt: skip


def outcomes(reports: dict[str, Report]) -> Iterator[tuple[Goal, float]]:
    """Each goal of which a benchmark has given the figure, with that."""
    for goal in GOALS:
        figure = goal.read(reports[goal.benchmark]) if goal.benchmark in reports else None
        if figure is not None:
            yield goal, figure
