"""What a key turned out to be, for the page that tests a connection."""

from providers.errors import AccessDenied, NotFound
from providers.port import Account
from providers.ticketing.api import Api
from providers.ticketing.directory import Directory, Host

CALENDAR_ONLY = (
    "This key can read the calendar, but not tickets, admissions and admission tokens. For those, enter an "
    "administrator's key, or the username and password of an account that administers the host."
)
ALL_HOSTS = "This key sees the events of every host. Enter your host ID, or all of them are taken for yours."


def describe(api: Api, directory: Directory, *, host_id: str, has_account: bool) -> Account:
    """Raises what is wrong with the key, the account or the host ID."""
    published = next(api.pages("/published-events", size=1)).total
    session = directory.session() if has_account else None
    every = _count_of_all(api)
    host = _host(directory, host_id)
    runs_host = session is not None and _administers(directory, session.account.number, host_id)
    facts = [
        ("Key", "system administrator's" if every is not None else "account's" if session else "for reading"),
        ("Account", f"{session.account.name} ({session.account.number})" if session else ""),
        ("Signed in", session.started if session else ""),
        ("Host", f"{host.name} ({host_id})" if host else ""),
        ("Events on the public calendar", str(published)),
        ("Events in all", "" if every is None else str(every)),
    ]
    warnings = [
        "" if every is not None or runs_host else CALENDAR_ONLY,
        "" if host_id or every is None else ALL_HOSTS,
    ]
    return Account(
        name=host.name if host else session.account.name if session else "TickeTing",
        facts=tuple((label, value) for label, value in facts if value),
        warnings=tuple(filter(None, warnings)),
    )


def _count_of_all(api: Api) -> int | None:
    """None: only administrators may know."""
    try:
        return next(api.pages("/events", size=1)).total
    except AccessDenied:
        return None


def _host(directory: Directory, host_id: str) -> Host | None:
    if not host_id:
        return None
    try:
        return directory.hosts.one(host_id)
    except NotFound as error:
        raise AccessDenied(
            f"The key works, but TickeTing knows no host {host_id}. Check the host ID.",
            **error.call,
        ) from None


def _administers(directory: Directory, number: str, host_id: str) -> bool:
    hosts = {host.id for host in directory.hosts.all(account=number)}
    return host_id in hosts if host_id else bool(hosts)
