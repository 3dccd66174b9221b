"""What the endpoints of watsonx.ai say to good requests, and how they refuse bad ones."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from esg.embed.wordpiece import WordPieceTokenizer

Json = dict[str, Any]
Vectorise = Callable[[Sequence[str], int], Sequence[Sequence[float]]]  # texts, dimensions -> one row per text
Chat = Callable[[Sequence[Mapping[str, str]]], str | Mapping[str, Any]]  # messages -> content

DIMENSIONS = {
    "ibm/slate-30m-english-rtrvr-v2": 384,
    "ibm/slate-125m-english-rtrvr-v2": 768,
    "ibm/granite-embedding-278m-multilingual": 768,
}
CHAT_MODELS = ("ibm/granite-4-h-small", "ibm/granite-3-3-8b-instruct")
RERANK_MODELS = ("cross-encoder/ms-marco-minilm-l-12-v2",)
MAX_INPUTS = 1000
MAX_TOKENS = 512
PROJECT = "11111111-2222-3333-4444-555555555555"
TOKENIZER = WordPieceTokenizer()


class Refused(Exception):
    """The service would answer with this status and error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "errors": [{"code": code, "message": message}],
            "trace": "0" * 32,
            "status_code": status,
        }


def hashed(texts: Sequence[str], dimensions: int) -> list[list[float]]:
    """Vectors that mean nothing but are the same for the same text."""
    return [_hashed(text, dimensions) for text in texts]


def said_nothing(messages: Sequence[Mapping[str, str]]) -> Mapping[str, Any]:
    """The chat of a peer that nobody told what to say."""
    del messages
    return {}


def embeddings(asked: Json, vectorise: Vectorise) -> Json:
    model, inputs = _model(asked, DIMENSIONS), asked["inputs"]
    if not 1 <= len(inputs) <= MAX_INPUTS:
        raise Refused(400, "invalid_request_entity", f"inputs: {len(inputs)}, not 1 to {MAX_INPUTS}")
    counts = [_tokens(text) for text in inputs]
    cut = asked.get("parameters", {}).get("truncate_input_tokens")
    if cut is None and max(counts) > MAX_TOKENS:
        raise Refused(400, "invalid_input_argument", f"{max(counts)} tokens are over the limit {MAX_TOKENS}")
    rows = [{"embedding": [float(x) for x in row]} for row in vectorise(inputs, DIMENSIONS[model])]
    return {"model_id": model, "results": rows, "input_token_count": sum(counts)}


def chat(asked: Json, say: Chat) -> Json:
    model, content = _model(asked, CHAT_MODELS), say(asked["messages"])
    text = content if isinstance(content, str) else json.dumps(content)
    prompt, completion = sum(_tokens(m["content"]) for m in asked["messages"]), _tokens(text)
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return {
        "id": "chat-0",
        "model_id": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": usage,
    }


def generation(asked: Json, say: Chat) -> Json:
    model, content = _model(asked, CHAT_MODELS), say([{"role": "user", "content": asked["input"]}])
    text = content if isinstance(content, str) else json.dumps(content)
    result = {
        "generated_text": text,
        "generated_token_count": _tokens(text),
        "input_token_count": _tokens(asked["input"]),
        "stop_reason": "eos_token",
    }
    return {"model_id": model, "results": [result]}


def rerank(asked: Json, vectorise: Vectorise) -> Json:
    """Scores are how many words of the query a text has; the best first, as the service gives them."""
    del vectorise
    model, words = _model(asked, RERANK_MODELS), set(asked["query"].lower().split())
    scores = [float(len(words & set(entry["text"].lower().split()))) for entry in asked["inputs"]]
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    tokens = sum(_tokens(entry["text"]) for entry in asked["inputs"]) + _tokens(asked["query"])
    results = [{"index": i, "score": scores[i]} for i in order]
    return {"model_id": model, "results": results, "input_token_count": tokens}


def tokenization(asked: Json) -> Json:
    model = _model(asked, (*CHAT_MODELS, *DIMENSIONS))
    return {"model_id": model, "result": {"token_count": _tokens(asked["input"])}}


def models() -> Json:
    of = {"embedding": DIMENSIONS, "text_chat": CHAT_MODELS, "rerank": RERANK_MODELS}
    resources = [
        {"model_id": name, "functions": [{"id": function}]}
        for function, names in of.items()
        for name in names
    ]
    return {"total_count": len(resources), "resources": resources}


def _model(asked: Json, known: Mapping[str, int] | Sequence[str]) -> str:
    if asked.get("project_id") != PROJECT:
        raise Refused(404, "project_not_found", f"Project {asked.get('project_id')} was not found")
    model = str(asked.get("model_id"))
    if model not in known:
        raise Refused(404, "model_not_supported", f"Model '{model}' is not supported for this environment")
    return model


def _tokens(text: str) -> int:
    return len(TOKENIZER.encode(text))


def _hashed(text: str, dimensions: int) -> list[float]:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    row = np.random.default_rng(seed).normal(size=dimensions)
    return [float(x) for x in row / np.linalg.norm(row)]
