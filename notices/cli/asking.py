"""Questions at the terminal for what no option says, and what happens where nobody is there to answer."""

from __future__ import annotations

import sys
from typing import Any

import click


class Asking:
    """Who is asked, on standard error; where nobody is there, such as in a script, fillers stand in for answers."""

    def __init__(self) -> None:
        self._unanswered: list[str] = []
        #: The keys that hold fillers.
        self.filled: list[str] = []

    def ask(self, question: str, filler: str | None = None, key: str = "", **how: Any) -> Any:
        """The answer to *question*, which *key* is to hold; *filler* where the input is no terminal and has ended.

        Without a filler *key* is the option that answers.

        :raises click.UsageError: where nothing can stand in for the answer.
        """
        try:
            answer = None if sys.stdin is None else click.prompt(question, err=True, **how)
        except click.Abort as ended:
            if sys.stdin.isatty() or not isinstance(ended.__context__, EOFError):
                raise
            click.echo(err=True)
            answer = None
        if answer is not None:
            return answer
        if filler is None:
            raise click.UsageError(f"nobody was there to answer ({question}); say it by {key}")
        self._unanswered.append(question)
        self.filled.append(key)
        return filler

    def tell(self) -> None:
        """Say what is still to be written, where nobody answered."""
        if self._unanswered:
            click.echo(f"Nobody was there to answer; fill in: {'; '.join(self._unanswered)}", err=True)
