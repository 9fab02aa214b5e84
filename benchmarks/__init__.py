"""Benchmarks: one file a question; `python -m benchmarks` asks them all, side by side with named rivals."""
