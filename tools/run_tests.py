"""Run the suite on what this machine has, and say at the end what was used and what was left out.

SQLite always. PostgreSQL too when TEST_DATABASE_URL is set, Redis when TEST_REDIS_URL is, a browser when a Chromium
is found (CHROMIUM names one).
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

# The first is a Chromium without a window: a tab costs it a third of what it costs the others.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What asks the database nothing of its own, or no more than what is run on it anyway.
ALIKE = ("providers", "test_laws.py", "test_access_matrix.py", "admin", "core", "organisations", "saved_views", "toy")
PORTABLE = [*(f"--ignore=tests/{name}" for name in ALIKE), "-m", "not journey and not portable"]


def chromium() -> str:
    return os.environ.get("CHROMIUM") or next((path for name in BROWSERS if (path := shutil.which(name))), "")


def run(name: str, *arguments: str, workers: int, beside: bool = False, **environment: str) -> bool:
    """``beside``: something else is at work, and what is told here is told at the end."""
    # Dozens of processes are started, and each would compile Django again where nothing compiled is kept.
    kept = {each: value for each, value in os.environ.items() if each != "PYTHONDONTWRITEBYTECODE"}
    # Who is through first helps the other: what follows each other here shares what was set up.
    command = [sys.executable, "-m", "pytest", "-n", str(workers), "--dist", "worksteal", *arguments]
    if not beside:
        print(f"\n== {name}", flush=True)
        return subprocess.call(command, env={**kept, **environment}) == 0
    ended = subprocess.run(command, env={**kept, **environment}, stdout=-1, stderr=-2, text=True, check=False)
    print(f"\n== {name}\n{ended.stdout}", flush=True)
    return ended.returncode == 0


def run_all(more: list[str], database: str, browser: str) -> list[bool]:
    """SQLite's on both cores. Then the journeys, which wait for a browser half of the time, and PostgreSQL's beside."""
    with ThreadPoolExecutor() as pool:
        passed = [run("SQLite", "-m", "not journey", *more, workers=2)]
        if database:
            where = {"SUITE_DATABASE_URL": database}
            postgresql = pool.submit(run, "PostgreSQL", *PORTABLE, *more, workers=2, beside=True, **where)
        passed.append(run("Journeys", "tests/journeys", *more, workers=0, CHROMIUM=browser))
        return [*passed, postgresql.result()] if database else passed


def main() -> int:
    started = time.monotonic()
    parts = {
        "PostgreSQL": (os.environ.get("TEST_DATABASE_URL", ""), "set TEST_DATABASE_URL"),
        "Redis": (os.environ.get("TEST_REDIS_URL", ""), "set TEST_REDIS_URL"),
        "Chromium": (chromium(), "install it or set CHROMIUM"),
    }
    passed = run_all(sys.argv[1:], parts["PostgreSQL"][0], parts["Chromium"][0])
    used = ", ".join(["SQLite", *(name for name, (there, _) in parts.items() if there)])
    left_out = ", ".join(f"{name} ({how})" for name, (there, how) in parts.items() if not there)
    print(f"Used: {used}.{f' Left out: {left_out}.' if left_out else ''} {time.monotonic() - started:.0f} s.")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
