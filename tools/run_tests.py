"""Run the suite on what this machine has, and say at the end what was used and what was left out.

SQLite always. PostgreSQL too when TEST_DATABASE_URL is set, Redis when TEST_REDIS_URL is, a browser when a Chromium
is found (CHROMIUM names one).
"""

import os
import shutil
import subprocess
import sys
import time

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str:
    return os.environ.get("CHROMIUM") or next((path for name in BROWSERS if (path := shutil.which(name))), "")


def run(name: str, *arguments: str, **environment: str) -> bool:
    print(f"\n== {name}", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments]
    return subprocess.call(command, env={**os.environ, **environment}) == 0


def main() -> int:
    started = time.monotonic()
    database, redis, browser = os.environ.get("TEST_DATABASE_URL"), os.environ.get("TEST_REDIS_URL"), chromium()
    more = sys.argv[1:]
    passed = [run("SQLite", *more, CHROMIUM=browser)]
    if database:
        passed.append(run("PostgreSQL", "-m", "not journey and not portable", *more, SUITE_DATABASE_URL=database))
    parts = {"PostgreSQL": database, "Redis": redis, "Chromium": browser}
    hints = {
        "PostgreSQL": "set TEST_DATABASE_URL",
        "Redis": "set TEST_REDIS_URL",
        "Chromium": "install it or set CHROMIUM",
    }
    used = ", ".join(["SQLite", *(name for name, there in parts.items() if there)])
    left_out = ", ".join(f"{name} ({hints[name]})" for name, there in parts.items() if not there)
    print(f"\nUsed: {used}.{f' Left out: {left_out}.' if left_out else ''} {time.monotonic() - started:.0f} s.")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
