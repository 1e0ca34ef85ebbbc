"""What Trackier sends and nobody may keep: cut out of every body before anything else reads it.

Every user object carries a password hash, and under ``meta`` the partner's bank account and payment handles.
"""

from decimal import Decimal

import msgspec

SECRET = frozenset({"password", "ipaddr", "clickip"})
SECRET_META = frozenset({"bank", "payout", "afields"})
UNREADABLE = b"unreadable"
_BOM = b"\xef\xbb\xbf"

reader = msgspec.json.Decoder(float_hook=Decimal)  # amounts as written, never through a binary float
writer = msgspec.json.Encoder(decimal_format="number", order="sorted")


def cut(body: bytes) -> bytes:
    """The body without secrets. What is not JSON could hide them anywhere, and nothing of it is kept."""
    if not body.strip():
        return body
    try:
        return writer.encode(_without_secrets(reader.decode(body.removeprefix(_BOM))))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError):
        return UNREADABLE


def _without_secrets(found: object) -> object:
    if isinstance(found, list):
        return [_without_secrets(each) for each in found]
    if isinstance(found, dict):
        return {name: _kept(name, held) for name, held in found.items() if name.lower() not in SECRET}
    return found


def _kept(name: str, held: object) -> object:
    if name == "meta" and isinstance(held, dict):
        held = {inner: value for inner, value in held.items() if inner not in SECRET_META}
    return _without_secrets(held)
