"""Sessions, accounts and hosts."""

from providers.sandbox.messages import Reply, Request, json_reply
from providers.sandbox.ticketing.access import Caller
from providers.sandbox.ticketing.checking import Given, check, given, is_text, reference, require, texts
from providers.sandbox.ticketing.desk import Desk
from providers.sandbox.ticketing.listing import asked, contains, listed
from providers.sandbox.ticketing.objects import ACCOUNT_TEXTS, HOST_TEXTS, Account, Host
from providers.sandbox.ticketing.refusals import (
    Refusal,
    conflict,
    no_account,
    no_host,
    restricted,
    unauthenticated,
    wrong_password,
)

TITLES = frozenset({"Mr", "Mrs", "Miss", "Ms", "Mx", "Dr", "Prof", "Rev"})


class PeopleDesk(Desk):
    def start_session(self, request: Request) -> Reply:
        body = given(request)
        require(body, ("identification", "password"))
        account = self.state.identified(str(body["identification"]))
        if account is None:
            raise no_account()
        if account.password != body["password"]:
            raise wrong_password()
        return json_reply(201, self.shapes.session(self.state.start_session(account)))

    def session(self, caller: Caller) -> Reply:
        if caller.session is None:
            raise unauthenticated()
        return json_reply(200, self.shapes.session(caller.session))

    def end_session(self, caller: Caller) -> Reply:
        if caller.session is None:
            raise unauthenticated()
        caller.session.ended = True
        return self.deleted("The session has ended.")

    def accounts(self, caller: Caller, request: Request) -> Reply:
        caller.must_be_system()
        query = asked(request)
        found = [
            account
            for account in self.state.accounts.values()
            if query.get("number", account.number) == account.number
            and query.get("email", account.email).casefold() == account.email.casefold()
            and query.get("username", account.username).casefold() == account.username.casefold()
        ]
        return listed(request, found, self.shapes.account, self.switches)

    def register(self, caller: Caller, request: Request) -> Reply:
        caller.must_not_be_gate()
        body = given(request)
        require(body, ("username", "password"))
        self._check_account(body)
        self._must_be_new(body)
        account = self.state.add_account(str(body["username"]), str(body["password"]), str(body.get("email") or ""))
        account.about.update(texts(body, ACCOUNT_TEXTS))
        return json_reply(201, self.shapes.account(account))

    def _must_be_new(self, body: Given) -> None:
        """A clash of both is told as one of the username alone."""
        if self.state.identified(str(body["username"])):
            raise conflict("user", ["username"])
        if str(body.get("email") or "").casefold() in self.state.emails:
            raise conflict("user", ["email"])

    def _check_account(self, body: Given) -> None:
        check(body, dict.fromkeys(("username", "password", "email"), is_text) | {"title": TITLES.__contains__})

    def _account(self, caller: Caller, number: str) -> Account:
        account = self.state.accounts.get(number)
        if account is None:
            raise no_account()
        caller.must_be(account)
        return account

    def account(self, caller: Caller, number: str) -> Reply:
        return json_reply(200, self.shapes.account(self._account(caller, number)))

    def save_account(self, caller: Caller, number: str, request: Request) -> Reply:
        account, body = self._account(caller, number), given(request)
        self._check_account(body)
        account.about.update(texts(body, ACCOUNT_TEXTS))
        return json_reply(200, self.shapes.account(account))

    def delete_account(self, caller: Caller, number: str) -> Reply:
        account = self._account(caller, number)
        held = (ticket for event in self.state.events.values() for ticket in event.tickets)
        if any(ticket.owner is account and ticket.status == "Issued" for ticket in held):
            raise Refusal(409, "An account cannot be deleted while it holds active tickets.")
        self.state.drop_account(account)
        return self.deleted("The account has been deleted.")

    def preferences(self, caller: Caller, number: str) -> Reply:
        return json_reply(200, self.shapes.preferences(self._account(caller, number)))

    def save_preferences(self, caller: Caller, number: str, request: Request) -> Reply:
        account, body = self._account(caller, number), given(request)
        require(body, ("region",))
        check(body, {"region": lambda value: reference(value) in self.state.regions})
        account.region = reference(body["region"])
        return json_reply(200, self.shapes.preferences(account))

    def hosts(self, caller: Caller, request: Request) -> Reply:
        caller.must_not_be_gate()
        number = asked(request).get("account")
        name = asked(request).get("name")
        found = [
            host
            for host in self.state.hosts.values()
            if (number is None or reference(number) in host.administrators) and contains(host.about["name"], name)
        ]
        return listed(request, found, self.shapes.host, self.switches)

    def hosts_of(self, caller: Caller, number: str, request: Request) -> Reply:
        account = self._account(caller, number)
        found = [host for host in self.state.hosts.values() if account.number in host.administrators]
        return listed(request, found, self.shapes.host, self.switches)

    def add_host(self, caller: Caller, request: Request) -> Reply:
        if caller.account is None:
            raise restricted()
        body = given(request)
        self._check_host(body, None)
        host = Host(id=self.state.mint(), about=texts(body, HOST_TEXTS), administrators={caller.account.number})
        self.state.hosts[host.id] = host
        return json_reply(201, self.shapes.host(host))

    def _check_host(self, body: Given, host: Host | None) -> None:
        require(body, ("name", "contact", "email"))
        check(body, dict.fromkeys(HOST_TEXTS, is_text))
        name = str(body["name"]).casefold()
        if any(other is not host and other.about["name"].casefold() == name for other in self.state.hosts.values()):
            raise conflict("host", ["name"])

    def _host(self, host_id: str) -> Host:
        if host_id not in self.state.hosts:
            raise no_host()
        return self.state.hosts[host_id]

    def host(self, caller: Caller, host_id: str) -> Reply:
        caller.must_not_be_gate()
        return json_reply(200, self.shapes.host(self._host(host_id)))

    def save_host(self, caller: Caller, host_id: str, request: Request) -> Reply:
        host, body = self._host(host_id), given(request)
        caller.must_run(host)
        self._check_host(body, host)
        host.about.update(texts(body, HOST_TEXTS))
        return json_reply(200, self.shapes.host(host))

    def delete_host(self, caller: Caller, host_id: str) -> Reply:
        host = self._host(host_id)
        caller.must_run(host)
        if any(event.host is host for event in self.state.events.values()):
            raise Refusal(409, "A host cannot be deleted while it has events.")
        del self.state.hosts[host.id]
        return self.deleted("The host has been deleted.")

    def add_administrator(self, caller: Caller, host_id: str, request: Request) -> Reply:
        host, body = self._host(host_id), given(request)
        caller.must_run(host)
        require(body, ("account",))
        number = reference(body["account"])
        if number not in self.state.accounts:
            raise no_account()
        host.administrators.add(number)
        return json_reply(201, self.shapes.account(self.state.accounts[number]))
