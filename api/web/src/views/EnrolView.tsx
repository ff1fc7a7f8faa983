import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { encode } from "uqr";
import { post } from "../api/client";
import { useResource } from "../api/resource";
import type { Enrolment, Provider, Providers } from "../api/types";
import { CodeField, Field, Form, FormFailure, useDoing } from "../components/Form";
import { t } from "../i18n";
import { href } from "../router";
import { enrolAt, providerName } from "../state/session";

/**
 * An invited person chooses a password, or the company's own identity provider, and binds an authenticator; the invitation
 * is used up with its first code, or when the provider has signed the person in.
 */
export function EnrolView(): JSX.Element {
  const [token, setToken] = useState("");
  const [chosen, setChosen] = useState<Enrolment | null>(null);
  const [provider, setProvider] = useState<Provider | null>(null);
  const providers = useResource<Providers>("/auth/providers").data?.providers ?? [];
  const [done, setDone] = useState(false);
  return (
    <article class="view view-narrow">
      <header class="view-head">
        <h1>{t("enrol.title")}</h1>
        <p class="lead">{done ? t("enrol.done") : t("enrol.lead")}</p>
      </header>
      {done ? (
        <p>
          <a class="button" href={href("story")}>
            {t("signIn.title")}
          </a>
        </p>
      ) : (
        <section class="panel">
          {chosen ? (
            <Authenticator token={token} chosen={chosen} provider={provider} done={() => setDone(true)} />
          ) : (
            <Password token={token} setToken={setToken} chosen={setChosen} />
          )}
        </section>
      )}
      {!chosen && providers.length > 0 && (
        <AtProvider
          token={token}
          providers={providers}
          chosen={(enrolment, by) => {
            setProvider(by);
            setChosen(enrolment);
          }}
        />
      )}
    </article>
  );
}

interface PasswordProps {
  token: string;
  setToken: (token: string) => void;
  chosen: (enrolment: Enrolment) => void;
}

function Password({ token, setToken, chosen }: PasswordProps): JSX.Element {
  const [password, setPassword] = useState("");
  const doing = useDoing();
  const submit = async (): Promise<void> =>
    chosen(await post<Enrolment>("/auth/enrolments", { token: token.trim(), password }));
  return (
    <Form doing={doing} label={t("enrol.next")} submit={submit}>
      <Field
        label={t("enrol.token")}
        help={t("enrol.tokenHelp")}
        value={token}
        change={setToken}
        autocomplete="off"
        maxLength={200}
      />
      <Field
        label={t("enrol.password")}
        help={t("enrol.passwordHelp")}
        secret
        autocomplete="new-password"
        value={password}
        change={setPassword}
        minLength={12}
        maxLength={256}
      />
    </Form>
  );
}

interface AtProviderProps {
  token: string;
  providers: Provider[];
  chosen: (enrolment: Enrolment, by: Provider) => void;
}

function AtProvider({ token, providers, chosen }: AtProviderProps): JSX.Element {
  const doing = useDoing();
  const choose = async (by: Provider): Promise<void> =>
    chosen(await post<Enrolment>(`/auth/providers/${by.id}/enrolments`, { token: token.trim() }), by);
  return (
    <section class="panel">
      <h2>{t("enrol.provider")}</h2>
      <p class="help">{t("enrol.providerHelp")}</p>
      <FormFailure failure={doing.failure} />
      {providers.map((by) => (
        <p key={by.id}>
          <button
            type="button"
            class="button quiet"
            aria-disabled={doing.busy}
            onClick={() => doing.run(() => choose(by))}
          >
            {t("enrol.providerSubmit", { name: providerName(by) })}
          </button>
        </p>
      ))}
    </section>
  );
}

interface AuthenticatorProps {
  token: string;
  chosen: Enrolment;
  /** Null: by password. */
  provider: Provider | null;
  done: () => void;
}

function Authenticator({ token, chosen, provider, done }: AuthenticatorProps): JSX.Element {
  const [code, setCode] = useState("");
  const doing = useDoing();
  const submit = async (): Promise<void> => {
    if (provider) return enrolAt(provider, token.trim(), code);
    await post("/auth/enrolments/confirm", { token: token.trim(), code });
    done();
  };
  const label = provider ? t("enrol.go", { name: providerName(provider) }) : t("enrol.submit");
  return (
    <Form doing={doing} label={label} submit={submit}>
      <p>{t("enrol.scan")}</p>
      {provider && <p class="help">{t("enrol.signs", { name: providerName(provider) })}</p>}
      <QrCode text={chosen.otpauth} label={t("enrol.qr")} />
      <p>
        {t("enrol.secret")} <code class="secret">{chosen.totp_secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
      </p>
      <CodeField value={code} change={setCode} />
    </Form>
  );
}

/** Dark on light in either theme: some cameras read nothing else. */
function QrCode({ text, label }: { text: string; label: string }): JSX.Element {
  const { size, data } = useMemo(() => encode(text, { ecc: "M", border: 4 }), [text]);
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} class="qr-light" />
      <path d={path} class="qr-dark" />
    </svg>
  );
}
