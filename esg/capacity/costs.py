"""What a fleet costs: list prices as parameters, in one place; nothing here was bought.

The defaults are on-demand list prices of Amazon Web Services in us-east-1 as published in 2025
(aws.amazon.com: EC2 m7i, S3 standard; RDS for PostgreSQL and ElastiCache by their large instance). They are
assumptions: nobody has asked for today's, and other clouds differ by a third either way.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars."""

    processor_hour: float = 0.0504  # m7i.large: 0.1008 for two virtual processors and 8 GiB
    database_hour: float = 0.45  # db.m7g.xlarge, PostgreSQL: 4 processors, 16 GiB, one zone
    broker_hour: float = 0.16  # cache.m7g.large, Redis
    store_gb_month: float = 0.023
    store_write_1000: float = 0.005
    store_read_1000: float = 0.0004


@dataclass(frozen=True, slots=True)
class Bill:
    """Of one piece of work; `storage_month` is what keeping its results costs each month after."""

    processors: float
    servers: float
    requests: float
    storage_month: float

    @property
    def total(self) -> float:
        return self.processors + self.servers + self.requests


@dataclass(frozen=True, slots=True)
class Consumption:
    """What is paid for."""

    processor_hours: float
    hours: float
    store_reads: float
    store_writes: float
    stored_gb: float
    databases: int = 1
    brokers: int = 1


def bill(used: Consumption, prices: Prices) -> Bill:
    return Bill(
        used.processor_hours * prices.processor_hour,
        used.hours * (used.databases * prices.database_hour + used.brokers * prices.broker_hour),
        (used.store_writes * prices.store_write_1000 + used.store_reads * prices.store_read_1000) / 1000,
        used.stored_gb * prices.store_gb_month,
    )


def sensitivity(used: Consumption, prices: Prices) -> Iterator[tuple[str, float]]:
    """The total with one assumption at half and at twice its value, or processors bought as spare ones."""
    for name in ("processor_hour", "database_hour", "store_write_1000"):
        for factor in (0.5, 2.0):
            changed = replace(prices, **{name: getattr(prices, name) * factor})
            yield f"{name.replace('_', ' ')} × {factor:g}", bill(used, changed).total
    for name, factor in (
        ("processor seconds × 0.5 (half as many pages by OCR, or a faster processor)", 0.5),
        ("processor seconds × 2", 2.0),
    ):
        more = replace(used, processor_hours=used.processor_hours * factor)
        yield name, bill(more, prices).total
