"""queries -> hits in one document: dense and lexical rankings, fused."""

from collections.abc import Sequence
from itertools import accumulate, chain

from esg.domain import Chunk, Hit, Vectors
from esg.embed import Embedder
from esg.embed.cosine import cosines, on_grid
from esg.retrieve.answer import answers
from esg.retrieve.bm25 import BM25
from esg.retrieve.counts import TermCounts
from esg.retrieve.fitting import embed_fitting
from esg.retrieve.fuse import hits
from esg.retrieve.question import Question


class Retriever:
    """Ranks the chunks of one document; `vectors` holds a row for each, made by `embedder`.

    `counts` are of the chunks' texts, where they were counted before.
    """

    def __init__(
        self,
        chunks: Sequence[Chunk],
        vectors: Vectors,
        embedder: Embedder,
        *,
        counts: TermCounts | None = None,
    ) -> None:
        if len(chunks) != len(vectors):
            raise ValueError(f"{len(chunks)} chunks and {len(vectors)} vectors")
        self._chunks = list(chunks)
        self._vectors = on_grid(vectors)
        self._words = BM25([chunk.text for chunk in chunks], counts)
        self._embedder = embedder

    def retrieve(self, queries: Sequence[str], *, k: int) -> list[Hit]:
        """Give the k chunks that answer best to all queries together, best first."""
        return self.retrieve_each([queries], k=k)[0]

    def retrieve_each(self, asked: Sequence[Sequence[str]], *, k: int) -> list[list[Hit]]:
        """Retrieve for several questions at once; each is a few queries, and one without any has no hits."""
        starts = [0, *accumulate(map(len, asked))]
        queries = [*chain.from_iterable(asked)]
        if not self._chunks or not queries:
            return [[] for _ in asked]
        dense = cosines(on_grid(embed_fitting(queries, self._embedder)), self._vectors)
        lexical = self._words.scores_of_each(queries)
        posed = [start for start, queries_of in zip(starts, asked, strict=False) if queries_of]
        found = iter(hits(self._chunks, dense, lexical, k=k, starts=posed))
        return [next(found) if queries_of else [] for queries_of in asked]

    def ask(self, question: Question, *, k: int) -> list[Hit]:
        """Give the k chunks that answer a reader's question best.

        With more care than `retrieve`: the sentences of the likely chunks are embedded, too, once each.
        """
        if not self._chunks:
            return []
        meaning = on_grid(embed_fitting([question.subject], self._embedder))
        dense = cosines(meaning, self._vectors)[0]
        lexical = self._words.scores(question.words)
        return answers(meaning, self._chunks, dense=dense, lexical=lexical, embedder=self._embedder, k=k)
