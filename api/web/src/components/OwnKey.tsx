import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../i18n";
import type { OpenKey } from "../signing/keyfile";
import { isRefusal, isWrongKeyfile } from "../signing/refusal";
import { Field, Form, FormFailure, useDoing } from "./Form";

/** The digest that the server names is not that of what is shown: nothing is signed. */
export class DigestDiffers extends Error {}

interface Props {
  label: string;
  /** What is done with the key; it is gone when that ends, unless it was kept. */
  use: (key: OpenKey) => Promise<void>;
}

function explain(error: unknown): string | null {
  if (error instanceof DigestDiffers) return t("sign.digestDiffers");
  if (isRefusal(error)) return t("sign.refused");
  return isWrongKeyfile(error) ? t("sign.keyfileWrong") : null;
}

/** A key in the browser's wallet. */
export function WalletButton({ label, use }: Props): JSX.Element {
  const doing = useDoing(explain);
  const open = async (): Promise<void> => {
    const { walletKey } = await import("../signing/injected");
    await use(await walletKey());
  };
  return (
    <div class="form">
      <p class="help">{t("sign.walletHelp")}</p>
      <FormFailure failure={doing.failure} />
      <p>
        <button type="button" class="button" aria-disabled={doing.busy} onClick={() => doing.run(open)}>
          {doing.busy ? t("form.busy") : label}
        </button>
      </p>
    </div>
  );
}

/** A key out of an encrypted keyfile, opened in this page alone. */
export function KeyfileForm({ label, use }: Props): JSX.Element {
  const [file, setFile] = useState<File | null>(null);
  const [password, setPassword] = useState("");
  const [opened, setOpened] = useState<number | null>(null);
  const doing = useDoing(explain);
  const open = async (): Promise<void> => {
    const { openKeyfile } = await import("../signing/keyfile");
    try {
      await use(await openKeyfile(file ? await file.text() : "", password, setOpened));
      setPassword("");
    } finally {
      setOpened(null);
    }
  };
  return (
    <Form doing={doing} label={label} submit={open}>
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
