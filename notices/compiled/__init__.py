"""What a start has found out is spared the next one: rules as they were read, databases as they were checked.

What is kept holds values alone, and is taken only where everything that it was made of is as it was. Whatever is not
so, or cannot be read, is as if nothing were kept.
"""

from __future__ import annotations

from .databases import KeptFindings as KeptFindings
from .rules import find_compiled as find_compiled
from .rules import keep_compiled as keep_compiled
