from organiser_portal.participants.models.application import Application
from organiser_portal.participants.models.conflict import Conflict, FieldRule, SettledField, Settlement
from organiser_portal.participants.models.entry import Entry, Origin
from organiser_portal.participants.models.person import PersonFields
from organiser_portal.participants.models.revision import Revision

__all__ = [
    "Application",
    "Conflict",
    "Entry",
    "FieldRule",
    "Origin",
    "PersonFields",
    "Revision",
    "SettledField",
    "Settlement",
]
