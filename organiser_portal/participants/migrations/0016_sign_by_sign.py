"""What entries are sorted and looked up by is compared sign by sign, and their indexes cost less to write to.

Both are for PostgreSQL to know: SQLite compares so already. One statement a table, since each makes its indexes anew.
"""

from django.db import migrations
from django.db.models import F, Q
from django.db.models.functions import Coalesce, LPad, NullIf, Upper

from organiser_portal.core.indexes import Constant, Unalike
from organiser_portal.core.plain import PlainCharField
from organiser_portal.participants.models.entry import new_reference

GENDERS = [("f", "Female"), ("m", "Male"), ("nb", "Non-binary"), ("", "Not stated")]
STATUSES = ["live", "cancelled", "transferred", "deferred", "refunded", "withdrawn"]
PERSON = {
    "gender": PlainCharField(blank=True, choices=GENDERS, max_length=2),
    "sort_name": PlainCharField(blank=True, editable=False, max_length=300),
}
FIELDS = {
    "application": PERSON,
    "entry": PERSON
    | {
        "application_external_id": PlainCharField(blank=True, max_length=120),
        "bib": PlainCharField(blank=True, max_length=40),
        "booking_id": PlainCharField(blank=True, max_length=120),
        "external_id": PlainCharField(blank=True, max_length=120, null=True),
        "provider_bib": PlainCharField(blank=True, max_length=40),
        "provider_wave": PlainCharField(blank=True, max_length=100),
        "reference": PlainCharField(default=new_reference, editable=False, max_length=40),
        "status": PlainCharField(
            choices=[(status, status.capitalize()) for status in STATUSES], default="live", max_length=12
        ),
        "wave": PlainCharField(blank=True, max_length=100),
    },
}
BIB = LPad(Coalesce(NullIf("bib", Constant("")), "provider_bib"), Constant(40), Constant("0"))
WAVE = Coalesce(NullIf("wave", Constant("")), "provider_wave")
PARTNER = Coalesce(NullIf("own_partner", Constant("")), NullIf("partner_group", Constant("")), "partner_name")
UNALIKE = [
    Unalike(fields=["organisation", "sort_name", "id"], name="entry_by_name"),
    Unalike(fields=["race", "sort_name", "id"], name="entry_of_race_by_name"),
    Unalike(F("organisation"), BIB, F("id"), condition=~Q(bib="", provider_bib=""), name="entry_in_bib_order"),
    Unalike(F("organisation"), WAVE, F("id"), condition=~Q(provider_wave="", wave=""), name="entry_in_wave_order"),
    Unalike(
        F("organisation"),
        PARTNER,
        F("id"),
        condition=~Q(own_partner="", partner_group="", partner_name=""),
        name="entry_in_partner_order",
    ),
    Unalike(F("organisation"), Upper("club"), F("id"), condition=~Q(club=""), name="entry_in_club_order"),
    Unalike(fields=["organisation", "status", "id"], name="entry_in_status_order"),
    Unalike(fields=["organisation", "birth_date", "id"], name="entry_in_age_order"),
    Unalike(fields=["organisation", "gender", "id"], name="entry_in_gender_order"),
    Unalike(fields=["organisation", "ticket_title", "id"], name="entry_in_ticket_order"),
]


def tell_postgresql(collation, option):
    def tell(apps, schema_editor):
        if schema_editor.connection.vendor != "postgresql":
            return
        for index in UNALIKE:
            schema_editor.execute(f"ALTER INDEX {index.name} {option}")
        for model, fields in FIELDS.items():
            columns = [
                f'ALTER COLUMN {name} TYPE varchar({field.max_length}) COLLATE "{collation}"'
                for name, field in fields.items()
            ]
            schema_editor.execute(f"ALTER TABLE participants_{model} {', '.join(columns)}")
            # What was known of a column is forgotten with its type, and then it plans as if the table were empty.
            schema_editor.execute(f"ANALYZE participants_{model}")

    return tell


class Migration(migrations.Migration):
    dependencies = [("participants", "0015_guarded")]

    operations = [
        migrations.RemoveIndex(model_name="entry", name="entry_newest_first"),
        migrations.AddIndex(
            model_name="entry",
            index=Unalike(
                fields=["organisation", "entered_at", "id", "connection", "status", "gone_at"], name="entry_by_time"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(
                    tell_postgresql("C", "SET (deduplicate_items = off)"),
                    tell_postgresql("default", "RESET (deduplicate_items)"),
                )
            ],
            state_operations=[
                *(migrations.RemoveIndex(model_name="entry", name=index.name) for index in UNALIKE),
                *(migrations.AddIndex(model_name="entry", index=index) for index in UNALIKE),
                *(
                    migrations.AlterField(model_name=model, name=name, field=field)
                    for model, fields in FIELDS.items()
                    for name, field in fields.items()
                ),
            ],
        ),
    ]
