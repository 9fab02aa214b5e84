"""A rules folder as a ruleset that is right in itself: its files read, its examples run, its digest taken."""

from .files import read_folder as read_folder
from .load import Loaded as Loaded
from .load import examine_files as examine_files
from .load import load_files as load_files
from .load import load_folder as load_folder
