"""Units as printed, with their factor to t, MWh, m3 and %."""

import pytest

from esg.kpi import units


@pytest.mark.parametrize(
    ("text", "dimension", "factor"),
    [
        ("tCO2e", "mass", 1),
        ("t CO₂e", "mass", 1),
        ("tonnes of CO2 equivalent", "mass", 1),
        ("MT CO2e", "mass", 1),
        ("MtCO2e", "mass", 1e6),
        ("Mt CO2-e", "mass", 1e6),
        ("M MT CO2e", "mass", 1e6),
        ("million tonnes CO2-e", "mass", 1e6),
        ("ktCO2-e", "mass", 1e3),
        ("metric kilotons", "mass", 1e3),
        ("in 1,000 tonnes CO2e", "mass", 1e3),
        ("'000 tCO2e", "mass", 1e3),
        ("thousand metric tons of CO2e", "mass", 1e3),
        ("kg CO2e", "mass", 1e-3),
        ("short tons", "mass", 0.90718474),
        ("lbs", "mass", 0.00045359237),
        ("MWh", "energy", 1),
        ("GWh", "energy", 1e3),
        ("kWh", "energy", 1e-3),
        ("TJ", "energy", 1000 / 3.6),
        ("GJ", "energy", 1 / 3.6),
        ("MJ", "energy", 1 / 3600),
        ("toe", "energy", 11.63),
        ("million kWh", "energy", 1e3),
        ("m³", "volume", 1),
        ("ML", "volume", 1e3),
        ("millions of m 3", "volume", 1e6),
        ("thousand m3", "volume", 1e3),
        ("(in %)", "share", 1),
        ("per cent", "share", 1),
    ],
)
def test_a_unit_is_found_with_its_factor(text, dimension, factor):
    unit = units.find(text, dimension)
    assert unit.factor == pytest.approx(factor, rel=1e-9)


@pytest.mark.parametrize("text", ["Scope 1", "total", "2024", "MW", "€ million"])
def test_what_is_no_mass_is_none(text):
    assert units.find(text, "mass") is None


def test_the_gas_belongs_to_the_printed_unit():
    assert units.find("emissions in kt CO2e", "mass").text == "kt CO2e"


def test_a_ratio_is_told_from_a_quantity():
    assert units.is_ratio("tCO2e per employee")
    assert units.is_ratio("kg/m2")
    assert not units.is_ratio("tCO2e")


def test_a_scale_outside_the_unit_makes_the_size_unsure():
    unit = units.find("t CO2e", "mass")
    assert units.is_scaled("t CO2e, in thousands", unit)
    assert not units.is_scaled("t CO2e", unit)
