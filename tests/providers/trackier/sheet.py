"""The calls that are documented of a network's own API, v1; and those that the portal leaves alone, with the reason."""

type Route = tuple[str, str]

READ_ELSEWHERE = "the same is read in one go elsewhere"
NOT_OURS = "settled once at Trackier, by whoever runs the network"
DESTROYS = "deletes results with it; the portal disables, pauses or switches off instead"
NO_PLACE = "nothing in the portal is about it"

V1: tuple[Route, ...] = tuple(
    (method, path)
    for methods, path in (
        ("GET POST", "/affiliate"),
        ("GET POST DELETE", "/affiliate/{}"),
        ("GET", "/affiliate/earning/{}"),
        ("GET POST", "/campaign"),
        ("GET PUT", "/campaign/domains"),
        ("GET", "/campaign/stats/{}"),
        ("GET", "/campaign/stats/{}/{}"),
        ("POST", "/campaign/assign-publisher"),
        ("GET POST", "/campaign/lpages/{}"),
        ("POST DELETE", "/campaign/lpages/{}/{}"),
        ("GET POST", "/campaign/pub-payout/{}"),
        ("GET POST DELETE", "/campaign/pub-payout/{}/{}"),
        ("GET POST DELETE", "/campaign/{}"),
        ("GET POST", "/commissions/{}"),
        ("GET POST DELETE", "/commissions/{}/{}"),
        ("GET POST", "/caps/{}"),
        ("GET POST DELETE", "/caps/{}/{}"),
        ("POST", "/goal"),
        ("GET", "/goal/campaign/{}"),
        ("POST", "/goal/payout/{}"),
        ("POST DELETE", "/goal/payout/{}/{}"),
        ("GET POST DELETE", "/goal/{}"),
        ("GET POST", "/network/link/{}/{}"),
        ("GET", "/network/conversions"),
        ("POST", "/network/conversion-import"),
        ("GET", "/jobs"),
        ("GET", "/jobs/{}"),
        ("GET", "/network/customReport"),
        ("GET", "/network/stats"),
        ("GET", "/network/clicks"),
        ("GET POST", "/network/referral"),
        ("PATCH DELETE", "/network/referral/{}"),
        ("GET", "/dictionary/countries"),
        ("GET", "/dictionary/devices"),
        ("GET POST", "/dictionary/categories"),
        ("DELETE", "/dictionary/categories/{}"),
        ("GET POST", "/dictionary/customField/affiliate"),
        ("DELETE", "/dictionary/customField/affiliate/{}"),
        ("GET PATCH", "/network/account"),
        ("GET POST", "/advertiser"),
        ("GET POST DELETE", "/advertiser/{}"),
    )
    for method in methods.split()
)

LEFT: dict[Route, str] = {
    ("DELETE", "/affiliate/{}"): DESTROYS,
    ("DELETE", "/campaign/{}"): DESTROYS,
    ("DELETE", "/network/referral/{}"): DESTROYS,
    ("DELETE", "/commissions/{}/{}"): "a campaign without a rate pays nothing; rates are changed",
    ("GET", "/commissions/{}/{}"): READ_ELSEWHERE,
    ("GET", "/caps/{}/{}"): READ_ELSEWHERE,
    ("GET", "/campaign/pub-payout/{}"): READ_ELSEWHERE,
    ("GET", "/goal/{}"): READ_ELSEWHERE,
    ("GET", "/network/link/{}/{}"): "the POST gives an existing link as well",
    ("GET", "/campaign/stats/{}"): READ_ELSEWHERE,
    ("GET", "/campaign/stats/{}/{}"): READ_ELSEWHERE,
    ("GET", "/network/stats"): READ_ELSEWHERE,
    ("GET", "/network/clicks"): "names single visitors; the portal needs counts, which the report has",
    ("PUT", "/campaign/domains"): NOT_OURS,
    ("GET", "/campaign/lpages/{}"): NO_PLACE,
    ("POST", "/campaign/lpages/{}"): NO_PLACE,
    ("POST", "/campaign/lpages/{}/{}"): NO_PLACE,
    ("DELETE", "/campaign/lpages/{}/{}"): NO_PLACE,
    ("POST", "/goal/{}"): "a goal's name is what entries are reported under; it is changed with the entry page",
    ("DELETE", "/goal/{}"): DESTROYS,
    ("POST", "/goal/payout/{}"): "a goal is made with its payout",
    ("POST", "/goal/payout/{}/{}"): "documented without saying which of several payouts counts",
    ("DELETE", "/goal/payout/{}/{}"): "documented without saying which of several payouts counts",
    ("GET", "/dictionary/countries"): "countries are those of ISO here",
    ("GET", "/dictionary/devices"): NO_PLACE,
    ("GET", "/dictionary/categories"): NO_PLACE,
    ("POST", "/dictionary/categories"): NO_PLACE,
    ("DELETE", "/dictionary/categories/{}"): NO_PLACE,
    ("POST", "/dictionary/customField/affiliate"): NOT_OURS,
    ("DELETE", "/dictionary/customField/affiliate/{}"): NOT_OURS,
    ("PATCH", "/network/account"): NOT_OURS,
    ("POST", "/advertiser"): NOT_OURS,
    ("GET", "/advertiser/{}"): READ_ELSEWHERE,
    ("POST", "/advertiser/{}"): NOT_OURS,
    ("DELETE", "/advertiser/{}"): NOT_OURS,
}
