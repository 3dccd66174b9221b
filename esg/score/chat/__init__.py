"""The judge that asks a language model, and takes from its answer only what the rubric hears for itself.

The model proposes; a quote that is not verbatim, of a passage it was not given, or without the rubric's own
words is dropped and counted (docs/adr/a-model-proposes-the-rubric-decides.md).
"""

from esg.score.chat.base import Answer, Chat, Kept
from esg.score.chat.judge import ChatJudge

__all__ = ["Answer", "Chat", "ChatJudge", "Kept"]
