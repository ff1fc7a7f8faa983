import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { post } from "../api/client";
import { useResource } from "../api/resource";
import type { ProblemTypes, Provider, Providers, SignInNonce } from "../api/types";
import { CodeField, Field, Form, FormFailure, useDoing } from "../components/Form";
import { t } from "../i18n";
import { href, route } from "../router";
import { isRefusal } from "../signing/refusal";
import { locale } from "../state/preferences";
import { providerName, signIn, signInAt, signInByMessage } from "../state/session";

/** The way in, wherever somebody was going: the address stays, and shows what it names once the person is known. */
export function SignInView(): JSX.Element {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const doing = useDoing();
  const providers = useResource<Providers>("/auth/providers").data?.providers ?? [];
  return (
    <article class="view view-narrow">
      <header class="view-head">
        <h1>{t("signIn.title")}</h1>
        <p class="lead">{t("signIn.lead")}</p>
      </header>
      <WhyNot />
      {providers.length > 0 && <ByProvider providers={providers} />}
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

/** Why somebody came back from an identity provider as a stranger. */
function WhyNot(): JSX.Element {
  const problem = route.value.query.get("problem");
  const known = useResource<ProblemTypes>(problem === null ? null : "/problems").data?.types ?? [];
  const found = known.find(({ type }) => type === `/problems/${problem}`);
  return <FormFailure failure={found ? (locale.value === "zh" ? found.title_zh : found.title) : null} />;
}

function ByProvider({ providers }: { providers: Provider[] }): JSX.Element {
  const doing = useDoing();
  return (
    <section class="panel">
      <h2>{t("signIn.provider")}</h2>
      <FormFailure failure={doing.failure} />
      {providers.map((provider) => (
        <p key={provider.id}>
          <button
            type="button"
            class="button"
            aria-disabled={doing.busy}
            onClick={() => doing.run(() => signInAt(provider))}
          >
            {t("signIn.providerSubmit", { name: providerName(provider) })}
          </button>
        </p>
      ))}
    </section>
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
