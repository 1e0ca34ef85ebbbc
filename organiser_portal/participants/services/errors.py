"""Why a change to an entry is not made. ``str()`` is a sentence for the organiser."""

from organiser_portal.participants.models import Entry


class EntryError(Exception):
    """Base of what the services of an entry raise."""


class EntryErased(EntryError):
    """The provider has erased the person: there is nothing left to change."""

    def __init__(self) -> None:
        super().__init__("The person behind this entry has been erased. Nothing about them can be changed.")


class NotOurs(EntryError):
    """The field belongs to the provider and nothing of ours may stand over it."""


class FormUsed(EntryError):
    """The form was already saved, with other values; ``entry`` is what it saved."""

    def __init__(self, entry: Entry) -> None:
        super().__init__("This form has already been saved.")
        self.entry = entry


class NothingToMend(EntryError):
    """No change of this entry waits for a person any more: it was sent, mended or discarded meanwhile."""

    def __init__(self) -> None:
        super().__init__("Nothing waits to be mended any more. Open the entry again to see how it stands.")


class NothingToUndo(EntryError):
    """None of the fields has what the edit gave it any more. ``stays``: sentences on why."""

    def __init__(self, stays: str = "") -> None:
        super().__init__(stays or "There is nothing left to undo here.")


class TooLateToUndo(EntryError):
    """The change has left by now, or is over."""

    def __init__(self) -> None:
        super().__init__("Too late to undo: this change is on its way already, or over.")
