"""The arrows between the rooms run one way: the README's map is the law, and the imports are read against it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TREE = Path(__file__).parent.parent
PACKAGE = TREE / "notices"
MAP = (TREE / "README.md").read_text("utf-8").partition("## Map of the package")[2].partition("\n## ")[0]
#: The pure core knows no framework, no socket, no thread, no process and no clock.
FORBIDDEN_IN_CORE = {"flask", "werkzeug", "socket", "threading", "time", "urllib.request", "http.client", "subprocess"}
#: What the core may do nevertheless: location databases are opened once and counted under a lock.
#: Of ``socket`` only the parser of written addresses, see below.
ALLOWED = {"geo": {"threading", "socket"}}


def the_map(text: str = MAP) -> dict[str, int]:
    """Room -> layer, from the README's map of the package."""
    rooms: dict[str, int] = {}
    for layer, names in re.findall(r"^L(\d+)\s+([a-z_/]+(?:, [a-z_/]+)*) {2}", text, flags=re.MULTILINE):
        rooms |= {name.strip("/"): int(layer) for name in names.split(", ")}
    return rooms


def the_core() -> set[str]:
    """The rooms above the map's line of adapters."""
    core, _, adapters = MAP.partition("adapters")
    assert adapters
    return set(the_map(core))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def name_of(path: Path) -> str:
    return ".".join(("notices", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def statements(tree: ast.AST, *, typing: bool) -> list[ast.AST]:
    """Every node of *tree*, without those under ``if TYPE_CHECKING`` where typing does not count."""
    if not typing and isinstance(tree, ast.If) and isinstance(tree.test, ast.Name) and tree.test.id == "TYPE_CHECKING":
        return []
    below = [node for child in ast.iter_child_nodes(tree) for node in statements(child, typing=typing)]
    return [tree, *below]


def imported(path: Path, *, typing: bool = True) -> set[str]:
    """Absolute names of the modules that *path* imports, at its top and in functions, for typing too or not."""
    names: set[str] = set()
    package = ("notices", *path.relative_to(PACKAGE).parent.parts)
    known = {name_of(module) for module in modules()}
    for node in statements(ast.parse(path.read_text("utf-8")), typing=typing):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, node.module) if node.module else base)
            names |= {full if (full := f"{module}.{alias.name}") in known else module for alias in node.names}
    return names


def rooms_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("notices.")} - {room_of(path)}


def test_the_map_names_every_room_and_no_other():
    """A newcomer finds each module on the map."""
    assert set(the_map()) == {room_of(path) for path in modules()}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_down_only(path):
    """A module imports from lower layers alone."""
    layers = the_map()
    upward = {room for room in rooms_imported(path) if room in layers and layers[room] >= layers[room_of(path)]}
    assert not upward


@pytest.mark.parametrize(
    "path",
    [path for path in modules() if room_of(path) in the_core()],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_the_core_is_pure(path):
    """No framework, socket, process, thread or clock in a room of the core."""
    room = room_of(path)
    assert not imported(path) & (FORBIDDEN_IN_CORE - ALLOWED.get(room, set()))
    assert not re.search(r"datetime\.now|\bdate\.today|\btime\.time\b", path.read_text("utf-8"))


def test_of_sockets_the_core_knows_only_how_addresses_are_written():
    """What reads an address as text opens nothing."""
    for path in modules():
        if room_of(path) in the_core():
            text = path.read_text("utf-8")
            names = {name.strip() for line in re.findall(r"from socket import (.+)", text) for name in line.split(",")}
            assert names <= {"AF_INET", "AF_INET6", "inet_pton"}
            assert not re.search(r"^\s*import socket", text, flags=re.MULTILINE)


def test_no_two_modules_import_one_another():
    """Not even within a package, however many steps apart: the modules can be put in an order."""
    arrows = {name_of(path): imported(path, typing=False) for path in modules()}
    known = set(arrows)
    placed: set[str] = set()
    while ready := {name for name in known - placed if (arrows[name] & known) - {name} <= placed}:
        placed |= ready
    assert placed == known


def test_no_room_is_called_utils():
    """Split by noun."""
    assert not {path.stem for path in modules()} & {"utils", "helpers", "common", "misc"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_names_its_room(path):
    """A module opens with one sentence that says what it is for, and stays within 300 lines."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring
    assert docstring.splitlines()[0].rstrip().endswith((".", ":"))
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_pattern_repeats_a_group_possessively(path):
    """Python before 3.11.5, Debian 12's among them, matches such groups wrongly (gh-106052): atomic ones are right."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            # A bracket among the quotes of an address's characters is no group.
            assert text.endswith("*+,;=~") or not re.search(r"(?<!\\)\)(?:[*+?]|\{[0-9,]+\})\+", text)
