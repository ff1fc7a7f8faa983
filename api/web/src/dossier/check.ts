/**
 * Checking a dossier as `scf check` does: without a node, a database or a server, given hashes of blocks that the reader
 * trusts. api/dossier/check.py is the other half of the pair; a test holds both against thousands of forgeries.
 */
import { decoded, signatureHash, type Value, type Values } from "./abi";
import { dayOf } from "./arithmetic";
import { type Bytes, bytes, checksum, hex, keccak, number, signerOf } from "./bytes";
import {
  type Header,
  type Log,
  place,
  readAccount,
  readHeader,
  readLogs,
  readTransaction,
  readWord,
  type Sent,
} from "./chain";
import { type ApprovalProof, type Dossier, readDossier } from "./document";
import { arrayHash, digestFor, structHash } from "./eip712";
import { facts, factsOf } from "./facts";
import { noteStatus, receivableStatus } from "./flags";
import { holdingsOf } from "./holdings";
import { quoteOf, type QuoteTaken } from "./quotes";
import { orRefused, Refused } from "./refused";
import { type Event, Lineage, type NoteState, Replay } from "./story";
import { Pool } from "./trie";

/** JSON whose whole numbers are decimal digits. */
export type Told = null | boolean | string | Told[] | { [key: string]: Told };
type Numbered = bigint | number | boolean | string | Numbered[] | { [key: string]: Numbered } | Value;

/** A dossier that holds. `story` is what it proves; `trusted` are the hashes that it rests on. */
export interface Verdict {
  note: number;
  chain: number;
  block: number;
  blockHash: string;
  time: number;
  contracts: Record<string, string>;
  trusted: string[];
  blocks: number;
  transactions: number;
  /** Of storage. */
  words: number;
  story: { [key: string]: Told };
}

const NO_CODE = hex(keccak(new Uint8Array()));
/** By contract and topic. */
const EVENTS = new Map(
  Object.entries(facts.contracts).flatMap(([contract, { events }]) =>
    events.map((event) => [`${contract} ${hex(signatureHash(event))}`, event] as const),
  ),
);

/** The verdict on a file, given trusted hashes (0x-hex, lower case). Throws Refused with the first thing that does not hold. */
export function check(file: Bytes, trusted: ReadonlySet<string>): Verdict {
  const document = readDossier(file);
  const pool = new Pool(document.nodes.map(bytes));
  const headers = readHeaders(document);
  requireContracts(document);
  const used = trust(headers, trusted);
  const { story, words } = new Proof(document, headers, pool).tell();
  const field = difference(document.story as Told, story, "story");
  if (field !== null) throw new Refused("DossierStoryDiffers", { field });
  if (document.nodes.some((node, i) => i > 0 && (document.nodes[i - 1] ?? "") >= node)) {
    throw new Refused("DossierMalformed", { field: "nodes", message: "not ascending" });
  }
  const spare = pool.spare();
  if (spare !== undefined) throw new Refused("DossierNodeSuperfluous", { node: spare });
  const last = headers.at(-1) as Header;
  const { note, chain, block, contracts, transactions } = document;
  const counted = { blocks: headers.length, transactions: transactions.length, words };
  return {
    note,
    chain,
    block,
    contracts,
    blockHash: last.hash,
    time: Number(last.time),
    trusted: used,
    ...counted,
    story,
  };
}

/** The blocks that a dossier names, the last of which is its own: what a reader compares with a source that they trust. */
export function blocksOf(file: Bytes): { number: number; hash: string }[] {
  return readHeaders(readDossier(file)).map((header) => ({ number: Number(header.number), hash: header.hash }));
}

function readHeaders(document: Dossier): Header[] {
  const headers: Header[] = [];
  for (const [position, encoded] of document.headers.entries()) {
    const header = orRefused("DossierHeaderInvalid", { position: `${position}` }, () => readHeader(bytes(encoded)));
    if ((headers.at(-1)?.number ?? -1n) >= header.number) {
      throw new Refused("DossierMalformed", { field: `headers.${position}`, message: "not ascending" });
    }
    headers.push(header);
  }
  const own = BigInt(document.block);
  const needed = new Set([own, ...document.transactions.map(({ block }) => BigInt(block))]);
  const sorted = [...needed].sort((one, other) => (one < other ? -1 : 1));
  const found = new Set(headers.map((header) => header.number));
  const missing = sorted.find((block) => !found.has(block));
  if (missing !== undefined) throw new Refused("DossierBlockMissing", { block: `${missing}` });
  if (sorted.at(-1) !== own) throw new Refused("DossierMalformed", { field: "block", message: "not the last" });
  const between = BigInt(found.size) === own - (sorted[0] ?? own) + 1n && headers[0]?.number === sorted[0];
  if (found.size !== needed.size && !(between && headers.at(-1)?.number === own)) {
    const spare = [...found].find((block) => !needed.has(block));
    throw new Refused("DossierBlockSuperfluous", { block: `${spare}` });
  }
  return headers;
}

/** The trusted hashes that the headers rest on: each header is one of these, or the parent of the next. */
function trust(headers: Header[], trusted: ReadonlySet<string>): string[] {
  const used: string[] = [];
  let follower = "";
  for (const header of headers.toReversed()) {
    const { hash } = header;
    if (trusted.has(hash)) used.unshift(hash);
    else if (hash !== follower) throw new Refused("DossierBlockNotTrusted", { block: `${header.number}`, hash });
    follower = header.parent;
  }
  return used;
}

function requireContracts({ contracts }: Dossier): void {
  const known = Object.keys(facts.contracts);
  const odd = [
    ...known.filter((name) => !(name in contracts)),
    ...Object.keys(contracts).filter((name) => !known.includes(name)),
  ];
  if (odd.length) throw new Refused("DossierMalformed", { field: "contracts", message: odd.sort()[0] ?? "" });
}

/** What the headers of a document and the nodes of a pool prove. */
class Proof {
  private readonly chain: bigint;
  private readonly byNumber: Map<bigint, Header>;
  private readonly last: Header;
  private readonly contractOf: Map<string, string>;

  constructor(
    private readonly document: Dossier,
    headers: Header[],
    private readonly pool: Pool,
  ) {
    this.chain = BigInt(document.chain);
    this.byNumber = new Map(headers.map((header) => [header.number, header]));
    this.last = headers.at(-1) as Header;
    this.contractOf = new Map(Object.entries(document.contracts).map(([name, address]) => [address, name]));
  }

  tell(): { story: { [key: string]: Told }; words: number } {
    const sent = this.transactions();
    const events = sent.flatMap((one) => this.events(one));
    const lineage = new Lineage(events, BigInt(this.document.note));
    const replay = new Replay(lineage, events);
    const mine = events.filter((event) => replay.apply(event));
    this.requireTold(mine);
    const { receivable } = replay;
    if (!receivable) throw new Refused("DossierStoryBeginsNowhere", { note: `${lineage.path[0]}` });
    const roots = this.accounts();
    const quotes = this.quotes(mine, sent);
    const held = this.held(replay, quotes, roots);
    const owed = held.get(`ReceivableNotes _owed[${lineage.receivable}]`) ?? {};
    const agreed = held.get(`ReceivableNotes _agreed[${lineage.receivable}]`) ?? {};
    const token = held.get(`ReceivableNotes currencyToken[${receivable.terms.currency as bigint}]`)?.token ?? 0n;
    const { rest: _owedRest, ...owedFields } = owed;
    const { rest: _agreedRest, ...agreedFields } = agreed;
    const currency = checksum(`0x${token.toString(16).padStart(40, "0")}`);
    const told = {
      path: lineage.path,
      receivable: {
        id: lineage.receivable,
        ...owedFields,
        ...agreedFields,
        token: currency,
        status: receivableStatus(owed.flags ?? 0n, owed.outstanding ?? 0n),
      },
      notes: [...replay.notes].sort(([one], [other]) => (one < other ? -1 : 1)).map((entry) => this.note(...entry)),
      events: mine.map((event) => ({ ...event })),
      documents: [...documents(mine)],
      quotes: quotes.map(quoteTold),
      approvals: this.document.approvals.map((proof) => this.approval(proof, sent, currency)),
    };
    return { story: asText(told) as { [key: string]: Told }, words: held.size };
  }

  // -- transactions and their events

  private transactions(): (Sent & { block: bigint; index: bigint })[] {
    let before = [-1, -1];
    return this.document.transactions.map(({ block, index }, position) => {
      const [lastBlock = -1, lastIndex = -1] = before;
      if (block < lastBlock || (block === lastBlock && index <= lastIndex)) {
        throw new Refused("DossierMalformed", { field: `transactions.${position}`, message: "not ascending" });
      }
      before = [block, index];
      const where = { block: `${block}`, index: `${index}` };
      const raw = this.ofBlock("transactionsRoot", block, index, "DossierTransactionNotProven");
      const sent = orRefused("DossierTransactionUnreadable", where, () => readTransaction(raw));
      if (sent.chain !== this.chain) {
        const evidence = { transaction: sent.hash, chain: `${this.chain}`, found: `${sent.chain}` };
        throw new Refused("DossierOfOtherChain", evidence);
      }
      return { ...sent, block: BigInt(block), index: BigInt(index) };
    });
  }

  private ofBlock(root: "transactionsRoot" | "receiptsRoot", block: number, index: number, rule: string): Bytes {
    const evidence = { block: `${block}`, index: `${index}` };
    const header = this.byNumber.get(BigInt(block)) as Header;
    const found = orRefused(rule, evidence, () => this.pool.read(header[root], place(BigInt(index))));
    if (found.length === 0) throw new Refused(rule, evidence);
    return found;
  }

  private events(sent: Sent & { block: bigint; index: bigint }): Event[] {
    const { block, index, hash, sender } = sent;
    const { time } = this.byNumber.get(block) as Header;
    const receipt = this.ofBlock("receiptsRoot", Number(block), Number(index), "DossierReceiptNotProven");
    return orRefused("DossierReceiptUnreadable", { block: `${block}`, index: `${index}` }, () =>
      readLogs(receipt).flatMap((log, position) => {
        const contract = this.contractOf.get(log.address);
        if (contract === undefined) return [];
        const place = { block, time, index, transaction: hash, sender, log: BigInt(position), contract };
        return [{ ...place, ...readEvent(contract, log) }];
      }),
    );
  }

  private requireTold(mine: Event[]): void {
    const told = new Set(mine.map(({ block, index }) => `${block} ${index}`));
    const odd = this.document.transactions.find(({ block, index }) => !told.has(`${block} ${index}`));
    if (odd) throw new Refused("DossierTransactionSuperfluous", { block: `${odd.block}`, index: `${odd.index}` });
  }

  // -- the state

  private accounts(): Map<string, Bytes> {
    const roots = new Map<string, Bytes>();
    for (const [contract, address] of Object.entries(this.document.contracts)) {
      const evidence = { contract, address };
      const { storageRoot, codeHash } = orRefused("DossierAccountNotProven", evidence, () =>
        readAccount(this.pool.ofState(this.last.stateRoot, bytes(address))),
      );
      if (codeHash === NO_CODE) throw new Refused("DossierAccountNotProven", evidence);
      roots.set(contract, storageRoot);
    }
    return roots;
  }

  private quotes(mine: Event[], sent: Sent[]): QuoteTaken[] {
    const data = new Map(sent.map((one) => [one.hash, one.data]));
    const { contracts } = this.document;
    return mine
      .map((event) => quoteOf(this.chain, contracts, event, data.get(event.transaction) ?? new Uint8Array()))
      .filter((quote) => quote !== null);
  }

  private held(replay: Replay, quotes: QuoteTaken[], roots: Map<string, Bytes>): Map<string, Record<string, bigint>> {
    const digests = new Map(
      quotes
        .filter(({ desk }) => desk === "FinancingDesk")
        .map(({ terms, digest }) => [
          `${terms.financier as bigint} ${terms.nonce as bigint}`,
          number(digest.slice(0, 20)),
        ]),
    );
    const digestOf = ({ financier, nonce }: { financier: bigint; nonce: bigint }): bigint =>
      digests.get(`${financier} ${nonce}`) ?? 0n;
    const found = new Map<string, Record<string, bigint>>();
    for (const held of holdingsOf(replay, this.document.contracts, digestOf)) {
      const { contract, what } = held;
      const root = roots.get(contract) ?? new Uint8Array();
      const word = orRefused("DossierWordNotProven", { contract, what }, () =>
        readWord(this.pool.ofState(root, bytes(`0x${held.slot.toString(16).padStart(64, "0")}`))),
      );
      found.set(`${contract} ${what}`, held.compare(word));
    }
    return found;
  }

  private note(id: bigint, note: NoteState): Numbered {
    return { id, ...note, status: noteStatus(note.flags, note.value, note.lapse_day, dayOf(this.last.time)) };
  }

  // -- approvals

  private approval(proof: ApprovalProof, sent: Sent[], token: string): Numbered {
    const { message, signatures } = proof;
    const { id, party, kind } = message;
    const forwarder = this.document.contracts.Forwarder ?? "";
    const digest = orRefused("DossierApprovalInvalid", { approval: id }, () =>
      digestFor(facts.signed.approval, this.chain, forwarder, message as unknown as Values),
    );
    const [maker, checker] = (["maker", "checker"] as const).map((part, i) => {
      const signature = signatures[i];
      const evidence = { approval: id, part };
      const signer = orRefused("DossierApprovalNotSigned", evidence, () =>
        signerOf(digest, bytes(signature?.signature ?? "")),
      );
      const twice = i > 0 && signatures[0]?.account === signer;
      if (signature?.part !== part || signer !== signature.account || twice) {
        throw new Refused("DossierApprovalNotSigned", evidence);
      }
      return signer;
    });
    requireRows(proof);
    const transactions = sent.filter((one) => this.isCarriedBy(one, proof, token)).map(({ hash }) => hash);
    if (!transactions.length) throw new Refused("DossierApprovalOfNothing", { approval: id });
    return { id, party, kind, digest: hex(digest), maker: maker ?? "", checker: checker ?? "", transactions };
  }

  /** Whether a transaction makes an approved call, or confirms approved rows and no others. */
  private isCarriedBy(sent: Sent, proof: ApprovalProof, token: string): boolean {
    const approved = new Set(
      proof.message.calls.map(({ account, contract, data }) => `${account} ${contract} ${data}`),
    );
    const made = this.calls(sent);
    return (
      made.some(({ account, contract, data }) => approved.has(`${account} ${contract} ${data}`)) ||
      made.some((call) => this.confirms(call, proof, token))
    );
  }

  /** What a transaction does: by which account, at which contract, with which data; in the forwarder's each request. */
  private calls({ sender, to, data }: Sent): Call[] {
    const calls = [{ account: sender, contract: to, data: hex(data) }];
    const arguments_ = to === this.document.contracts.Forwarder ? argumentsOf("Forwarder", "executeBatch", data) : null;
    for (const request of (arguments_?.[0] ?? []) as Values[]) {
      calls.push({ account: request.from as string, contract: request.to as string, data: request.data as string });
    }
    return calls;
  }

  private confirms({ contract, data }: Call, proof: ApprovalProof, token: string): boolean {
    if (!Object.keys(proof.rows).length || contract !== this.document.contracts.IssuanceDesk) return false;
    const items = argumentsOf("IssuanceDesk", "confirm", bytes(data))?.[1];
    if (items === undefined) return false;
    const approved = new Set(proof.rows[token] ?? []);
    const { types } = facts.signed.confirmation;
    return (items as Values[]).every((item) => approved.has(hex(structHash(types, "Confirmation", item))));
  }
}

interface Call {
  account: string;
  contract: string;
  data: string;
}

/** The arguments of a call, in order; null when the data is none of it. */
function argumentsOf(contract: string, name: string, data: Bytes): Value[] | null {
  const call = factsOf(contract).calls.find((one) => one.name === name);
  if (!call || hex(signatureHash(call).slice(0, 4)) !== hex(data.slice(0, 4))) return null;
  try {
    return Object.values(decoded(call.inputs, data.slice(4)));
  } catch {
    return null;
  }
}

function readEvent(contract: string, { topics, data }: Log): { name: string; args: Values } {
  const event = EVENTS.get(`${contract} ${topics[0] ? hex(topics[0]) : ""}`);
  const indexed = event?.inputs.filter((input) => input.indexed) ?? [];
  if (!event || topics.length !== 1 + indexed.length) throw new Error("no event of the contract");
  const plain = event.inputs.filter((input) => !input.indexed);
  const named = [
    ...indexed.map((input, i) => decoded([input], topics[i + 1] ?? new Uint8Array())),
    decoded(plain, data),
  ];
  const found = Object.assign({}, ...named) as Values;
  return { name: event.name, args: Object.fromEntries(event.inputs.map(({ name }) => [name, found[name] ?? ""])) };
}

function requireRows({ message, rows }: ApprovalProof): void {
  const signed = new Map(message.rows.map(({ token, count, rowsHash }) => [token, `${count} ${rowsHash}`]));
  const there = Object.entries(rows).map(([token, hashes]) => ({ token, is: `${hashes.length} ${hashOf(hashes)}` }));
  if (signed.size !== there.length || there.some(({ token, is }) => signed.get(token) !== is)) {
    throw new Refused("DossierApprovalRowsDiffer", { approval: message.id });
  }
}

function hashOf(rows: string[]): string {
  return hex(arrayHash(rows.map(bytes)));
}

/** Hashes of what lies under the receivable and under each transfer. */
function* documents(events: Event[]): Generator<Numbered> {
  for (const { name, args } of events) {
    if (name === "ReceivableConfirmed") {
      yield { of: "receivable", id: args.receivable as bigint, hash: (args.terms as Values).evidenceHash as string };
    } else if (name === "NoteOffered" && args.parent) {
      yield { of: "note", id: args.note as bigint, hash: args.tradeHash as string };
    }
  }
}

function quoteTold({ desk, transaction, terms, digest, signature, signedBy }: QuoteTaken): Numbered {
  return { contract: desk, transaction, terms, digest: hex(digest), signature, signed_by: signedBy };
}

function asText(value: Numbered): Told {
  if (Array.isArray(value)) return value.map((one) => asText(one));
  if (typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asText(one as Numbered)]));
  }
  return typeof value === "boolean" ? value : String(value);
}

/** Where two JSON values differ first; null when they do not. */
function difference(said: Told | undefined, proven: Told | undefined, at: string): string | null {
  if (Array.isArray(said) && Array.isArray(proven)) {
    const both = Math.min(said.length, proven.length);
    for (let i = 0; i < both; i++) {
      const inner = difference(said[i], proven[i], `${at}.${i}`);
      if (inner !== null) return inner;
    }
    return said.length === proven.length ? null : `${at}.${both}`;
  }
  if (isObject(said) && isObject(proven)) {
    for (const key of [...new Set([...Object.keys(said), ...Object.keys(proven)])].sort()) {
      if (!Object.hasOwn(said, key) || !Object.hasOwn(proven, key)) return `${at}.${key}`;
      const inner = difference(said[key], proven[key], `${at}.${key}`);
      if (inner !== null) return inner;
    }
    return null;
  }
  return said === proven ? null : at;
}

function isObject(value: Told | undefined): value is { [key: string]: Told } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
