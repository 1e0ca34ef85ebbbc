"""What Trackier's objects look like in both versions, secrets cut out, with what the walks put in.

Amounts come as numbers or as their text, an empty map as ``[]``, a list of commissions as a map by id.
"""

from providers.contract import (
    A_LIST,
    A_MAP,
    ANYTHING,
    FLAG,
    NOTHING,
    NUMBER,
    TEXT,
    Contract,
    Shape,
    list_of,
    map_of,
    one_of,
    record,
)
from providers.records import Kind

TOLD = TEXT | NOTHING
ID = TEXT | NUMBER
AMOUNT = NUMBER | TEXT
COUNT = NUMBER | TEXT
PHP_DATE = record(date=TEXT, timezone_type=NUMBER, timezone=TEXT)
DATE = TEXT | PHP_DATE | NOTHING
LIST = A_LIST | A_MAP | NOTHING
META = A_MAP | A_LIST

CAP_TYPES = ("conversion", "payout", "revenue", "click", "pendingPayout", "pendingRevenue", "approvedConv")
CAMPAIGN_STATUSES = ("active", "pending", "paused", "disabled")
CONVERSION_STATUSES = ("approved", "pending", "cancelled", "rejected")


def _each(shape: Shape, *names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, shape)


PARTNER = record(
    _each(ID, "_id", "id", "display_id", "publisher_id", "hashId"),
    **_each(TOLD, "org_id", "manager_id", "username", "name", "email", "phone", "company", "country", "currency"),
    **_each(DATE, "created", "modified", "createdAt", "modifiedAt", "updatedAt"),
    region=record(_each(TOLD, "currency", "zone", "lang")) | NOTHING | A_LIST,
    type=TEXT,
    tier_id=TOLD,
    status=TOLD,
    deleted=FLAG,
    live=FLAG,
    meta=META,
    tags=LIST,
)
COMMISSION = record(
    _each(ID, "_id", "id", "ad_id"),
    **_each(TOLD, "model", "tier_id", "description", "currency"),
    **_each(AMOUNT, "rate", "revenue", "payout"),
    **_each(LIST, "coverage", "geo"),
    **_each(DATE, "created", "modified"),
)
CAP = record(
    _each(ID, "id", "_id", "ad_id", "pub_id"),
    type=one_of(*CAP_TYPES),
    **_each(COUNT | NOTHING, "daily", "monthly", "lifetime"),
    **_each(NUMBER | FLAG | TEXT, "pc", "pause_campaign"),
    **_each(LIST, "pids", "geo"),
    pub_cap_type=TOLD,
    redirect=ANYTHING,
)
COMMISSIONS = list_of(COMMISSION) | map_of(COMMISSION)
CAMPAIGN = record(
    _each(ID, "_id", "id", "display_id"),
    **_each(TOLD, "user_id", "org_id", "title", "description", "url", "preview_url", "image", "type", "currency"),
    **_each(TOLD, "comm_model", "commModel", "model", "comm_type", "conv_tracking", "convt_domain", "vis"),
    **_each(TOLD, "app_name", "app_id", "def_goal", "fallback_url", "disabled_reason", "cdt"),
    **_each(LIST, "creative", "category", "device", "os", "os_ver", "coverage", "cities", "isps", "blocked_pubs"),
    **_each(FLAG, "active", "live", "fire_global_aff_pb"),
    **_each(DATE, "expiry", "created", "modified", "createdAt"),
    cookie_duration=COUNT,
    status=one_of(*CAMPAIGN_STATUSES),
    meta=META,
    commissions=COMMISSIONS,
    payouts=COMMISSIONS,
    caps=list_of(CAP) | map_of(CAP),
)
CONVERSION = record(
    _each(ID | NOTHING, "_id", "id", "conversion_id", "cid", "goal_id"),
    **_each(ID | NOTHING, "campaign_id", "camp_id", "campaign_long_id"),
    **_each(ID | NOTHING, "publisher_id", "pub_id", "publisher_long_id"),
    **_each(TOLD, "method", "txnId", "txn_id", "sub1", "goal_name", "campaign_name", "publisher_name", "currency"),
    **_each(TOLD, "adid", "pid", "referer"),
    **_each(AMOUNT | NOTHING, "payout", "revenue", "sale", "saleAmount", "sale_amount"),
    created=DATE,
    status=one_of(*CONVERSION_STATUSES),
)
DAY_STAT = record(
    _each(ID, "campaign_id", "camp_id", "campaign_long_id", "publisher_id", "pub_id", "publisher_long_id"),
    created=DATE,
    currency=TEXT,
    **_each(COUNT, "grossClicks", "clicks", "impressions", "approvedConversions", "conversions"),
    **_each(AMOUNT, "payout", "revenue"),
    meta=META,
)

CONTRACT: Contract = {
    Kind.PARTNER: PARTNER,
    Kind.CAMPAIGN: CAMPAIGN,
    Kind.CONVERSION: CONVERSION,
    Kind.DAY_STAT: DAY_STAT,
}
