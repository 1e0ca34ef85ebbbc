"""Which column holds what: by what people call it, unless the organisation has said so before."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from organiser_portal.participants import fields
from organiser_portal.participants.folding import fold

RACE, FULL_NAME, REFERENCE, NUMBER = "race", "full_name", "reference", "external_id"
PARTNER = "own_partner"
LABELS = {
    FULL_NAME: "Full name",
    RACE: "Race, by its name",
    REFERENCE: "Our reference",
    NUMBER: "Provider's number",
    "region": "County",
    "own_partner": "Partner",
}
# In the order of the select: group → targets.
GROUPS: Mapping[str, Sequence[str]] = {
    "Who": ("first_name", "last_name", FULL_NAME, "birth_date", "gender", "email", "phone", "club", "nationality"),
    "Address": ("address_1", "address_2", "city", "region", "postcode", "country"),
    "Place": (RACE, "bib", "wave", "own_partner", "notes", REFERENCE, NUMBER),
    "Sensitive": ("emergency_name", "emergency_phone", "medical"),
}
# Letters and figures only, folded: as the timing and entry tools of the field write them in their own files.
ALIASES: Mapping[str, Sequence[str]] = {
    "first_name": ("firstname", "fname", "forename", "givenname", "christianname", "runnerfirstname", "first"),
    "last_name": ("lastname", "lname", "surname", "familyname", "secondname", "runnerlastname", "last"),
    FULL_NAME: ("name", "fullname", "runner", "runnername", "participant", "participantname", "entrant", "athlete"),
    "birth_date": ("dateofbirth", "birthdate", "dob", "birthday", "born", "birth", "dateofbirthddmmyyyy"),
    "gender": ("gender", "sex", "mf"),
    "email": ("email", "emailaddress", "mail", "eaddress", "contactemail"),
    "phone": (
        "phone", "mobile", "cellphone", "cell", "telephone", "tel", "phonenumber", "mobilenumber", "mobilephone",
        "contactnumber", "telephonenumber",
    ),
    "club": ("club", "clubname", "runningclub", "team", "teamname"),
    "nationality": ("nationality", "nation", "natcode", "noc"),
    "address_1": ("address", "address1", "addressline1", "street", "streetaddress"),
    "address_2": ("address2", "addressline2", "addresssecondline"),
    "city": ("city", "town", "addresscity", "towncity"),
    "region": ("county", "state", "region", "province", "stateprov", "addressstate"),
    "postcode": ("postcode", "zip", "zipcode", "postalcode", "addresszipcode"),
    "country": ("country", "addresscountry"),
    RACE: ("race", "racename", "contest", "distance", "regchoice", "racetype", "registrationchoice"),
    "bib": ("bib", "bibnum", "bibnumber", "bibno", "plate", "racenumber", "raceno", "startnumber"),
    "wave": ("wave", "startwave", "pen"),
    "own_partner": ("partner", "charity"),
    "notes": ("notes", "note", "comment", "comments"),
    REFERENCE: ("reference", "ourreference", "externalreference", "portalreference"),
    NUMBER: ("providersnumber", "externalid", "participantid", "entryid", "entrynumber"),
    "emergency_name": ("emergencycontact", "emergencyname", "emergencycontactname"),
    "emergency_phone": ("emergencyphone", "emergencynumber", "emergencycontactnumber", "emergencycontactphone"),
    "medical": (
        "medical", "medicalalert", "medicalinformation", "medicalinfo", "medicalconditions", "medicalnotes",
        "medicalconditionsorallergies",
    ),
}  # fmt: skip
_KNOWN = {alias: target for target, aliases in ALIASES.items() for alias in aliases}


def plain(heading: str) -> str:
    """ "First_Name" and "FIRST NAME." are "firstname"."""
    return "".join(letter for letter in fold(heading) if letter.isalnum())


def label(target: str) -> str:
    return LABELS.get(target) or fields.label(target)


def key_of(headings: Iterable[str]) -> str:
    """Equal for files with the same headings, in whatever order."""
    return hashlib.sha256("\n".join(sorted(map(plain, headings))).encode()).hexdigest()


def match(
    headings: Sequence[str], remembered: Mapping[str, str] | None = None, *, offered: Iterable[str]
) -> dict[str, str]:
    """Heading → target, "" to leave it out. ``remembered`` is what was chosen for the same headings before and wins.

    A target is given once: to the first column that asks for it.
    """
    before = {plain(heading): target for heading, target in (remembered or {}).items()}
    free = set(offered)
    matched: dict[str, str] = {}
    for heading in headings:
        name = plain(heading)
        wanted = before.get(name, "") if remembered is not None else _KNOWN.get(name, "")
        matched[heading] = wanted if wanted in free else ""
        free.discard(wanted)
    if remembered is None and matched.keys() and {"first_name", "last_name"} <= set(matched.values()):
        return {heading: "" if target == FULL_NAME else target for heading, target in matched.items()}
    return matched
