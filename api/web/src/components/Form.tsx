import type { ComponentChildren, JSX, TargetedInputEvent } from "preact";
import { useId, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { t } from "../i18n";
import { locale } from "../state/preferences";

interface FieldProps {
  label: string;
  help?: string;
  value: string;
  change: (value: string) => void;
  /** Shown as dots. */
  secret?: boolean;
  autocomplete: "username" | "current-password" | "new-password" | "one-time-code" | "off";
  inputMode?: "numeric" | "email";
  pattern?: string;
  minLength?: number;
  maxLength?: number;
}

/** One line of a form: its label, what is typed, and a word of help. */
export function Field({ label, help, value, change, secret = false, ...limits }: FieldProps): JSX.Element {
  const id = useId();
  const input = {
    ...limits,
    id,
    value,
    spellcheck: false,
    required: true,
    "aria-describedby": help ? `${id}-help` : undefined,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => change(event.currentTarget.value),
  };
  return (
    <p class="field">
      <label for={id}>{label}</label>
      {secret ? <input type="password" {...input} /> : <input type="text" {...input} />}
      {help && (
        <span id={`${id}-help`} class="help">
          {help}
        </span>
      )}
    </p>
  );
}

/** The digits of an authenticator, now. */
export function CodeField({ value, change }: { value: string; change: (value: string) => void }): JSX.Element {
  return (
    <Field
      label={t("form.code")}
      help={t("form.codeHelp")}
      value={value}
      change={(typed) => change(typed.replace(/\s/g, ""))}
      inputMode="numeric"
      autocomplete="one-time-code"
      pattern="[0-9]{6}"
      maxLength={7}
    />
  );
}

export interface Doing {
  busy: boolean;
  /** What went wrong the last time, in the reader's language. */
  failure: string | null;
  /** Does it unless something is being done already. */
  run: (act: () => Promise<void>) => void;
}

/** Something that is done once at a time, and may fail. `explain` says what errors mean that are not the API's. */
export function useDoing(explain: (error: unknown) => string | null = () => null): Doing {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = (act: () => Promise<void>): void => {
    if (busy) return;
    setBusy(true);
    setError(null);
    act()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return { busy, failure: error === null ? null : (explain(error) ?? said(error)), run };
}

function said(error: unknown): string {
  if (!(error instanceof ApiError)) return t("form.failed");
  const { status, title, title_zh, detail, detail_zh } = error.problem;
  if (status === 0) return t("state.unreachable");
  const [first, second] = locale.value === "zh" ? [title_zh || title, detail_zh || detail] : [title, detail];
  return [...new Set([first, second])].filter(Boolean).join(t("form.colon")) || t("form.failed");
}

export function FormFailure({ failure }: { failure: string | null }): JSX.Element | null {
  return failure === null ? null : (
    <p role="alert" class="form-failure">
      {failure}
    </p>
  );
}

interface FormProps {
  doing: Doing;
  submit: () => Promise<void>;
  label: string;
  children: ComponentChildren;
}

/** Fields, what went wrong, and the button that sends them. */
export function Form({ doing, submit, label, children }: FormProps): JSX.Element {
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    doing.run(submit);
  };
  return (
    <form class="form" onSubmit={onSubmit}>
      {children}
      <FormFailure failure={doing.failure} />
      <p>
        <button type="submit" class="button" aria-disabled={doing.busy}>
          {doing.busy ? t("form.busy") : label}
        </button>
      </p>
    </form>
  );
}
