"""The four roles. Each covers those before it."""

from django.db import models


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer: browse, no sensitive data"
    EDITOR = "editor", "Editor: also add and edit entries, and export"
    MANAGER = "manager", "Manager: also partners, imports, linking, bulk work"
    OWNER = "owner", "Owner: also people and credentials"

    @property
    def noun(self) -> str:
        """The role in one word."""
        return self.name.capitalize()

    def covers(self, other: "Role") -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)
