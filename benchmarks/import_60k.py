"""An import of 60,000 rows: seconds and memory of reading, checking, committing, once more, and undoing.

    python -m benchmarks.import_60k

Each step runs in a process of its own on one SQLite file; memory is its peak over an idle process, of which up to 32 MB
are SQLite's own cache of pages. The steps are measured at a quarter of the rows too: four times the rows may cost four
times the seconds, but not four times the memory.
"""

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 60_000
KEYS = {"SECRET_KEY": "bench", "CREDENTIAL_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}
STEPS = ("idle", "read", "check", "commit", "read again", "check again", "undo")


def main() -> None:
    for rows in (ROWS // 4, ROWS):
        with tempfile.TemporaryDirectory() as folder:
            run_all(rows, Path(folder))


def run_all(rows: int, folder: Path) -> None:
    environment = {**os.environ, **KEYS, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3", "LOG_LEVEL": "WARNING"}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=environment, check=True)
    file = folder / "entries.csv"
    write(file, rows)
    print(f"{rows:,} rows, {file.stat().st_size / 1e6:.1f} MB")
    idle = 0.0
    for step in STEPS:
        command = [sys.executable, "-m", "benchmarks.import_60k", step, str(file)]
        output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
        seconds, busy, peak, said = output.split(maxsplit=3)
        idle = idle or float(peak)
        spent = f"{float(seconds):6.1f} s ({float(busy):.1f} s of CPU)"
        print(f"  {step:12} {spent}  {float(peak) - idle:5.0f} MB over idle  {said.strip()}", flush=True)


def write(file: Path, rows: int) -> None:
    with file.open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["First name", "Last name", "Date of birth", "Gender", "E-mail", "Mobile", "Club", "Postcode"])
        for n in range(rows):
            born = f"{n % 28 + 1:02}/{n % 12 + 1:02}/{1950 + n % 55}"
            who = [f"Aled {n % 500}", f"Rhys {n // 500}", born, "F", f"r{n}@mail.example", f"07700 {n:06}"]
            table.writerow([*who, "Fellgate Harriers", f"HX1 {n % 10}AB"])


def step_alone(step: str, file: Path) -> None:
    """One step, in this process. Prints seconds, those of CPU, peak resident memory in MB, and what came of it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "organiser_portal.settings")
    django.setup()
    began = time.perf_counter()
    said = do(step, file)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.perf_counter() - began:.2f} {time.process_time():.2f} {peak:.1f} {said}")


def do(step: str, file: Path) -> str:
    from django.utils import timezone

    from organiser_portal.events.models import Event, Race
    from organiser_portal.organisations.models import Organisation, User
    from organiser_portal.participants.imports import headings, running, storing
    from organiser_portal.participants.models import Import

    def go_on(imported: Import) -> str:
        running.run_import(imported.pk, clock=timezone.now)
        imported.refresh_from_db()
        names = ("create", "update", "same", "cannot", "created", "undone")
        return ", ".join(f"{getattr(imported, name):,} {name}" for name in names if getattr(imported, name))

    organisation, _ = Organisation.objects.get_or_create(name="Bench", slug="bench")
    user = User.objects.filter(email="b@bench.example").first() or User.objects.create_user("b@bench.example", "bench")
    event, _ = Event.objects.get_or_create(organisation=organisation, name="Bench")
    race, _ = Race.objects.get_or_create(organisation=organisation, event=event, name="10K")
    latest = Import.objects.order_by("-pk").first()
    if step.startswith("read"):
        with file.open("rb") as content:
            size = file.stat().st_size
            told = {"organisation": organisation, "by": user, "now": timezone.now()}
            return f"{storing.store_upload(content, name='entries.csv', size=size, **told).total:,} kept"
    if latest is None:
        return "nothing"
    if step.startswith("check"):
        names = [column["heading"] for column in latest.columns]
        mapping = headings.match(names, offered=[target for group in headings.GROUPS.values() for target in group])
        running.start_check(latest, mapping=mapping, race=race, listing=None, month_first=False)
    elif step == "commit":
        running.start_commit(latest, by=user)
    elif step == "undo":
        latest = Import.objects.earliest("pk")
        running.undo_import(latest, by=user, now=timezone.now())
    return go_on(latest)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        step_alone(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
