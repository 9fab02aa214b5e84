"""The arrows between the rooms run one way: the README's map is the law, and the imports are read against it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TREE = Path(__file__).parent.parent
PACKAGE = TREE / "notices"
#: The pure core knows no framework, no socket, no thread and no clock.
FORBIDDEN_IN_CORE = {"flask", "werkzeug", "socket", "threading", "time", "urllib.request", "http.client", "subprocess"}
CORE_LAYERS = range(6)
#: Rooms of the core whose business is reading files.
READERS = {"folder", "geo"}


def the_map() -> dict[str, int]:
    """Room -> layer, from the README's map of the package."""
    block = (TREE / "README.md").read_text("utf-8").partition("## Map of the package")[2].partition("\n## ")[0]
    rooms: dict[str, int] = {}
    for layer, names in re.findall(r"^L(\d+)\s+([a-z_/]+(?:, [a-z_/]+)*)", block, flags=re.MULTILINE):
        rooms |= {name.strip("/"): int(layer) for name in names.split(", ")}
    return rooms


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def imported(path: Path) -> set[str]:
    """Absolute names of the modules that *path* imports, at its top, in functions and for typing alike."""
    names: set[str] = set()
    package = ("notices", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, node.module) if node.module else base)
            names |= {module} if module != "notices" else {f"notices.{alias.name}" for alias in node.names}
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


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_core_is_pure(path):
    """No framework, socket, thread or clock below the sixth layer, and no open file outside its readers."""
    room = room_of(path)
    if the_map().get(room) not in CORE_LAYERS:
        return
    assert not imported(path) & (FORBIDDEN_IN_CORE - ({"threading"} if room in READERS else set()))
    source = path.read_text("utf-8")
    assert not re.search(r"datetime\.now|\bdate\.today|\btime\.time\b", source)


def test_packages_hold_no_cycle():
    """Within a package, too, no two modules import one another, however many steps apart."""
    arrows = {path: imported(path) for path in modules()}
    name_of = {path: ".".join(("notices", *path.relative_to(PACKAGE).with_suffix("").parts)) for path in modules()}
    names = {name.removesuffix(".__init__"): path for path, name in name_of.items()}

    def reach(path: Path, seen: frozenset[Path]) -> None:
        for name in arrows[path] & names.keys():
            target = names[name]
            assert target not in seen or target == path, f"{name_of[path]} and {name} import one another"
            if target.name != "__init__.py" and target not in seen:
                reach(target, seen | {target})

    for path in modules():
        reach(path, frozenset({path}))


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
