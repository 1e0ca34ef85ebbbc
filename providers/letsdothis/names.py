"""Which person field a question of an entry form asks for, told by its name. Organisers name them as they like."""

import re
import unicodedata
from functools import lru_cache

NAMES: dict[str, str] = {
    "first_name": "first name|firstname|forename|forenames|first names|given name|given names|christian name|fname",
    "last_name": "last name|lastname|surname|family name|last names|second name|lname",
    "email": "email|e mail|email address|e mail address|mail",
    "birth_date": "date of birth|dob|d o b|birth date|birthdate|birthday|date birth|dateofbirth",
    "gender": "gender|sex|gender identity|gender category|race gender|sex or gender|gender or sex",
    "phone": "phone|phone number|telephone|telephone number|tel|mobile|mobile phone|mobile number|mobile telephone"
    "|mobile phone number|mobile telephone number|cell|cell phone|cellphone|cell phone number|contact number"
    "|contact phone|contact phone number|contact telephone|contact telephone number|phonenumber",
    "club": "club|club name|running club|running club name|athletics club|athletic club|club or team|club team"
    "|triathlon club|tri club|cycling club|affiliated club|club affiliation|running club or team",
    "nationality": "nationality|citizenship|country of nationality",
    "address_1": "address|address line 1|address 1|address1|address line one|street|street address|home address"
    "|postal address|first line of address|house number and street|line 1",
    "address_2": "address line 2|address 2|address2|address line two|second line of address|line 2",
    "city": "city|town|town city|city town|town or city|city or town|post town",
    "region": "county|region|state|province|state province|state or province|county state|county or state"
    "|county region|state county",
    "postcode": "postcode|post code|postal code|zip|zip code|zipcode|postcode zip|zip postcode|postcode or zip"
    "|zip or postcode|zip or postal code|postcode zip code|zip postal code|postalcode",
    "country": "country|country of residence|country name|home country|residence country",
    "medical": "health|health conditions|health information|health issues",
}
FULL_NAMES = frozenset({"name", "full name", "fullname"})
_BY_NAME = {spelling: field for field, spellings in NAMES.items() for spelling in spellings.split("|")}


def _set(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


_EMERGENCY = _set("emergency kin ice")
_NUMBER = _set("phone number telephone tel mobile cell")
_EMERGENCY_NAME = _EMERGENCY | _NUMBER | _set("contact contacts name full next of in case person details and")
_NOT_THE_NAME = _set("email mail relationship relation address postcode consent")
# However the question goes on: an answer about somebody's health is not for everybody's eyes.
_MEDICAL = _set("medical allergy allergies")
_NOT_MEDICAL = _set("insurance certificate consent waiver agree volunteer team staff")
# Somebody else's details, or the same ones again.
_NOT_THE_ENTRANT = _set(
    "guardian parent mother father booker booking captain partner coach doctor gp confirm confirmation repeat verify"
    " billing delivery shipping company employer charity sponsor teammate"
)
_FILLERS = _set(
    "your the please enter what is are you participant participants runner runners entrant entrants athlete athletes"
    " competitor competitors s my a an"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def normalise(name: str) -> str:
    """Lower case words without accents, punctuation and padding: "Runner's  E-Mail:" is "e mail"."""
    spread = _CAMEL.sub(" ", name)
    bare = "".join(c for c in unicodedata.normalize("NFKD", spread) if not unicodedata.combining(c)).lower()
    found = re.findall(r"[a-z0-9]+", re.sub(r"\(.*?\)", " ", bare)) or re.findall(r"[a-z0-9]+", bare)
    return " ".join(word for word in found if word not in _FILLERS)


@lru_cache(maxsize=4096)
def proposed_field(key: str, label: str) -> str:
    """The name of a ``Person`` field, or "". What people read counts before the slug."""
    spellings = (normalise(label), normalise(key))
    met = {word for spelling in spellings for word in spelling.split()}
    if met & _EMERGENCY:
        return _of_emergency([set(spelling.split()) for spelling in spellings])
    if met & _NOT_THE_ENTRANT:
        return ""
    if met & _MEDICAL:
        return "" if met & _NOT_MEDICAL else "medical"
    return next((_BY_NAME[spelling] for spelling in spellings if spelling in _BY_NAME), "")


def _of_emergency(spellings: list[set[str]]) -> str:
    met = set().union(*spellings)
    if met & _NOT_THE_NAME:
        return ""
    if met & _NUMBER and "name" not in met:
        return "emergency_phone"
    about = [spelling for spelling in spellings if spelling & _EMERGENCY]
    return "emergency_name" if any(spelling <= _EMERGENCY_NAME for spelling in about) else ""


def asks_full_name(key: str, label: str) -> bool:
    """First and last name in one question."""
    spellings = {normalise(key), normalise(label)}
    met = {word for spelling in spellings for word in spelling.split()}
    return bool(spellings & FULL_NAMES) and not met & (_NOT_THE_ENTRANT | _EMERGENCY | {"team", "club", "event"})
