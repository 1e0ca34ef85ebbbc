"""Payloads as they are kept: compressed. As jsonb they would cost more than everything else together."""

import sys
from typing import ClassVar

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


class Packing:
    """One way to make payloads small. With a ``dictionary`` of what they have in common they become a third as large.

    What was packed with a dictionary can be read with the very same one only, for ever: whoever keeps it keeps both.
    """

    LEVEL: ClassVar[int] = 1  # as small as zlib makes it in a third of the time; higher ones hardly gain on such texts
    LEVEL_WITH_DICTIONARY: ClassVar[int] = -1  # a tenth larger than by 1, in three quarters of the time

    def __init__(self, dictionary: bytes = b"") -> None:
        self.dictionary = dictionary
        self._shared = zstd.ZstdDict(dictionary, is_raw=True) if dictionary else None
        # To make one costs more than to use it; threads take turns at it.
        self._compressor = (
            zstd.ZstdCompressor(level=self.LEVEL_WITH_DICTIONARY, zstd_dict=self._shared.as_digested_dict)
            if self._shared
            else zstd.ZstdCompressor(level=self.LEVEL)
        )

    def pack(self, payload: bytes) -> bytes:
        """What `unpack` makes the same bytes of."""
        return self._compressor.compress(payload, zstd.ZstdCompressor.FLUSH_FRAME)

    def unpack(self, data: bytes) -> bytes:
        """The payload as it came."""
        return zstd.decompress(data, zstd_dict=self._shared)


BY_ITSELF = Packing()
pack, unpack = BY_ITSELF.pack, BY_ITSELF.unpack
