"""What the service counts for Prometheus: by rule and outcome only, never an address, never a region per reader.

The counts are plain numbers; Prometheus' client is imported when somebody asks for them, or where it is to write them
to files that several processes share.
"""

from __future__ import annotations

from .metrics import Metrics as Metrics
