from organiser_portal.participants.models.application import Application
from organiser_portal.participants.models.batch import Batch, BatchItem, BatchState, ItemOutcome
from organiser_portal.participants.models.conflict import Conflict, FieldRule, SettledField, Settlement
from organiser_portal.participants.models.entry import Entry, Origin
from organiser_portal.participants.models.imports import Import, ImportChunk, ImportRow, ImportState, Pile, RowOutcome
from organiser_portal.participants.models.person import PersonFields
from organiser_portal.participants.models.revision import Revision

__all__ = [
    "Application",
    "Batch",
    "BatchItem",
    "BatchState",
    "Conflict",
    "Entry",
    "FieldRule",
    "Import",
    "ImportChunk",
    "ImportRow",
    "ImportState",
    "ItemOutcome",
    "Origin",
    "PersonFields",
    "Pile",
    "Revision",
    "RowOutcome",
    "SettledField",
    "Settlement",
]
