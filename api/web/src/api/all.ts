import { useEffect, useState } from "preact/hooks";
import { ApiError, get, withQuery } from "./client";
import type { Resource } from "./resource";
import { indexedBlock } from "./status";
import type { Page } from "./types";

const PAGE = 500;

/** All pages of a listing, one after the other, up to `most` items; read again when the index moves. */
export function useAll<T>(path: string | null, most = 10_000): Resource<T[]> {
  const block = indexedBlock.value;
  const [attempt, setAttempt] = useState(0);
  const [data, setData] = useState<{ path: string; items: T[] } | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    pages<T>(path, most, abort.signal).then(
      (items) => {
        setData({ path, items });
        setError(null);
      },
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        if (!(problem instanceof ApiError)) throw problem;
        setError(problem);
      },
    );
    return () => abort.abort();
  }, [path, most, block, attempt]);
  const present = data !== null && data.path === path ? data.items : null;
  return {
    data: present,
    error: present === null ? error : null,
    loading: present === null && error === null,
    retry: () => setAttempt((count) => count + 1),
  };
}

async function pages<T>(path: string, most: number, signal: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const separator = path.includes("?") ? "&" : "?";
    const page: Page<T> = await get(`${path}${withQuery("", { limit: PAGE, cursor }).replace("?", separator)}`, signal);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && items.length < most);
  return items;
}
