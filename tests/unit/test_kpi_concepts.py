"""Which facts are KPIs is data; this keeps it in step with the KPIs."""

import tomllib
from pathlib import Path

import pytest

from esg import kpi
from esg.domain import Dimension, Fact
from esg.kpi import lexicon
from esg.kpi.concepts import concept, factor

DATA = tomllib.loads((Path(kpi.__file__).parent / "data" / "concepts.toml").read_text(encoding="utf-8"))
ESRS = "https://xbrl.efrag.org/taxonomy/esrs/2023-12-22"


def make_fact(
    name: str = "esrs:GrossScope3GreenhouseGasEmissions",
    *,
    namespace: str = ESRS,
    dimensions: tuple[Dimension, ...] = (),
    unit: tuple[str, ...] = ("utr:tCO2e",),
    per: tuple[str, ...] = (),
) -> Fact:
    return Fact(
        concept=name,
        namespace=namespace,
        value="12",
        number=12.0,
        is_nil=False,
        decimals="0",
        entity="1",
        start="2024-01-01",
        end="2024-12-31",
        dimensions=dimensions,
        unit=unit,
        per=per,
        printed="12",
        place=None,
        flags=(),
    )


def test_every_concept_is_a_kpi_with_a_unit() -> None:
    named = {raw["kpi"] for raw in DATA["concept"] if "kpi" in raw}
    named |= {key for raw in DATA["concept"] for key in raw.get("members", {}).values()}

    assert {f"scope3_cat{n}" for n in range(1, 16)} <= named
    assert {lexicon.entry_of(key).dimension for key in named} <= set(DATA["measure"])


def test_a_name_is_of_a_taxonomy_that_is_told() -> None:
    used = {name.partition(":")[0] for raw in DATA["concept"] for name in raw["names"]}

    assert used == set(DATA["taxonomy"])


@pytest.mark.parametrize(
    ("fact", "key"),
    [
        (make_fact(), "scope3"),
        (make_fact("e:GrossScope3GreenhouseGasEmissions"), "scope3"),
        (make_fact(namespace="https://xbrl.efrag.org/taxonomy/esrs/2026-07-31"), "scope3"),
        (make_fact(namespace=""), "scope3"),
        (make_fact("e:GrossScope3GreenhouseGasEmissions", namespace=""), None),
        (make_fact(namespace="https://acme.example/esrs/2024-01-01"), None),
        (make_fact("esrs:PercentageOfNonrecycledWaste"), None),
        (make_fact(dimensions=(Dimension("esrs:CountryAxis", "country:DE"),)), None),
        (
            make_fact(
                dimensions=(
                    Dimension("esrs:CountryAxis", "country:DE"),
                    Dimension(
                        "esrs:Scope3GHGEmissionsCategoryGHGProtocolAxis", "esrs:Category15InvestmentsMember"
                    ),
                )
            ),
            None,
        ),
        (
            make_fact(
                dimensions=(
                    Dimension(
                        "esrs:Scope3GHGEmissionsCategoryGHGProtocolAxis", "esrs:Category15InvestmentsMember"
                    ),
                )
            ),
            "scope3_cat15",
        ),
    ],
)
def test_a_fact_is_a_kpi_by_namespace_name_and_member(fact: Fact, key: str | None) -> None:
    found = concept(fact)

    assert (found and found.kpi) == key


@pytest.mark.parametrize(
    ("fact", "dimension", "expected"),
    [
        (make_fact(unit=("utr:MtCO2e",)), "mass", 1e6),
        (make_fact(unit=("orr:tCO2e",)), "mass", 1.0),
        (make_fact(unit=("utr:MWh",)), "mass", None),
        (make_fact(unit=("xbrli:pure",)), "share", 100.0),
        (make_fact(unit=()), "mass", None),
        (make_fact(unit=("utr:t", "utr:t")), "mass", None),
        (make_fact(per=("iso4217:EUR",)), "mass", None),
    ],
)
def test_only_one_undivided_measure_of_the_dimension_counts(
    fact: Fact, dimension: str, expected: float | None
) -> None:
    assert factor(fact, dimension) == expected
