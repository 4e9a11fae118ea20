"""The room that knows JSON Schema: each record alone against the schema of its kind.

Two validators, one meaning. The compiled one (jsonschema-rs), where it is installed, only
says yes; whatever it refuses goes to jsonschema, whose errors become our own sentences (see
sentences.py). A test keeps the two in agreement. Nothing is ever fetched: schemas arrive complete.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import jsonschema
from jsonschema import Draft202012Validator
from jsonschema.validators import extend
from referencing import Registry

from pipeline import dates
from pipeline.model import WARNING, Corpus, Diagnostic, Kind, Position, Record, subschemas
from pipeline.validate.languages import is_language
from pipeline.validate.sentences import explain_errors, nearest, shown

try:
    import jsonschema_rs
except ImportError:  # no wheel for this machine: slower, the same findings
    jsonschema_rs = None  # type: ignore[assignment]


def is_edtf(value: object) -> bool:
    """Whether a value is a date in our subset of EDTF."""
    return not isinstance(value, str) or dates.parse(value) is not None


def is_edtf_until(value: object) -> bool:
    """Whether a value is such a date, or "..": still so at the last source."""
    return value == ".." or is_edtf(value)


def is_http_url(value: object) -> bool:
    """Whether a value is an http or https address that a browser reads as it is written."""
    if not isinstance(value, str):
        return True
    if re.search(r"[\x00-\x20<>\"\\^`{|}\x7f]", value):
        return False
    try:
        parts = urlsplit(value)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc


#: More levels than this lie inside each other in no schema that a person wrote.
_DEEP = 60

_FORMATS: dict[str, Callable[[object], bool]] = {
    "edtf": is_edtf, "edtf-until": is_edtf_until, "http-url": is_http_url, "language": is_language,
}


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterable[jsonschema.ValidationError]:
    """As in the standard, but `$` is the end of the text, never the place before a last line feed."""
    if isinstance(value, str) and not re.search(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


_Explainer = extend(Draft202012Validator, {"pattern": _pattern})


def _format_checker() -> jsonschema.FormatChecker:
    checker = jsonschema.FormatChecker(formats=())
    for name, function in _FORMATS.items():
        checker.checks(name)(function)
    return checker


def validate(corpus: Corpus) -> Corpus:
    """The corpus without the records that break their schema, and a finding for each break."""
    found: list[Diagnostic] = []
    broken_kinds = set()
    checkers = {}
    for kind in corpus.kinds.values():
        try:
            checkers[kind.name] = _checker(kind)
            found += _gaps(kind)
        except _BrokenSchema as problem:
            found.append(Diagnostic("V200", str(problem), kind.path, help="Correct the schema.", position=Position(1, 1)))
            broken_kinds.add(kind.name)
    records: dict[str, Record] = {}
    rejected = dict(corpus.rejected)
    for ref, record in corpus.records.items():
        if record.kind in broken_kinds:
            rejected[ref] = record.path
            continue
        findings = checkers[record.kind](record)
        if findings:
            meant = _kind_it_is_of(corpus, record, checkers)
            found += [_misplaced(record, meant)] if meant else findings
            rejected[ref] = record.path
            if meant and f"{meant}/{record.id}" not in corpus.records:
                # Others name it by the kind that it is of: that is no second mistake.
                rejected[f"{meant}/{record.id}"] = record.path
        else:
            records[ref] = record
    counts = {**corpus.counts, "validated": len(corpus.records)}
    grown = replace(corpus, records=records, rejected=rejected, counts=counts)
    return grown.with_diagnostics(found)


def _kind_it_is_of(corpus: Corpus, record: Record, checkers: Mapping[str, Callable[[Record], list[Diagnostic]]]) -> str:
    """The one other kind whose schema a record fits in full, where it has keys that its own kind does not know."""
    if not isinstance(record.data, Mapping) or set(record.data) <= set(_properties(corpus.kinds[record.kind])):
        return ""
    fitting = [
        name for name, kind in sorted(corpus.kinds.items())
        if name in checkers and name != record.kind and set(record.data) <= set(_properties(kind)) and not checkers[name](record)
    ]
    return fitting[0] if len(fitting) == 1 else ""


def _properties(kind: Kind) -> Mapping[str, Any]:
    found = kind.schema.get("properties")
    return found if isinstance(found, Mapping) else {}


def _misplaced(record: Record, kind: str) -> Diagnostic:
    message = f"this record is of the kind {kind}, and lies among those of the kind {record.kind}"
    return Diagnostic("Y116", message, record.path, help=f"Move it to seeds/{kind}/.", position=Position(1, 1))


class _BrokenSchema(Exception):
    """The schema of a kind is not valid JSON Schema; the message says where."""


def _checker(kind: Kind) -> Callable[[Record], list[Diagnostic]]:
    """A function from a record of this kind to its findings."""
    try:
        if not _is_a_schema(kind.schema):
            Draft202012Validator.check_schema(kind.schema)
    except jsonschema.SchemaError as error:
        place = "/".join(str(step) for step in error.absolute_path) or "its top"
        raise _BrokenSchema(f"the schema is not valid JSON Schema at {place[:120]}: {error.message[:160]}") from None
    except RecursionError:
        raise _BrokenSchema("the schema has too many levels inside each other") from None
    explainer = explaining_validator(kind)
    accepts = compiled(kind)

    def check(record: Record) -> list[Diagnostic]:
        if accepts is not None and accepts(record.data):
            return []
        return explain_errors(explainer.iter_errors(record.data), record, kind.schema)

    return check


def _is_a_schema(schema: Mapping[str, Any]) -> bool:
    """The compiled validator's yes; no where it is not installed, or says no: jsonschema then decides and explains.

    It also leaves to jsonschema what it takes no notice of: patterns that Python cannot read, and very deep schemas.
    """
    if jsonschema_rs is None or schema.get("$schema") != Draft202012Validator.META_SCHEMA["$id"]:
        return False
    return _is_readable(schema) and bool(jsonschema_rs.meta.is_valid(dict(schema)))


def _is_readable(schema: Mapping[str, Any]) -> bool:
    """Whether Python reads every pattern of a schema, wherever it stands, and no part lies too deep."""
    waiting: list[tuple[Any, int]] = [(schema, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > _DEEP:
            return False
        if isinstance(node, dict):
            by_pattern = node.get("patternProperties")
            patterns = [node.get("pattern"), *(by_pattern if isinstance(by_pattern, dict) else ())]
            if not all(map(_is_pattern, patterns)):
                return False
            waiting += [(value, depth + 1) for value in node.values()]
        elif isinstance(node, list):
            waiting += [(value, depth + 1) for value in node]
    return True


def _is_pattern(value: Any) -> bool:
    """Whether Python can use a pattern; what is no text is none."""
    try:
        return not isinstance(value, str) or bool(re.compile(value))
    except (re.error, RecursionError, OverflowError):
        return False


def explaining_validator(kind: Kind) -> Any:
    """The validator whose errors can be explained. It decides where the compiled one is not installed."""
    return _Explainer(kind.schema, registry=Registry(), format_checker=_format_checker())


def compiled(kind: Kind) -> Callable[[Any], bool] | None:
    """The compiled validator's yes or no; None where jsonschema-rs is not installed or cannot use the schema."""
    if jsonschema_rs is None:
        return None
    try:
        validator = jsonschema_rs.Draft202012Validator(dict(kind.schema), validate_formats=True, formats=_FORMATS)
    except ValueError:  # such as a pattern that only Python understands
        return None
    return validator.is_valid


def _gaps(kind: Kind) -> Iterator[Diagnostic]:
    """Warnings where a schema checks less than it seems to: no check is left out in silence."""
    gaps: dict[str, str] = {}
    for node in subschemas(kind.schema):
        for keyword in node:
            if keyword not in _KEYWORDS and not keyword.startswith("x-"):
                cure = nearest(keyword, _KEYWORDS) or "Delete it, or begin its name with x-."
                gaps.setdefault(f"the schema's keyword {shown(keyword)} checks nothing", cure)
        if isinstance(node.get("format"), str) and node["format"] not in _FORMATS:
            gaps.setdefault(f"the format {shown(node['format'])} is not checked", f"The formats are: {', '.join(_FORMATS)}.")
        if node.get("type") == "object" and "additionalProperties" not in node and "unevaluatedProperties" not in node:
            name = node.get("title") or kind.title
            cure = 'Add "additionalProperties": false, so that a misspelt key is found.'
            gaps.setdefault(f"the schema accepts any key in {shown(name)}", cure)
    for message, cure in gaps.items():
        yield Diagnostic("V211", message, kind.path, WARNING, cure, position=Position(1, 1))


#: What JSON Schema 2020-12 gives a meaning to.
_KEYWORDS = frozenset(Draft202012Validator.VALIDATORS) | {
    "$schema", "$id", "$defs", "$comment", "$anchor", "title", "description", "default", "examples", "deprecated",
    "readOnly", "writeOnly", "then", "else", "minContains", "maxContains",
}
