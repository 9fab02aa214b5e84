"""Build the tables of docs/pack.md: every rule of the pack, its publishers and events, from ``rules/pack``.

What stands between two marks of that file is written anew, the rest is left. Run: ``python scripts/build_pack.py``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from notices.loader.built_in import built_in
from notices.location import CAUSES
from notices.region import region_names
from notices.ruleset import UNSURE_DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TREE = Path(__file__).resolve().parent.parent
PACK = TREE / "rules" / "pack"
PAGE = TREE / "docs" / "pack.md"
_COMMENT = re.compile(r"(?:#.*\n)+")
_DATES = ("decided", "announced", "listed")

Data = dict[str, Any]


def read(path: Path) -> Data:
    """The file as plain text values: what is written counts, not what YAML makes of it."""
    found: Data = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    return found


def rules() -> Iterator[tuple[Path, str, Data]]:
    """Each rule of the pack with its file and id, region by region."""
    for path in sorted(PACK.glob("*/*.yaml")):
        for id_, rule in read(path).get("rules", {}).items():
            yield path, id_, rule


def notes(path: Path) -> Iterator[str]:
    """The paragraphs of the comment with which a file begins, in one line each."""
    comment = _COMMENT.match(path.read_text("utf-8"))
    lines = [line[1:].strip() for line in comment.group().splitlines()] if comment else []
    for paragraph in "\n".join(lines).split("\n\n"):
        yield re.sub(r"\s+", " ", paragraph).replace("Open:", "**Open:**").strip()


def many(value: Any) -> list[Any]:
    """*value* as a list, as the rule language reads it."""
    return value if isinstance(value, list) else [] if value is None else [value]


def region(name: str) -> str:
    """A region's or a set's code with its English name."""
    sets = built_in().sets
    title = sets[name].facts.title if name in sets else region_names().get(name, "everywhere")
    return f"{title} (`{name}`)"


def unsure(rule: Data) -> str:
    """What a maybe does, cause by cause where they differ."""
    own = rule.get("unsure", {})
    if isinstance(own, str):
        return f"{own} on every cause of doubt"
    defaults: Mapping[Any, str] = UNSURE_DEFAULTS.get(rule["kind"], {})
    by_cause = {cause: own.get(cause, defaults.get(cause, "hide")) for cause in reversed(CAUSES)}
    if len(set(by_cause.values())) == 1:
        return f"{next(iter(by_cause.values()))} on every cause of doubt"
    return ", ".join(f"{cause}: {answer}" for cause, answer in by_cause.items())


def period(window: Data) -> str:
    """One period in words."""
    ends = [f"{word} {window[word]}" for word in ("from", "until") if word in window]
    if "event" in window:
        return f"{', '.join(ends)} of {', '.join(f'`{event}`' for event in many(window['event']))}"
    return f"{', '.join(ends)} ({window.get('timezone', 'the site’s time zone')})"


def since(rule: Data) -> str:
    """When it holds, short."""
    windows = many(rule.get("when"))
    if any("event" in window for window in windows):
        return "by event"
    if windows:
        return str(windows[0]["from"])
    return "with the status" if "statuses" in rule.get("pages", {}) else "always"


def fact(name: str, value: Any) -> str:
    """One condition on pages."""
    listed = ", ".join(f"`{one}`" for one in many(value)) if not isinstance(value, dict) else f"`{yaml_line(value)}`"
    return f"{name} {listed}"


def yaml_line(value: Any) -> str:
    """*value* as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {yaml_line(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(yaml_line, value)) + "]"
    return str(value)


def languages(rule: Data) -> str:
    """The languages of its texts, and which no native editor has read."""
    texts = rule.get("text", {})
    tags = sorted({tag for one in texts for tag in one["text"]} if isinstance(texts, list) else texts)
    if not tags:
        return "the neutral words of the product"
    unread = rule.get("unread", [])
    said = ", ".join(f"`{tag}`" for tag in tags)
    if rule.get("verbatim") == "true":
        said += "; prescribed word for word"
    return said + (f"; not yet read by a native editor: {', '.join(f'`{tag}`' for tag in unread)}" if unread else "")


def link(source: Data) -> str:
    """A source as a link, with the day on which it was read."""
    words = source["url"].removeprefix("https://").rstrip("/")
    short = words if len(words) < 60 else words[:59] + "…"
    return f"[{short}]({source['url']})" + (f" (read {source['read']})" if "read" in source else "")


def overview() -> Iterator[str]:
    """One line for each rule."""
    yield "| rule | what | readers in | from | confidence |"
    yield "|---|---|---|---|---|"
    for _, id_, rule in rules():
        where = ", ".join(f"`{name}`" for name in many(rule["where"]))
        cells = (f"[`{id_}`](#{id_})", rule["title"], where, since(rule), rule["confidence"])
        yield "| " + " | ".join(cells) + " |"


def detail(path: Path, id_: str, rule: Data) -> Iterator[str]:
    """All of one rule."""
    yield f"### {id_}\n\n**{rule['title']}.** " + "\n\n".join(notes(path)) + "\n"
    facts = {
        "Kind": f"`{rule['kind']}`" + (", confidential" if rule.get("confidential") == "true" else ""),
        "Readers in": ", ".join(map(region, many(rule["where"]))),
        "In doubt": unsure(rule),
        "When": "; ".join(map(period, many(rule.get("when")))) or since(rule),
        "Pages": "; ".join(fact(name, value) for name, value in rule.get("pages", {}).items()) or "all",
        "Place": f"`{yaml_line(rule['show'])}`" if "show" in rule else "",
        "Features": ", ".join(f"{name}: {what}" for name, what in rule.get("features", {}).items()),
        "Texts": languages(rule),
        "Stances": ", ".join(f"`{name}`" for name in rule.get("stances", {})),
        "You write yourself": ", ".join(f"`{key}`" for key in rule.get("needs", [])),
        "Law": "; ".join(rule["law"]),
        "Sources": "; ".join(map(link, rule["sources"])),
        "Confidence": f"{rule['confidence']}; look at it again by {rule['review-by']}",
    }
    yield from (f"* {name}: {value}" for name, value in facts.items() if value)
    yield ""


def publishers() -> Iterator[str]:
    """One line for each status, and for each brand that has none of its own."""
    yield "| publisher | status | by | decided | announced | listed | confidence | sources |"
    yield "|---|---|---|---|---|---|---|---|"
    for id_, publisher in read(PACK / "publishers.yaml")["publishers"].items():
        name = f"{publisher['name']['en']} (`{id_}`)"
        above = publisher.get("part-of")
        if above:
            yield f"| {name} | those of `{above}` | | | | | | |"
        for one in publisher.get("statuses", []):
            days = " | ".join(one.get(key, "") for key in _DATES)
            sources = "; ".join(map(link, one.get("sources", []))) or "from memory"
            yield f"| {name} | `{one['status']}` | {one['by']} | {days} | {one['confidence']} | {sources} |"


def events() -> Iterator[str]:
    """One line for each event."""
    yield "| event | what | time zone | moments | confidence |"
    yield "|---|---|---|---|---|"
    for path in sorted((PACK / "events").glob("*.yaml")):
        for id_, event in read(path)["events"].items():
            moments = ", ".join(f"{name} {moment(value)}" for name, value in event["moments"].items())
            cells = (f"`{id_}`", event["title"], event["timezone"], moments, event["confidence"])
            yield "| " + " | ".join(cells) + " |"


def moment(value: Any) -> str:
    """One moment: an instant, or in how many regions it is another."""
    return value if isinstance(value, str) else f"in {len(value)} regions, each in its own time"


def written(page: str) -> str:
    """*page* with what the pack holds now between its marks."""
    parts = {
        "overview": "\n".join(overview()),
        "rules": "\n".join(line for path, id_, rule in rules() for line in detail(path, id_, rule)).rstrip(),
        "publishers": "\n".join(publishers()),
        "events": "\n".join(events()),
    }
    for name, part in parts.items():
        begin, end = f"<!-- begin: {name} -->\n", f"\n<!-- end: {name} -->"
        before, found, rest = page.partition(begin)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise SystemExit(f"{PAGE.name} lacks the marks of {name!r}")
        page = before + begin + part + end + after
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    print(f"wrote {PAGE.relative_to(TREE)}")
