import { useEffect, useState } from "preact/hooks";
import { ApiError, getChanged, type Tagged } from "./client";
import { indexedBlock } from "./status";
import type { Page } from "./types";

/** How often what is kept off the chain is read again. */
export const OFF_CHAIN_MS = 4_000;

export interface Resource<T> {
  data: T | null;
  error: ApiError | null;
  loading: boolean;
  retry: () => void;
}

interface Answer {
  path: string;
  data: unknown;
  error: ApiError | null;
}

/** Answers by path, so that going back shows at once what was there; asked for again whenever the index has moved. */
const remembered = new Map<string, Tagged<unknown>>();
const REMEMBERED_MAX = 40;

function remember(path: string, answer: Tagged<unknown>): void {
  remembered.delete(path);
  remembered.set(path, answer);
  const oldest = remembered.keys().next();
  if (remembered.size > REMEMBERED_MAX && !oldest.done) remembered.delete(oldest.value);
}

/** Nothing of what was read stays: another person may read next. */
export function forget(): void {
  remembered.clear();
}

/**
 * The JSON at `path` (null: nothing to read yet). Old data stays on screen while newer is on its way, and is the very same
 * object as long as the answer is the same. What is kept off the chain changes without a block: it is asked for every so
 * many milliseconds too.
 */
export function useResource<T>(path: string | null, everyMs: number | null = null): Resource<T> {
  const block = indexedBlock.value;
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);

  useEffect(() => {
    if (everyMs === null || path === null) return;
    const timer = setInterval(() => {
      if (!document.hidden) setAttempt((count) => count + 1);
    }, everyMs);
    return () => clearInterval(timer);
  }, [path, everyMs]);

  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    getChanged(path, remembered.get(path) ?? null, abort.signal).then(
      (found) => {
        const { data } = found;
        remember(path, found);
        setAnswer((last) =>
          last?.path === path && last.data === data && !last.error ? last : { path, data, error: null },
        );
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        setAnswer({ path, data: remembered.get(path)?.data ?? null, error });
      },
    );
    return () => abort.abort();
  }, [path, block, attempt]);

  const current = path !== null && answer?.path === path ? answer : null;
  const data = (current?.data ?? (path === null ? null : remembered.get(path)?.data) ?? null) as T | null;
  return {
    data,
    error: data === null ? (current?.error ?? null) : null,
    loading: path !== null && data === null && !current?.error,
    retry: () => setAttempt((count) => count + 1),
  };
}

/** Most things that are asked for by id at once. */
const THESE_MAX = 500;

/** Things of a list by their ids, in one asking; nothing is asked while there are none. */
export function useThese<T>(path: string, ids: readonly number[]): Resource<Page<T>> {
  const some = [...new Set(ids)].sort((a, b) => a - b).slice(0, THESE_MAX);
  const query = some.map((id) => `&id=${id}`).join("");
  return useResource<Page<T>>(some.length === 0 ? null : `${path}?limit=${THESE_MAX}${query}`);
}
