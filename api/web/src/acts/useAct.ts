import { useEffect } from "preact/hooks";
import type { Problem } from "../api/types";
import { problemText } from "../components/Form";
import { locale } from "../state/preferences";
import { type Act, type Progress, progressOf, reopen, start, type Subject } from "./acts";
import { entered, left } from "./shown";

/** Fields of a form, and what of a problem belongs to each: places in the request's body, or rules as types name them. */
export type Claims<F extends string> = Readonly<Record<F, readonly string[]>>;

/** What is asked of the API; what it is called and about is known. */
export type Asked = Omit<Act, keyof Subject>;

export interface Acting<F extends string = string> {
  progress: Progress;
  busy: boolean;
  start: (asked: Asked) => void;
  /** Back to where it can be done anew. */
  again: () => void;
  /** What is wrong with a field, in the reader's language. */
  wrong: (field: F) => string | null;
  /** What went wrong and is no field's. */
  failure: string | null;
}

/**
 * One act of a view. It goes on when the view is left, and is found again where it was: `about` tells it from others of its
 * name. `claims` leads problems to the fields that they name.
 */
export function useAct<F extends string = never>({ name, about }: Subject, claims?: Claims<F>): Acting<F> {
  const progress = progressOf({ name, about }).value;
  useEffect(() => {
    entered({ name, about });
    return () => left({ name, about });
  }, [name, about]);
  const problem = progress.at === "refused" ? progress.problem : null;
  const of = (marks: readonly string[]): string | null => (problem ? saidOf(problem, marks) : null);
  const claimed = Object.values<readonly string[]>(claims ?? {}).some((marks) => of(marks) !== null);
  return {
    progress,
    busy: progress.at === "sending",
    start: (asked) => void start({ ...asked, name, about }),
    again: () => reopen({ name, about }),
    wrong: (field) => of(claims?.[field] ?? []),
    failure: problem && !claimed ? problemText(problem) : null,
  };
}

/** What a problem says of the field with these marks. */
function saidOf(problem: Problem, marks: readonly string[]): string | null {
  const named = problem.errors?.find(({ field }) => marks.some((mark) => field === `body.${mark}`));
  if (named) return locale.value === "zh" ? named.message_zh : named.message;
  return marks.includes(problem.type.replace("/problems/", "")) ? problemText(problem) : null;
}
