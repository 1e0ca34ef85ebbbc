"""A campaign to be made, and what was sent and read again of one."""

import json
from typing import Any

from providers.operations import Done
from providers.partner_records import CampaignRecord
from providers.sandbox import Sandbox
from providers.trackier.client import Trackier

URL = "https://race.example/enter?tid={click_id}"


NEW = {"name": "Harbour Half", "url": URL, "payout": "2.5", "revenue": "3", "model": "cpa"}


def again(provider: Trackier, done: Done) -> CampaignRecord:
    """The one campaign that was read again."""
    [told] = done.refreshed
    [record] = provider.decode(told)
    assert isinstance(record, CampaignRecord)
    return record


def bodies(sandbox: Sandbox) -> list[Any]:
    return [json.loads(call.body) for call in sandbox.calls("trackier", "POST")]
