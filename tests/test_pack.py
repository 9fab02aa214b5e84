"""The rule pack: sound, sourced, drafts only; its texts plain and conditional; right at every boundary once adopted."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from notices.cases import run_cases
from notices.cli import main
from notices.errors import RulesetError
from notices.folder import load_folder
from notices.service import Service
from notices.settings import Settings
from notices.wsgi import NoticesMiddleware
from tests.sites import App, checked, database

if TYPE_CHECKING:
    from collections.abc import Sequence

TREE = Path(__file__).parent.parent
PACK = TREE / "rules" / "pack"
ADOPTING = TREE / "tests" / "data" / "pack"
DOCUMENT = (TREE / "docs" / "pack.md").read_text("utf-8")
FILES = sorted(path for path in PACK.glob("*/*.yaml") if path.parent.name != "events")
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

#: How a condition begins in each language of a text for readers' safety.
CONDITIONS = {
    "en": "If you",
    "ru": "Если вы ",
    "uk": "Якщо ви ",
    "be": "Калі вы ",
    "ky": "Эгер сиз ",
    "ar": "إذا كنت ",
    "fa": "اگر ",
    "de": "Wenn Sie ",
    "fr": "Si vous êtes ",
    "es": "Si está ",
    "tr": "yseniz",
    "zh-Hant": "如果您",
}
#: Who says it, in each language: a status is somebody's claim, never ours.
CLAIMANTS = {
    "en": r"government|authorities|court|law",
    "ru": r"Власти|власти|Суд|Минюст",
    "uk": r"Влада|влада|Мін'юст",
    "be": r"Улады",
    "ky": r"сот",
    "ar": r"الحكومة|سلطات|القانون",
    "fa": r"دولت|قانون",
    "de": r"Regierung",
    "fr": r"gouvernement",
    "es": r"Gobierno",
    "tr": r"hükûmeti",
    "zh-Hant": r"當局",
}
#: Facts as published, by publisher and status: decided, announced, listed, and how well they are known.
DECLARED = {
    ("rfe-rl", "ru-undesirable"): ("2024-02-02", None, "2024-02-20", "high"),
    ("proekt", "ru-undesirable"): ("2021-07-15", None, "2021-07-15", "medium"),
    ("istories", "ru-undesirable"): ("2022-03-05", None, None, "low"),
    ("occrp", "ru-undesirable"): ("2022-03-05", None, None, "low"),
    ("the-insider", "ru-undesirable"): ("2022-07-15", None, None, "medium"),
    ("bellingcat", "ru-undesirable"): ("2022-07-15", None, None, "medium"),
    ("meduza", "ru-foreign-agent"): (None, None, "2021-04-23", "medium"),
    ("meduza", "ru-undesirable"): ("2023-01-26", None, None, "high"),
    ("novaya-gazeta-europe", "ru-undesirable"): ("2023-06-28", None, None, "high"),
    ("tv-rain", "ru-undesirable"): ("2023-07-25", None, None, "low"),
    ("the-moscow-times", "ru-undesirable"): ("2024-07-10", None, None, "low"),
    ("the-barents-observer", "ru-undesirable"): ("2025-02-28", None, None, "low"),
    ("reporters-without-borders", "ru-undesirable"): ("2025-08-31", None, None, "low"),
    ("deutsche-welle", "ru-undesirable"): ("2025-12-01", "2025-12-14", "2025-12-16", "high"),
    ("rfe-rl-belarus", "by-extremist-materials"): ("2021-12-03", None, None, "medium"),
    ("rfe-rl-belarus", "by-extremist-formation"): (None, None, "2021-12-23", "high"),
    ("kloop", "kg-extremist"): ("2025-10-27", None, None, "high"),
    ("temirov-live", "kg-extremist"): ("2025-10-27", None, None, "high"),
    ("ait-ait-dese", "kg-extremist"): ("2025-10-27", None, None, "high"),
    ("rt", "eu-broadcast-ban"): (None, None, "2022-03-02", "high"),
    ("sputnik", "eu-broadcast-ban"): (None, None, "2022-03-02", "high"),
    ("rossiya-1", "eu-broadcast-ban"): (None, None, "2023-02-01", "high"),
    ("ntv-russia", "eu-broadcast-ban"): (None, None, "2023-02-01", "high"),
    ("ren-tv", "eu-broadcast-ban"): (None, None, "2023-02-01", "high"),
    ("pervyi-kanal", "eu-broadcast-ban"): (None, None, "2023-02-01", "high"),
    ("voice-of-europe", "eu-broadcast-ban"): (None, None, "2024-06-25", "high"),
    ("ria-novosti", "eu-broadcast-ban"): (None, None, "2024-06-25", "high"),
    ("izvestia", "eu-broadcast-ban"): (None, None, "2024-06-25", "high"),
    ("rossiiskaya-gazeta", "eu-broadcast-ban"): (None, None, "2024-06-25", "high"),
}
STATUSES = sorted({status for _, status in DECLARED})
OFFICIAL = {
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr",
    "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv",
}  # fmt: skip


def read(path: Path) -> dict[str, Any]:
    """What is written in a file, every scalar as text."""
    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)


def rule_of(path: Path) -> dict[str, Any]:
    """The one rule of a file, which has the file's name."""
    [(id_, rule)] = read(path)["rules"].items()
    assert id_ == path.stem
    return rule


def texts_of(rule: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """Language and parts of every text, those of dated versions and stances too."""
    versions = rule.get("text", {})
    groups = [one["text"] for one in versions] if isinstance(versions, list) else [versions]
    groups += [stance["text"] for stance in rule.get("stances", {}).values() if "text" in stance]
    texts = [(tag, text) for group in groups for tag, text in group.items()]
    return [(tag, text if isinstance(text, dict) else {"body": text}) for tag, text in texts]


def length(text: str) -> int:
    """The words of a text; for Chinese half its characters, which is about as much reading."""
    han = re.findall(r"[\u4e00-\u9fff]", text)
    return len(han) // 2 if len(han) > len(text) / 2 else len(re.sub(r"\s[–—-]\s|«\s|\s»|\s:", " ", text).split())


@pytest.fixture(scope="module")
def adopted():
    """The test house, which adopts all that may be adopted."""
    return load_folder(ADOPTING)


def test_the_pack_checks_clean(capsys):
    """No error and no warning, also under ``--strict``; hints are for editors."""
    assert main(["check", str(TREE / "rules"), "--strict", "--at", "2026-11-23"]) == 0, capsys.readouterr().out


def test_only_the_demonstration_acts():
    """Nothing of the pack acts by itself: what is active are the two rules that the demonstration adopts."""
    ruleset = load_folder(TREE / "rules").ruleset
    assert {rule.id for rule in ruleset.active} == {"ru-undesirable", "by-extremist"}
    assert {id_ for path in FILES for id_ in read(path)["rules"]} <= set(ruleset.rules)


@each_file
def test_a_rule_says_where_it_comes_from(path):
    """A draft, with law, sources that were read, somebody to answer, a day of review and a mark of confidence."""
    rule = rule_of(path)
    assert rule["status"] == "draft"
    assert rule["law"]
    assert rule["sources"]
    for source in rule["sources"]:
        assert re.fullmatch(r"https://[a-z0-9.-]+/\S*", source["url"])
        assert "read" in source or rule["confidence"] == "low"
    assert rule["owner"] == "to-be-named"
    assert "2026-11-22" < rule["review-by"] <= "2027-06-30"
    assert rule["confidence"] in {"high", "medium", "low"}
    assert path.read_text("utf-8").startswith("# ")


@each_file
def test_examples_ask_for_every_kind_of_reader(path):
    """Yes, maybe, no, nobody knows, and Tor; and the instants at which something begins, where something does."""
    rule = rule_of(path)
    examples = rule["examples"]
    visitors = [one["visitor"] for one in examples]
    assert any("unknown" in one for one in visitors)
    assert any(one.get("anonymous") == "tor" for one in visitors)
    assert any(one.get("sure") == "true" for one in examples)
    if rule["where"] != ["world"]:
        assert any(one.get("sure") == "false" for one in examples)
        assert any("region" in one["visitor"] and one["expect"] == "hidden" for one in examples)
    if "when" in rule or "statuses" in rule["pages"]:
        assert {one["expect"] for one in examples if "now" in one} == {"shown", "hidden"}


@each_file
def test_texts_are_short_and_have_a_short_form(path):
    """At most 60 words with a publisher's name of four; and a sentence for feeds and parts of pages."""
    rule = rule_of(path)
    for tag, text in texts_of(rule):
        assert length(text["body"].replace("{publisher}", "one two three four")) <= 63, tag
        assert length(text["body"]) <= 60, tag
        if rule["kind"] != "withhold" and rule.get("verbatim") != "true":
            assert 0 < length(text["short"]) <= 30, tag


@each_file
def test_texts_that_no_native_editor_has_read_are_marked(path):
    """All but the English ones, and those that a law prescribes."""
    rule = rule_of(path)
    expected = {tag for tag, _ in texts_of(rule) if tag != "en"} if rule.get("verbatim") != "true" else set()
    assert set(rule.get("unread", [])) == expected


@pytest.mark.parametrize(
    "path", [path for path in FILES if rule_of(path)["kind"] == "reader-safety"], ids=lambda path: path.stem
)
def test_a_warning_is_a_condition_and_names_who_claims(path):
    """In each language, in the body and in the short form; no law's name stands in for a state's claim."""
    rule = rule_of(path)
    for tag, text in texts_of(rule):
        for part in (text["body"], text["short"]):
            assert CONDITIONS[tag] in part, (tag, part)
        assert re.search(CLAIMANTS[tag], text["body"]), tag


def test_statuses_are_the_published_ones():
    """Every day and mark as the sources give it; brands have what their house has."""
    publishers = read(PACK / "publishers.yaml")["publishers"]
    found = {
        (id_, one["status"]): (*map(one.get, ("decided", "announced", "listed")), one["confidence"])
        for id_, publisher in publishers.items()
        for one in publisher.get("statuses", [])
    }
    assert found == DECLARED
    parts = {id_: publisher["part-of"] for id_, publisher in publishers.items() if "part-of" in publisher}
    assert parts == dict.fromkeys(("krym-realii", "kavkaz-realii", "rfe-rl-belarus"), "rfe-rl")


def test_a_status_without_a_source_is_of_low_confidence():
    """What is known from memory only never acts."""
    for publisher in read(PACK / "publishers.yaml")["publishers"].values():
        for one in publisher.get("statuses", []):
            assert one.get("sources") or one["confidence"] == "low"


def test_prescribed_texts_of_the_union_are_found_or_named_as_missing():
    """Each of the 24 languages of Regulation (EU) 2023/1114 is either confirmed by a source, or listed as missing."""
    path = PACK / "eu" / "eu-mica.yaml"
    listed = re.findall(r"^#   (confirmed|missing): +(.+)$", path.read_text("utf-8"), re.MULTILINE)
    confirmed, missing = (set(names.split(", ")) for _, names in listed)
    assert set(rule_of(path)["text"]) == confirmed
    assert confirmed | missing == OFFICIAL
    assert not confirmed & missing


def test_the_test_house_holds_votes_as_the_pack_writes_them():
    """What only a site can write, the periods of its next vote, are here the pack's own, so that cases prove those."""
    house = read(ADOPTING / "site.yaml")["adopt"]
    votes = {path.stem: rule_of(path)["when"] for path in FILES if "when" in rule_of(path).get("needs", [])}
    assert len(votes) == 9
    assert {id_: house[id_]["when"] for id_ in votes} == votes


@each_file
def test_what_only_a_site_can_write_keeps_a_rule_from_acting(tmp_path, path):
    """Without it the folder does not load; and whatever leads to a page of the site's own is such a thing."""
    needs = rule_of(path).get("needs", [])
    if rule_of(path)["confidence"] == "low" or not needs:
        return
    with pytest.raises(RulesetError) as refused:
        adopt(tmp_path, path.stem, without=needs)
    assert any("which only you can write" in problem.message for problem in refused.value.problems)


def test_the_test_house_adopts_all_but_what_is_doubtful(adopted):
    """Every rule of high or medium confidence can be adopted, and is then active; those of low confidence are left."""
    sure = {path.stem for path in FILES if rule_of(path)["confidence"] != "low"}
    assert {rule.id for rule in adopted.ruleset.active} == sure | {"second-direction"}
    assert [problem for problem in adopted.warnings if problem.level != "hint"] == []


@pytest.mark.parametrize("name", sorted(path.name for path in ADOPTING.glob("*_test.yaml")))
def test_adopted_rules_hold_at_every_boundary(adopted, name):
    """The last second before and the first second of each period, in local time, and all kinds of readers."""
    assert [str(one) for one in run_cases(adopted) if one.path.endswith(name)] == []


def adopt(folder: Path, id_: str, *, without: Sequence[str] = (), **changes: Any):
    """A site that adopts one rule and has been declared everything that somebody has; its rule."""
    site = read(ADOPTING / "site.yaml")
    statuses = [{"status": name, "listed": "2024-01-01", "timezone": "UTC"} for name in STATUSES]
    house = {"name": {"en": "My Paper"}, "hosts": ["my-paper.example"], "statuses": statuses}
    own = {key: value for key, value in site["adopt"][id_].items() if key not in {"stance", *without}}
    site["adopt"] = {id_: {**own, "publishers": ["my-paper"], **changes}}
    site["publishers"] = {"my-paper": house}
    site["defaults"]["publisher"] = "my-paper"
    (folder / "site.yaml").write_text(yaml.safe_dump(site, allow_unicode=True), "utf-8")
    [rule] = load_folder(folder).ruleset.active
    return rule


@pytest.mark.parametrize("id_", [path.stem for path in FILES if rule_of(path)["confidence"] != "low"])
def test_a_site_can_adopt_each_rule_alone(tmp_path, id_):
    """A few lines are enough, whatever else the pack holds; the rule is then active on that publisher's pages only."""
    rule = adopt(tmp_path, id_)
    assert rule.id == id_
    assert rule.pages.publishers == {"my-paper"}


STANCES = [
    pytest.param(path.stem, stance, id=f"{path.stem}-{stance}")
    for path in FILES
    for stance in rule_of(path).get("stances", {})
    if rule_of(path)["confidence"] != "low"
]


@pytest.mark.parametrize(("id_", "stance"), STANCES)
def test_each_stance_can_be_taken(tmp_path, id_, stance):
    """What a stance says takes the place of the rule's own, and the rest stays."""
    plain, taken = adopt(tmp_path, id_), adopt(tmp_path, id_, stance=stance)
    written = rule_of(next(path for path in FILES if path.stem == id_))["stances"][stance]
    assert dict(taken.features) == written.get("features", dict(plain.features))
    assert (taken.where == plain.where) is ("where" not in written)
    assert (taken.display == plain.display) is ("show" not in written)
    assert (taken.texts == plain.texts) is ("text" not in written)
    assert taken.group == written.get("group", plain.group)


NEWS = b"""<!DOCTYPE html><html lang="en"><head><title>A bill</title></head><body><header><h1>Radio</h1></header>
<article><h2>Russian lawmakers pass a bill that widens censorship</h2><p>March 2023.</p></article>
<footer>About us</footer></body></html>"""


@pytest.fixture(scope="module")
def radio():
    """The site of a publisher that Russia has declared undesirable, behind the middleware."""
    settings = Settings.from_keywords(
        rules=ADOPTING,
        geoip=database(),
        state=None,
        reload="off",
        trusted_proxies=["127.0.0.0/8"],
        geo_header={"country": "X-Country", "subdivision": "X-Region"},
    )
    service = Service(settings, clock=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    return NoticesMiddleware(
        App([NEWS], facts={"surface": "article", "published": "2023-03-14", "language": "en"}), service
    )


@pytest.mark.parametrize(
    ("region", "shown"),
    [
        pytest.param("RU", True, id="Russia"),
        pytest.param("UA-43", True, id="Crimea"),
        pytest.param("XX", True, id="nobody knows"),
        pytest.param("T1", True, id="Tor"),
        pytest.param("UA-30", False, id="Kyiv"),
    ],
)
def test_the_founding_example(radio, region, shown):
    """Right after an article older than the listing, in English and Russian, to whom it may concern and nobody else."""
    answer = checked(radio, region=region, host="www.rferl.org")
    if not shown:
        assert answer.body == NEWS
        return
    page = LexborHTMLParser(answer.body)
    notices = page.css("aside[data-notices-variant]")
    assert [one.attributes["lang"] for one in notices] == ["en", "ru"]
    assert page.css_first("article").next.attributes["lang"] == "en"
    english, russian = (" ".join(one.text().split()) for one in notices)
    assert "declared Radio Free Europe/Radio Liberty an “undesirable organization”" in english
    assert "Reading is no offence." in english
    assert "Чтение не наказуемо." in russian


def script():
    """The module that builds the tables of the document."""
    spec = importlib.util.spec_from_file_location("build_pack", TREE / "scripts" / "build_pack.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_document_is_up_to_date():
    """After a change to the pack, ``python scripts/build_pack.py`` writes its tables anew."""
    assert script().written(DOCUMENT) == DOCUMENT


def test_the_document_explains_every_tag_and_part_of_a_page():
    """What a rule asks of a site stands in the chapter on what a site states."""
    tags = {tag for path in FILES for tag in rule_of(path)["pages"].get("tags", [])}
    table = DOCUMENT.partition("## What your site states")[2].partition("\n## ")[0]
    features = {name for path in FILES for name in rule_of(path).get("features", {})}
    assert tags | features <= set(re.findall(r"`([a-z-]+)`", table))
    assert "This is no legal advice" in DOCUMENT


def test_the_lines_of_the_document_are_a_site(tmp_path):
    """What is shown there can be copied: it loads, and each rule holds when and where the words around it say."""
    for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)):
        (tmp_path / f"{number}.yaml").write_text(block, "utf-8")
    rules = {rule.id: rule for rule in load_folder(tmp_path).ruleset.active}
    assert rules.keys() == {"ru-undesirable", "direction-of-2-march", "it-polls"}
    listed = datetime(2026, 10, 14, 21, tzinfo=UTC)  # 15 October in Moscow
    undesirable = rules["ru-undesirable"].pages
    assert undesirable.settled(listed).publishers == {"my-paper"}
    assert undesirable.settled(listed - timedelta(seconds=1)).publishers == frozenset()
    assert rules["direction-of-2-march"].pages.tags == {"sg-pofma-direction"}
    assert rules["direction-of-2-march"].pages.paths == ("/", "/news/bridge")
    [window] = rules["it-polls"].windows
    assert window.start == datetime(2027, 5, 14, 22, tzinfo=UTC)  # 15 days before 30 May, at midnight in Rome
    assert window.end == datetime(2027, 5, 31, 13, tzinfo=UTC)


def test_the_command_of_the_document_runs(tmp_path, monkeypatch, capsys):
    """It writes a folder that checks clean, and says that it is no legal advice."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOTICES_RULES", raising=False)
    [command] = re.findall(r"^notices (adopt .+)$", DOCUMENT, re.MULTILINE)
    assert main(shlex.split(command)) == 0
    assert "legal advice" in capsys.readouterr().err
    assert main(["check", "rules"]) == 0
