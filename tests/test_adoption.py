"""Adopting rules of the pack: a few lines over the pack's own, fetched alone, and written by a command."""

from __future__ import annotations

import io
import json

import pytest

from notices.cli import main
from notices.engine import decide
from notices.errors import RulesetError
from notices.folder import load_files, load_folder
from notices.index import build_index
from notices.location import Location
from notices.page import Page
from tests.build import NOON

PACK = "built-in/pack/"
SITE = """\
defaults: {timezone: Europe/Prague, language: en}
publishers:
  paper:
    name: {en: The Paper}
    hosts: [paper.example]
    statuses: [{status: ru-undesirable, listed: 2026-02-20, timezone: Europe/Moscow}]
  other: {name: {en: Other}, hosts: [other.example]}
adopt:
  ru-undesirable:
    publishers: [paper]
    owner: legal-desk
    review-by: 2027-02-01
"""


def loaded(text=SITE):
    return load_files({"site.yaml": text.encode()})


def codes(text):
    with pytest.raises(RulesetError) as caught:
        loaded(text)
    return [(problem.line, problem.code) for problem in caught.value.problems if problem.level == "error"]


def test_an_adopted_rule_acts_on_the_adopters_pages_alone():
    """Its text is the pack's, its owner the site's."""
    ruleset = loaded().ruleset
    index = build_index(ruleset)
    assert (ruleset.rules["ru-undesirable"].status, ruleset.rules["ru-undesirable"].owner) == ("active", "legal-desk")
    for host, expected in (("paper.example", ["ru-undesirable"]), ("other.example", [])):
        decision = decide(index, Location(("RU",)), Page(host=host), (), NOON)
        assert [one.id for one in decision.shown] == expected


def test_only_what_is_needed_is_read_and_counts_as_a_file_of_the_folder():
    """The digest, and what is kept as the last good rules, hold the pack's rule; so they load without the pack."""
    found = loaded()
    assert set(found.files) == {"site.yaml", f"{PACK}ru/ru-undesirable.yaml"}
    kept = dict(found.files)
    assert load_files(kept) == found
    kept[f"{PACK}ru/ru-undesirable.yaml"] += b"\n# another edition\n"
    assert load_files(kept).ruleset.digest != found.ruleset.digest


def test_texts_join_and_other_keys_replace():
    """A language of one's own stands beside the pack's; a link or a priority takes the pack's place."""
    add = '    priority: 5\n    text: {de: "Hallo, {publisher}", en: "Mine"}\n'
    rule = loaded(SITE + add).ruleset.rules["ru-undesirable"]
    texts = rule.texts[0].texts
    assert (rule.priority, texts["de"].body, texts["en"].body) == (5, "Hallo, {publisher}", "Mine")
    assert "ru" in texts


MICA = (
    SITE[: SITE.index("adopt:")]
    + """\
adopt:
  eu-mica: {publishers: [paper], owner: legal-desk, review-by: 2027-02-01, text: {TEXT}, sha256: {SUM}}
"""
)
#: Of ``Bonjour`` and ``Hello``, by sha256sum.
BONJOUR = "9172e8eec99f144f72eca9a568759580edadb2cfd154857f07e657569493bc44"
HELLO = "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969"


@pytest.mark.parametrize(
    ("text", "sums", "languages"),
    [
        pytest.param("fr: Bonjour", f"fr: {BONJOUR}", {"en", "de", "fr"}, id="one that the pack lacks"),
        pytest.param("en: Hello", f"en: {HELLO}", {"en", "de"}, id="one in the place of the pack's"),
        pytest.param("EN: Hello", f"EN: {HELLO}", {"EN", "de"}, id="one by another spelling"),
    ],
)
def test_sums_join_as_texts_do(text, sums, languages):
    """A site that adds a prescribed text guards it, and need not write the pack's sums again."""
    rule = loaded(MICA.replace("TEXT", text).replace("SUM", sums)).ruleset.rules["eu-mica"]
    assert rule.verbatim
    assert set(rule.texts[0].texts) == languages


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_text_of_the_sites_own_needs_a_sum_of_its_own(language):
    """The pack's sum guards the pack's words, and is never held against others."""
    text = MICA.replace("TEXT", f"{language}: Bonjour").replace(", sha256: {SUM}", "")
    assert codes(text) == [(9, "verbatim")]


def test_one_rule_is_adopted_under_several_ids():
    """Each is a rule of its own; the pack's is none."""
    text = SITE + "  again:\n    rule: ru-undesirable\n    publishers: [other]\n    status: draft\n"
    assert {id_: one.status for id_, one in loaded(text).ruleset.rules.items()} == {
        "ru-undesirable": "active",
        "again": "draft",
    }


def shown_to(ruleset, region, host):
    return decide(build_index(ruleset), Location((region,)), Page(host=host), (), NOON).shown


@pytest.mark.parametrize(
    ("stance", "features", "in_france"),
    [
        pytest.param(None, {"share": "hide", "donate": "hide"}, [], id="none"),
        pytest.param("warn-only", {"share": "warn", "donate": "warn"}, [], id="parts stay"),
        pytest.param("everywhere", {"share": "hide"}, ["ru-undesirable"], id="the whole world"),
    ],
)
def test_a_page_is_decided_by_the_stance_that_was_taken(stance, features, in_france):
    """Its keys take the place of the rule's own, and the rest stays the pack's."""
    ruleset = loaded(SITE + (f"    stance: {stance}\n" if stance else "")).ruleset
    decision = decide(build_index(ruleset), Location(("RU",)), Page(host="paper.example"), (), NOON)
    assert [one.id for one in decision.shown] == ["ru-undesirable"]
    assert {name: decision.features.get(name) for name in features} == features
    assert [one.id for one in shown_to(ruleset, "FR", "paper.example")] == in_france


LABEL = SITE.replace("ru-undesirable", "ru-foreign-agent", 1).replace("ru-undesirable:", "ru-foreign-agent-label:")


def test_a_stance_gives_the_notice_its_form():
    """The label of the decree: twice the size, under the headline, in Russian; its other texts are no longer there."""
    plain, comply = (loaded(LABEL + add).ruleset for add in ("", "    stance: comply\n"))
    (usual,) = shown_to(plain, "RU", "paper.example")
    (form,) = shown_to(comply, "RU", "paper.example")
    assert (usual.rule.display.level, usual.tags, usual.policy) == ("info", ("en", "ru", "uk"), ("page",))
    assert (form.rule.display.level, form.rule.display.scale, form.tags, form.policy) == ("legal", 2, ("ru",), ("ru",))
    assert form.rule.display.at[0].selector == "h1"
    assert "распространен иностранным агентом {publisher}" in form.version.texts["ru"].body
    assert (usual.rule.unread, form.rule.unread) == (("ru", "uk"), ("ru",))


@pytest.mark.parametrize(
    ("add", "unread"),
    [
        pytest.param("", ("ru", "uk"), id="the pack's"),
        pytest.param("    unread: []\n", (), id="all were read"),
        pytest.param("    unread: [uk]\n", ("uk",), id="one was read"),
        pytest.param("    text: {RU: Наш текст}\n", ("uk",), id="a text of one's own"),
        pytest.param("    text: [{from: 2020-01-01, text: {en: Ours}}]\n", (), id="dated texts take all places"),
    ],
)
def test_a_site_says_which_texts_wait_for_a_reader(add, unread):
    """What it writes or has read waits no more."""
    assert loaded(LABEL + add).ruleset.rules["ru-foreign-agent-label"].unread == unread


OWN_RULE = "rules:\n  own: {title: T, kind: courtesy, status: draft, where: [RU], text: {en: x}, pages: PAGES}\n"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param(SITE + OWN_RULE.replace("PAGES", "{publishers: [rfe-rl]}"), "rfe-rl", id="pages of a rule"),
        pytest.param(
            SITE + OWN_RULE.replace("PAGES", "{tags: [a], except: {publishers: [proekt]}}"), "proekt", id="an exception"
        ),
        pytest.param(
            SITE + OWN_RULE.replace("PAGES", "{tags: [a], except: [{tags: [b]}, {publishers: [proekt]}]}"),
            "proekt",
            id="one of several exceptions",
        ),
        pytest.param(SITE.replace("language: en", "language: en, publisher: krym-realii"), "krym-realii", id="default"),
        pytest.param(SITE + "    pages: {except: {publishers: [proekt]}}\n", "proekt", id="an adoption's exception"),
    ],
)
def test_publishers_of_the_pack_need_no_declaration(text, named):
    """Wherever a folder that adopts names them, with the names and hosts that the pack knows."""
    publishers = loaded(text).ruleset.publishers
    assert publishers[named].hosts
    assert {"paper", "other"} <= publishers.keys()
    assert "occrp" not in publishers


def test_what_neither_folder_nor_pack_declares_is_unknown():
    """As is any publisher of the pack where nothing is adopted."""
    wrong = SITE + OWN_RULE.replace("PAGES", "{publishers: [rfe-lr]}")
    assert codes(wrong) == [(14, "unknown-publisher")]
    alone = SITE.partition("adopt:")[0] + OWN_RULE.replace("PAGES", "{publishers: [rfe-rl]}")
    assert codes(alone) == [(9, "unknown-publisher")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(SITE.replace("  ru-undesirable:", "  ru-undesirabel:"), (9, "unknown-rule"), id="no such rule"),
        pytest.param(SITE.replace("[paper]", "[papre]"), (10, "unknown-publisher"), id="no such publisher"),
        pytest.param(SITE + "    stance: nonsense\n", (13, "unknown-stance"), id="no such stance"),
        pytest.param(
            SITE.replace("  ru-undesirable:", "  ru-extremist-share:"), (9, "low-confidence"), id="from memory"
        ),
        pytest.param(SITE.replace("    owner: legal-desk\n", ""), (10, "missing-key"), id="no owner"),
        pytest.param(
            SITE + "    pages: {publishers: [other]}\n", (13, "unknown-key"), id="publishers among what pages ask"
        ),
    ],
)
def test_what_cannot_be_adopted_is_told(text, expected):
    """At the line that is wrong."""
    assert codes(text) == [expected]


def test_a_rule_that_acts_by_itself_is_not_adopted_as_well():
    """One id is one rule."""
    rule = "rules:\n  mine: {title: T, kind: courtesy, status: active, where: [RU], text: {en: x}, owner: o, "
    text = SITE + "  mine: {publishers: [paper], owner: o, review-by: 2027-01-01}\n" + rule + "review-by: 2027-01-01}\n"
    assert codes(text) == [(13, "duplicate-id")]


def test_the_command_writes_a_few_lines_that_load(tmp_path, capsys):
    """Once; the second time it refuses, and what is there stays."""
    rules = tmp_path / "rules"
    said = ["--publisher", "my-paper", "--name", "en=My Paper", "--host", "my-paper.example", "--owner", "desk"]
    said += ["--status-date", "2026-02-20", "--timezone", "Europe/Moscow", "--review-by", "2030-01-01"]
    assert main(["adopt", "ru-undesirable", "--rules", str(rules), *said]) == 0
    captured = capsys.readouterr()
    assert "no legal advice" in captured.err
    written = (rules / "ru-undesirable.yaml").read_bytes()
    index = build_index(load_folder(rules).ruleset)
    decision = decide(index, Location(("RU",)), Page(host="my-paper.example"), (), NOON)
    assert [one.id for one in decision.shown] == ["ru-undesirable"]
    assert main(["adopt", "ru-undesirable", "--rules", str(rules), *said]) == 2
    assert (rules / "ru-undesirable.yaml").read_bytes() == written


@pytest.mark.parametrize("stdin", [pytest.param(None, id="no input"), pytest.param("", id="an empty input")])
def test_the_command_needs_options_where_nobody_answers(tmp_path, capsys, monkeypatch, stdin):
    """Whose pages a rule is for can be nobody's guess: it is a wrong call, and nothing is written."""
    monkeypatch.setattr("sys.stdin", None if stdin is None else io.StringIO(stdin))
    assert main(["adopt", "ru-undesirable", "--rules", str(tmp_path / "new")]) == 2
    assert "nobody was there to answer (Publisher (id)); say it by --publisher" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_the_command_says_what_a_publisher_lacks(tmp_path, capsys):
    """A publisher that is declared is not touched: the lines to add are printed."""
    (tmp_path / "site.yaml").write_text(SITE.partition("adopt:")[0])
    said = ["--publisher", "other", "--owner", "desk", "--review-by", "2030-01-01", "--status-date", "2026-03-01"]
    assert main(["adopt", "ru-undesirable", "--rules", str(tmp_path), *said]) == 0
    assert "- {status: ru-undesirable, listed: 2026-03-01}" in capsys.readouterr().err


def test_the_command_asks_for_the_zone_of_a_day(tmp_path, capsys):
    """By its option: a folder without a time zone cannot tell when that day began, and nothing is written."""
    rules = tmp_path / "rules"
    said = ["--publisher", "my-paper", "--name", "en=My Paper", "--owner", "desk", "--status-date", "2026-02-20"]
    assert main(["adopt", "ru-undesirable", "--rules", str(rules), *said]) == 2
    assert "say it by --timezone, such as Europe/Moscow" in capsys.readouterr().err
    assert not rules.exists()


def test_the_lines_to_add_name_a_zone_where_the_folder_has_none(tmp_path, capsys):
    """So that who adds them is not told of a missing one next."""
    (tmp_path / "site.yaml").write_text("publishers:\n  other: {name: {en: Other}}\n")
    said = ["--publisher", "other", "--owner", "desk", "--status-date", "2026-03-01"]
    assert main(["adopt", "ru-undesirable", "--rules", str(tmp_path), *said]) == 0
    assert "- {status: ru-undesirable, listed: 2026-03-01, timezone: ...}" in capsys.readouterr().err


def test_what_is_odd_about_an_adopted_rule_is_told_where_it_is_adopted(tmp_path, capsys):
    """The pack's file, in which the place is written, is in no folder of the site's."""
    text = SITE.replace("publishers: [paper]", "publishers: [other]")
    (tmp_path / "site.yaml").write_text(text)
    line = text.splitlines().index("  ru-undesirable:") + 1
    assert main(["check", str(tmp_path), "--at", "2026-11-22"]) == 0
    out = capsys.readouterr().out
    assert f"{tmp_path}/site.yaml:{line}:3: warning[unreachable]" in out
    assert "built-in" not in out


def test_the_list_names_each_rule_with_its_confidence(capsys):
    """As lines for people, and as JSON."""
    assert main(["adopt", "--list"]) == 0
    assert any(line.split()[:2] == ["ru-undesirable", "high"] for line in capsys.readouterr().out.splitlines())
    assert main(["adopt", "--list", "--json"]) == 0
    listed = {one["id"]: one for one in json.loads(capsys.readouterr().out)}
    assert listed["ru-undesirable"]["statuses"] == ["ru-undesirable"]


def test_a_new_edition_of_the_pack_is_looked_at_like_an_edit(tmp_path, monkeypatch):
    """A package that is replaced while the site serves brings its rules up to date."""
    from notices.service import sources

    folder, pack = tmp_path / "rules", tmp_path / "pack"
    for one in (folder, pack):
        one.mkdir()
        (one / "a.yaml").write_text("rules: {}\n")
    monkeypatch.setattr(sources, "pack_folder", lambda: pack)
    before = sources._look(folder)
    assert sources._look(folder) == before
    (pack / "a.yaml").write_text("rules: {}  # another edition\n")
    assert sources._look(folder) != before
