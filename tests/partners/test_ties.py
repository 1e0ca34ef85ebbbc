"""By which group and partner an entry came: by id, else by a name that is unique, else not at all."""

import pytest

from organiser_portal.partners.ties import NOTHING, GroupFacts, PartnerFacts, Tied, Trace, ties

SPRING, AUTUMN = 1, 2
KNOWN = ties(
    [
        GroupFacts(10, "re_a", "Charity places", SPRING, 100),
        GroupFacts(11, "re_b", "Charity places", AUTUMN, 101),
        GroupFacts(12, "re_c", "Club places", SPRING, 101),
        GroupFacts(13, "re_d", "Club places", SPRING, 102),
        GroupFacts(14, "re_e", "Ours", SPRING, None),
    ],
    [
        PartnerFacts(100, "Harbour Hospice", [["enthuse", "4471"], ["justGiving", "9"]]),
        PartnerFacts(101, "Ely Striders", [["enthuse", "9"]]),
        PartnerFacts(102, "Twin", [["justGiving", "77"]]),
        PartnerFacts(103, "Twin", [["justGiving", "77"]]),
    ],
)


@pytest.mark.parametrize(
    ("trace", "tied"),
    [
        (Trace("re_a", "", "", SPRING), Tied(10, 100)),
        (Trace("re_a", "Club places", "Ely Striders", AUTUMN), Tied(10, 100)),
        (Trace("re_x-odd", "charity  PLACES", "", SPRING), Tied(10, 100)),
        (Trace("", "Charity places", "", AUTUMN), Tied(11, 101)),
        (Trace("", "Club places", "", SPRING), NOTHING),
        (Trace("", "Club places", "Ely Striders", SPRING), Tied(None, 101)),
        (Trace("", "", "Twin", SPRING), NOTHING),
        (Trace("re_e", "", "Harbour Hospice", SPRING), Tied(14, 100)),
        (Trace("re_e", "", "", SPRING), Tied(14, None)),
        (Trace("", "Charity places", "", None), NOTHING),
        (Trace("", "", "Nobody we know", SPRING), NOTHING),
        (Trace("", "", "", SPRING), NOTHING),
        (Trace("", "", "", SPRING, [["enthuse", "4471"]]), Tied(None, 100)),
        (Trace("", "", "Twin", SPRING, [["enthuse", "9"]]), Tied(None, 101)),
        (Trace("re_c", "", "", SPRING, [["enthuse", "4471"]]), Tied(12, 100)),  # its own id says more than the group
        (Trace("re_e", "", "", SPRING, [["enthuse", "4471"]]), Tied(14, 100)),
        (Trace("", "", "", SPRING, [["enthuse", "4471"], ["enthuse", "9"]]), NOTHING),
        (Trace("", "", "", SPRING, [["justGiving", "77"]]), NOTHING),
    ],
)
def test_an_entry_is_tied_only_where_there_is_no_doubt(trace: Trace, tied: Tied):
    assert KNOWN.of(trace) == tied
