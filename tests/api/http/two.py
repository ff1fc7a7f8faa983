"""A company of which two people sign: one by a wallet of its own, one by a key that the service keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount

from api.chain.signer import DemoMnemonicSigner
from api.domain.operations import Contract
from api.domain.principal import PersonRole
from api.domain.typed_data import add_account, for_wallets
from tests.api.http.stack import CHAIN_ID, running
from tests.api.http.staff import SETTINGS, Guarded, Someone
from tests.api.http.town import NO_HASH, WAIT
from tests.api.http.wallet import wallet_of

Json = dict[str, Any]
EVIDENCE = "0x" + "5e" * 32
FAR = 2**40


@dataclass
class Signer:
    """A person, and the account that it has linked to sign by."""

    someone: Someone
    account: str

    @property
    def http(self) -> httpx.Client:
        return self.someone.http

    @property
    def id(self) -> str:
        return self.someone.id


class Pair:
    """A network where everybody signs in, and the people of its core enterprise, supplier and financier."""

    def __init__(self, guarded: Guarded) -> None:
        self.guarded = guarded
        self.stack = guarded.stack
        self.town = guarded.town
        self.wallets = DemoMnemonicSigner(CHAIN_ID, 140).accounts()
        self._spare = iter(self.wallets[80:])
        account = guarded.stack.signer.accounts()[-2]
        registrar = self.town.admission("attester", "registrar", settlement_account=account, administrator=account)
        account = next(self._spare)
        auditor = self.town.admission("reviser", "auditor", settlement_account=account, administrator=account)
        guarded.admit([registrar, auditor])
        self.companies = guarded.companies
        self.town.ids = dict(guarded.companies)
        line = {"party": 0, "currency": "CNY", "limit": "1000000000000"}
        core = self.companies["assembler"]
        done(guarded.operator.http.put(f"/parties/{core}/credit-lines", json=line, headers=WAIT))
        for name in ("assembler", "lender"):
            money = {"party": 0, "to": self.companies[name], "currency": "CNY", "amount": str(10**12)}
            done(guarded.operator.http.post("/deposits", json=money, headers=WAIT))
        # Each company has an administering account besides, whose key the service has not: what the tests do past the
        # service must use no nonce of the accounts that it sends from.
        self._behind = replace(guarded.stack, signer=DemoMnemonicSigner(CHAIN_ID, len(self.wallets)))
        self._admins: dict[str, str] = {}
        for index, name in enumerate(("assembler", "smith", "lender"), 70):
            self._administer(name, wallet_of(index))
        self.auditor = guarded.join(self.companies["reviser"], PersonRole.VIEWER)

    def admit(self, name: str, role: str) -> None:
        """One more company, whose key the service has."""
        self.guarded.admit([self.town.admission(name, role)])
        self._administer(name, wallet_of(self.wallets.index(next(self._spare))))

    def admit_with_own_key(self, name: str, role: str) -> str:
        """One more company, whose key the service has not; its account."""
        account = next(self._spare)
        own = {"settlement_account": account, "administrator": account}
        self.guarded.admit([self.town.admission(name, role, **own)])
        return account

    def _administer(self, name: str, key: LocalAccount) -> None:
        self.stack.rpc("anvil_setBalance", key.address, hex(10**20))
        self._bind(self.guarded.accounts[name], key, name, 4)
        self._admins[name] = key.address

    def person(self, company: str, *roles: PersonRole) -> Someone:
        return self.guarded.join(self.companies[company], *roles)

    def signer(self, company: str, *roles: PersonRole, account: str | None = None) -> Signer:
        """A person who has linked an account of the company: a new one unless given."""
        someone = self.person(company, *roles)
        account = account or self.new_account(company)
        answer = someone.link(account)
        assert answer.status_code == 200, answer.text
        return Signer(someone, account)

    def new_account(self, company: str, rights: int = 2) -> str:
        """One more account of the company on the chain, without leave to act."""
        account = next(self._spare)
        self.bind(wallet_of(self.wallets.index(account)), company, rights)
        return account

    def word(self, account: str, company: str, rights: int, key: LocalAccount | None = None) -> Json:
        """An account's own word to serve a company, as the API takes it."""
        key = key or wallet_of(self.wallets.index(account))
        terms = {"party": self.companies[company], "account": account, "rights": rights, "evidenceHash": EVIDENCE}
        nonce = self.stack.view(Contract.REGISTRY, "nonces", account)
        typed = add_account(CHAIN_ID, self.stack.address(Contract.REGISTRY), {**terms, "nonce": nonce, "deadline": FAR})
        signature = "0x" + bytes(key.sign_message(encode_typed_data(full_message=for_wallets(typed))).signature).hex()
        party = self.companies[company]
        return {
            "party": party,
            "account": account,
            "evidence_hash": EVIDENCE,
            "deadline": str(FAR),
            "signature": signature,
        }

    def bind(self, key: LocalAccount, company: str, rights: int) -> None:
        """One more account of the company, past the service."""
        self._bind(self._admins[company], key, company, rights)

    def unbind(self, account: str, company: str) -> None:
        """Past the service: the account is the company's no more."""
        self._behind.send(self._admins[company], Contract.REGISTRY, "setRights", account, 0, NO_HASH)
        self._indexed()

    def _bind(self, by: str, key: LocalAccount, company: str, rights: int) -> None:
        word = self.word(key.address, company, rights, key)
        args = (key.address, rights, EVIDENCE, FAR, word["signature"])
        self._behind.send(by, Contract.REGISTRY, "addAccount", *args)
        self._indexed()

    def pass_to(self, timestamp: int) -> None:
        """Moves the chain's clock."""
        self.stack.rpc("evm_setNextBlockTimestamp", timestamp)
        self.stack.rpc("evm_mine")
        self._indexed()

    def _indexed(self) -> None:
        height = int(self.stack.rpc("eth_blockNumber"), 16)
        operator = self.guarded.operator.http
        self.town.until(lambda: operator.get("/status").json()["index"]["block"], lambda block: block >= height)

    def imported(self, http: httpx.Client, amount: str = "5000.00", due_in: int = 60) -> int:
        """An invoice of the supplier's that the core enterprise takes in; the item's id."""
        (item,) = self.ledger(http, [(amount, due_in)])
        return item

    def ledger(self, http: httpx.Client, invoices: Sequence[tuple[str, int]], buyer: str = "assembler") -> list[int]:
        """Invoices of the supplier's, by amount and days until they are due, that a core enterprise takes in; the items'
        ids."""
        today = self.town.today()
        rows = [
            f"TWO-{next(self.town.numbers)},smith,{amount},{today - timedelta(days=10)},{today + timedelta(days=due)},CNY"
            for amount, due in invoices
        ]
        text = "\n".join(["doc_no,vendor,amount,issue_date,due_date,currency", *rows, ""])
        upload = {"file": ("ledger.csv", text.encode(), "text/csv")}
        taken = done(http.post("/imports", data={"party": self.companies[buyer]}, files=upload))["imported"]
        return [int(item["id"]) for item in taken]

    def confirmation(self, http: httpx.Client, **invoice: Any) -> Json:
        return {"party": self.companies["assembler"], "items": [self.imported(http, **invoice)]}

    def ended(self, http: httpx.Client, approval: Json) -> list[Json]:
        """The operations of an executed approval, once each has ended."""
        return [
            self.town.until(
                lambda one=one: http.get(f"/operations/{one}").json(),  # type: ignore[misc]
                lambda o: o["status"] in ("confirmed", "failed"),
            )
            for one in approval["operations"]
        ]

    def sign(self, signer: Signer, approval: str, part: str, **changes: Any) -> httpx.Response:
        """By wallet, over the typed data as the API tells it."""
        typed = done(signer.http.get(f"/approvals/{approval}"))["typed_data"]
        body = {"by": "wallet", "part": part, "account": signer.account, "signature": self.signature(signer, typed)}
        return signer.http.post(f"/approvals/{approval}/signatures", json={**body, **changes})

    def signature(self, signer: Signer, typed: Json) -> str:
        key = wallet_of(self.wallets.index(signer.account))
        return "0x" + bytes(key.sign_message(encode_typed_data(full_message=typed)).signature).hex()

    def both(self, maker: Signer, checker: Signer, approval: str) -> Json:
        """Signed by both; the approval then."""
        done(self.sign(maker, approval, "maker"))
        return dict(done(self.sign(checker, approval, "checker")))


def done(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201, 202, 204), answer.text
    return answer.json()


def recovered(typed: Json, signature: str) -> str:
    """Who signed typed data, by eth-account alone."""
    return str(Account.recover_message(encode_typed_data(full_message=typed), signature=signature))


@contextmanager
def two_people(home: Path, **settings: str) -> Iterator[Pair]:
    """A network of its own, whose clock may be moved. `settings` of its processes beyond the usual ones, as SCF_…"""
    with running(home, **SETTINGS, **settings) as stack:
        yield Pair(Guarded(stack))
