"""What a reader asks, and the words it is looked up by."""

import re
from dataclasses import dataclass

_FRAME = re.compile(
    r"""
      \A\W* (?: does | do | did | is | are | was | were | has | have | had | can | will ) \s
      (?: the \s | this \s | your \s )?
      (?: compan(?:y|ies) | organi[sz]ations? | firm | group | entity | undertaking | issuer | business | bank
        | report | reporting \s (?: company | entity | organi[sz]ation ) ) \s
      (?: (?: also | currently | already | publicly ) \s )?
      (?: (?: report | disclose | describe | explain | provide | have | had | made? | seek | take | specify
            | specified | identif(?:y|ied) | state | mention | indicate | give | given ) \s )?
      (?: (?: to | on | that | any | an? | the ) \s )*
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and, where there is one, what is meant by it: its definition, with examples of answers."""

    text: str
    definition: str = ""

    @property
    def words(self) -> str:
        """All that is known of it, for the search by words."""
        return f"{self.text} {self.definition}".strip()

    @property
    def subject(self) -> str:
        """What it is about, for the search by meaning: no page says "does the company report …"."""
        bare = self.text if self.definition else _FRAME.sub("", self.text, count=1)
        return f"{bare or self.text} {self.definition}".strip()
