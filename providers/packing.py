"""Payloads as they are kept: compressed. As jsonb they would cost more than everything else together."""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 1  # as small as zlib makes it in a third of the time; higher levels hardly gain on texts this short
_compressor = zstd.ZstdCompressor(level=LEVEL)  # to make one costs more than to use it; threads take turns at it


def pack(payload: bytes) -> bytes:
    """What `unpack` makes the same bytes of."""
    return _compressor.compress(payload, zstd.ZstdCompressor.FLUSH_FRAME)


def unpack(data: bytes) -> bytes:
    """The payload as it came."""
    return zstd.decompress(data)
