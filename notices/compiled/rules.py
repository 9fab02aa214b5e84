"""A folder's rules as a start has read them: their values, and their texts rendered but for the slots."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from notices.folder.files import read_folder
from notices.folder.loaded import Loaded, digest_of
from notices.loader.paths import PREFIX, pack_folder
from notices.markdown import keep_template, template_of
from notices.plain import from_rows, to_rows

from .sealed import read_sealed, write_sealed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notices.ruleset import Ruleset

NAME = "compiled"
#: At most so many texts are kept rendered; the others are rendered when they are first shown.
MOST_TEMPLATES = 1_000


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """``digest`` is that of the files which ``rows`` were made of; ``pack`` names those that the pack gave."""

    digest: str
    pack: list[str]
    rows: bytes


def find_compiled(kept_in: Path | None, folder: Path) -> Loaded | None:
    """What loading *folder* would give, from *kept_in*; None where that is not known for certain."""
    if kept_in is None:
        return None
    with suppress(Exception):  # whatever is wrong with it: the folder itself is there to be read
        kept = msgspec.msgpack.decode(read_sealed(kept_in / NAME, NAME), type=_Kept)
        pack = {path: (pack_folder() / path.removeprefix(PREFIX)).read_bytes() for path in kept.pack}
        files = read_folder(folder) | pack
        if kept.digest == digest_of(files):
            ruleset, warnings, templates = from_rows(msgspec.msgpack.decode(kept.rows))
            for source, template in templates.items():
                keep_template(source, template)
            return Loaded(ruleset, warnings, files)
    return None


def keep_compiled(kept_in: Path | None, loaded: Loaded) -> None:
    """Keep in the folder *kept_in* what a load has given; a folder that cannot be written to keeps nothing."""
    if kept_in is None:
        return
    with suppress(TypeError):
        templates = {text: template_of(text) for text in islice(_texts_shown(loaded.ruleset), MOST_TEMPLATES)}
        rows = msgspec.msgpack.encode(to_rows((loaded.ruleset, loaded.warnings, templates)))
        kept = _Kept(loaded.ruleset.digest, sorted(path for path in loaded.files if path.startswith(PREFIX)), rows)
        write_sealed(kept_in / NAME, NAME, msgspec.msgpack.encode(kept))


def _texts_shown(ruleset: Ruleset) -> Iterator[str]:
    """The sources of all texts that the rules in force can show."""
    for rule in ruleset.active:
        for version in rule.texts:
            for text in version.texts.values():
                yield from filter(None, (text.title, text.body, text.short))
