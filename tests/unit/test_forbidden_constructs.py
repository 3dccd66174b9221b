"""What the code never does, whatever a comment beside it says: a shell, pickles, code made of text."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("esg", "tasks", "workers", "beat_schedule", "api")
SOURCES = [*(path for name in FOLDERS for path in (ROOT / name).rglob("*.py")), ROOT / "celeryconfig.py"]

MODULES = {
    "pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "marshal",
    "shelve",
    "jsonpickle",
    "joblib",
    "pty",
    "telnetlib",
}
CALLS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "subprocess.getoutput",
    "subprocess.getstatusoutput", "yaml.load", "yaml.unsafe_load", "yaml.full_load", "tempfile.mktemp",
    "ssl._create_unverified_context", "numpy.load", "np.load",
}  # fmt: skip
KEYWORDS = {("shell", True), ("allow_pickle", True), ("verify", False), ("check_hostname", False)}
PUBLIC = {  # hashes of content, which are no secrets
    "api/routes/web/assets.py: asset.digest != digest",
    "esg/embed/pinned.py: found != sha256",
    "esg/score/verify.py: sha256(evidence.quote.encode()).hexdigest() != evidence.sha256",
}
EXCUSE = re.compile(r"#\s*(?:nosec|noqa: S\d)(?P<rest>.*)$")


def forbidden(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES:
            yield node.module or ""
        elif isinstance(node, ast.Call):
            yield from _in_call(node)


def _in_call(node: ast.Call) -> Iterator[str]:
    name = ast.unparse(node.func)
    if name in CALLS and not _is_plain_load(name, node):
        yield name
    for keyword in node.keywords:
        if isinstance(keyword.value, ast.Constant) and (keyword.arg, keyword.value.value) in KEYWORDS:
            yield f"{keyword.arg}={keyword.value.value}"


def _is_plain_load(name: str, node: ast.Call) -> bool:
    """NumPy loads no pickle unless it is told to; that it is not told here, the call itself must say."""
    said = {keyword.arg: getattr(keyword.value, "value", None) for keyword in node.keywords}
    return name.endswith(".load") and said.get("allow_pickle") is False


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from marshal import loads",
        "eval('1')",
        "os.system('id')",
        "subprocess.run('id', shell=True)",
        "yaml.load(text)",
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "httpx.get(url, verify=False)",
    ],
)
def test_the_look_finds_what_it_looks_for(text: str) -> None:
    assert list(forbidden(ast.parse(text)))


def test_no_source_does_it() -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for path in SOURCES
        if (names := list(forbidden(ast.parse(path.read_text(encoding="utf-8")))))
    }

    assert len(SOURCES) > 500
    assert found == {}


SECRET = re.compile(r"(^|_|\.)(secret|password|signature|digest|hmac|sha256)s?$")


def test_secrets_are_compared_in_constant_time() -> None:
    """What is kept of a key, and every signature; names of content are no secrets."""
    found = {
        f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        and any(isinstance(sign, ast.Eq | ast.NotEq) for sign in node.ops)
        and any(SECRET.search(ast.unparse(side)) for side in (node.left, *node.comparators))
    }

    assert found == PUBLIC
    for path in ("esg/tokens.py", "esg/webhook/signature.py", "esg/envelope.py"):
        assert "hmac.compare_digest(" in (ROOT / path).read_text(encoding="utf-8")


def test_each_excuse_from_a_security_rule_has_its_reason() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := EXCUSE.search(line))
        and not re.search(r"[a-z]{3}", re.sub(r"nosec|noqa", "", found["rest"]))
    ]

    assert bare == []
