"""Time stands still."""

import pytest
import time_machine

from tests.conftest import NOW


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
