import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, getChanged, type Tagged, withQuery } from "./client";
import type { Resource } from "./resource";
import { indexedBlock } from "./status";
import type { Page } from "./types";

const PAGE = 500;
const MOST = 50_000;

/** All pages of a listing, one after the other, up to MOST items; asked for again when the index moves. */
export function useAll<T>(path: string | null): Resource<T[]> {
  const block = indexedBlock.value;
  const [attempt, setAttempt] = useState(0);
  const [data, setData] = useState<{ path: string; items: T[] } | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const known = useRef<readonly Tagged<Page<T>>[]>([]);
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    pages<T>(path, known.current, abort.signal).then(
      (found) => {
        const same = found.length === known.current.length && found.every((page, at) => page === known.current[at]);
        known.current = found;
        setError(null);
        setData((last) =>
          same && last?.path === path ? last : { path, items: found.flatMap(({ data }) => data.items) },
        );
      },
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        if (!(problem instanceof ApiError)) throw problem;
        setError(problem);
      },
    );
    return () => abort.abort();
  }, [path, block, attempt]);
  const present = data !== null && data.path === path ? data.items : null;
  return {
    data: present,
    error: present === null ? error : null,
    loading: present === null && error === null,
    retry: () => setAttempt((count) => count + 1),
  };
}

/** The pages as they are now; those that say what the known one in their place said are that one. */
async function pages<T>(
  path: string,
  known: readonly Tagged<Page<T>>[],
  signal: AbortSignal,
): Promise<Tagged<Page<T>>[]> {
  const found: Tagged<Page<T>>[] = [];
  const separator = path.includes("?") ? "&" : "?";
  let cursor: string | null = null;
  do {
    const at = `${path}${withQuery("", { limit: PAGE, cursor }).replace("?", separator)}`;
    const page: Tagged<Page<T>> = await getChanged(at, known[found.length] ?? null, signal);
    found.push(page);
    cursor = page.data.next;
  } while (cursor !== null && found.length * PAGE < MOST);
  return found;
}
