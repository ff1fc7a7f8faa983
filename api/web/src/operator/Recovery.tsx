import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { post } from "../api/client";
import { status } from "../api/status";
import type { Party, RecoveryWord } from "../api/types";
import { Field, Form, useDoing } from "../components/Form";
import { KeyfileForm } from "../components/OwnKey";
import { shortHash } from "../components/values";
import { t } from "../i18n";
import type { TypedData } from "../signing/typed-data";
import { OPERATOR } from "../state/company";
import { FileHash } from "./FileHash";

/** How long the account's word counts: beyond the delay of the operator's role, and the time that two people take to sign. */
const WORD_S = 60 * 86_400;
/** Bits of the rights that a recovery takes away: all but that to the party's cash. */
const CONTROLLING = 7;

interface Drafted {
  body: { party: number; account: string; removed: string[]; evidence_hash: string; deadline: string };
  data: TypedData;
}

/** The operator announces who shall administer a party whose keys are lost: by the new account's own signature. */
export function Recovery({ party }: { party: Party }): JSX.Element {
  const [drafted, setDrafted] = useState<Drafted | null>(null);
  return (
    <details class="more">
      <summary>{t("recovery.title")}</summary>
      <p class="help">{t("recovery.help")}</p>
      {drafted === null ? (
        <Draft party={party} done={setDrafted} />
      ) : (
        <Announce party={party} drafted={drafted} back={() => setDrafted(null)} />
      )}
    </details>
  );
}

function Draft({ party, done }: { party: Party; done: (drafted: Drafted) => void }): JSX.Element {
  const held = (party.accounts ?? []).filter(({ rights }) => (rights & CONTROLLING) !== 0);
  const [account, setAccount] = useState("");
  const [removed, setRemoved] = useState<readonly string[]>(held.map(({ address }) => address));
  const [evidence, setEvidence] = useState<string | null>(null);
  const doing = useDoing();
  const submit = async (): Promise<void> => {
    const now = Math.floor(Date.parse(status.value?.index.block_time ?? "") / 1_000);
    const terms = { party: OPERATOR, account, removed: [...removed], evidence_hash: evidence ?? "" };
    const body = { ...terms, deadline: String(now + WORD_S) };
    const { typed_data } = await post<RecoveryWord>(`/parties/${party.id}/recovery/word`, body);
    done({ body, data: typed_data as unknown as TypedData });
  };
  const turn = (address: string): void =>
    setRemoved(removed.includes(address) ? removed.filter((each) => each !== address) : [...removed, address]);
  return (
    <Form doing={doing} label={t("recovery.draft")} submit={submit}>
      <Field
        label={t("recovery.account")}
        value={account}
        pattern="0x[0-9a-fA-F]{40}"
        autocomplete="off"
        change={setAccount}
      />
      {held.length > 0 && (
        <fieldset class="roles">
          <legend>{t("recovery.removed")}</legend>
          {held.map(({ address }) => (
            <label key={address} class="tick">
              <input type="checkbox" checked={removed.includes(address)} onChange={() => turn(address)} />{" "}
              <code title={address}>{shortHash(address)}</code>
            </label>
          ))}
        </fieldset>
      )}
      <FileHash label={t("recovery.evidence")} help={t("operate.reasonHelp")} change={setEvidence} />
    </Form>
  );
}

interface AnnounceProps {
  party: Party;
  drafted: Drafted;
  back: () => void;
}

/** The new account's holder signs here, or elsewhere and hands the signature over. */
function Announce({ party, drafted: { body, data }, back }: AnnounceProps): JSX.Element {
  const acting = useAct<"signature">(
    { name: "announceRecovery", about: party.id },
    { signature: ["signature", "invalid-signature"] },
  );
  const [signature, setSignature] = useState("");
  const path = `/parties/${party.id}/recovery`;
  return (
    <>
      <p>{t("recovery.signed", { account: body.account })}</p>
      <details>
        <summary>{t("approval.typedData")}</summary>
        <pre tabIndex={0}>{JSON.stringify(data, null, 2)}</pre>
      </details>
      <details>
        <summary>{t("recovery.byKeyfile")}</summary>
        <KeyfileForm label={t("recovery.sign")} use={async (key) => setSignature(await key.sign(data))} />
      </details>
      <ActForm
        acting={acting}
        label={t("recovery.announce")}
        act={() => ({ path, body: { ...body, signature: signature.trim() } })}
        more={
          <button type="button" class="button quiet" onClick={back}>
            {t("form.cancel")}
          </button>
        }
      >
        <Field
          label={t("recovery.signature")}
          value={signature}
          error={acting.wrong("signature")}
          autocomplete="off"
          change={setSignature}
        />
      </ActForm>
    </>
  );
}
