"""Documents -> a ruleset, or every problem that stands in the way (spec: rules)."""

from .documents import Reading as Reading
from .documents import is_test as is_test
from .documents import parse_documents as parse_documents
