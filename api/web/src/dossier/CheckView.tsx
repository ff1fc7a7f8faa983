import type { JSX, TargetedEvent } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { DataTable } from "../components/DataTable";
import { Facts } from "../components/Facts";
import { Icon } from "../components/icons";
import { Mark, Preferences } from "../components/Preferences";
import { Hash } from "../components/values";
import { formatInstant } from "../format/dates";
import { formatCount } from "../format/money";
import { t } from "../i18n";
import type { NoteStatus } from "../api/types";
import { blocksOf, check, type Told, type Verdict } from "./check";
import { Refused } from "./refused";
import { told } from "./words";

/** Hashes in what somebody pasted. */
const HASH = /0x[0-9a-fA-F]{64}/g;

interface Opened {
  name: string;
  file: Uint8Array;
  /** The block whose hash is to be trusted, or why the file cannot be read. */
  block: { number: number; hash: string } | Refused;
}

/** The check of a dossier in this page alone: a file, hashes that the reader trusts, and what holds or the first thing that does not. */
export function CheckView(): JSX.Element {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [trusted, setTrusted] = useState("");
  const [found, setFound] = useState<Verdict | Refused | null>(null);
  const title = t("check.title");
  useEffect(() => {
    document.title = `${title} · Cascade`;
  }, [title]);
  const open = async (file: File): Promise<void> => {
    setOpened(opening(file.name, new Uint8Array(await file.arrayBuffer())));
    setFound(null);
  };
  const hashes = new Set((trusted.match(HASH) ?? []).map((hash) => hash.toLowerCase()));
  return (
    <>
      <header>
        <div class="top">
          <span class="brand">
            <Mark />
            <span>Cascade</span>
          </span>
          <Preferences />
        </div>
      </header>
      <main class="view" id="content">
        <header class="view-head">
          <h1>{title}</h1>
          <p class="lead">{t("check.lead")}</p>
        </header>
        <ChooseFile open={open} name={opened?.name ?? null} />
        {opened?.block instanceof Refused && <No refused={opened.block} />}
        {opened && !(opened.block instanceof Refused) && (
          <form
            class="form"
            onSubmit={(event) => {
              event.preventDefault();
              setFound(verdictOn(opened.file, hashes));
            }}
          >
            <p class="long">{t("check.rests", { block: formatCount(opened.block.number), hash: opened.block.hash })}</p>
            <Trusted value={trusted} change={setTrusted} />
            <p>
              <button type="submit" class="button" disabled={hashes.size === 0}>
                {t("check.submit")}
              </button>
            </p>
          </form>
        )}
        <div role="status">
          {found instanceof Refused ? <No refused={found} /> : found && <Holds verdict={found} />}
        </div>
      </main>
    </>
  );
}

function opening(name: string, file: Uint8Array): Opened {
  try {
    const last = blocksOf(file).at(-1);
    if (last) return { name, file, block: last };
    throw new Refused("DossierUnreadable");
  } catch (error) {
    return { name, file, block: refusalIn(error) };
  }
}

function verdictOn(file: Uint8Array, trusted: ReadonlySet<string>): Verdict | Refused {
  try {
    return check(file, trusted);
  } catch (error) {
    return refusalIn(error);
  }
}

function refusalIn(error: unknown): Refused {
  if (error instanceof Refused) return error;
  return new Refused("DossierUnreadable", { message: error instanceof Error ? error.message : String(error) });
}

function ChooseFile({ open, name }: { open: (file: File) => Promise<void>; name: string | null }): JSX.Element {
  const id = useId();
  const chosen = (event: TargetedEvent<HTMLInputElement>): void => {
    const [file] = event.currentTarget.files ?? [];
    if (file) void open(file);
  };
  return (
    <p class="field">
      <label for={id}>{t("check.file")}</label>
      <input id={id} type="file" accept=".json,application/json" onChange={chosen} aria-describedby={`${id}-help`} />
      <span id={`${id}-help`} class="help">
        {name ?? t("check.fileHelp")}
      </span>
    </p>
  );
}

function Trusted({ value, change }: { value: string; change: (value: string) => void }): JSX.Element {
  const id = useId();
  return (
    <p class="field">
      <label for={id}>{t("check.trusted")}</label>
      <textarea
        id={id}
        rows={3}
        value={value}
        spellcheck={false}
        aria-describedby={`${id}-help`}
        onInput={(event) => change(event.currentTarget.value)}
      />
      <span id={`${id}-help`} class="help">
        {t("check.trustedHelp")}
      </span>
    </p>
  );
}

function No({ refused }: { refused: Refused }): JSX.Element {
  return (
    <section class="verdict verdict-no" role="alert">
      <h2>
        <Icon name="cross" size={18} /> {t("check.fails")}
      </h2>
      <p>{told(refused)}</p>
    </section>
  );
}

function Holds({ verdict }: { verdict: Verdict }): JSX.Element {
  const { story } = verdict;
  const notes = story.notes as Record<string, string>[];
  const events = story.events as Record<string, Told>[];
  const quotes = story.quotes as Record<string, string>[];
  const status = notes.find((note) => note.id === `${verdict.note}`)?.status as NoteStatus;
  const byKeys = quotes.filter((quote) => quote.signed_by === "key").length;
  return (
    <section class="verdict verdict-yes">
      <h2>
        <Icon name="check" size={18} /> {t("check.holds")}
      </h2>
      <Facts
        facts={[
          { label: t("check.note"), value: `${verdict.note} · ${t(`status.${status}`)}` },
          { label: t("check.chain"), value: `${verdict.chain}` },
          { label: t("check.block"), value: `${formatCount(verdict.block)} · ${instant(verdict.time)}` },
          { label: t("check.contract"), value: <code class="long">{verdict.contracts.ReceivableNotes}</code> },
          { label: t("check.used"), value: formatCount(verdict.trusted.length) },
          { label: t("check.blocks"), value: formatCount(verdict.blocks) },
          { label: t("check.transactions"), value: formatCount(verdict.transactions) },
          { label: t("check.words"), value: formatCount(verdict.words) },
          { label: t("check.quotes"), value: t("check.byKeys", { n: quotes.length, keys: byKeys }) },
          { label: t("check.approvals"), value: formatCount((story.approvals as Told[]).length) },
          { label: t("check.documents"), value: formatCount((story.documents as Told[]).length) },
        ]}
      />
      <DataTable
        caption={t("check.events")}
        columns={[
          { key: "time", label: t("fact.time"), cell: (event) => instant(Number(event.time)) },
          { key: "name", label: t("check.event"), cell: (event) => <code>{`${event.name as string}`}</code> },
          { key: "note", label: t("check.note"), cell: (event) => noteOf(event.args) },
          {
            key: "tx",
            label: t("fact.tx"),
            cell: (event) => <Hash value={event.transaction as string} what={t("fact.tx")} />,
          },
        ]}
        rows={events}
        rowKey={(event) => `${event.block as string} ${event.index as string} ${event.log as string}`}
      />
    </section>
  );
}

function noteOf(args: Told | undefined): string {
  const named = args as Record<string, string> | undefined;
  return named?.note ? `#${named.note}` : "–";
}

function instant(seconds: number): string {
  return formatInstant(new Date(seconds * 1000).toISOString());
}
