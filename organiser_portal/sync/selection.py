"""Which runs, and which changes on their way, an address asks for."""

from collections.abc import Mapping
from typing import Any

from organiser_portal.connections.models import OutboundChange
from organiser_portal.core.selection import Selection
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.filters import ChangeFilter, RunFilter
from organiser_portal.sync.models import SyncRun
from organiser_portal.sync.tables import CHANGES, RUNS


def select_runs(organisation: Organisation, address: Mapping[str, Any]) -> Selection[SyncRun]:
    runs = SyncRun.objects.filter(organisation=organisation)
    asked = RunFilter(address, runs, organisation=organisation)
    return Selection(filter=asked, view=RUNS.read(address), everything=runs, found=asked.found())


def select_changes(organisation: Organisation, address: Mapping[str, Any]) -> Selection[OutboundChange]:
    changes = OutboundChange.objects.of(organisation)
    asked = ChangeFilter(address, changes, organisation=organisation)
    return Selection(filter=asked, view=CHANGES.read(address), everything=changes, found=asked.found())
