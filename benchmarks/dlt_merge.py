"""The same pages by the tool that most would take: dlt, merging into PostgreSQL.

    uv run --with 'dlt[postgres]' python -m benchmarks.dlt_merge ADDRESS DATABASE tuned

Prints the seconds. "tuned": no child tables, files of CSV that go in by COPY, one upsert; "default": as it comes.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from benchmarks.floor import read_pages

TUNED = {
    "NORMALIZE__DATA_WRITER__FILE_MAX_ITEMS": "50000",
    "DATA_WRITER__BUFFER_MAX_ITEMS": "20000",
    "EXTRACT__DATA_WRITER__BUFFER_MAX_ITEMS": "20000",
    "NORMALIZE__WORKERS": "2",
    "LOAD__WORKERS": "2",
}


def load(root: str, database: str, *, tuned: bool) -> float:
    """Seconds for one first load of the participants."""
    os.environ.update({"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR", **(TUNED if tuned else {})})
    import dlt  # which reads its settings as it comes in

    @dlt.resource(
        name="participants",
        primary_key="id",
        write_disposition={"disposition": "merge", "strategy": "upsert"} if tuned else "merge",
        max_table_nesting=0 if tuned else None,
    )
    def participants() -> Iterator[list[dict[str, Any]]]:
        for body in read_pages(root):
            yield json.loads(body)["data"]

    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            pipeline_name="bench",
            pipelines_dir=folder,
            destination=dlt.destinations.postgres(_with_password(database)),
            dataset_name=f"dlt_{'tuned' if tuned else 'default'}",
        )
        started = time.perf_counter()
        pipeline.run(participants(), loader_file_format="csv" if tuned else None)
        return time.perf_counter() - started


def _with_password(database: str) -> str:
    """dlt insists on one, also where the server trusts us."""
    parts = urlsplit(database)
    user = f"{parts.username}:{parts.password or 'none'}"
    return parts._replace(scheme="postgresql", netloc=f"{user}@{parts.hostname}:{parts.port or 5432}").geturl()


if __name__ == "__main__":
    address, database_url, way = sys.argv[1:]
    print(load(address, database_url, tuned=way == "tuned"))
