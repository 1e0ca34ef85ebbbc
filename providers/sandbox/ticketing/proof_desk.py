"""Looking people up, and proving by e-mail that an account is one's own. No e-mail is sent: every code is the same."""

from providers.sandbox.messages import Reply, Request, json_reply
from providers.sandbox.ticketing.access import Caller
from providers.sandbox.ticketing.checking import Given, check, given, is_text, require
from providers.sandbox.ticketing.desk import Desk
from providers.sandbox.ticketing.objects import Proof
from providers.sandbox.ticketing.refusals import invalid, no_account, no_resource

EMAILED_CODE = "246810"
VERIFICATIONS, RESETS = "verifications", "resets"


class ProofDesk(Desk):
    def look_up(self, caller: Caller, request: Request) -> Reply:
        """Whether there is an account of this name or address, perhaps of one role only."""
        caller.must_not_be_gate()
        body = given(request)
        require(body, ("identification",))
        check(body, {"identification": is_text, "role": is_text})
        role = body.get("role") or ""
        account = self.state.identified(body["identification"])
        found = account is not None and role in ("", account.role)
        return json_reply(200, self.shapes.lookup(body["identification"], role, account if found else None))

    def begin(self, caller: Caller, kind: str, request: Request) -> Reply:
        caller.must_not_be_gate()
        body = given(request)
        require(body, ("email",))
        account = self.state.emails.get(str(body["email"]).casefold())
        if account is None:
            raise no_account()
        proof = Proof(id=self.state.mint(), kind=kind, account=account)
        self.state.proofs[proof.id] = proof
        return json_reply(201, self.shapes.proof(proof) | {"status": "Pending"})

    def confirm(self, caller: Caller, kind: str, proof_id: str, request: Request) -> Reply:
        caller.must_not_be_gate()
        proof, body = self.state.proofs.get(proof_id), given(request)
        if proof is None or proof.kind != kind:
            raise no_resource()
        self._check(kind, body)
        if kind == RESETS:
            proof.account.password = body["password"]
        else:
            proof.account.verified = True
        del self.state.proofs[proof.id]
        return json_reply(200, self.shapes.proof(proof))

    def _check(self, kind: str, body: Given) -> None:
        require(body, ("code", "password") if kind == RESETS else ("code",))
        check(body, {"password": is_text})
        if str(body["code"]) != EMAILED_CODE:
            raise invalid(["code"])
