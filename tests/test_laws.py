"""The laws of the house that a machine can keep."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = [
    path
    for folder in ("organiser_portal", "providers", "tools", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PARTIAL = re.compile(r"{% partialdef ([\w-]+)(?: inline)? %}(.*?){% endpartialdef", re.DOTALL)
FORBIDDEN_IN_TEMPLATES = {
    "inline style": re.compile(r"\sstyle="),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "inline handler": re.compile(r"\son[a-z]+="),
    "unescaped value": re.compile(r"\|\s*safe\b|autoescape off"),
    "address of another host": re.compile(r"(?:src|href)=\"https?://"),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))


def length(function: ast.FunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_no_file_is_over_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


def test_no_view_is_over_25_lines() -> None:
    views = [path for path in SHIPPED if "views" in path.stem or "views" in path.parts]
    assert len(views) >= 6
    too_long = [
        f"{name_of(path)}:{function.name}" for path in views for function in functions(path) if length(function) > 25
    ]
    assert too_long == []


def test_functions_are_short() -> None:
    lengths = sorted(length(function) for path in SHIPPED for function in functions(path))
    assert lengths[len(lengths) // 2] < 10, "the median function"
    assert lengths[len(lengths) * 9 // 10] < 30, "nine in ten"


def test_every_partial_bears_its_name_as_an_id() -> None:
    nameless = [
        f"{name_of(path)}#{name}"
        for path in TEMPLATES
        for name, body in PARTIAL.findall(path.read_text())
        if f'id="{name}"' not in body
    ]
    assert nameless == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_needs_nothing_that_the_content_policy_forbids(path: Path) -> None:
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    assert [what for what, pattern in FORBIDDEN_IN_TEMPLATES.items() if pattern.search(text)] == []


def test_no_promise_is_left_in_the_tree() -> None:
    promise = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b")
    assert [name_of(path) for path in SHIPPED if promise.search(path.read_text())] == []


def test_nothing_is_called_utils() -> None:
    banned = {"utils", "helpers", "common", "manager", "handler", "misc"}
    assert [name_of(path) for path in SHIPPED if path.stem in banned or banned & set(path.parts)] == []
