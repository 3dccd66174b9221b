"""What a classifier is taught with: sentences and the disclosures each answers."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    labels: tuple[str, ...]


def own_examples(framework: str = "tcfd") -> list[Example]:
    """Read the sentences we wrote ourselves to say what each disclosure asks for."""
    told = tomllib.loads(files("esg.classify").joinpath(f"data/{framework}.toml").read_text("utf-8"))
    return [Example(text, (each["id"],)) for each in told["disclosures"] for text in each["texts"]]
