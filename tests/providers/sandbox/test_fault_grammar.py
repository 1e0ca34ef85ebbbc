import pytest

from providers.sandbox import FOREVER, BadSpec, Fault, Faults, Request
from providers.sandbox.faults import parse


@pytest.mark.parametrize(
    ("spec", "faults"),
    [
        (
            "letsdothis:status=503,retry_after=7,times=3",
            [Fault(provider="letsdothis", status=503, retry_after="7", times=3)],
        ),
        ("eventrac:drop_after_write,times=1", [Fault(provider="eventrac", drop="after")]),
        ("drop_before_write=reset", [Fault(drop="before", reset=True)]),
        ("slow=2.5", [Fault(slow=2.5, times=FOREVER)]),
        ("slow=2.5,times=2", [Fault(slow=2.5, times=2)]),
        ("revoke", [Fault(revoke=True, times=FOREVER)]),
        ("truncate,skip=4", [Fault(truncate=0, skip=4)]),
        ("new_field=wave,null=name", [Fault(new_field="wave", null="name", times=FOREVER)]),
        ("new_word=status,times=2", [Fault(new_word="status", times=2)]),
        ("other_sort=price", [Fault(other_sort="price", times=FOREVER)]),
        ("status=500,after_write,method=post", [Fault(status=500, after_write=True, method="POST")]),
        ("status=429,path=^/races,times=forever", [Fault(status=429, path="^/races", times=FOREVER)]),
        (
            "slow=1; broken ;hang",
            [Fault(slow=1, times=FOREVER), Fault(status=200, body="broken"), Fault(hang="before")],
        ),
        ("", []),
    ],
)
def test_a_spec_is_read(spec: str, faults: list[Fault]):
    assert parse(spec) == faults


@pytest.mark.parametrize(
    "spec",
    [
        "wibble",
        "status=often",
        "eventrac:",
        "times=3",
        "method=GET,path=x",
        "status=500,body=xml",
        "path=[",
        "null=",
        "holding=",
    ],
)
def test_a_bad_spec_is_refused(spec: str):
    with pytest.raises(BadSpec):
        parse(spec)


def test_a_fault_strikes_as_often_as_it_says():
    faults = Faults("eventrac:status=500,times=2,skip=1,method=GET")
    get, post = Request(method="GET", path="/x"), Request(method="POST", path="/x")
    struck = [faults.strike("eventrac", request) is not None for request in (get, post, get, get, get)]
    assert struck == [False, False, True, True, False]
    assert faults.listed() == []
    assert Faults("eventrac:status=500").strike("letsdothis", get) is None


def test_a_fault_strikes_those_alone_that_hold_what_it_names():
    faults = Faults("status=500,holding=Zoe,times=forever")
    bodies = (b'{"name": "Zoe"}', b'{"name": "Ada"}', b"")
    requests = [Request(method="POST", path="/x", body=body) for body in bodies]
    assert [faults.strike("eventrac", request) is not None for request in requests] == [True, False, False]
