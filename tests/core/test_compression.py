"""Pages travel compressed, and no two compressions of one page are of a length that tells what is in it."""

import gzip

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_page_is_compressed_for_whoever_can_read_that(client: Client):
    path = "/accounts/login/"
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert b"<h1" in gzip.decompress(answer.content)
    assert "Content-Encoding" not in client.get(path).headers


@pytest.mark.django_db
def test_its_length_varies_so_that_it_tells_nothing(client: Client):
    answers = [client.get("/accounts/login/", headers={"accept-encoding": "gzip"}) for _ in range(8)]
    assert len({len(answer.content) for answer in answers}) > 1
