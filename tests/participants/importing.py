"""An import gone through as a manager does: upload, columns, check, commit, undo."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from organiser_portal.participants.imports.running import run_import
from organiser_portal.participants.models import Import

IMPORTS = "/o/fellgate/entries/imports/"


CLUB = (
    "First Name,Surname,D.O.B.,Sex,E-mail,Club\r\n"
    "Siobhán,Breathnach,14/03/1989,F,siobhan@mail.example,Fellgate Harriers\r\n"
    "Aled,ap Rhys,02/11/1975,M,aled@mail.example,Fellgate Harriers\r\n"
)


HEXLEY = "First name,Last name,Email,Date of birth\nAled,Rhys,aled@mail.example,02/11/1975\nNia,Prys,,09/09/1999\n"


def upload(browser: Client, text: str | bytes, name: str = "club.csv") -> Import:
    content = text.encode() if isinstance(text, str) else text
    response = browser.post(IMPORTS, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 303, response.text
    return Import.objects.latest("pk")


def columns_of(browser: Client, imported: Import) -> dict[str, Any]:
    """The form as it is proposed."""
    form = browser.get(f"{IMPORTS}{imported.pk}/columns/").context["form"]
    return {bound.name: bound.value() or "" for bound in form}


def check(browser: Client, imported: Import, **chosen: Any) -> Import:
    response = browser.post(f"{IMPORTS}{imported.pk}/columns/", {**columns_of(browser, imported), **chosen})
    assert response.status_code == 303, response.text
    return go_on(imported)


def go_on(imported: Import) -> Import:
    run_import(imported.pk, clock=timezone.now)
    imported.refresh_from_db()
    return imported


def commit(browser: Client, imported: Import) -> Import:
    browser.post(f"{IMPORTS}{imported.pk}/commit/")
    return go_on(imported)


def undo(browser: Client, imported: Import) -> Import:
    browser.post(f"{IMPORTS}{imported.pk}/undo/")
    return go_on(imported)


def piles(imported: Import) -> tuple[int, int, int, int]:
    return imported.create, imported.update, imported.same, imported.cannot


def reasons(imported: Import) -> list[str]:
    return list(imported.rows.filter(pile="cannot").values_list("reason", flat=True))
