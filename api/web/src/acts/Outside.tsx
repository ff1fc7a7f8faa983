import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApiError, post, write } from "../api/client";
import type { Approval, DraftedRequests, Operations } from "../api/types";
import { Form, FormFailure, useDoing } from "../components/Form";
import { KeyfileForm, WalletButton } from "../components/OwnKey";
import { Segmented } from "../components/Segmented";
import { t } from "../i18n";
import type { OpenKey } from "../signing/keyfile";
import type { Effect } from "../signing/reading";
import type { TypedData } from "../signing/typed-data";
import { type Act, answered, nameOf } from "./acts";
import * as kept from "./kept";
import { Signed } from "./Signed";

/** What an account signs, hashed here. */
interface Drafted {
  key: OpenKey;
  requests: DraftedRequests["requests"];
  digests: readonly string[];
  /** What all of it does; null where this page cannot read it. */
  effects: readonly Effect[] | null;
}

const APPROVAL_NEEDED = "/problems/approval-needed";

/**
 * An act whose account's key the service has not: its owner opens it here, sees what is signed, and signs; the service
 * carries it. `approval`: of an act that two people have approved.
 */
export default function Outside({ act, approval = null }: { act: Act; approval?: string | null }): JSX.Element {
  const [way, choose] = useState<"wallet" | "keyfile">(globalThis.ethereum ? "wallet" : "keyfile");
  const [drafted, setDrafted] = useState<Drafted | null>(null);
  const draft = async (key: OpenKey): Promise<void> => {
    const asked = { act: act.outside, account: key.account, request: act.body };
    const [{ digestOf }, { effectsOf }, { requests }] = await Promise.all([
      import("../signing/typed-data"),
      import("../signing/reading"),
      post<DraftedRequests>("/operations/requests", asked),
    ]);
    const data = requests.map(({ typed_data }) => typed_data as unknown as TypedData);
    const read = data.map(({ message }) => effectsOf(String(message["data"])));
    const effects = read.every((one) => one !== null) ? read.flat() : null;
    setDrafted({ key, requests, digests: data.map(digestOf), effects });
  };
  if (drafted?.effects === null) return <FormFailure failure={t("signed.unreadable")} />;
  if (drafted) return <Signing act={act} approval={approval} drafted={drafted} effects={drafted.effects} />;
  return (
    <section class="outside">
      <p>{t("outside.why")}</p>
      {globalThis.ethereum && (
        <Segmented
          label={t("sign.ways")}
          value={way}
          choose={choose}
          options={[
            { value: "wallet", label: t("sign.wallet") },
            { value: "keyfile", label: t("sign.keyfile") },
          ]}
        />
      )}
      {way === "wallet" ? (
        <WalletButton label={t("outside.open")} use={draft} />
      ) : (
        <KeyfileForm label={t("outside.open")} use={draft} />
      )}
    </section>
  );
}

interface SigningProps {
  act: Act;
  approval: string | null;
  drafted: Drafted;
  effects: readonly Effect[];
}

function Signing({ act, approval, drafted: { key, requests, digests }, effects }: SigningProps): JSX.Element {
  const doing = useDoing();
  const sign = async (): Promise<void> => {
    const record = await kept.begin(nameOf(act), digests.join());
    const relayed = [];
    for (const { call, typed_data } of requests) {
      const data = typed_data as unknown as TypedData;
      relayed.push({ call, message: data.message, signature: await key.sign(data) });
    }
    try {
      const body = { relayed, ...(approval === null ? {} : { approval }) };
      answered(act, record, await write<Operations>("POST", "/operations/relayed", body, record.key));
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.type !== APPROVAL_NEEDED) throw error;
      const asked = { act: act.outside, account: key.account, request: act.body };
      const made = await post<Approval>("/approvals", asked);
      answered(act, record, { operations: [], approval: made.id });
    }
  };
  return (
    <Form doing={doing} label={t("outside.sign")} submit={sign}>
      <p>{t("outside.account", { account: key.account })}</p>
      <h3>{t("approval.does")}</h3>
      <Signed effects={effects} />
      <p class="help">{t("signed.help")}</p>
      {requests.map((request, index) => (
        <details key={digests[index]}>
          <summary>{t("approval.typedData")}</summary>
          <p>
            {t("approval.digest")} <code>{digests[index]}</code>
          </p>
          <pre tabIndex={0}>{JSON.stringify(request.typed_data, null, 2)}</pre>
        </details>
      ))}
    </Form>
  );
}
