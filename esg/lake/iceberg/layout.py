"""SCHEMAS → Iceberg tables: made where they are missing, widened where they are of an older version."""

import itertools

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import (
    CommitFailedException,
    NoSuchTableError,
    ServerError,
    TableAlreadyExistsError,
)
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import (
    BooleanType,
    DoubleType,
    IcebergType,
    ListType,
    LongType,
    NestedField,
    StringType,
    TimestamptzType,
)

from esg.errors import Misconfigured, Transient
from esg.lake.gold import SCHEMAS, VERSION

SCORECARDS = "scorecards"
STAMPS = pa.schema([("written_at", pa.timestamp("us", tz="UTC")), ("content", pa.string())])  # of SCORECARDS
CHILDREN = tuple(name for name in SCHEMAS if name != SCORECARDS)
_VERSION = "esg.gold.version"
_TRIES = 10  # others may add the same columns at the same time
_TYPES: dict[pa.DataType, IcebergType] = {
    pa.string(): StringType(),
    pa.int64(): LongType(),
    pa.float64(): DoubleType(),
    pa.bool_(): BooleanType(),
    STAMPS.field("written_at").type: TimestamptzType(),
}


def columns(name: str) -> pa.Schema:
    """The columns of a table; `scorecards` also tells when and what of it was written."""
    stamps = STAMPS if name == SCORECARDS else ()
    return pa.schema([*SCHEMAS[name], *stamps])


def load(catalog: Catalog, namespace: str, name: str) -> Table:
    """Load a table as it is; raises NoSuchTableError."""
    table: Table = catalog.load_table((namespace, name))
    return table


def ensure(catalog: Catalog, namespace: str, name: str) -> Table:
    """Load a table, made or widened as need be; raises Misconfigured where a newer version writes gold."""
    for _ in range(_TRIES):
        try:
            table = load(catalog, namespace, name)
        except NoSuchTableError:
            table = _create(catalog, namespace, name)
        if int(table.properties.get(_VERSION, "0")) > int(VERSION):
            raise Misconfigured(
                f"Gold in {namespace} is of version {table.properties[_VERSION]}, this esg writes {VERSION}.",
                next_step="Start this worker again from the newer version.",
            )
        try:
            return _widened(table, name)
        except CommitFailedException:
            continue
    raise Transient(f"Others keep changing the table {name}.")


def _create(catalog: Catalog, namespace: str, name: str) -> Table:
    _make_namespace(catalog, namespace)
    schema = _schema(columns(name))
    year = schema.find_field("year").field_id
    by_year = PartitionSpec(PartitionField(year, 1000, IdentityTransform(), "year"))
    try:
        table: Table = catalog.create_table(
            (namespace, name), schema, partition_spec=by_year, properties=_properties(name)
        )
        return table
    except (TableAlreadyExistsError, ServerError):
        return load(catalog, namespace, name)


def _make_namespace(catalog: Catalog, namespace: str) -> None:
    """Make it unless it is there; Iceberg's own catalog answers 500 to one of two who make it at once."""
    try:
        catalog.create_namespace_if_not_exists(namespace)
    except ServerError:
        if not catalog.namespace_exists(namespace):
            raise


def _properties(name: str) -> dict[str, str]:
    """Of `scorecards` no commit is tried again blindly: what it says was decided on what was there."""
    tries = "0" if name == SCORECARDS else "8"
    return {_VERSION: VERSION, "commit.retry.num-retries": tries}


def _widened(table: Table, name: str) -> Table:
    missing = [field for field in columns(name) if field.name not in table.schema().column_names]
    if not missing and table.properties.get(_VERSION) == VERSION:
        return table
    with table.transaction() as transaction:
        if missing:
            with transaction.update_schema() as update:
                for field in missing:
                    update.add_column(field.name, _type(field.type, itertools.count(1)))
        transaction.set_properties({_VERSION: VERSION})
    return table


def _schema(columns: pa.Schema) -> Schema:
    ids = itertools.count(1)
    return Schema(*(NestedField(next(ids), f.name, _type(f.type, ids), required=False) for f in columns))


def _type(of: pa.DataType, ids: "itertools.count[int]") -> IcebergType:
    if pa.types.is_list(of):
        return ListType(element_id=next(ids), element=_type(of.value_type, ids), element_required=False)
    return _TYPES[of]
