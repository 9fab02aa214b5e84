"""A plot of the figures beside their goals, as SVG without any library: one bar a figure, one line at the goal."""

from __future__ import annotations

from html import escape
from math import log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.goals import Goal

_LINE, _LABELS, _BARS, _TOP = 26, 430, 420, 56
_FONT = 'font-family="sans-serif" font-size="13"'
_GOOD, _BAD, _PLAIN = "#2b7a4b", "#b3382c", "#5b6b7b"


def draw(rows: Sequence[tuple[Goal, float]]) -> str:
    """The figures as multiples of their goals, on a logarithmic scale: right of the line is better than asked for."""
    rows = [(goal, figure) for goal, figure in rows if _goal_of(goal)]
    height = _TOP + _LINE * len(rows) + 30
    middle = _LABELS + _BARS / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LABELS + _BARS + 150} {height}" {_FONT}>',
        '<rect width="100%" height="100%" fill="#fff"/>',
        '<text x="16" y="26" font-size="17">Figures beside their goals: right of the line is better</text>',
        *_scale(height),
    ]
    for place, (goal, figure) in enumerate(rows):
        parts += _bar(goal, figure, _TOP + _LINE * place)
    parts.append(f'<path d="M{middle} {_TOP - 10}V{height - 24}" stroke="#111" stroke-width="1.5"/></svg>\n')
    return "\n".join(parts)


def _goal_of(goal: Goal) -> float | None:
    return goal.least or goal.most


def _bar(goal: Goal, figure: float, top: float) -> list[str]:
    bound = _goal_of(goal)
    assert bound
    better = figure / bound if goal.least else bound / max(figure, 1e-9)
    width = max(-1.0, min(1.0, log10(better) / 2)) * _BARS / 2
    middle = _LABELS + _BARS / 2
    colour = _GOOD if goal.met(figure) else _BAD
    title = escape(f"{goal.what} / {goal.against}")
    return [
        f'<text x="{_LABELS - 10}" y="{top + 14}" text-anchor="end">{title}</text>',
        f'<path d="M{middle:.1f} {top + 10.5}h{width or 1.5:.1f}" stroke="{colour}" stroke-width="15"/>',
        f'<text x="{_LABELS + _BARS + 8}" y="{top + 14}">{escape(write(figure))} {escape(goal.unit)}</text>',
    ]


def _scale(height: float) -> list[str]:
    """Faint lines at a hundredth to a hundred times the goal."""
    lines = []
    for power in (-2, -1, 0, 1, 2):
        x = _LABELS + _BARS / 2 * (1 + power / 2)
        lines.append(f'<path d="M{x} {_TOP - 10}V{height - 24}" stroke="#ddd"/>')
        lines.append(f'<text x="{x}" y="{height - 8}" text-anchor="middle" fill="{_PLAIN}">{10.0**power:g} x</text>')
    return lines


def write(figure: float) -> str:
    """A figure with three digits, or whole where it is large."""
    return f"{figure:,.0f}" if abs(figure) >= 100 or figure == int(figure) else f"{figure:.3g}"
