"""``manage.py serve``: the web server, with worker and beat inside it unless there is a broker of its own."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from organiser_portal.embedded import serve


class Command(BaseCommand):
    help = "Answer on --bind. With the default in-memory broker, worker and beat run in the same process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address:port (default: %(default)s)")

    def handle(self, *_args: Any, **options: Any) -> None:
        serve(bind=options["bind"])
