"""A QR code is read back by a reader, from the picture the page holds."""

import re

import pytest
import zxingcpp

from organiser_portal.core.qr import svg

SCALE = 6


def seen(picture: str) -> str:
    """What a camera would read, drawn from the attributes of the SVG alone."""
    side = int(re.search(r'viewBox="0 0 (\d+) ', picture)[1])
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", picture)}
    pixels = bytes(
        0 if (x // SCALE, y // SCALE) in dark else 255 for y in range(side * SCALE) for x in range(side * SCALE)
    )
    found = zxingcpp.read_barcode(memoryview(pixels).cast("B", (side * SCALE, side * SCALE)))
    return found.text if found else ""


@pytest.mark.parametrize("text", ["K3T9ZW0B", "https://example.org/c?a=1&b=<2>", "Siobhán"])
def test_what_was_written_is_read(text: str):
    assert seen(svg(text)) == text


def test_the_content_policy_has_nothing_to_forbid_and_the_label_is_escaped():
    picture = svg("K3T9ZW0B", label='"><script>')
    assert "style" not in picture
    assert "<script" not in picture
    assert "K3T9ZW0B" not in picture
