"""The whole gate: every law that a machine can keep. Runs them all at once, then says which were broken."""

import os
import sys
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen

BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
# As a real installation would be set up, so that Django's deploy checks have something to judge.
DEPLOYED = {
    "SECRET_KEY": "checked-" + "x9Qz" * 16,
    "CREDENTIAL_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "INSECURE_HTTP": "off",
    "DEBUG": "off",
    "PROVIDER_SANDBOX": "off",
    "EMAIL_URL": "smtp+tls://portal@mail.example.org:587",
}
CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
    "types": [str(BIN / "mypy")],
    "import contracts": [str(BIN / "lint-imports"), "--no-logo"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run", "--verbosity", "0"],
    "deploy checks": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "templates": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
}


def main() -> int:
    environment = {**os.environ, **DEPLOYED}
    begun = {name: Popen(command, env=environment, stdout=PIPE, stderr=STDOUT) for name, command in CHECKS.items()}
    broken = []
    for name, process in begun.items():
        print(f"== {name}", flush=True)
        told, _ = process.communicate()
        sys.stdout.buffer.write(told)
        if process.returncode:
            broken.append(name)
    print(f"\nBroken: {', '.join(broken)}." if broken else "\nAll checks pass.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
