"""YAML text as nodes that know their line and column, and whatever is wrong with it as problems."""

from .nodes import Listing as Listing
from .nodes import Node as Node
from .nodes import Scalar as Scalar
from .nodes import Table as Table
from .nodes import read_document as read_document
from .nodes import scalar_in as scalar_in
