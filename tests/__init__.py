"""Tests: one file a module; shared values and judges stand beside them."""
