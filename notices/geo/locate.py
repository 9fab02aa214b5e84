"""The locator: what all sources say about one visitor becomes one location (spec: service 2, rules 4)."""

from __future__ import annotations

from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING

from notices.errors import QuestionError
from notices.expressions import late
from notices.location import Location
from notices.memo import Memo
from notices.region import WORLD, nearest_region

from .address import PLAINLY_PUBLIC, ipv4_number, is_public, read_address, unwrap
from .claim import ANONYMISING
from .evidence import Said, SourceReport, conclude, judge
from .forwarding import Proxies, client_address
from .headers import geo_claim

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notices.gazetteer import Gazetteer
    from notices.settings import Settings

    from .address import Address
    from .database import Database

    #: The number of the claim about a visitor, where there are several databases those of all.
    Claimed = tuple[int, ...] | int

    Header = Callable[[str], str | None]

_UNKNOWN = "unknown"
_WORDS = (_UNKNOWN, *ANONYMISING)
_CODE = late(r"([A-Za-z]{2})(?:-([A-Za-z0-9]{1,4}))?")
_ALPHA_3 = late(r"[A-Za-z]{3}(?:-[A-Za-z0-9]{1,4})?")


class Locator:
    """Locates visitors by the site's settings; holds no state of any request."""

    def __init__(self, settings: Settings, databases: Sequence[Database], gazetteer: Gazetteer) -> None:
        self._settings = settings
        self._databases = tuple(databases)
        self._gazetteer = gazetteer
        # Keyed by what the sources said, never by an address: there are a few thousand different claims.
        self._concluded = lru_cache(maxsize=4096)(partial(conclude, gazetteer=gazetteer, unite=settings.unite))
        # The same by the numbers of the databases' claims, with what the headers said if they are asked.
        self._located: Memo[object, Location] = Memo(4096)
        self._proxies = Proxies(settings.trusted_proxies, settings.forwarded_header)
        self._claim = _claims_of([database.claim_number for database in self._databases])
        self._asks_databases = "database" in settings.location
        self._asks_headers = settings.geo_header is not None and "header" in settings.location

    @property
    def databases(self) -> tuple[Database, ...]:
        """The databases asked, in order."""
        return self._databases

    @property
    def failures(self) -> int:
        """How many look-ups in the databases failed in this process."""
        return sum(database.failures for database in self._databases)

    def locate(self, peer: str, header: Header) -> Location:
        """Where the visitor of a request may be.

        *peer* is the socket's peer as the server gives it (empty for a unix socket), *header* gives the value of a
        request header by name, None for one that is absent.
        """
        number = self._proxies.visitor(peer, header) if self._asks_databases else None
        claimed = self._claimed(number)
        if claimed is None:
            return self._concluded(self._asked(peer, header))
        if not self._asks_headers:
            return self.located(claimed)
        stated = self._in_headers(peer, header)
        key = (claimed, *stated)
        return self._located.get(key) or self._located.put(key, self._meant(claimed, stated))

    def locate_address(self, text: str) -> Location:
        """Where an address that somebody asks about may be; only the databases are asked.

        :raises QuestionError: when *text* is no address; the message does not repeat it.
        """
        claimed = self.claimed(text)
        if claimed is None:
            return self._concluded(tuple(self._in_databases(_stated_address(text))))
        return self.located(claimed)

    def claimed(self, text: str) -> Claimed | None:
        """What the databases claim about an address, as numbers: all of one number are located alike.

        None where only :meth:`locate_address` can tell.
        """
        number = ipv4_number(text)
        return None if number is None or not PLAINLY_PUBLIC[number >> 16] else self._claim(number)

    def located(self, claimed: Claimed) -> Location:
        """Where those are of whom the databases claim *claimed*."""
        return self._located.get(claimed) or self._located.put(claimed, self._meant(claimed))

    def _claimed(self, number: int | None) -> Claimed | None:
        """What the databases claim about an IPv4 address, as numbers; None where only the long way can tell."""
        return None if number is None or not PLAINLY_PUBLIC[number >> 16] else self._claim(number)

    def _meant(self, claimed: Claimed, stated: Sequence[Said] | None = None) -> Location:
        """The location by what databases have *claimed*, alone or, in the site's order, with what headers *stated*."""
        numbers = (claimed,) if isinstance(claimed, int) else claimed
        pairs = zip(self._databases, numbers, strict=True)
        in_databases = [Said("database", database.info.file, database.claim(number)) for database, number in pairs]
        if stated is None:
            return self._concluded(tuple(in_databases))
        order = [stated if source == "header" else in_databases for source in self._settings.location]
        return self._concluded(tuple(chain.from_iterable(order)))

    def trace(self, peer: str, header: Header) -> tuple[SourceReport, ...]:
        """What every source said about the visitor of a request, and whether it was believed."""
        return judge(self._asked(peer, header), self._gazetteer, unite=self._settings.unite)

    def trace_address(self, text: str) -> tuple[SourceReport, ...]:
        """What every database says about an address, as :meth:`trace`.

        :raises QuestionError: when *text* is no address; the message does not repeat it.
        """
        said = self._in_databases(_stated_address(text))
        return judge(said, self._gazetteer, unite=self._settings.unite)

    def forwarding_ignored(self, peer: str, header: Header) -> bool:
        """Whether the request carries a forwarding header that is not believed because its peer is not trusted."""
        if self._proxies.trust(peer):
            return False
        return header("X-Forwarded-For") is not None or header("Forwarded") is not None

    def _asked(self, peer: str, header: Header) -> tuple[Said, ...]:
        """What the sources say, in the site's order."""
        said: list[Said] = []
        for source in self._settings.location:
            said += self._in_headers(peer, header) if source == "header" else self._by_address(peer, header)
        return tuple(said)

    def _by_address(self, peer: str, header: Header) -> Sequence[Said]:
        form, trusted = self._settings.forwarded_header, self._settings.trusted_proxies
        return self._in_databases(client_address(peer, header(form), form, trusted))

    def _in_headers(self, peer: str, header: Header) -> Sequence[Said]:
        form = self._settings.geo_header
        if form is None:
            return ()
        name = form if isinstance(form, str) else "mapping"
        if not self._proxies.trust(peer):
            return (Said("header", name, None, "the request does not come from a trusted proxy"),)
        return (Said("header", name, geo_claim(form, header)),)

    def _in_databases(self, address: Address | None) -> Sequence[Said]:
        if address is None:
            return self._unasked("the visitor's address is not known")
        if not is_public(address):
            return self._unasked("the address is private or reserved")
        return [Said("database", database.info.file, database.look_up(address)) for database in self._databases]

    def _unasked(self, why: str) -> Sequence[Said]:
        return [Said("database", database.info.file, None, why) for database in self._databases]


def _claims_of(asked: Sequence[Callable[[int], int | None]]) -> Callable[[int], Claimed | None]:
    """What all databases claim about an IPv4 address: one number, or a tuple where there are several databases."""
    if len(asked) == 1:
        return asked[0]

    def claims(number: int) -> Claimed | None:
        found = [claim_number(number) for claim_number in asked]
        numbers = tuple(one for one in found if one is not None)
        return numbers if len(numbers) == len(found) else None

    return claims


def _stated_address(text: str) -> Address | None:
    """The address that a look-up asks about, None for one that says nothing.

    :raises QuestionError: when *text* is none.
    """
    address = read_address(text.strip())
    if address is None:
        raise QuestionError("ip", "it is no IP address in a standard written form, such as 192.0.2.1 or 2001:db8::1")
    return unwrap(address)


def location_for(regions: Sequence[str], gazetteer: Gazetteer) -> Location:
    """The location that a look-up states: region codes, ``unknown``, or a kind of network (``tor``, ``vpn`` ...).

    Several are united like sources: ``unknown`` adds nothing, a network leaves nothing else. Codes are read like a
    source's, so that ``ua-43``, ``FR-971`` and a labelled ``RU-CR`` mean what they mean in a header.

    :raises QuestionError: for what is neither; the text is repeated only where it has the form of a code.
    """
    networks = {text.lower() for text in regions} & set(ANONYMISING)
    if networks:
        network = next(network for network in ANONYMISING if network in networks)
        return Location((WORLD,), network, "query")
    stated = (text for text in regions if text.lower() not in (_UNKNOWN, WORLD))
    return Location.uniting((code for text in stated for code in _stated_region(text, gazetteer)), source="query")


def _stated_region(text: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    match = _CODE.fullmatch(text)
    if match is None:
        nearest = nearest_region(text) if _ALPHA_3.fullmatch(text) else None
        words = f"it is no ISO 3166 code such as UA or UA-43, and none of {', '.join(_WORDS)}"
        raise QuestionError("region", f"{words}{_hint(nearest)}")
    country, code = match[1], match[2]
    candidates = gazetteer.resolve(country, (code,) if code else ())
    if candidates == (WORLD,) or (code and candidates == gazetteer.resolve(country)):
        raise QuestionError("region", f"{text!r} is no ISO 3166 code{_hint(nearest_region(text))}")
    return candidates


def _hint(nearest: str | None) -> str:
    return f"; did you mean {nearest}?" if nearest else ""
