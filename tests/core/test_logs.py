"""What a log line says, and what it never says."""

import json
import logging
import threading
from collections.abc import Callable
from contextvars import copy_context
from io import StringIO

import pytest
from celery.app.trace import build_tracer
from django.db import IntegrityError

from organiser_portal.celery import make_app
from organiser_portal.core.logs import JsonLines, Lines, WithIds, bind, binding, bound

type Written = Callable[[], str]


def logger_with(formatter: logging.Formatter) -> tuple[logging.Logger, Written]:
    text = StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(formatter)
    handler.addFilter(WithIds())
    log = logging.getLogger("portal.test")
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO)
    return log, text.getvalue


@pytest.fixture
def as_json() -> tuple[logging.Logger, Written]:
    return logger_with(JsonLines())


def test_a_line_is_one_json_object_with_what_it_belongs_to(as_json) -> None:
    log, written = as_json
    with binding(request_id="r-1", organisation_id=7), binding(run_id=42):
        log.info("page %s stored", 3)
    line = json.loads(written())
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "portal.test",
        "message": "page 3 stored",
        "request_id": "r-1",
        "organisation_id": 7,
        "run_id": 42,
    }


def test_what_libraries_hang_on_a_line_is_left_out(as_json) -> None:
    log, written = as_json
    log.warning("Not Found: /x", extra={"request": "<WSGIRequest ?q=Siobhan>", "status_code": 404})
    assert set(json.loads(written())) == {"time", "level", "logger", "message"}


def test_a_plain_line_has_the_ids_behind_it() -> None:
    log, written = logger_with(Lines("{levelname} {message}", style="{"))
    with binding(run_id=42, connection_id=3):
        log.info("stored")
    log.info("over")
    assert written().splitlines() == ["INFO stored run_id=42 connection_id=3", "INFO over"]


@pytest.mark.parametrize("formatter", [JsonLines(), Lines("{message}", style="{")], ids=["json", "plain"])
def test_what_a_database_said_is_left_out_of_a_traceback(formatter) -> None:
    log, written = logger_with(formatter)
    said = "Key (email)=(ada@example.org) already exists"
    try:
        try:
            raise IntegrityError(said)
        except IntegrityError as error:
            raise RuntimeError("the page could not be stored") from error
    except RuntimeError:
        log.exception("it broke")
    assert "ada@example.org" not in written()
    for told in ("IntegrityError", "which led to", "RuntimeError: the page could not be stored", "test_logs.py"):
        assert told in written()


def test_nor_does_the_line_of_a_task_that_broke_quote_a_row(caplog: pytest.LogCaptureFixture) -> None:
    said = "Failing row contains (1, Ada, ada@example.org)"

    @make_app("broken").task(name="broken")
    def broken() -> None:
        raise IntegrityError(said)

    build_tracer(broken.name, broken, app=broken.app)("id-1", [], {}, {"id": "id-1"})
    assert "Task broken[id-1] raised unexpected: IntegrityError" in caplog.text
    assert "ada@example.org" not in caplog.text


@pytest.mark.parametrize("formatter", [JsonLines(), Lines("{message}", style="{")], ids=["json", "plain"])
@pytest.mark.parametrize(
    "path",
    [
        "/invitations/d9vJ0bX_lM-2Kc8wqT1e5rYhUzN4oPsA7iGfB3xVtQk/",
        "/accounts/password/reset/key/3-d9vj0b-0f1e2d3c4b5a69788796a5b4c3d2e1f0/",
    ],
)
def test_what_opens_an_account_is_left_out_of_an_address(formatter, path: str) -> None:
    log, written = logger_with(formatter)
    log.warning("%s: %s", "Too Many Requests", path)
    assert path.rstrip("/")[-20:] not in written()
    assert path[:13] in written()


def test_an_address_with_a_number_is_told_whole() -> None:
    log, written = logger_with(Lines("{message}", style="{"))
    log.warning("Not Found: /o/fellgate/people/invitations/123456/resend/")
    assert "/invitations/123456/resend/" in written()


def test_what_is_bound_inside_ends_with_it() -> None:
    with binding(request_id="a"):
        bind(organisation_id=1)
        assert bound() == {"request_id": "a", "organisation_id": 1}
    assert bound() == {}


def test_a_thread_of_ones_own_bears_the_same_ids() -> None:
    seen: list[object] = []
    with binding(run_id=9):
        thread = threading.Thread(target=copy_context().run, args=(lambda: seen.append(bound()),))
    thread.start()
    thread.join()
    assert seen == [{"run_id": 9}]
