"""What lists of entries are sorted by where that is no plain column, and which rows have nothing to sort by.

The list and the indexes of `Entry` both read them here: an index serves only the very expression it is made of.
"""

from django.db.models import Q
from django.db.models.functions import Coalesce, LPad, NullIf, Upper

from organiser_portal.core.indexes import Constant

_NO_VALUE = Constant("")

NO_BIB = Q(bib="", provider_bib="")
NO_WAVE = Q(wave="", provider_wave="")
NO_PARTNER = Q(own_partner="", partner_group="", partner_name="")
NO_CLUB = Q(club="")
NO_CHANGE = Q(push_state="")

# Bibs are text, and yet 9 comes before 10.
BIB = LPad(Coalesce(NullIf("bib", _NO_VALUE), "provider_bib"), Constant(40), Constant("0"))
WAVE = Coalesce(NullIf("wave", _NO_VALUE), "provider_wave")
PARTNER = Coalesce(NullIf("own_partner", _NO_VALUE), NullIf("partner_group", _NO_VALUE), "partner_name")
CLUB = Upper("club")
