import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../api/types";
import { FormFailure, problemText } from "../components/Form";
import { Icon } from "../components/icons";
import { lazy } from "../components/lazy";
import { t } from "../i18n";
import { href } from "../router";
import { OperationsMore, OperationsWords } from "./OperationsState";
import type { Acting, Asked } from "./useAct";

const Outside = lazy(() => import("./Outside").then((module) => module.default));

interface FormProps {
  acting: Omit<Acting, "wrong">;
  label: string;
  /** What is sent; null while the fields do not make an act yet. */
  act: () => Asked | null;
  children?: ComponentChildren;
  /** Beside the button. */
  more?: ComponentChildren;
}

/** Fields and a button while there is something to do, and what became of it from then on: one place for both. */
export function ActForm({ acting, label, act, children, more }: FormProps): JSX.Element {
  const { at } = acting.progress;
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    const asked = acting.busy ? null : act();
    if (asked) acting.start(asked);
  };
  const asking = at === "open" || at === "sending" || at === "refused";
  const whole = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The button that was pressed is gone: the focus stays where the act is told of.
    if (!asking && document.activeElement === document.body) whole.current?.focus({ preventScroll: true });
  }, [asking]);
  return (
    <div class="act" ref={whole} tabIndex={-1}>
      {asking && (
        <form class="form" onSubmit={onSubmit}>
          {children}
          <FormFailure failure={acting.failure} />
          <p class="choices">
            <button type="submit" class="button" aria-disabled={acting.busy}>
              {acting.busy ? t("act.sending") : label}
            </button>
            {more}
          </p>
        </form>
      )}
      <ActState acting={acting} />
    </div>
  );
}

/** What became of an act, in words. Its status region is there from the first, so that changes are announced. */
export function ActState({ acting }: { acting: Pick<Acting, "progress" | "again"> }): JSX.Element {
  const { progress, again } = acting;
  return (
    <>
      <div role="status">
        {progress.at === "sending" && progress.trouble && <Unanswered trouble={progress.trouble} />}
        {progress.at === "following" && <OperationsWords ids={progress.operations} />}
        {progress.at === "done" && (
          <p class="act-now act-final">
            <Icon name="check" /> {t("act.noted")}
          </p>
        )}
        {progress.at === "approval" && (
          <p class="act-now">
            <Icon name="pause" /> {t("act.approval")}
          </p>
        )}
      </div>
      {progress.at === "sending" && progress.trouble && (
        <p>
          <button type="button" class="button quiet" onClick={again}>
            {t("act.stop")}
          </button>
        </p>
      )}
      {progress.at === "following" && <OperationsMore ids={progress.operations} again={again} />}
      {progress.at === "done" && (
        <p>
          <button type="button" class="button quiet" onClick={again}>
            {t("act.close")}
          </button>
        </p>
      )}
      {progress.at === "approval" && (
        <p class="choices">
          <a class="button" href={href("approvals", null, { id: progress.approval })}>
            {t("act.approvalOpen")}
          </a>
          <button type="button" class="button quiet" onClick={again}>
            {t("act.close")}
          </button>
        </p>
      )}
      {progress.at === "outside" && (
        <>
          <Outside act={progress.act} />
          <p>
            <button type="button" class="button quiet" onClick={again}>
              {t("form.cancel")}
            </button>
          </p>
        </>
      )}
    </>
  );
}

function Unanswered({ trouble }: { trouble: Problem }): JSX.Element {
  return (
    <p class="act-now act-waiting">
      <Icon name="clock" /> {trouble.status === 0 ? t("act.unanswered") : problemText(trouble)} {t("act.once")}
    </p>
  );
}
