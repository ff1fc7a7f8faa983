import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { post } from "../api/client";
import { useResource } from "../api/resource";
import type { Approval, Part, SignBody, SigningKey } from "../api/types";
import { t } from "../i18n";
import { isRefusal, isWrongKeyfile } from "../signing/refusal";
import type { TypedData } from "../signing/typed-data";
import { CodeField, Field, Form, FormFailure, useDoing } from "./Form";
import { Segmented } from "./Segmented";
import { Reading } from "./states";

type Way = "code" | "wallet" | "keyfile";

interface Props {
  approval: Approval;
  part: Part;
  signed: (approval: Approval) => void;
}

/** What a server says of a digest is compared with what is computed here of the data that is shown. */
class DigestDiffers extends Error {}

function typedDataOf(approval: Approval, digestOf: (data: TypedData) => string): TypedData {
  const data = approval.typed_data as unknown as TypedData;
  if (digestOf(data) !== approval.digest) throw new DigestDiffers();
  return data;
}

/** The ways in which a person signs: a key that the service keeps, a wallet in the browser, or a keyfile of one's own. */
export function SigningPanel(props: Props): JSX.Element {
  const kept = useResource<SigningKey>("/auth/signing-key");
  const [chosen, choose] = useState<Way | null>(null);
  const ways: Way[] = globalThis.ethereum ? ["code", "wallet", "keyfile"] : ["code", "keyfile"];
  return (
    <Reading from={kept}>
      {({ account }) => {
        const way = chosen ?? (account === null ? "keyfile" : "code");
        return (
          <>
            <Segmented
              label={t("sign.ways")}
              value={way}
              choose={choose}
              options={ways.map((value) => ({ value, label: t(`sign.${value}`) }))}
            />
            {way === "code" && (account === null ? <NewKey made={kept.retry} /> : <ByCode {...props} />)}
            {way === "wallet" && <ByWallet {...props} />}
            {way === "keyfile" && <ByKeyfile {...props} />}
          </>
        );
      }}
    </Reading>
  );
}

async function send({ approval, signed }: Props, body: SignBody): Promise<void> {
  signed(await post<Approval>(`/approvals/${approval.id}/signatures`, body));
}

function ByCode(props: Props): JSX.Element {
  const [code, setCode] = useState("");
  const doing = useDoing();
  return (
    <Form
      doing={doing}
      label={t(`sign.submit.${props.part}`)}
      submit={() => send(props, { by: "code", part: props.part, code })}
    >
      <CodeField value={code} change={setCode} />
    </Form>
  );
}

function NewKey({ made }: { made: () => void }): JSX.Element {
  const [code, setCode] = useState("");
  const doing = useDoing();
  const submit = async (): Promise<void> => {
    await post<SigningKey>("/auth/signing-key", { code });
    made();
  };
  return (
    <Form doing={doing} label={t("sign.newKey")} submit={submit}>
      <p class="help">{t("sign.newKeyHelp")}</p>
      <CodeField value={code} change={setCode} />
    </Form>
  );
}

function explain(error: unknown): string | null {
  if (error instanceof DigestDiffers) return t("sign.digestDiffers");
  if (isRefusal(error)) return t("sign.refused");
  return isWrongKeyfile(error) ? t("sign.keyfileWrong") : null;
}

function ByWallet(props: Props): JSX.Element {
  const doing = useDoing(explain);
  const sign = async (): Promise<void> => {
    const [wallet, { digestOf }] = await Promise.all([import("../signing/injected"), import("../signing/typed-data")]);
    const data = typedDataOf(props.approval, digestOf);
    const account = await wallet.walletAccount();
    const signature = await wallet.walletSignature(account, data);
    await send(props, { by: "wallet", part: props.part, account, signature });
  };
  return (
    <div class="form">
      <p class="help">{t("sign.walletHelp")}</p>
      <FormFailure failure={doing.failure} />
      <p>
        <button type="button" class="button" aria-disabled={doing.busy} onClick={() => doing.run(sign)}>
          {doing.busy ? t("form.busy") : t(`sign.submit.${props.part}`)}
        </button>
      </p>
    </div>
  );
}

function ByKeyfile(props: Props): JSX.Element {
  const [file, setFile] = useState<File | null>(null);
  const [password, setPassword] = useState("");
  const [opened, setOpened] = useState<number | null>(null);
  const doing = useDoing(explain);
  const sign = async (): Promise<void> => {
    const [{ openKeyfile }, { digestOf }] = await Promise.all([
      import("../signing/keyfile"),
      import("../signing/typed-data"),
    ]);
    const data = typedDataOf(props.approval, digestOf);
    try {
      const key = await openKeyfile(file ? await file.text() : "", password, setOpened);
      await send(props, { by: "wallet", part: props.part, account: key.account, signature: await key.sign(data) });
      setPassword("");
    } finally {
      setOpened(null);
    }
  };
  return (
    <Form doing={doing} label={t(`sign.submit.${props.part}`)} submit={sign}>
      <p class="help">{t("sign.keyfileHelp")}</p>
      <p class="field">
        <label for="keyfile">{t("sign.keyfileFile")}</label>
        <input
          id="keyfile"
          type="file"
          accept=".json,application/json"
          required
          onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
        />
      </p>
      <Field label={t("sign.keyfilePassword")} secret autocomplete="off" value={password} change={setPassword} />
      {opened !== null && <progress value={opened} aria-label={t("sign.opening")} />}
    </Form>
  );
}
