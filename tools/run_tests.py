"""Run the suite on what this machine has, and say at the end what was used and what was left out.

SQLite always. PostgreSQL too when TEST_DATABASE_URL is set, Redis when TEST_REDIS_URL is, a browser when a Chromium
is found (CHROMIUM names one).
"""

import os
import shutil
import subprocess
import sys
import time

# The first is a Chromium without a window: a tab costs it a third of what it costs the others.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PYTEST = [sys.executable, "-m", "pytest"]
# A third of the tests each, on two processors: while one waits, for a worker or a lock, the others go on. Who is
# through first helps the others: what follows each other here shares what was set up.
SHARED = ["-n", "3", "--dist", "worksteal"]
# A demo and a browser each. A story is told whole by one of them.
STORIES = ["tests/journeys", "-n", "2", "--dist", "loadfile"]
# What asks the database nothing of its own, or no more than what is run on it anyway.
ALIKE = ("providers", "test_laws.py", "test_access_matrix.py", "admin", "core", "organisations", "saved_views", "toy")
PORTABLE = [*(f"--ignore=tests/{name}" for name in ALIKE), "-m", "not journey and (not portable or postgresql)"]


def chromium() -> str:
    return os.environ.get("CHROMIUM") or next((path for name in BROWSERS if (path := shutil.which(name))), "")


def run(name: str, *arguments: str, **environment: str) -> bool:
    print(f"\n== {name}", flush=True)
    return subprocess.call([*PYTEST, *arguments], env=surroundings(**environment)) == 0


def surroundings(**environment: str) -> dict[str, str]:
    """Dozens of processes are started, and each would compile Django again where nothing compiled is kept."""
    kept = {each: value for each, value in os.environ.items() if each != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **environment}


def run_all(more: list[str], database: str, browser: str) -> list[bool]:
    """One after the other: a browser that waits for a page and tests that take both cores do each other no good."""
    if database:  # migrating takes one processor
        migrate = [sys.executable, "-m", "tests.migrated"]
        migrating = subprocess.Popen(migrate, env=surroundings(SUITE_DATABASE_URL=database))
    passed = [run("SQLite", *SHARED, "-m", "not journey", *more)]
    if database:
        migrating.wait()
        passed.append(run("PostgreSQL", *SHARED, *PORTABLE, *more, SUITE_DATABASE_URL=database))
    passed.append(run("Journeys", *STORIES, *more, CHROMIUM=browser))
    return passed


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
