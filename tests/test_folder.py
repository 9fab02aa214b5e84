"""A rules folder: which files belong to it, what is wrong with it, its examples and its digest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from notices.errors import RulesetError
from notices.folder import load_files, load_folder
from tests.rules_text import SOUND, source

TREE = Path(__file__).parent.parent
DRAFT = "  {}: {{title: T, kind: courtesy, status: draft, where: [DE], text: {{en: x}}}}\n"


def rules(*names: str) -> str:
    return "rules:\n" + "".join(DRAFT.format(name) for name in names)


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml").replace("_yml", ".yml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def refused(path: Path) -> list[tuple[str, int, int, str]]:
    with pytest.raises(RulesetError) as caught:
        load_folder(path)
    return [(one.path, one.line, one.column, one.code) for one in caught.value.problems]


def test_the_projects_own_rules_load():
    """The founding rule and its neighbours are sound, and nothing is said against them."""
    loaded = load_folder(TREE / "rules")
    assert {"ru-undesirable", "by-extremist"} <= set(loaded.ruleset.rules)
    assert loaded.warnings == ()


def test_no_text_of_our_own_is_longer_than_sixty_words():
    """A warning that nobody reads to its end warns nobody."""
    for rule in load_folder(TREE / "rules").ruleset.rules.values():
        for version in rule.texts:
            assert all(len(text.body.split()) <= 60 for text in version.texts.values())


def test_a_folder_is_read_whole(tmp_path):
    """Subfolders, both endings, in path order; other files and hidden ones are no rules."""
    write(
        tmp_path,
        b_yaml=rules("b"),
        a__z_yml=rules("z"),
        a__deep__er__y_yaml=rules("y"),
        **{"notes.txt": "rules: [", ".swap_yaml": "rules: [", ".git__x_yaml": "rules: ["},
    )
    loaded = load_folder(tmp_path)
    assert list(loaded.files) == ["a/deep/er/y.yaml", "a/z.yml", "b.yaml"]
    assert set(loaded.ruleset.rules) == {"b", "y", "z"}


def test_links_are_followed(tmp_path):
    """A folder that is swapped by a link, linked files, and a link that leads back up."""
    write(tmp_path / "v1", rules_yaml=rules("old"))
    write(tmp_path / "v2", rules_yaml=rules("new"))
    (tmp_path / "v2" / "loop").symlink_to(tmp_path / "v2")
    (tmp_path / "live").symlink_to("v1")
    assert set(load_folder(tmp_path / "live").ruleset.rules) == {"old"}
    (tmp_path / "next").symlink_to("v2")
    (tmp_path / "next").replace(tmp_path / "live")
    assert set(load_folder(tmp_path / "live").ruleset.rules) == {"new"}


def test_a_mounted_config_map_is_read_once(tmp_path):
    """Kubernetes keeps the files in hidden folders and links to them."""
    write(tmp_path / "..2026_11_22", rules_yaml=rules("one"))
    (tmp_path / "..data").symlink_to("..2026_11_22")
    (tmp_path / "rules.yaml").symlink_to("..data/rules.yaml")
    assert list(load_folder(tmp_path).files) == ["rules.yaml"]


def test_a_folder_that_is_none(tmp_path):
    """Missing, a file, a dangling link, empty, or with cases alone: each is said in its own words."""
    (tmp_path / "file").write_text("rules: {}")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "empty").mkdir()
    write(tmp_path / "cases", a_test_yaml="now: 2026-01-01T00:00Z\ncases: []\n")
    assert refused(tmp_path / "missing") == [(str(tmp_path / "missing"), 0, 0, "missing-folder")]
    assert refused(tmp_path / "file") == [(str(tmp_path / "file"), 0, 0, "not-a-folder")]
    assert refused(tmp_path / "dangling") == [(str(tmp_path / "dangling"), 0, 0, "missing-folder")]
    assert refused(tmp_path / "empty") == [(str(tmp_path / "empty"), 0, 0, "no-rules")]
    assert refused(tmp_path / "cases") == [("a_test.yaml", 1, 1, "no-rules")]


def test_a_relative_folder_that_is_none_says_where_it_was_looked_for(tmp_path, monkeypatch):
    """A server is seldom started where somebody thinks."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RulesetError) as caught:
        load_folder(Path("rules"))
    [problem] = caught.value.problems
    assert problem.message == f"there is no such folder in {str(tmp_path)!r}, where this process runs"
    with pytest.raises(RulesetError, match="there is no such folder; create it"):
        load_folder(tmp_path / "rules")


def test_a_folder_whose_name_is_too_long_or_under_a_file(tmp_path):
    """What the file system refuses is a problem, not a traceback."""
    (tmp_path / "file").write_text("")
    assert refused(tmp_path / "file" / "rules")[0][3] in {"missing-folder", "unreadable"}
    assert refused(tmp_path / ("x" * 300))[0][3] in {"missing-folder", "unreadable"}


def test_files_that_cannot_be_read(tmp_path):
    """A dangling link, a pipe and a name that is no UTF-8 are problems at the file, all at once; nothing waits."""
    write(tmp_path, good_yaml=rules("good"))
    (tmp_path / "dangling.yaml").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.yaml")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.yaml"))).write_text(rules("odd"))
    assert refused(tmp_path) == [
        ("\\xff.yaml", 0, 0, "unreadable"),
        ("dangling.yaml", 0, 0, "unreadable"),
        ("pipe.yaml", 0, 0, "unreadable"),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_without_permission(tmp_path):
    """A file that may not be read stops the load and is named."""
    write(tmp_path, a_yaml=rules("a"))
    (tmp_path / "a.yaml").chmod(0)
    assert refused(tmp_path) == [("a.yaml", 0, 0, "unreadable")]


def test_a_file_of_ten_megabytes_is_refused(tmp_path):
    """It is named with the limit, whatever is in it."""
    (tmp_path / "big.yaml").write_bytes(b"# nothing\n" * 1_000_000)
    assert refused(tmp_path) == [("big.yaml", 1, 1, "too-large")]


def test_a_folder_without_a_rule_warns():
    """It is no error, since a folder may be begun with its regions, but nothing would ever be shown."""
    loaded = load_files({"regions.yaml": b"regions: {a: {include: [DE]}}"})
    assert [(one.path, one.line, one.column, one.level, one.code) for one in loaded.warnings] == [
        ("regions.yaml", 1, 1, "warning", "no-rules")
    ]


def test_warnings_and_hints_do_not_stop_the_load():
    """They come with the ruleset."""
    loaded = load_files({"a.yaml": source(where="[FR-GP]").encode()})
    assert [(one.level, one.code) for one in loaded.warnings] == [("warning", "alias")]


def test_the_digest_is_over_names_and_bytes_of_rules():
    """A changed byte or name changes it, the order of reading and cases do not."""
    one, other = SOUND.encode(), rules("b").encode()
    digest = load_files({"a.yaml": one, "b.yaml": other}).ruleset.digest
    assert digest.startswith("sha256:")
    assert len(digest) == 71
    assert load_files({"b.yaml": other, "a.yaml": one}).ruleset.digest == digest
    assert load_files({"b.yaml": other, "a.yaml": one, "x_test.yaml": b"broken: ["}).ruleset.digest == digest
    others = [
        {"a.yaml": one, "c.yaml": other},
        {"a.yaml": one + b"\n", "b.yaml": other},
        {"a.yaml": one, "b.yaml": other, "c.yaml": b"#"},
    ]
    digests = {load_files(files).ruleset.digest for files in others}
    assert len(digests | {digest}) == 4


def examples(*lines: str, **changes: str) -> dict[str, bytes]:
    listed = "".join(f"      - {{{line}}}\n" for line in lines)
    return {"a.yaml": source(f"    examples:\n{listed}", **changes).encode()}


def failures(files: dict[str, bytes]) -> list[tuple[int, int, str]]:
    try:
        load_files(files)
    except RulesetError as error:
        return [(one.line, one.column, one.code) for one in error.problems if one.level == "error"]
    return []


RU = "visitor: {region: RU}, expect: shown"


def test_examples_that_hold_let_the_folder_load():
    """Each asks its rule and finds it as it says."""
    lines = [
        f"{RU}, sure: true",
        "visitor: {region: DE}, expect: hidden",
        "visitor: {unknown: true}, expect: shown, sure: false",
        "visitor: {anonymous: tor}, expect: shown",
        "visitor: {region: [UA-43, RU]}, expect: shown, sure: false",
    ]
    assert failures(examples(*lines)) == []


def test_every_example_that_fails_is_a_problem():
    """Each at its own line, with what came out and why; the folder does not load."""
    files = examples(
        "visitor: {region: DE}, expect: shown",
        RU,
        "visitor: {region: RU}, expect: hidden",
        "visitor: {unknown: true}, expect: shown, sure: true",
    )
    with pytest.raises(RulesetError) as caught:
        load_files(files)
    assert [(one.line, one.column, one.code) for one in caught.value.problems] == [
        (14, 9, "example-failed"),
        (16, 9, "example-failed"),
        (17, 9, "example-failed"),
    ]
    first, second, third = (one.message for one in caught.value.problems)
    assert "'first' is hidden on 1 Jan 2027, 03:00:00 Europe/Moscow, not shown (REGION: " in first
    assert "'first' is shown on 1 Jan 2027, 03:00:00 Europe/Moscow, not hidden (MATCH: " in second
    assert third == "'first' is shown on a maybe (unknown), not as 'sure: true' says"


def test_examples_ask_the_rule_alone_as_if_active():
    """Neither its status nor other rules matter; a suspended rule's examples hold too."""
    stronger = """\
  stronger:
    title: S
    kind: reader-safety
    status: active
    where: [RU]
    text: {en: S}
    supersedes: [first]
    owner: x
    review-by: 2027-01-01
"""
    text = source(f"    examples:\n      - {{{RU}}}\n", status="suspended") + stronger
    assert failures({"a.yaml": text.encode()}) == []


WHEN = [
    pytest.param({}, "    when: {from: 2024-02-20}\n", "20 Feb 2024, 00:00:00 Europe/Moscow", id="start of the window"),
    pytest.param(
        {},
        "    when: [{from: 2030-01-01T00:00Z}, {from: 2025-01-01T00:00Z, until: 2026-01-01T00:00Z}]\n",
        "1 Jan 2030, 03:00:00 Europe/Moscow",
        id="start of the last window in time",
    ),
    pytest.param(
        {}, "    when: {until: 2028-01-01}\n", "1 Jan 2027, 03:00:00 Europe/Moscow", id="without a start, the review"
    ),
    pytest.param({}, "", "1 Jan 2027, 03:00:00 Europe/Moscow", id="without a window, the review"),
    pytest.param(
        {},
        "    when: {from: 2026-07-01, timezone: Asia/Tokyo}\n",
        "1 Jul 2026, 00:00:00 Asia/Tokyo",
        id="a zone of its own",
    ),
    pytest.param(
        {"status": "draft", "review_by": ""}, "", "1 Jan 2026, 03:00:00 Europe/Moscow", id="a draft without a review"
    ),
]


@pytest.mark.parametrize(("changes", "when", "instant"), WHEN)
def test_an_example_without_an_instant_has_its_own(changes, when, instant):
    """What blocks loading never depends on the clock; the instant is told in the zone in which the rule is written."""
    text = source(f"{when}    examples:\n      - {{visitor: {{region: DE}}, expect: shown}}\n", **changes)
    with pytest.raises(RulesetError) as caught:
        load_files({"a.yaml": text.encode()})
    assert f"hidden on {instant}," in caught.value.problems[0].message


def test_an_example_may_name_its_instant():
    """A window's two sides can be shown."""
    lines = [f"{RU}, now: 2024-02-20", "visitor: {region: RU}, expect: hidden, now: 2024-02-19T20:59:59Z"]
    files = examples(*lines)
    files["a.yaml"] += b"    when: {from: 2024-02-20}\n"
    assert failures(files) == []


def test_an_example_states_its_page():
    """A fact that the page does not state does not match; the default page states the default publisher alone."""
    lines = [
        "visitor: {region: RU}, expect: hidden",
        f"{RU}, page: {{tags: [war, peace]}}",
        "visitor: {region: RU}, expect: hidden, page: {tags: [peace]}",
    ]
    files = examples(*lines)
    files["a.yaml"] += b"    pages: {publishers: [courier], tags: [war]}\n"
    assert failures(files) == []


def test_examples_of_rules_that_withhold():
    """Shown means that it acts."""
    lines = [f"{RU}, sure: true", "visitor: {unknown: true}, expect: hidden"]
    files = examples(*lines, kind="withhold", text="")
    files["a.yaml"] += b"    unsure: hide\n    confidential: true\n"
    assert failures(files) == []


def test_examples_are_not_run_where_rules_are_wrong():
    """First the rules, then what they do."""
    files = examples("visitor: {region: DE}, expect: shown", kind="nothing")
    assert failures(files) == [(7, 11, "unknown-value")]


def test_loading_is_the_same_from_disk_and_memory(tmp_path):
    """The kept last good files give the same ruleset as the folder."""
    write(tmp_path, a_yaml=SOUND, x_test_yaml="now: 2026-01-01T00:00Z\ncases: []\n")
    loaded = load_folder(tmp_path)
    assert load_files(loaded.files) == loaded
    assert load_folder(str(tmp_path)) == loaded
    assert replace(loaded.ruleset, digest="") != loaded.ruleset


FAR = """
defaults: {timezone: UTC, language: en}
rules:
  far:
    title: For readers of far languages
    kind: courtesy
    status: draft
    where: [RU]
    show: {languages: [visitor, en]}
    text: {en: "Read this.", fr: "Lisez ceci."}
    examples:
      - {visitor: {region: RU, languages: [ka]}, expect: shown}
      - {visitor: {region: DE, languages: [ka]}, expect: hidden}
"""


def test_examples_ask_who_is_shown_a_rule_and_write_nothing(tmp_path):
    """A load does not choose languages for the readers of its examples, which would import CLDR's distances."""
    (tmp_path / "far.yaml").write_text(FAR)
    code = (
        "import sys; from notices.folder import load_folder; loaded = load_folder(sys.argv[1]);"
        "print(len(loaded.ruleset.rules['far'].examples), 'langcodes' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["2", "False"], "")
