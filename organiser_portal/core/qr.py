"""QR codes as inline SVG: attributes only, so that the strict content policy has nothing to forbid."""

import math

from django.utils.html import format_html
from django.utils.safestring import SafeString
from zxingcpp import BarcodeFormat, create_barcode

QUIET = 4  # modules of white around it, as the standard asks


def svg(text: str, *, label: str = "QR code") -> SafeString:
    """The text as one picture of squares, black on white in light and dark. It has a viewBox and no size."""
    rows = _modules(text)
    side = len(rows) + 2 * QUIET
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path fill="#000" d="{2}"/></svg>',
        side,
        label,
        "".join(_squares(rows)),
    )


def file(text: str) -> str:
    """The same as a file of its own, 1024 pixels wide: for a poster or a mail."""
    return svg(text).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" width="1024" height="1024" ', 1)


def _modules(text: str) -> list[list[bool]]:
    """Row by row, which squares are dark; without the white around."""
    image = create_barcode(text, BarcodeFormat.QRCode).to_image(scale=1, add_quiet_zones=False)
    flat = memoryview(image).tobytes()
    side = math.isqrt(len(flat))
    return [[value == 0 for value in flat[start : start + side]] for start in range(0, len(flat), side)]


def _squares(rows: list[list[bool]]) -> list[str]:
    return [f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
