"""Who holds a lease, so that what a killed worker left is taken up at once and not when the lease runs out.

A token names the machine, the process and this one claim. Only a process of this machine can be seen to be dead; about
any other the lease itself has the last word. Being wrong is harmless: whoever lost a lease can write nothing.
"""

import os
import secrets
import socket
from functools import cache
from hashlib import blake2b


@cache
def _machine() -> str:
    return blake2b(socket.gethostname().encode(), digest_size=4).hexdigest()


def new_token() -> str:
    """32 hex digits, never the same twice."""
    return f"{_machine()}{os.getpid() & 0xFFFFFFFF:08x}{secrets.token_hex(8)}"


def is_dead(token: str) -> bool:
    """Whether the process that minted this token is known to have ended."""
    if len(token) != 32 or not token.startswith(_machine()):
        return False
    try:
        os.kill(int(token[8:16], 16), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError, ValueError):
        return False  # it lives and is somebody else's, or the token is not ours to read
    return False
