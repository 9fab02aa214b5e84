"""Documents -> a ruleset, or every problem that stands in the way (spec: rules)."""

from .cases import Case as Case
from .documents import is_test as is_test
from .documents import parse_documents as parse_documents
from .documents import read_cases as read_cases
