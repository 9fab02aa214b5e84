"""Location databases fetched, checked and put in place: the one room that connects to anywhere.

Only the command line imports it; nothing that serves does, and a test holds that.
"""

from __future__ import annotations

from .account import Account as Account
from .account import account_from as account_from
from .editions import DEFAULT as DEFAULT
from .editions import Edition as Edition
from .editions import Source as Source
from .editions import edition_named as edition_named
from .limits import Limits as Limits
from .renew import Renewed as Renewed
from .renew import Wanted as Wanted
from .renew import renew as renew
from .urls import read_url as read_url
