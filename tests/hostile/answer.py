"""What an input led to, in a word: `scorecard`, `ok`, an HTTP status, or the code of a reason."""

from collections.abc import Callable

Answer = str
Phase = Callable[[str], None]  # told what is about to be done, for whoever finds this process dead
