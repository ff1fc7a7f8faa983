import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { post } from "../api/client";
import { useResource } from "../api/resource";
import type { Approval, Part, SignBody, SigningKey } from "../api/types";
import { t } from "../i18n";
import type { OpenKey } from "../signing/keyfile";
import type { TypedData } from "../signing/typed-data";
import { CodeField, Form, useDoing } from "./Form";
import { DigestDiffers, KeyfileForm, WalletButton } from "./OwnKey";
import { Segmented } from "./Segmented";
import { Reading } from "./states";

type Way = "code" | "wallet" | "keyfile";

interface Props {
  approval: Approval;
  part: Part;
  signed: (approval: Approval) => void;
}

/** What a server says of a digest is compared with what is computed here of the data that is shown. */
async function typedDataOf(approval: Approval): Promise<TypedData> {
  const { digestOf } = await import("../signing/typed-data");
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
            {way === "wallet" && (
              <WalletButton label={t(`sign.submit.${props.part}`)} use={(key) => sign(props, key)} />
            )}
            {way === "keyfile" && (
              <KeyfileForm label={t(`sign.submit.${props.part}`)} use={(key) => sign(props, key)} />
            )}
          </>
        );
      }}
    </Reading>
  );
}

async function send({ approval, signed }: Props, body: SignBody): Promise<void> {
  signed(await post<Approval>(`/approvals/${approval.id}/signatures`, body));
}

async function sign(props: Props, key: OpenKey): Promise<void> {
  const data = await typedDataOf(props.approval);
  await send(props, { by: "wallet", part: props.part, account: key.account, signature: await key.sign(data) });
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
