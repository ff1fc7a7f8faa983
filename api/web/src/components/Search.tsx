import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError, get, withQuery } from "../api/client";
import type { SearchResult, SearchResults } from "../api/types";
import { t } from "../i18n";
import { href, navigate } from "../router";
import { locale } from "../state/preferences";
import { Icon } from "./icons";

const PAUSE_MS = 160;

type Answer = { q: string; results: SearchResult[]; failed: boolean };

/** A combobox over /search: arrow keys move, Enter opens, Escape closes; Ctrl K or ⌘K comes here from anywhere. */
export function Search(): JSX.Element {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const answer = useAnswer(text.trim(), () => setAt(0));
  const results = answer?.results ?? [];
  useShortcut(() => input.current?.select());

  const choose = (result: SearchResult | undefined): void => {
    if (!result) return;
    navigate(href(result.kind, result.id));
    setText("");
    setOpen(false);
    input.current?.blur();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && results.length > 0) setAt((at + step + results.length) % results.length);
    else if (event.key === "Enter") choose(results[at]);
    else if (event.key === "Escape") setOpen(false);
    else return;
    event.preventDefault();
  };
  const shown = open && text.trim() !== "" && answer !== null;
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={t("search.label")}
        aria-expanded={shown && results.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && results.length > 0 ? `${id}-${at}` : undefined}
        placeholder={t("search.label")}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <kbd aria-hidden="true">{t("search.shortcut")}</kbd>
      <span class="hidden" role="status">
        {shown ? (results.length > 0 ? t("search.count", { n: results.length }) : "") : ""}
      </span>
      <ul
        class="search-results"
        id={`${id}-list`}
        role="listbox"
        aria-label={t("search.label")}
        hidden={!shown || results.length === 0}
      >
        {results.map((result, index) => (
          <li
            key={`${result.kind} ${result.id}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseDown={(event) => {
              event.preventDefault();
              choose(result);
            }}
            onMouseMove={() => setAt(index)}
          >
            <span class="search-kind">{t(`kind.${result.kind}`)}</span>
            <span class="search-name">
              {(locale.value === "zh" ? result.label_zh : result.label_en) || result.label_en}
            </span>
            <span class="num muted">#{result.id}</span>
          </li>
        ))}
      </ul>
      {shown && results.length === 0 && (
        <p class="search-none">{answer.failed ? t("search.failed") : t("search.none", { q: answer.q })}</p>
      )}
    </div>
  );
}

/** The last answer to what is typed, asked for once the typing pauses; older questions are dropped. */
function useAnswer(q: string, onAnswer: () => void): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    if (q === "") {
      setAnswer(null);
      return;
    }
    const abort = new AbortController();
    const give = (results: SearchResult[], failed: boolean): void => {
      setAnswer({ q, results, failed });
      onAnswer();
    };
    const timer = setTimeout(() => {
      get<SearchResults>(withQuery("/search", { q }), abort.signal).then(
        (found) => give(found.results, false),
        (error: unknown) => {
          if (error instanceof ApiError) give([], true);
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [q]);
  return answer;
}

/** Listens as soon as the page is drawn: an effect after painting would miss a key pressed at once. */
function useShortcut(act: () => void): void {
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
