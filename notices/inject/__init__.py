"""Put notices into a page that streams past: bytes in, the same bytes out with the notices at their places.

`insert` does it for one fragment; `Injector` does all edits of one page in one pass, without input or output.
"""

from __future__ import annotations

from .edits import Edits as Edits
from .edits import Feature as Feature
from .edits import Insertion as Insertion
from .edits import Missed as Missed
from .edits import Placed as Placed
from .edits import Report as Report
from .edits import Seen as Seen
from .edits import marker as marker
from .injector import Injector as Injector
from .inserting import insert as insert
from .outlines import Outlines as Outlines
from .selector import Selector as Selector
from .selector import SelectorError as SelectorError
from .selector import parse_selector as parse_selector
from .warming import warm as warm
