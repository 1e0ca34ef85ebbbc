"""Who runs: the columns that entries and applications share."""

from django.db import models

from organiser_portal.core.plain import PlainCharField
from providers.records import Gender

GENDERS = [
    (Gender.FEMALE.value, "Female"),
    (Gender.MALE.value, "Male"),
    (Gender.NON_BINARY.value, "Non-binary"),
    (Gender.UNKNOWN.value, "Not stated"),
]


class PersonFields(models.Model):
    """The same names as ``providers.records.Person``. ``search_text`` is folded: lower case, no accents."""

    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    email = models.CharField("e-mail", max_length=254, blank=True)
    birth_date = models.DateField("date of birth", null=True, blank=True)
    gender = PlainCharField(max_length=2, choices=GENDERS, blank=True)
    phone = models.CharField("mobile", max_length=60, blank=True)
    club = models.CharField(max_length=200, blank=True)
    nationality = models.CharField(max_length=60, blank=True)
    address_1 = models.CharField("address", max_length=300, blank=True)
    address_2 = models.CharField("address, second line", max_length=300, blank=True)
    city = models.CharField("town", max_length=200, blank=True)
    region = models.CharField("county", max_length=200, blank=True)
    postcode = models.CharField(max_length=30, blank=True)
    country = models.CharField(max_length=60, blank=True)
    emergency_name = models.CharField("emergency contact", max_length=200, blank=True)
    emergency_phone = models.CharField("emergency number", max_length=60, blank=True)
    medical = models.TextField("medical", blank=True)
    person_is_booker = models.BooleanField(default=False)
    sort_name = PlainCharField(max_length=300, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
