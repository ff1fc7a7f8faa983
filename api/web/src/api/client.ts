import type { Problem } from "./types";

/** A refusal or failure that a person can read in either language; `status` 0 means the server was not reached. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

/** No answer, or one that the API did not write. */
export function wordless(status: number): Problem {
  return { type: "about:blank", status, title: "", title_zh: "", detail: "", detail_zh: "" };
}

/** GET `path` as JSON. Throws ApiError, or the abort itself when `signal` fires. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const request: RequestInit = { headers: { accept: "application/json" } };
  if (signal) request.signal = signal;
  let response: Response;
  try {
    response = await fetch(path, request);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(wordless(0));
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(problemOf(response.status, body));
  if (body === null) throw new ApiError(wordless(response.status));
  return body as T;
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
