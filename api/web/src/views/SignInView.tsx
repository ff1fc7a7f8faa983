import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { post } from "../api/client";
import type { SignInNonce } from "../api/types";
import { CodeField, Field, Form, FormFailure, useDoing } from "../components/Form";
import { t } from "../i18n";
import { href } from "../router";
import { isRefusal } from "../signing/refusal";
import { signIn, signInByMessage } from "../state/session";

/** The way in, wherever somebody was going: the address stays, and shows what it names once the person is known. */
export function SignInView(): JSX.Element {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const doing = useDoing();
  return (
    <article class="view view-narrow">
      <header class="view-head">
        <h1>{t("signIn.title")}</h1>
        <p class="lead">{t("signIn.lead")}</p>
      </header>
      <section class="panel">
        <Form doing={doing} label={t("signIn.submit")} submit={() => signIn(email.trim(), password, code)}>
          <Field
            label={t("form.email")}
            inputMode="email"
            autocomplete="username"
            value={email}
            change={setEmail}
            maxLength={254}
          />
          <Field
            label={t("form.password")}
            secret
            autocomplete="current-password"
            value={password}
            change={setPassword}
            maxLength={256}
          />
          <CodeField value={code} change={setCode} />
        </Form>
      </section>
      {globalThis.ethereum && <ByWallet />}
      <p>
        <a href={href("enrol")}>{t("signIn.enrol")}</a>
      </p>
    </article>
  );
}

function ByWallet(): JSX.Element {
  const doing = useDoing((error) => (isRefusal(error) ? t("sign.refused") : null));
  const enter = async (): Promise<void> => {
    const wallet = await import("../signing/injected");
    const account = await wallet.walletAccount();
    const { message, signature } = await wallet.walletSignIn(account, await post<SignInNonce>("/auth/siwe/nonces"));
    await signInByMessage(message, signature);
  };
  return (
    <section class="panel">
      <h2>{t("signIn.wallet")}</h2>
      <p class="help">{t("signIn.walletHelp")}</p>
      <FormFailure failure={doing.failure} />
      <p>
        <button type="button" class="button quiet" aria-disabled={doing.busy} onClick={() => doing.run(enter)}>
          {doing.busy ? t("form.busy") : t("signIn.walletSubmit")}
        </button>
      </p>
    </section>
  );
}
