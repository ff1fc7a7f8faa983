import type { ComponentChildren, JSX, TargetedInputEvent } from "preact";
import { useId, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import type { Problem } from "../api/types";
import { t } from "../i18n";
import { locale } from "../state/preferences";

interface FieldProps {
  label: string;
  help?: string;
  /** What is wrong with what was typed. */
  error?: string | null;
  value: string;
  change: (value: string) => void;
  /** Shown as dots. */
  secret?: boolean;
  autocomplete: "username" | "current-password" | "new-password" | "one-time-code" | "off";
  inputMode?: "numeric" | "decimal" | "email";
  pattern?: string;
  minLength?: number;
  maxLength?: number;
}

/** One line of a form: its label, what is typed, and a word of help. */
export function Field({ label, help, error, value, change, secret = false, ...limits }: FieldProps): JSX.Element {
  const id = useId();
  const input = {
    ...limits,
    id,
    value,
    spellcheck: false,
    required: true,
    ...describedBy(id, help, error),
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => change(event.currentTarget.value),
  };
  return (
    <p class="field">
      <label for={id}>{label}</label>
      {secret ? <input type="password" {...input} /> : <input type="text" {...input} />}
      <Described id={id} help={help} error={error} />
    </p>
  );
}

type Words = string | null | undefined;

/** Ties an input of this id to its word of help and to what is wrong with it (see Described). */
export function describedBy(
  id: string,
  help: Words,
  error: Words,
): { "aria-describedby": string | undefined; "aria-invalid": boolean } {
  const by = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ");
  return { "aria-describedby": by || undefined, "aria-invalid": Boolean(error) };
}

/** The word of help under an input, and what is wrong with it. */
export function Described({ id, help, error }: { id: string; help: Words; error: Words }): JSX.Element {
  return (
    <>
      {error && (
        <span id={`${id}-error`} class="field-error" role="alert">
          {error}
        </span>
      )}
      {help && (
        <span id={`${id}-help`} class="help">
          {help}
        </span>
      )}
    </>
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
      .catch((cause: unknown) => {
        // What nobody foresaw: the person is told that it failed, the console why.
        if (!(cause instanceof ApiError) && explain(cause) === null) reportError(cause);
        setError(cause);
      })
      .finally(() => setBusy(false));
  };
  return { busy, failure: error === null ? null : (explain(error) ?? said(error)), run };
}

function said(error: unknown): string {
  if (!(error instanceof ApiError)) return t("form.failed");
  return problemText(error.problem);
}

/** A problem in the reader's language: its rule, and with what. */
export function problemText({ status, title, title_zh, detail, detail_zh }: Problem): string {
  if (status === 0) return t("state.unreachable");
  const [first, second] = locale.value === "zh" ? [title_zh || title, detail_zh || detail] : [title, detail];
  if (second.startsWith(first)) return second || t("form.failed");
  return [first, second].filter(Boolean).join(t("form.colon"));
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
