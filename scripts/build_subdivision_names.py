"""Build the table of English names of subdivisions from CLDR, for location databases that give names without codes.

The source is ``subdivisions/en/en.json`` of the npm package ``cldr-subdivisions-full`` (Unicode CLDR, licence
Unicode-3.0). Names that say no more than the ISO 3166-2 name of the same code are left out, and so are all those of a
country in which CLDR calls one code what ISO calls another: it may not have followed a renumbering there, as in Iran.

Run with the package installed: ``python scripts/build_subdivision_names.py FOLDER`` on the unpacked npm package.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from notices.gazetteer import core_name, normal_name
from notices.region import contains, parents, region_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DATA = Path(__file__).resolve().parent.parent / "notices" / "data"


def renumbered(names: Mapping[str, str]) -> set[str]:
    """The countries in which a name belongs to another code of the ISO data, units within one another apart."""
    iso = region_names()
    codes: dict[tuple[str, str], set[str]] = {}
    for code, name in iso.items():
        codes.setdefault((code[:2], normal_name(name)), set()).add(code)
    return {
        code[:2]
        for code, name in names.items()
        for other in codes.get((code[:2], normal_name(name)), set()) - {code}
        if not contains(code, other) and not contains(other, code)
    }


def english_names(cldr: Mapping[str, str]) -> dict[str, str]:
    """ISO code -> CLDR's English name, where that is another than the ISO name; *cldr* has keys like ``uacr``."""
    iso = region_names()
    stated = {f"{key[:2]}-{key[2:]}".upper(): name for key, name in cldr.items()}
    names = {code: name for code, name in sorted(stated.items()) if code in parents()}
    unsure = renumbered(names)
    return {
        code: name for code, name in names.items() if code[:2] not in unsure and core_name(name) != core_name(iso[code])
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Write ``subdivisions-en.json`` and its licence."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, help="the unpacked npm package cldr-subdivisions-full")
    parser.add_argument("--output", type=Path, default=DATA / "subdivisions-en.json")
    options = parser.parse_args(argv)
    folder: Path = options.folder
    version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    cldr = json.loads((folder / "subdivisions" / "en" / "en.json").read_text(encoding="utf-8"))
    names = english_names(cldr["subdivisions"]["localeDisplayNames"]["subdivisions"])
    facts = {"source": "Unicode CLDR, npm package cldr-subdivisions-full", "version": version, "license": "Unicode-3.0"}
    output: Path = options.output
    output.write_text(json.dumps({**facts, "names": names}, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    licence = (folder / "LICENSE").read_text(encoding="utf-8")
    output.with_suffix(".LICENSE.txt").write_text(licence.rstrip() + "\n", encoding="utf-8")
    print(f"{output}: {len(names)} names of CLDR {version}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
