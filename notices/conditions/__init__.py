"""Say whether a page is one that a rule is for, in words for one rule and as a class of pages for all."""

from __future__ import annotations

from .classes import PageClass as PageClass
from .classes import PageClasses as PageClasses
from .facts import examine as examine
from .facts import publisher_of as publisher_of
from .finding import Finding as Finding
from .finding import either_of as either_of
from .patterns import host_matches as host_matches
from .patterns import path_matches as path_matches
from .statuses import statuses_in_words as statuses_in_words
from .worlds import Side as Side
from .worlds import is_plain as is_plain
from .worlds import joint_worlds as joint_worlds
from .worlds import worlds as worlds
