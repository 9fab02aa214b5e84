"""The built wheel works outside the tree: it holds its data, templates and static files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TREE = Path(__file__).parent.parent
PACK = TREE / "rules" / "pack"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Build the wheel once, without fetching anything."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        folder,
        TREE,
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (built,) = folder.glob("notices-*.whl")
    return built


def test_the_wheel_is_the_same_each_time(wheel, tmp_path):
    """From another path, with other file times and rights, in another time zone, the same bytes come out."""
    tree = tmp_path / "elsewhere"
    tree.mkdir()
    for name in ("notices", "rules", "pyproject.toml", "README.md", "LICENSE"):
        source = TREE / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / name)
    for number, path in enumerate(sorted(tree.rglob("*"))):
        os.utime(path, (10**9 + number, 10**9 + number))
        path.chmod(0o700 if path.is_dir() else 0o600)
    environment = {**os.environ, "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(command, check=True, cwd=tree, env=environment, capture_output=True)
    (again,) = tmp_path.glob("notices-*.whl")
    assert again.read_bytes() == wheel.read_bytes()


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """Unpack the wheel as an installer does, far from the tree."""
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


@pytest.fixture
def run(installed, tmp_path):
    """Run Python on the installed package, in an empty folder."""

    def call(*arguments: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(installed)}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    return call


def test_the_wheel_is_what_runs(run, installed):
    """The package comes from the wheel, not from the tree."""
    assert run("-c", "import notices; print(notices.__file__)").strip() == str(installed / "notices" / "__init__.py")


def test_the_wheel_holds_every_file_of_the_package(wheel):
    """Data, style sheet, licences, the typing marker and the rule pack are in it, and nothing else is."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    tracked = {
        str(path.relative_to(TREE))
        for path in (TREE / "notices").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    pack = {f"notices/pack/{path.relative_to(PACK).as_posix()}" for path in PACK.rglob("*.yaml")}
    assert "notices/pack/ru/ru-undesirable.yaml" in pack
    assert names == tracked | pack


def test_the_installed_service_answers(run, tmp_path):
    """Rules load, the embedded database answers, and a page gets its notice from the wheel alone."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "a.yaml").write_text(
        "rules:\n  a:\n    title: A\n    kind: reader-safety\n    status: active\n    where: [RU]\n"
        "    text: {en: Take care.}\n    owner: desk\n    review-by: 2027-01-01\n"
    )
    program = (
        "from notices.wsgi import NoticesMiddleware as M\n"
        "app = lambda e, s: (s('200 OK', [('Content-Type', 'text/html')]), [b'<!doctype html><p>x'])[1]\n"
        "page = M(app, rules='rules', state=None, reload='off')\n"
        "e = {'REQUEST_METHOD': 'GET', 'PATH_INFO': '/', 'HTTP_ACCEPT': 'text/html', 'REMOTE_ADDR': '77.88.8.8',"
        " 'SERVER_NAME': 'x', 'SERVER_PORT': '80', 'wsgi.url_scheme': 'http'}\n"
        "print(b''.join(page(e, lambda *a: None)).decode())\n"
    )
    page = run("-c", program)
    assert page.count("<aside") == 1
    assert "Take care." in page
    assert "<style" in page


def test_the_installed_command_answers(run):
    """The command line finds its data."""
    shown = json.loads(run("-m", "notices", "schema"))
    assert shown["$schema"] == "https://json-schema.org/draft/2020-12/schema"
