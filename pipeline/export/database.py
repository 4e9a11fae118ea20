"""The tables as one SQLite file with views and full-text search: the same bytes of the same tables with the same SQLite.

The file is made in memory. Nothing in it depends on time, chance or an address: rows go in in the order
of the tables, pages have one size, and what SQLite would leave in unused space is overwritten with zeros.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.export.tables import Row, Table

#: Raised with the API's major version: what reads the file can ask for `PRAGMA user_version`.
USER_VERSION = 1

_SETTINGS = (
    "page_size = 4096", "auto_vacuum = NONE", "encoding = 'UTF-8'", "secure_delete = ON", "temp_store = MEMORY",
    f"user_version = {USER_VERSION}",
)
#: Columns by which rows are looked up often, beside those that name a record.
_LOOKED_UP = frozenset(("ref", "source", "target"))


def make_database(
    general: Iterable[Table], others: Iterable[Table], views: Mapping[str, Mapping[str, str]], about: Mapping[str, str]
) -> bytes:
    """The bytes of the file."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        connection.execute("BEGIN")
        first, last = list(general), list(others)
        _add_words(connection, [*first, *last], views, about)
        for table in first:
            _add_table(connection, table)
        _add_search(connection)  # before the other tables, which then fill the space that merging its index sets free
        for table in last:
            _add_table(connection, table)
        for name, view in views.items():
            connection.execute(f"CREATE VIEW {_quoted(name)} AS {view['sql']}")
        connection.execute("COMMIT")
        return connection.serialize()
    finally:
        connection.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _add_words(
    connection: sqlite3.Connection, tables: list[Table], views: Mapping[str, Mapping[str, str]], about: Mapping[str, str]
) -> None:
    """What the file says of itself."""
    connection.execute("CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT)")
    connection.executemany("INSERT INTO about VALUES (?, ?)", about.items())
    connection.execute('CREATE TABLE columns ("table" TEXT, "column" TEXT, type TEXT, description TEXT)')
    connection.executemany("INSERT INTO columns VALUES (?, ?, ?, ?)", described(tables))
    rows = ((name, None, "view", view["description"]) for name, view in views.items())
    connection.executemany("INSERT INTO columns VALUES (?, ?, ?, ?)", rows)


def described(tables: Iterable[Table]) -> Iterator[tuple[str, str, str, str]]:
    """Each table, then each of its columns: {table, column, type, description}."""
    for table in tables:
        yield table.name, "", "table", table.description
        for column in table.columns:
            yield table.name, column.name, column.type, column.description


def _add_table(connection: sqlite3.Connection, table: Table) -> None:
    names = [_quoted(column.name) for column in table.columns]
    types = ["INTEGER" if column.type == "integer" else "TEXT" for column in table.columns]
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(names, types, strict=True))
    connection.execute(f"CREATE TABLE {_quoted(table.name)} ({columns})")
    places = ", ".join("?" * len(names))
    rows = (_stored(row) for row in table.rows())
    connection.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({places})", rows)
    for column, name in zip(table.columns, names, strict=True):
        if column.type == "reference" or column.name in _LOOKED_UP:
            index = _quoted(f"{table.name}.{column.name}")  # a name that no table has: SQLite keeps both in one space
            connection.execute(f"CREATE INDEX {index} ON {_quoted(table.name)} ({name})")


def _stored(row: Row) -> list[Any]:
    return [value if type(value) is str and value else _plain(value) for value in row]


def _plain(value: Any) -> Any:
    """NULL for nothing, lists as JSON."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return value


def _add_search(connection: sqlite3.Connection) -> None:
    """Full-text search over labels, names and texts, which are not stored twice. Words with ё are found with е too."""
    connection.create_function("searchable", 1, _searchable, deterministic=True)
    gathered = "(SELECT group_concat({0}, char(10)) FROM {0}s AS n WHERE n.ref = r.ref) AS {0}s"
    columns = f"r.rowid AS number, r.ref, r.label, {gathered.format('name')}, {gathered.format('text')}"
    connection.execute(f"CREATE VIEW search_rows AS SELECT {columns} FROM records AS r")
    connection.execute(
        "CREATE VIRTUAL TABLE search USING fts5(ref UNINDEXED, label, names, texts, "
        "content = 'search_rows', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2')"
    )
    connection.execute(
        "INSERT INTO search(rowid, ref, label, names, texts) "
        "SELECT number, ref, searchable(label), searchable(names), searchable(texts) FROM search_rows ORDER BY number"
    )
    connection.execute("INSERT INTO search(search) VALUES ('optimize')")


def _searchable(text: str | None) -> str | None:
    folded = text.replace("ё", "е").replace("Ё", "Е") if text else text
    return text if folded == text else f"{text}\n{folded}"
