"""Make rule packs of any size, mixed as a newsroom's: countries, sets, windows, tags, paths, groups."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from notices.location import Entry, Location, Where
from notices.page import Page
from notices.region import WORLD, parents
from notices.ruleset import Display, PageCondition, Rule, Ruleset, Text, TextVersion, Window

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TAGS = [f"tag-{number}" for number in range(200)]
SECTIONS = [f"section-{number}" for number in range(60)]
COUNTRIES = sorted(region for region, parent in parents().items() if parent == WORLD)
SUBDIVISIONS = sorted(region for region, parent in parents().items() if parent != WORLD)
UNION = Where(
    tuple(
        map(
            Entry,
            [
                "AT",
                "BE",
                "BG",
                "CY",
                "CZ",
                "DE",
                "DK",
                "EE",
                "ES",
                "FI",
                "FR",
                "GR",
                "HR",
                "HU",
                "IE",
                "IT",
                "LT",
                "LU",
                "LV",
                "MT",
                "NL",
                "PL",
                "PT",
                "RO",
                "SE",
                "SI",
                "SK",
            ],
        )
    ),
    name="eu",
)
HIDE = dict.fromkeys(("anonymous", "unknown", "contested", "coarse"), "hide")


def make_rule(number: int, chance: random.Random) -> Rule:
    """One rule of the mix; on a maybe it hides, so that rivals without a third answer can decide the same."""
    return Rule(
        id=f"rule-{number:05}",
        title=f"Rule {number}",
        kind="courtesy",
        status="active",
        where=_where(chance),
        unsure=HIDE,
        windows=_windows(chance),
        pages=_pages(chance),
        display=Display(languages=("page", "en")),
        priority=chance.randrange(1000),
        texts=(
            TextVersion(
                {
                    "en": Text(f"Readers of {{publisher}}: this is **notice {number}** under {{law}}."),
                    "ru": Text(f"Читателям {{publisher}}: это **уведомление {number}**, {{law}}."),
                }
            ),
        ),
        law=(f"Act {number}",),
    )


def _where(chance: random.Random) -> Where:
    kind = chance.random()
    if kind < 0.5:
        return Where((Entry(chance.choice(COUNTRIES)),))
    if kind < 0.65:
        return Where((Entry(chance.choice(SUBDIVISIONS)),))
    if kind < 0.85:
        return Where(tuple(map(Entry, chance.sample(COUNTRIES, 4))))
    if kind < 0.95:
        return Where((UNION,))
    return Where((Entry(WORLD),), (Entry(chance.choice(COUNTRIES)),))


def _windows(chance: random.Random) -> tuple[Window, ...]:
    kind, days = chance.random(), timedelta(days=chance.randrange(1, 2000))
    if kind < 0.5:
        return ()
    if kind < 0.8:
        return (Window(NOON - days, None),)
    if kind < 0.9:
        return (Window(NOON + days, None),)
    return (Window(NOON - 2 * days, NOON - days),)


def _pages(chance: random.Random) -> PageCondition:
    kind = chance.random()
    if kind < 0.15:
        return PageCondition()
    if kind < 0.6:
        return PageCondition(tags=frozenset(chance.sample(TAGS, 2)))
    if kind < 0.85:
        return PageCondition(paths=(f"/{chance.choice(SECTIONS)}/**",))
    if kind < 0.95:
        return PageCondition(surfaces=frozenset({"form"}))
    return PageCondition(tags=frozenset({chance.choice(TAGS)}), surfaces=frozenset({"article"}))


def make_pack(size: int) -> Ruleset:
    """A ruleset of *size* active rules, the same on every run."""
    chance = random.Random(size)
    rules = [make_rule(number, chance) for number in range(size)]
    return Ruleset(rules={rule.id: rule for rule in rules}, digest="sha256:" + "0" * 64)


def make_questions(count: int) -> list[tuple[Location, Page]]:
    """Visitors and pages as a news site has them: most from few countries, every address new, few tags a page."""
    chance = random.Random(7)
    usual = chance.sample(COUNTRIES, 12)
    questions = []
    for number in range(count):
        region = chance.choice(usual if chance.random() < 0.9 else COUNTRIES)
        page = Page(
            host="courier.example",
            path=f"/{chance.choice(SECTIONS[:20])}/{number}/story",
            tags=frozenset(chance.sample(TAGS[:40], 2)),
            surface="article",
            language="en",
        )
        questions.append((Location((region,)), page))
    return questions
