"""Generate small rulesets and questions in which everything meets everything: for property tests."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from msgspec.structs import replace

from notices.loader.statuses import ask_status
from notices.location import Entry, Location
from notices.page import Page
from notices.ruleset import Declared, Defaults, Display, PageCondition, Publisher, StatusAsked, Window
from tests.build import CONTROLLED, day, rule, ruleset, texts, where

REGIONS = ("RU", "UA", "UA-43", "UA-14", "UA-30", "GB", "GB-ENG", "GB-KEN", "DE", "FR")
DAYS = tuple(day(f"2026-11-{number:02}") for number in range(1, 9))
INSTANTS = (*(one + timedelta(hours=6) for one in DAYS), *DAYS)
TAGS = ("politics", "sport", "gambling")
HOSTS = ("courier.example", "www.courier.example", "a.b.courier.example", "other.example")
HOST_PATTERNS = ("courier.example", "*.courier.example", "*.b.courier.example", "other.example")
PATHS = ("/", "/news", "/news/1", "/news/1/2", "/about", "/newsroom")
PATH_PATTERNS = ("/**", "/news/**", "/news", "/news/1", "/about", "/news/1/**")
LANGUAGES = ("ru", "ru-RU", "en", "pt-BR")
LANGUAGE_RANGES = ("ru", "ru-RU", "*", "EN", "pt")
SURFACES = ("article", "home", "form")
PUBLISHERS = {
    "courier": Publisher("courier", {"en": "Courier", "ru": "Курьер"}, ("courier.example", "*.courier.example")),
    "other": Publisher("other", {"en": "Other"}, ("*.b.courier.example",)),
    "third": Publisher("third", {"en": "Third"}),
}

STATUSES = ("undesirable", "agent")
SINCE = ("listed", "announced", "decided")

days = st.sampled_from(DAYS)
ends = st.none() | days


def subsets(values, **sizes):
    return st.lists(st.sampled_from(values), unique=True, **sizes)


@st.composite
def periods(draw):
    """A window that is not empty."""
    start, end = draw(ends), draw(ends)
    if start is not None and end is not None:
        start, end = min(start, end), max(start, end) + timedelta(days=1)
    return Window(start, end)


@st.composite
def entries(draw):
    region = draw(st.sampled_from((*REGIONS, "world")))
    dated = draw(periods()) if draw(st.integers(0, 3)) == 0 else Window()
    return Entry(region, draw(st.integers(0, 4)) == 0, dated.start, dated.end)


sets = st.one_of(
    st.just(CONTROLLED),
    st.builds(lambda inside, but: where(*inside, but=but, name="set"), st.lists(entries(), min_size=1, max_size=2),
              st.lists(entries(), max_size=1)),
)  # fmt: skip
operands = st.one_of(entries(), entries(), sets)
wheres = st.one_of(
    st.sampled_from([where("RU", CONTROLLED), where(CONTROLLED, "RU"), where("world"), where("RU")]),
    st.builds(
        lambda inside, but: where(*inside, but=but),
        st.lists(operands, min_size=1, max_size=3),
        st.lists(operands, max_size=2),
    ),
)


def maybe_asked(strategy):
    return st.one_of(st.none(), st.none(), st.none(), strategy)


def conditions(path_patterns=PATH_PATTERNS, *, exceptions=True, dated=False):
    """Conditions on pages, of one or two facts mostly; *dated* ones may ask for statuses."""
    return st.builds(
        PageCondition,
        hosts=maybe_asked(subsets(HOST_PATTERNS, min_size=1).map(tuple)),
        paths=maybe_asked(subsets(path_patterns, min_size=1, max_size=2).map(tuple)),
        tags=maybe_asked(subsets(TAGS).map(frozenset)),
        sections=maybe_asked(subsets(("a", "b"), min_size=1).map(frozenset)),
        publishers=maybe_asked(subsets(tuple(PUBLISHERS), min_size=1).map(frozenset)),
        mentions=maybe_asked(st.just(frozenset({"org"}))),
        surfaces=maybe_asked(subsets(SURFACES, min_size=1).map(frozenset)),
        languages=maybe_asked(subsets(LANGUAGE_RANGES, min_size=1, max_size=2).map(tuple)),
        published=maybe_asked(periods()),
        gpc=maybe_asked(st.booleans()),
        statuses=maybe_asked(statuses_asked) if dated else st.none(),
        mentioned=maybe_asked(statuses_asked) if dated else st.none(),
        exclude=st.lists(conditions(path_patterns, exceptions=False, dated=dated).filter(bool_asks), max_size=2).map(
            tuple
        )
        if exceptions
        else st.just(()),
    )


statuses_asked = st.builds(
    StatusAsked, subsets(STATUSES, min_size=1).map(frozenset), st.sampled_from(SINCE), st.just(())
)


@st.composite
def declarations(draw):
    """One status with some of its days, in their order, and perhaps its end."""
    known = sorted(draw(st.lists(days, min_size=1, max_size=3)))
    named = dict(
        zip(sorted(draw(subsets(SINCE, min_size=len(known), max_size=len(known))), key=_stage), known, strict=True)
    )
    until = draw(st.none() | st.none() | st.just(known[-1] + timedelta(days=draw(st.integers(1, 3)))))
    confidence = draw(st.sampled_from((None, "high", "low")))
    return Declared(status=draw(st.sampled_from(STATUSES)), until=until, confidence=confidence, **named)


def _stage(name):
    return ("decided", "announced", "listed").index(name)


@st.composite
def publishers(draw, plain=False):
    """The publishers, mostly with statuses of which some come and go, and one that may be part of another."""
    if plain or draw(st.booleans()):
        return PUBLISHERS
    above = {
        "courier": None,
        "other": draw(st.sampled_from((None, "courier"))),
        "third": draw(st.sampled_from((None, "other"))),
    }
    return {
        id_: replace(one, statuses=tuple(draw(st.lists(declarations(), max_size=2))), part_of=above[id_])
        for id_, one in PUBLISHERS.items()
    }


def resolved(condition, publishers):
    """The condition as the loader makes it: knowing who has the statuses that it asks for."""

    def known(asked):
        return asked and ask_status(publishers, asked.names, asked.since)

    exclude = tuple(resolved(one, publishers) for one in condition.exclude)
    return replace(condition, statuses=known(condition.statuses), mentioned=known(condition.mentioned), exclude=exclude)


def bool_asks(condition):
    """Whether the condition asks for anything; an empty exception is no exception."""
    return condition != PageCondition()


def stated(strategy):
    return st.none() | strategy


pages = st.builds(
    Page,
    host=stated(st.sampled_from(HOSTS)),
    path=stated(st.sampled_from(PATHS)),
    tags=stated(subsets(TAGS).map(frozenset)),
    sections=stated(subsets(("a", "b", "c")).map(frozenset)),
    publisher=st.none() | stated(st.sampled_from(tuple(PUBLISHERS))),
    mentions=stated(subsets(("org", "third", "other")).map(frozenset)),
    surface=stated(st.sampled_from(SURFACES)),
    language=stated(st.sampled_from(LANGUAGES)),
    published=stated(st.sampled_from(INSTANTS)),
    gpc=stated(st.booleans()),
)

verdicts = st.fixed_dictionaries(
    {cause: st.sampled_from(("show", "hide")) for cause in ("anonymous", "unknown", "contested", "coarse")}
)


@st.composite
def versions(draw):
    """One undated text, or dated versions, of which some say the same."""
    if draw(st.booleans()):
        return (texts({"en": "Same", "ru": "То же"}),)
    starts = sorted(draw(st.lists(days, unique=True, min_size=1, max_size=3)))
    words = [draw(st.sampled_from(("Same", "Other"))) for _ in starts]
    made = [texts({"en": word, "ru": "То же"}) for word in words]
    return tuple(type(one)(one.texts, start) for one, start in zip(made, starts, strict=True))


@st.composite
def rules(draw, number, pages_of=None, simple=False):
    withholds = draw(st.integers(0, 5)) == 0
    asked = draw(pages_of if pages_of is not None else st.just(PageCondition()) | conditions(dated=True))
    below = [f"r{other}" for other in range(number)]
    return rule(
        f"r{number}",
        draw(wheres),
        action="withhold" if withholds else "notice",
        kind="withhold" if withholds else "courtesy",
        status=draw(st.sampled_from(("active",) * 6 + ("draft",))),
        unsure=draw(verdicts),
        windows=() if simple else draw(st.lists(periods(), max_size=2)),
        pages=asked,
        display=Display(languages=draw(st.sampled_from((("page",), ("page", "ru"), ("visitor",))))),
        features=draw(st.dictionaries(st.sampled_from(("share", "comment")), st.sampled_from(("hide", "warn")))),
        priority=draw(st.sampled_from((0, 0, 5, 9))),
        group=draw(st.sampled_from((None, None, "g", "h"))),
        supersedes=tuple(draw(st.lists(st.sampled_from(below), unique=True, max_size=2))) if below else (),
        texts=(texts("Text"),) if simple else (() if withholds and draw(st.booleans()) else draw(versions())),
    )


@st.composite
def rulesets(draw, most=5, pages_of=None, simple=False):
    """Up to *most* rules that may displace one another; *simple* ones have neither windows nor dated texts."""
    count = draw(st.integers(1, most))
    made = [draw(rules(number, pages_of, simple)) for number in range(count)]
    default = draw(st.sampled_from((None, "courier")))
    known = draw(publishers())
    made = [replace(one, pages=resolved(one_fact(one.pages), known)) for one in made]
    return ruleset(*draw(st.permutations(made)), publishers=known, defaults=Defaults(publisher=default))


def one_fact(condition):
    """The loader takes mentions or statuses of mentions, not both."""
    exclude = tuple(map(one_fact, condition.exclude))
    return replace(condition, mentions=None if condition.mentioned else condition.mentions, exclude=exclude)


@st.composite
def locations(draw):
    """Unknown, anonymous, or one to three candidates of which none contains another."""
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return Location()
    if kind == 1:
        return Location(network=draw(st.sampled_from(("tor", "vpn"))))
    return Location.uniting(draw(subsets((*REGIONS, "BR"), min_size=1, max_size=3)), source="query")


instants = st.sampled_from((day("2026-10-01"), *INSTANTS))
