"""Every icon that is named is in the sprite, and none is there for nothing."""

import re
from pathlib import Path

import pytest

from organiser_portal.core import states

ROOT = Path(__file__).resolve().parents[2]


def _icons_in(text: str) -> set[str]:
    tags = re.findall(r'{%\s*(?:icon|blank)\s+"([a-z0-9-]+)"', text)
    badges = re.findall(r'{%\s*badge\s+"[a-z]+"\s+"([a-z0-9-]+)"', text)
    navigation = re.findall(r'{%\s*nav_link\s+"[^"]+"\s+"[^"]+"\s+"([a-z0-9-]+)"', text)
    named = re.findall(r'icon_name="([a-z0-9-]+)"', text)
    return {*tags, *badges, *navigation, *named}


@pytest.fixture
def sprite() -> set[str]:
    lines = (ROOT / "static" / "icons.txt").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def test_every_icon_that_a_template_names_is_in_the_sprite(sprite: set[str]):
    named = {name: path for path in (ROOT / "templates").rglob("*.html") for name in _icons_in(path.read_text())}
    assert named
    assert {name: str(path) for name, path in named.items() if name not in sprite} == {}


def test_every_icon_that_the_code_names_is_in_the_sprite(sprite: set[str]):
    code = "\n".join(path.read_text() for path in (ROOT / "organiser_portal").rglob("*.py"))
    assert set(re.findall(r'\bicon(?:_name)?="([a-z0-9-]+)"', code)) <= sprite


def test_every_icon_of_a_state_is_in_the_sprite(sprite: set[str]):
    looks = [look for kind in states.KINDS.values() for look in kind.values()]
    assert {look.icon for look in looks} | set(states.TONE_ICONS.values()) <= sprite


def test_every_icon_of_the_sprite_is_named_somewhere(sprite: set[str]):
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "organiser_portal").rglob("*.py")]
    words = {word for path in sources for word in re.findall(r'["\']([a-z0-9-]+)["\']', path.read_text())}
    assert sprite - words == set()
