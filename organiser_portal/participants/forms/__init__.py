"""The forms of one entry: built from what the race asks and what the person may see."""

from organiser_portal.participants.forms.add import AddForm
from organiser_portal.participants.forms.edit import EditForm

__all__ = ["AddForm", "EditForm"]
