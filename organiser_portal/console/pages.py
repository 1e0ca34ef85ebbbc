"""The pages that the palette knows, by what people call them."""

from dataclasses import dataclass

from organiser_portal.organisations.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``also``: other words that somebody looking for it might type, folded."""

    title: str
    name: str
    icon: str
    also: str = ""
    role: Role = Role.VIEWER


PAGES = (
    Page(title="Home", name="console:home", icon="inbox", also="inbox to do attention"),
    Page(title="Entries", name="participants:entry-list", icon="users", also="runners participants start list"),
    Page(title="Add an entry", name="participants:entry-add", icon="plus", also="new runner", role=Role.EDITOR),
    Page(
        title="Import entries",
        name="participants:import-list",
        icon="file-upload",
        also="csv excel xlsx upload file club",
        role=Role.MANAGER,
    ),
    Page(
        title="Bulk changes",
        name="participants:batch-list",
        icon="checks",
        also="batches undo many at once wave",
        role=Role.EDITOR,
    ),
    Page(title="Conflicts", name="participants:conflict-list", icon="git-compare", also="both sides settle differs"),
    Page(title="Applications", name="participants:application-list", icon="checklist", also="ballot draw"),
    Page(title="Races", name="events:race-list", icon="run", also="capacity licence"),
    Page(title="Events", name="events:event-list", icon="calendar-event"),
    Page(title="Partners", name="partners:partner-list", icon="users-group", also="charities affiliates sponsors"),
    Page(title="Reserved places", name="partners:group-list", icon="lock", also="charity groups claim links"),
    Page(title="Campaigns", name="partners:campaign-list", icon="link", also="affiliate conversions tracking"),
    Page(title="Gates", name="admissions:gate-list", icon="ticket", also="admissions stewards scan redeem"),
    Page(title="Connections", name="connections:connection-list", icon="plug-connected", also="keys credentials sync"),
    Page(
        title="Connect a platform",
        name="connections:connection-add",
        icon="plug-connected",
        also="key credentials new",
        role=Role.OWNER,
    ),
    Page(title="Changes on their way", name="sync:outbound-list", icon="send", also="outbox queue push refused"),
    Page(title="Sync runs", name="sync:run-list", icon="history", also="log errors"),
    Page(title="How fresh everything is", name="sync:freshness", icon="clock", also="stale age coverage"),
    Page(title="People", name="organisations:member-list", icon="user-circle", also="staff team roles members"),
    Page(title="Invite somebody", name="organisations:invite", icon="user-plus", also="staff team", role=Role.OWNER),
    Page(title="Audit trail", name="console:audit-list", icon="history", also="log who", role=Role.MANAGER),
    Page(title="Keyboard and display", name="console:keys", icon="keyboard", also="shortcuts density rows dark"),
)
