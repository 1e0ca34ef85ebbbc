"""Adding a provider touches its own folder: its name appears nowhere in the portal."""

import re
from pathlib import Path

import pytest

from providers.registry import PROVIDERS

ROOT = Path(__file__).parents[2]
SUFFIXES = {".py", ".html", ".txt", ".js", ".css"}
ROOMS = ("organiser_portal", "templates", "static")


def portal_files() -> list[Path]:
    found = (path for room in ROOMS for path in (ROOT / room).rglob("*"))
    return [path for path in found if path.suffix in SUFFIXES and "vendor" not in path.parts]


@pytest.mark.parametrize("key", sorted(PROVIDERS))
def test_a_provider_is_named_nowhere_in_the_portal(key: str) -> None:
    words = (re.escape(key), re.escape(PROVIDERS[key].label))
    name = re.compile("|".join(words), re.IGNORECASE)
    named = [str(path.relative_to(ROOT)) for path in portal_files() if name.search(path.read_text(errors="replace"))]
    assert named == []
