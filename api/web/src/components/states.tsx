import type { ComponentChildren, JSX } from "preact";
import type { ApiError } from "../api/client";
import type { Resource } from "../api/resource";
import { t } from "../i18n";
import { href } from "../router";
import { locale } from "../state/preferences";

/** Whether a state stands for a whole view, whose heading it then is, or for a part of one. */
interface Whole {
  of?: "view" | "part";
}

export function Loading(): JSX.Element {
  return (
    <div class="state state-loading" role="status">
      <span class="pulse" aria-hidden="true" />
      {t("state.loading")}
    </div>
  );
}

/** What went wrong, in the reader's language where the server said it in both, and the way to try again. */
export function Failure({ error, retry, of = "part" }: { error: ApiError; retry: () => void } & Whole): JSX.Element {
  const Heading = of === "view" ? "h1" : "h2";
  const { status, title, detail, title_zh, detail_zh } = error.problem;
  const zh = locale.value === "zh";
  const heading = (zh ? title_zh : title) || title || t("state.error");
  const more = status === 0 ? t("state.unreachable") : (zh ? detail_zh : detail) || detail;
  return (
    <div class="state state-error" role="alert">
      <Heading>{heading}</Heading>
      {more && <p>{more}</p>}
      <p class="actions">
        <button type="button" class="button" onClick={retry}>
          {t("state.retry")}
        </button>
        <a class="button quiet" href={href("story")}>
          {t("state.goStory")}
        </a>
      </p>
    </div>
  );
}

export function Empty({
  title,
  children,
  of = "part",
}: { title: string; children?: ComponentChildren } & Whole): JSX.Element {
  const Heading = of === "view" ? "h1" : "h2";
  return (
    <div class="state state-empty">
      <Heading>{title}</Heading>
      {children}
    </div>
  );
}

/** The three states that every reading has; `children` draws what was read. */
export function Reading<T>(
  props: { from: Resource<T>; children: (data: T) => ComponentChildren } & Whole,
): JSX.Element {
  const { data, error, retry } = props.from;
  if (data !== null) return <>{props.children(data)}</>;
  return error ? <Failure error={error} retry={retry} of={props.of ?? "part"} /> : <Loading />;
}
