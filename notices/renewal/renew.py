"""One update of one location database: fetched, unpacked, checked, compared with the one in use, put in place."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from notices.errors import DatabaseError, UpdateError
from notices.geo.age import age_in_days, is_stale
from notices.geo.database import open_database

from .fetch import Client
from .limits import Deadline, Limits
from .origin import ENDING, Origin, file_sum, listed_sha1, listed_sha256, read_origin, write_origin
from .place import beside, put_in_place, working_folder
from .probe import check_answers, check_date, check_kind
from .unpack import unpack

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from notices.geo.database import Database

    from .account import Account
    from .editions import Source
    from .fetch import Fetched, Progress

_MAX_LIST, _MAX_PAGE = 1 << 16, 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to fetch: the first of ``sources`` that is there; ``type`` is the metadata's, None for whatever is in use.

    ``force`` takes an older database, or one that answers differently or is of another type; never a damaged one.
    """

    sources: tuple[Source, ...]
    type: str | None
    account: Account | None = None
    force: bool = False
    keep_previous: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """What became of an update: ``updated``, or ``current`` where nothing newer is to be had; what people may read."""

    outcome: Literal["updated", "current"]
    database: Database
    sha256: str
    notes: tuple[str, ...]


def renew(
    wanted: Wanted, target: Path, now: datetime, *, limits: Limits | None = None, progress: Progress | None = None
) -> Renewed:
    """Fetch what is *wanted* and put it at *target*, which may be in use; *now* is the present, aware.

    :raises UpdateError: whatever goes wrong; the file at *target* is then as it was.
    """
    with working_folder(target) as folder:
        return _Update(wanted, target, folder, now, limits or Limits(), progress).run()


@dataclass
class _Update:
    wanted: Wanted
    target: Path
    folder: Path
    now: datetime
    limits: Limits
    progress: Progress | None
    notes: list[str] = field(default_factory=list)

    def run(self) -> Renewed:
        client = Client(Deadline(self.limits), self.wanted.account)
        old = self._present()
        known = self._known(old)
        for source in self.wanted.sources:
            try:
                return self._from(source, client, old, known)
            except UpdateError as error:
                if error.status != 404 or source is self.wanted.sources[-1]:
                    raise
        raise UpdateError("there is nowhere to fetch it from")

    def _present(self) -> Database | None:
        """The database in use, None where there is none that can be."""
        try:
            return open_database(self.target)
        except DatabaseError as error:
            if self.target.exists():
                self.notes.append(f"the file in place cannot be used and is replaced: {error}")
            return None

    def _known(self, old: Database | None) -> Origin | None:
        """What is remembered of the database in use, where that still is what was fetched."""
        origin = read_origin(beside(self.target, ENDING))
        if old is None or origin is None or file_sum(self.target) != origin.sha256:
            return None
        return origin

    def _from(self, source: Source, client: Client, old: Database | None, known: Origin | None) -> Renewed:
        same = known if known is not None and known.url == source.url.partition("?")[0] else None
        expected = self._expected(source, client)
        if same is not None and old is not None and expected is not None and expected == same.archive:
            return self._renewed("current", old, same.sha256)
        archive = self.folder / "archive"
        fetched = self._fetch(source, client, archive, {} if same is None else same.validators)
        if fetched.status == 304 and same is not None and old is not None:
            return self._renewed("current", old, same.sha256)
        if fetched.status == 304:
            raise UpdateError("the server says that nothing is new, and was not asked that")
        if expected is not None and fetched.sha256 != expected:
            raise UpdateError("what came has another SHA-256 than its publisher lists for it")
        return self._take(source, client, fetched, old)

    def _take(self, source: Source, client: Client, fetched: Fetched, old: Database | None) -> Renewed:
        new = self.folder / self.target.name
        with new.open("xb") as file:
            unpack(self.folder / "archive", file, self.limits.database)
        self._check_page(source, client, new)
        try:
            database = open_database(new)
        except DatabaseError as error:
            page = " (the server sent a web page)" if fetched.page else ""
            raise UpdateError(f"what came cannot be used: {str(error).partition(': ')[2]}{page}") from None
        self._compare(database, old)
        digest = file_sum(new)
        unchanged = old is not None and digest == file_sum(self.target)
        origin = Origin(
            url=source.url.partition("?")[0],
            fetched_at=f"{self.now:%Y-%m-%dT%H:%M:%SZ}",
            sha256=digest,
            archive=fetched.sha256,
            validators=dict(fetched.validators),
        )
        sums = {".sha256": f"{digest}  {self.target.name}\n".encode(), ENDING: write_origin(origin)}
        put_in_place(new, self.target, sums, keep_previous=self.wanted.keep_previous and not unchanged)
        return self._renewed("current" if unchanged else "updated", database, digest)

    def _expected(self, source: Source, client: Client) -> str | None:
        """The SHA-256 of the archive that a list states; None where there is no list."""
        if source.sha256 is None:
            return None
        try:
            text = _small(client, source.sha256, _MAX_LIST)
        except UpdateError as error:
            if self.wanted.account is not None or error.status not in (403, 404):
                raise
            self.notes.append("there is no .sha256 beside it: only gzip's own checksum and the contents were checked")
            return None
        if (found := listed_sha256(text)) is None:
            raise UpdateError("the list of checksums holds no SHA-256")
        return found

    def _fetch(self, source: Source, client: Client, archive: Path, validators: dict[str, str]) -> Fetched:
        with archive.open("wb") as file:
            return client.fetch(source.url, file, self.limits.archive, validators=validators, progress=self.progress)

    def _check_page(self, source: Source, client: Client, new: Path) -> None:
        """Compare with the sums on the publisher's page, which is for people: where it cannot be read, say so."""
        if source.sha1_page is None:
            return
        try:
            listed = listed_sha1(_small(client, source.sha1_page, _MAX_PAGE), source.name)
        except UpdateError as error:
            listed = frozenset()
            self.notes.append(f"the page with the checksums cannot be read: {error}")
        else:
            if not listed:
                self.notes.append(f"the publisher's page lists no checksum for {source.name}")
        if listed and file_sum(new, "sha1") not in listed:
            raise UpdateError("what came has another SHA-1 than its publisher lists for it")

    def _compare(self, database: Database, old: Database | None) -> None:
        checks: tuple[Callable[[], None], ...] = (
            lambda: check_kind(database, self.wanted.type, old),
            lambda: check_date(database, old, self.now),
            lambda: check_answers(database, old),
        )
        for check in checks:
            try:
                check()
            except UpdateError as error:
                if not self.wanted.force:
                    raise UpdateError(f"{error}; --force takes it all the same") from None
                self.notes.append(f"taken all the same: {error}")

    def _renewed(self, outcome: Literal["updated", "current"], database: Database, digest: str) -> Renewed:
        built = database.info.built
        if is_stale(built, self.now):
            self.notes.append(f"it is {age_in_days(built, self.now)} days old, which is stale")
        return Renewed(outcome=outcome, database=database, sha256=digest, notes=tuple(self.notes))


def _small(client: Client, url: str, limit: int) -> str:
    content = BytesIO()
    client.fetch(url, content, limit)
    return content.getvalue().decode("utf-8", "replace")
