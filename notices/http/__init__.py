"""The plan on heads: what of a request to hold back and what of a response to change, all pure (spec: service, 3)."""
