import { useEffect, useState } from "preact/hooks";
import { ApiError, get } from "./client";
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

/** Answers by path, so that going back shows at once what was there; read again whenever the index has moved. */
const remembered = new Map<string, unknown>();
const REMEMBERED_MAX = 40;

function remember(path: string, data: unknown): void {
  remembered.delete(path);
  remembered.set(path, data);
  const oldest = remembered.keys().next();
  if (remembered.size > REMEMBERED_MAX && !oldest.done) remembered.delete(oldest.value);
}

/** Nothing of what was read stays: another person may read next. */
export function forget(): void {
  remembered.clear();
}

/**
 * The JSON at `path` (null: nothing to read yet). Old data stays on screen while newer is on its way. What is kept off the
 * chain changes without a block: it is read again every so many milliseconds too.
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
    get<T>(path, abort.signal).then(
      (data) => {
        remember(path, data);
        setAnswer({ path, data, error: null });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        setAnswer({ path, data: remembered.get(path) ?? null, error });
      },
    );
    return () => abort.abort();
  }, [path, block, attempt]);

  const current = path !== null && answer?.path === path ? answer : null;
  const data = (current?.data ?? (path === null ? null : remembered.get(path)) ?? null) as T | null;
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
