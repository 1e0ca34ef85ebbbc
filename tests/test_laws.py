"""The laws of the house that a machine can keep."""

import ast
import re
import tomllib
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
    """With the number of what it is about behind it, where several may stand on one page."""
    nameless = [
        f"{name_of(path)}#{name}"
        for path in TEMPLATES
        for name, body in PARTIAL.findall(path.read_text())
        if not re.search(rf'id="{name}(?:-{{{{ [^"]+ }}}})?"', body)
    ]
    assert nameless == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_needs_nothing_that_the_content_policy_forbids(path: Path) -> None:
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    assert [what for what, pattern in FORBIDDEN_IN_TEMPLATES.items() if pattern.search(text)] == []


def rooms() -> dict[str, int]:
    """Each room and how high it lies: the same layers that imports are held to."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {
        name.strip().removeprefix("organiser_portal."): -place
        for place, layer in enumerate(layers)
        for name in layer.split("|")
    }


NEEDS = re.compile(r"""{% (?:load (?P<tags>[\w ]+)|(?:include|extends) ["'](?P<room>\w+)/)""")
TAGS = {path.stem: path.parts[-3] for path in (ROOT / "organiser_portal").glob("*/templatetags/*.py")}
WITH_TEMPLATES = [path.name for path in sorted((ROOT / "templates").iterdir()) if path.is_dir()]


def needed_by(path: Path) -> set[str]:
    """The rooms whose tags or pages a template takes."""
    found = list(NEEDS.finditer(path.read_text()))
    tags = [tag for each in found for tag in (each["tags"] or "").split()]
    return {TAGS.get(tag, "") for tag in tags} | {each["room"] or "" for each in found}


@pytest.mark.parametrize("room", WITH_TEMPLATES)
def test_a_template_needs_nothing_of_a_room_above_it_or_beside_it(room: str) -> None:
    height = rooms()
    own = room if room in height else "core"  # components, and the pages of signing in
    above = [
        f"{name_of(path)}: {needed}"
        for path in sorted((ROOT / "templates" / room).rglob("*.html"))
        for needed in needed_by(path) & {*height} - {own}
        if height[needed] >= height[own]
    ]
    assert above == []


def test_no_promise_is_left_in_the_tree() -> None:
    promise = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b")
    assert [name_of(path) for path in SHIPPED if promise.search(path.read_text())] == []


def test_nothing_is_called_utils() -> None:
    banned = {"utils", "helpers", "common", "manager", "handler", "misc"}
    assert [name_of(path) for path in SHIPPED if path.stem in banned or banned & set(path.parts)] == []
