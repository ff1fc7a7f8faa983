import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { encode } from "uqr";
import { post } from "../api/client";
import type { Enrolment } from "../api/types";
import { CodeField, Field, Form, useDoing } from "../components/Form";
import { t } from "../i18n";
import { href } from "../router";

/** An invited person chooses a password and binds an authenticator; the invitation is used up with its first code. */
export function EnrolView(): JSX.Element {
  const [token, setToken] = useState("");
  const [chosen, setChosen] = useState<Enrolment | null>(null);
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
            <Authenticator token={token} chosen={chosen} done={() => setDone(true)} />
          ) : (
            <Password token={token} setToken={setToken} chosen={setChosen} />
          )}
        </section>
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

function Authenticator({ token, chosen, done }: { token: string; chosen: Enrolment; done: () => void }): JSX.Element {
  const [code, setCode] = useState("");
  const doing = useDoing();
  const submit = async (): Promise<void> => {
    await post("/auth/enrolments/confirm", { token: token.trim(), code });
    done();
  };
  return (
    <Form doing={doing} label={t("enrol.submit")} submit={submit}>
      <p>{t("enrol.scan")}</p>
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
