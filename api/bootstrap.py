"""The only place that joins ports to adapters: for API, indexer, worker, command line and scripts alike."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from api.chain.artifacts import load_artifacts
from api.chain.bindings import Bindings
from api.chain.deploy import deploy, verify_deployment
from api.chain.deploy_plan import Plan
from api.chain.deployment import Deployment, load_deployment
from api.chain.kept_keys import FolderKeys
from api.chain.local import LocalChain, fund, head_time, move_clock, start_anvil, start_ganache
from api.chain.reader import ChainReader
from api.chain.rpc import Rpc, RpcError
from api.chain.sender import Sender
from api.chain.signer import CompositeSigner, DemoMnemonicSigner, KeyfileSigner, create_keyfile
from api.config import LOCAL_CHAIN_IDS, LOOPBACK, Identity, Settings
from api.credentials.codes import TotpCodes
from api.credentials.openid import OpenIdClient
from api.credentials.passwords import ArgonPasswords
from api.credentials.provider_file import load_providers
from api.credentials.wallets import SiweWallets
from api.domain.errors import Conflict, InvalidInput, Unavailable
from api.domain.invoices import DEMO_NETWORK_KEY
from api.domain.ledgers import LedgerOptions
from api.domain.party_identity import AliasTable
from api.domain.ports import (
    Chain,
    Dossiers,
    Events,
    Evidence,
    ImportedItems,
    OperationBox,
    OutboxGauge,
    QuoteBook,
    Signer,
)
from api.domain.tracing import Tracer
from api.domain.views import PartyView
from api.dossier.gather import DossierWriter
from api.indexer.service import Rebuilt, rebuild
from api.intake.business_days import Holidays
from api.intake.documents import FolderDocumentStore
from api.intake.keys import create_network_key, load_network_key
from api.intake.reader import Reader
from api.notifier.notifier import Notifier, Patience
from api.outbound.fetcher import HttpFetcher
from api.outbound.poster import HttpPoster
from api.services.accounts import Accounts
from api.services.acts import Acts
from api.services.administration import Administration
from api.services.api_keys import Keys
from api.services.approval_words import ApprovalWords
from api.services.approvals import Approvals
from api.services.bulk import BulkConfirmation
from api.services.certificates import Certificates
from api.services.financing import Financing
from api.services.identity import IdentityDesk
from api.services.intake import Importing
from api.services.issuance import Issuance
from api.services.key_notices import KeyNotices
from api.services.ledger import Ledger
from api.services.notes import Notes
from api.services.orders import Orders
from api.services.parties import ROLES, Parties
from api.services.people import Staff
from api.services.providers import ProviderSignIn
from api.services.recourse import Recourse
from api.services.registrations import Registrations
from api.services.relay import Relay
from api.services.remembered import Remembered
from api.services.repayment import Deposits, Repayment
from api.services.reports import Reports
from api.services.sight import Sights, Sources
from api.services.sign_in import Lifetimes, SignIn
from api.services.signing_keys import SigningKeys
from api.services.two_people import Amounts, CheckedBox, TwoPeople
from api.services.undoing import Undoing
from api.services.verify import Verification
from api.services.wallets import Site, WalletSignIn
from api.services.watch import Watch
from api.services.webhooks import Webhooks
from api.store.app.alerts import StoredAlerts
from api.store.app.approvals import StoredApprovals
from api.store.app.audit import StoredAuditLog
from api.store.app.credentials import (
    StoredApiKeys,
    StoredNonces,
    StoredSessions,
    StoredSignInsBegun,
    StoredThrottle,
)
from api.store.app.database import ChangeWatch, Database
from api.store.app.events import StoredEvents
from api.store.app.imports import StoredEvidence, StoredItems
from api.store.app.jobs import StoredJobs
from api.store.app.key_changes import StoredKeyChanges
from api.store.app.load import StoredLoad
from api.store.app.migrate import migrate
from api.store.app.move import move
from api.store.app.operations import StoredOperations
from api.store.app.outbox import StoredOutbox, process_name
from api.store.app.people import StoredPeople, StoredPersonKeys
from api.store.app.profiles import StoredProfiles
from api.store.app.quotes import StoredQuotes
from api.store.app.undone import StoredUndone
from api.store.app.webhooks import StoredWebhooks
from api.store.ledger.reading import LedgerReader
from api.tracing import open_tracer
from api.worker.worker import Pace, Worker


@dataclass(frozen=True)
class Services:
    """Everything a router, a command or a script may use."""

    settings: Settings
    chain: Chain
    signer: Signer
    box: OperationBox
    load: OutboxGauge
    events: Events
    acts: Acts
    parties: Parties
    importing: Importing
    issuance: Issuance
    notes: Notes
    financing: Financing
    registrations: Registrations
    repayment: Repayment
    deposits: Deposits
    accounts: Accounts
    administration: Administration
    orders: Orders
    recourse: Recourse
    approvals: Approvals
    approval_words: ApprovalWords
    relay: Relay
    bulk: BulkConfirmation
    ledger: Ledger
    sights: Sights
    remembered: Remembered
    verification: Verification
    watch: Watch
    items: ImportedItems
    quotes: QuoteBook
    webhooks: Webhooks
    evidence: Evidence
    documents: FolderDocumentStore
    network_key: bytes
    certificates: Certificates
    identity: IdentityDesk
    tracer: Tracer

    def reader(self, options: LedgerOptions, aliases: AliasTable | None = None) -> Reader:
        """Reads documents under the network key."""
        return Reader(self.network_key, aliases or AliasTable(), options)


def open_signer(settings: Settings, chain_id: int) -> Signer:
    """The keyfiles of the home folder and, when asked for on a local chain, the published demo mnemonic."""
    signers: list[Signer] = []
    if settings.demo_keys:
        signers.append(DemoMnemonicSigner(chain_id, settings.demo_accounts))
    if settings.path(settings.keystore).is_dir():
        signers.append(KeyfileSigner(settings.path(settings.keystore), settings.path(settings.keystore_password_file)))
    return CompositeSigner(signers)


def open_network_key(settings: Settings) -> bytes:
    """The network key; on demo keys without a file, the published demo key."""
    path = settings.path(settings.network_key_file)
    return DEMO_NETWORK_KEY if settings.demo_keys and not path.exists() else load_network_key(path)


async def chain_id_of(settings: Settings, rpc: Rpc) -> int:
    """The chain's id. Conflict("WrongChain") when the settings ask for another."""
    found = int(await rpc.call("eth_chainId"), 16)
    if settings.chain_id not in (0, found):
        raise Conflict("WrongChain", expected=settings.chain_id, found=found)
    return found


async def deploy_network(settings: Settings, tokens: Mapping[str, str], existing: Mapping[str, str]) -> Deployment:
    """Deploys what is missing to the chain at `rpc_url`; see api.chain.deploy. `tokens` is test money (code → name)."""
    async with Rpc(settings.rpc_url, settings.rpc_timeout_s) as rpc:
        chain_id = await chain_id_of(settings, rpc)
        signer = open_signer(settings, chain_id)
        local = chain_id in LOCAL_CHAIN_IDS
        plan = Plan(
            deployer=_operator(settings, signer),
            tokens=dict(tokens),
            existing_tokens=dict(existing),
            admin_delay_s=0 if local else settings.admin_delay_s,
            role_delay_s=0 if local else settings.role_delay_s,
        )
        bindings = Bindings(load_artifacts(settings.artifacts))
        return await deploy(rpc, bindings, signer, plan, settings.deployment_file)


@asynccontextmanager
async def open_services(settings: Settings, process: str = "cli") -> AsyncIterator[Services]:
    """Services over the deployment of the home folder, until the block ends. `process` is what traces call this one."""
    deployment = load_deployment(settings.deployment_file)
    bindings = Bindings(load_artifacts(settings.artifacts))
    database = Database(settings.app_db)
    model = LedgerReader(settings.chain_db)
    async with Rpc(settings.rpc_url, settings.rpc_timeout_s) as rpc:
        signer = open_signer(settings, await chain_id_of(settings, rpc))
        sender = Sender(rpc, bindings, deployment.chain_id, signer, deployment, settings.max_fee_gwei)
        chain = ChainReader(rpc, bindings, deployment, sender)
        try:
            migrate(database)
            with open_tracer(settings, process) as tracer:
                book = StoredApprovals(database, settings.session_idle_s)
                dossiers = DossierWriter(rpc, bindings, deployment, model, book)
                yield await _assemble(settings, chain, signer, database, model, dossiers, tracer)
        finally:
            model.close()
            database.close()


async def block_hashes(url: str, numbers: Sequence[int]) -> Mapping[int, str]:
    """What the node at `url` says these blocks' hashes are; blocks that it does not have are left out."""
    async with Rpc(url) as rpc:
        answers = await rpc.batch([("eth_getBlockByNumber", (hex(number), False)) for number in numbers])
    told = zip(numbers, answers, strict=True)
    return {number: block["hash"] for number, block in told if block and not isinstance(block, RpcError)}


@asynccontextmanager
async def open_worker(settings: Settings) -> AsyncIterator[Worker]:
    """The worker over the deployment of the home folder, until the block ends."""
    deployment = load_deployment(settings.deployment_file)
    bindings = Bindings(load_artifacts(settings.artifacts))
    database = Database(settings.app_db)
    async with Rpc(settings.rpc_url, settings.rpc_timeout_s) as rpc:
        signer = open_signer(settings, await chain_id_of(settings, rpc))
        await verify_deployment(rpc, bindings, deployment)
        sender = Sender(rpc, bindings, deployment.chain_id, signer, deployment, settings.max_fee_gwei)
        migrate(database)
        bell = ChangeWatch(database)
        pace = Pace(
            batch=settings.worker_batch,
            in_flight=settings.worker_in_flight,
            confirmations=settings.confirmations,
            finality_depth=settings.finality_depth,
            lease_s=settings.lease_s,
            stuck_s=settings.stuck_s,
        )
        try:
            with open_tracer(settings, "worker") as tracer:
                yield Worker(StoredOutbox(database, process_name(), settings.lease_s), sender, bell, pace, tracer)
        finally:
            bell.close()
            database.close()


@asynccontextmanager
async def open_notifier(settings: Settings) -> AsyncIterator[Notifier]:
    """The notifier over the operations and the index of the home folder, until the block ends."""
    database = Database(settings.app_db)
    migrate(database)
    bell, model = ChangeWatch(database), LedgerReader(settings.chain_db)
    patience = Patience(settings.webhook_timeout_s, settings.webhook_retry_s)
    try:
        async with _poster(settings) as poster:
            sources = Undoing(model, StoredUndone(database)), KeyNotices(model, StoredKeyChanges(database))
            yield Notifier(sources, StoredWebhooks(database), poster, bell, open_webhook_key(settings), patience)
    finally:
        bell.close()
        model.close()
        database.close()


def _poster(settings: Settings) -> HttpPoster:
    """This machine may be sent to while whoever reaches it may do all anyway."""
    return HttpPoster(settings.identity is Identity.OFF, settings.webhook_timeout_s)


def open_webhook_key(settings: Settings) -> bytes:
    """The key that webhooks' secrets are made of: made when first asked for."""
    path = settings.path(settings.webhook_key_file)
    if not path.exists():
        with suppress(Conflict):  # another process has made it meanwhile
            create_network_key(path)
    return load_network_key(path)


async def _assemble(
    settings: Settings,
    chain: ChainReader,
    signer: Signer,
    database: Database,
    model: LedgerReader,
    dossiers: Dossiers,
    tracer: Tracer,
) -> Services:
    stored, profiles = StoredOperations(database), StoredProfiles(database)
    book, amounts = StoredApprovals(database, settings.session_idle_s), Amounts(model)
    rule = TwoPeople(book, amounts, chain, required=settings.identity is Identity.REQUIRED)
    box = CheckedBox(stored, rule)
    items, evidence, quotes = StoredItems(database), StoredEvidence(database), StoredQuotes(database)
    documents = FolderDocumentStore(settings.path(settings.documents))
    key = open_network_key(settings)
    acts = Acts(chain, box, signer, model, _operator(settings, signer), tracer)
    ledger, financing, recourse = Ledger(model, profiles), Financing(acts, quotes), Recourse(acts)
    issuance = Issuance(acts, items, profiles, Holidays("CN"), await _registrar(model, signer))
    jobs = StoredJobs(database)
    identity = _identity(settings, chain, database, model, acts.operator)
    verification = Verification(chain, model)
    watch = Watch(ledger, items, StoredAlerts(database))
    approvals = Approvals(acts, book, rule, amounts, StoredPeople(database), identity.signing_keys)
    box.carrier = approvals
    return Services(
        settings=settings,
        chain=chain,
        signer=signer,
        box=box,
        load=StoredLoad(database),
        events=StoredEvents(database),
        acts=acts,
        parties=Parties(acts, profiles, key),
        importing=Importing(items, documents, evidence),
        issuance=issuance,
        notes=Notes(acts),
        financing=financing,
        registrations=Registrations(acts, quotes),
        repayment=Repayment(acts),
        deposits=Deposits(acts),
        accounts=Accounts(acts),
        administration=Administration(acts),
        orders=Orders(acts),
        recourse=recourse,
        approvals=approvals,
        approval_words=ApprovalWords(chain, ledger, amounts, book),
        relay=Relay(acts, settings.relayer or acts.operator),
        bulk=BulkConfirmation(acts, issuance, items, jobs, process_name(), approvals),
        ledger=ledger,
        sights=Sights(
            Sources(
                *(ledger, financing, box, items, quotes, jobs, StoredAuditLog(database), book, dossiers),
                reports=Reports(ledger, chain, verification),
                recourse=recourse,
                watch=watch,
            )
        ),
        remembered=Remembered(ledger),
        verification=verification,
        watch=watch,
        items=items,
        quotes=quotes,
        webhooks=Webhooks(StoredWebhooks(database), _poster(settings), open_webhook_key(settings)),
        evidence=evidence,
        documents=documents,
        network_key=key,
        certificates=Certificates(ledger, key, chain.chain_id),
        identity=identity,
        tracer=tracer,
    )


def _identity(
    settings: Settings, chain: ChainReader, database: Database, model: LedgerReader, operator: str
) -> IdentityDesk:
    people, passwords = StoredPeople(database), ArgonPasswords()
    codes = TotpCodes(settings.path(settings.identity_key_file))
    file, local = settings.path(settings.identity_providers), urlsplit(settings.web_origin).hostname in LOOPBACK
    providers, secrets = load_providers(file, settings.home, local=local)

    async def party_of_account(account: str) -> int | None:
        return 0 if account == operator else await model.party_of_account(account)

    sign_in = SignIn(
        people,
        StoredSessions(database),
        StoredApiKeys(database),
        StoredThrottle(database),
        passwords,
        codes,
        party_of_account,
        providers,
        Lifetimes(settings.session_idle_s, settings.session_absolute_s),
    )
    site = Site(settings.web_origin, chain.chain_id)
    staff = Staff(people, passwords, codes, providers)
    openid = OpenIdClient(HttpFetcher(settings.provider_timeout_s), secrets)
    begun = StoredSignInsBegun(database)
    wallets = SiweWallets(chain.contract_accepts)
    return IdentityDesk(
        sign_in=sign_in,
        staff=staff,
        wallets=WalletSignIn(people, StoredNonces(database), wallets, sign_in, party_of_account, site),
        providers=ProviderSignIn(providers, openid, begun, people, staff, sign_in, site.origin),
        keys=Keys(StoredApiKeys(database)),
        signing_keys=SigningKeys(
            open_person_keys(settings), StoredPersonKeys(database), people, codes, StoredThrottle(database)
        ),
    )


def open_person_keys(settings: Settings) -> FolderKeys:
    """The key service of people's signing keys. InvalidInput("KeyFoldersSame") where they could act on the chain."""
    folder, keystore = settings.path(settings.person_keys), settings.path(settings.keystore)
    if folder.resolve() == keystore.resolve():
        raise InvalidInput("KeyFoldersSame", folder=str(folder))
    return FolderKeys(folder, settings.path(settings.person_keys_password_file))


def _operator(settings: Settings, signer: Signer) -> str:
    if settings.operator:
        return settings.operator
    if accounts := signer.accounts():
        return accounts[0]
    raise Unavailable("NoSigningAccount", party=0, right=0)


async def _registrar(model: LedgerReader, signer: Signer) -> int:
    """The first admitted registrar whose key is at hand; 0 while there is none."""

    def ours(party: PartyView) -> bool:
        return any(signer.can_sign(account.address) for account in party.accounts)

    page = await model.parties(role=ROLES["registrar"], cursor=None, limit=100)
    return next((party.id for party in page.items if ours(party)), 0)


def move_database(settings: Settings, url: str) -> Mapping[str, int]:
    """Carries app.db into the empty database at `url`; how many rows of each table. See api.store.app.move."""
    source, target = Database(settings.app_db), Database(url)
    try:
        return move(source, target)
    finally:
        source.close()
        target.close()


async def reindex(settings: Settings) -> Rebuilt:
    """Indexes the chain anew, and puts the index into use. Conflict("IndexerAlreadyRunning")."""
    return await rebuild(settings)


def new_account(settings: Settings) -> str:
    """Makes an account's keyfile; its address."""
    return create_keyfile(settings.path(settings.keystore), settings.path(settings.keystore_password_file))


@dataclass(frozen=True)
class EmbeddedChain:
    """A chain that this process started, for demo and tests."""

    local: LocalChain

    @property
    def url(self) -> str:
        return self.local.url

    @property
    def process(self) -> subprocess.Popen[bytes]:
        return self.local.process

    async def time(self) -> int:
        """The last block's time, Unix seconds."""
        async with Rpc(self.url) as rpc:
            return await head_time(rpc)

    async def fund(self, settings: Settings) -> None:
        """Gives every demo account test ether for gas, where it has none."""
        async with Rpc(self.url) as rpc:
            signer = open_signer(settings, await chain_id_of(settings, rpc))
            await fund(rpc, signer.accounts())


async def start_local_chain(home: Path, *, keeps_state: bool) -> EmbeddedChain:
    """Ganache over a folder of `home` when it is to keep its state, else a throwaway anvil."""
    log = home / "log" / "chain.log"
    if keeps_state:
        return EmbeddedChain(await start_ganache(home / "chain", log))
    return EmbeddedChain(await start_anvil(log))


def local_clock(settings: Settings) -> Callable[[int], Awaitable[int]]:
    """Moves a local chain's clock ahead to a Unix time; answers the last block's time."""

    async def move(to: int) -> int:
        async with Rpc(settings.rpc_url) as rpc:
            return await move_clock(rpc, to)

    return move
