import { signal } from "@preact/signals";
import { COLUMNS, unpack } from "./columns";
import type { Problem } from "./types";

/** A refusal or failure that a person can read in either language; `status` 0 means the server was not reached. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

/** Whether the server's last word was that it does not know who asks. */
export const unknownHere = signal(false);

const NOT_AUTHENTICATED = "/problems/not-authenticated";

/** No answer, or one that the API did not write. */
export function wordless(status: number): Problem {
  return { type: "about:blank", status, title: "", title_zh: "", detail: "", detail_zh: "", evidence: {} };
}

/** GET `path` as JSON. Throws ApiError, or the abort itself when `signal` fires. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(path, "GET", undefined, signal);
}

/** An answer, and the server's word for what it says: the same word again, and nothing has changed. */
export interface Tagged<T> {
  data: T;
  tag: string | null;
}

/**
 * GET `path`, by columns where it can be had so, unless it still says what `known` does: then `known` itself comes back,
 * and nothing was sent nor read. Throws as `get` does.
 */
export async function getChanged<T>(path: string, known: Tagged<T> | null, signal?: AbortSignal): Promise<Tagged<T>> {
  const accept = `${COLUMNS}, application/json;q=0.9`;
  const headers = { accept, ...(known?.tag && { "if-none-match": known.tag }) };
  const response = await send(path, { headers }, signal);
  if (known && response.status === 304) return known;
  const answer = { data: await readOf<T>(response), tag: response.headers.get("etag") };
  await breath();
  signal?.throwIfAborted();
  return answer;
}

/** Reading a large answer, unfolding and drawing it are a breath each: what is typed in between is heard. */
function breath(): Promise<void> {
  return new Promise((resume) => setTimeout(resume));
}

/** POST `body` to `path`. Throws ApiError. */
export function post<T>(path: string, body: unknown = {}): Promise<T> {
  return ask<T>(path, "POST", { body });
}

/** DELETE `path`. Throws ApiError. */
export function remove(path: string): Promise<null> {
  return ask<null>(path, "DELETE");
}

export type Method = "POST" | "PUT" | "DELETE";

/** A write that is done once under its `key` however often it is sent. Throws ApiError. */
export function write<T>(method: Method, path: string, body: unknown, key: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(path, method, { body, key }, signal);
}

/** What GET `path` answers, or POST with a body, as a file. Throws ApiError. */
export async function getFile(path: string, body?: object): Promise<Blob> {
  const asked = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, asked).catch(() => null);
  if (!response) throw new ApiError(wordless(0));
  if (!response.ok) throw failed(response.status, await response.json().catch(() => null));
  return response.blob();
}

/** POST a form with a file. Throws ApiError. */
export async function postForm<T>(path: string, body: FormData): Promise<T> {
  const response = await fetch(path, { method: "POST", headers: { accept: "application/json" }, body }).catch(
    () => null,
  );
  if (!response) throw new ApiError(wordless(0));
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok || answer === null) throw failed(response.status, answer);
  return answer as T;
}

interface Sent {
  /** Undefined: the address says it all. */
  body: unknown;
  key?: string;
}

async function ask<T>(path: string, method: string, sent?: Sent, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = {};
  const request: RequestInit & Headed = { method, headers };
  if (sent) {
    if (sent.key !== undefined) headers["idempotency-key"] = sent.key;
    if (sent.body !== undefined) {
      headers["content-type"] = "application/json";
      request.body = JSON.stringify(sent.body);
    }
  }
  const response = await send(path, request, signal);
  return response.status === 204 ? (null as T) : readOf<T>(response);
}

interface Headed {
  headers: Record<string, string>;
}

async function send(
  path: string,
  { headers, ...request }: RequestInit & Headed,
  signal?: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(path, {
      ...request,
      headers: { accept: "application/json", ...headers },
      ...(signal && { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(wordless(0));
  }
}

async function readOf<T>(response: Response): Promise<T> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw failed(status, body);
  if (body === null) throw new ApiError(wordless(status));
  if (response.headers.get("content-type") !== COLUMNS) return body as T;
  await breath();
  return unpack(body) as T;
}

function failed(status: number, body: unknown): ApiError {
  const problem = problemOf(status, body);
  if (problem.type === NOT_AUTHENTICATED) unknownHere.value = true;
  return new ApiError(problem);
}

function problemOf(status: number, body: unknown): Problem {
  if (body !== null && typeof body === "object" && "title" in body) return { ...(body as Problem), status };
  return wordless(status);
}

/** `path?key=value…`, leaving out what is null or empty. */
export function withQuery(path: string, query: Record<string, string | number | null | undefined>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}
