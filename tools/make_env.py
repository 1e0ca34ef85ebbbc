"""Write a `.env` for this machine, with fresh keys, unless there is one.

    python tools/make_env.py

Made for the demo and for development: plain http, and the provider sandbox may be called. `.env.example` tells what a
real installation sets instead.
"""

import base64
import os
import secrets
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / ".env"


def contents() -> str:
    return "\n".join(
        [
            "# Made by `make`. Keep it: without CREDENTIAL_KEYS the stored provider credentials cannot be read.",
            f"SECRET_KEY={secrets.token_urlsafe(50)}",
            f"CREDENTIAL_KEYS={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
            "INSECURE_HTTP=on",
            "PROVIDER_SANDBOX=on",
            "LOG_LEVEL=WARNING",
            "",
        ]
    )


def main() -> None:
    try:
        handle = os.open(TARGET, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(contents())
    print("Wrote .env with fresh keys.")


if __name__ == "__main__":
    main()
