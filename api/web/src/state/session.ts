import { computed, signal } from "@preact/signals";
import { forgetActs } from "../acts/acts";
import { ApiError, get, post, remove, unknownHere } from "../api/client";
import { forget } from "../api/resource";
import { pollStatus, status } from "../api/status";
import type { Departure, Me, Provider, SignedIn } from "../api/types";
import { locale } from "./preferences";

/** Who the server says is asking; null until it has said so, and while nobody is signed in. */
export const me = signal<Me | null>(null);

/** A person of a company, rather than whoever sits at a server that asks nobody who they are. */
export const person = computed(() => (me.value?.means === "session" ? me.value : null));

/** Asks the server who is asking. A stranger stays one; what else fails, fails again where it matters. */
export async function whoAmI(): Promise<void> {
  try {
    me.value = await get<Me>("/auth/me");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** By password and one-time code; the session is kept in a cookie that no script reads. Throws ApiError. */
export function signIn(email: string, password: string, code: string): Promise<void> {
  return enter("/auth/sessions", { email, password, code, keep: "cookie" });
}

/** By a message of EIP-4361 that a linked account signed. Throws ApiError. */
export function signInByMessage(message: string, signature: string): Promise<void> {
  return enter("/auth/siwe/sessions", { message, signature, keep: "cookie" });
}

/** What a view's address may be made of, for the way back from elsewhere. */
const VIEW = /^#\/[A-Za-z0-9/?=&%._~-]{0,290}$/;

/** Goes to the sign-in of a company's own identity provider, which leads back to this view. Throws ApiError. */
export function signInAt(provider: Provider): Promise<void> {
  const view = VIEW.test(location.hash) && !location.hash.includes("problem=") ? location.hash : "#/";
  return departBy(`/auth/providers/${provider.id}/sign-ins`, { view });
}

/** The same, once an invited person has shown a code; whom the provider signs in is that person. Throws ApiError. */
export function enrolAt(provider: Provider, token: string, code: string): Promise<void> {
  return departBy(`/auth/providers/${provider.id}/enrolments/confirm`, { token, code });
}

async function departBy(path: string, body: unknown): Promise<void> {
  const { address } = await post<Departure>(path, body);
  location.assign(address);
}

/** As its people know it, in the reader's language. */
export function providerName({ name_zh, name_en }: Provider): string {
  return locale.value === "zh" ? name_zh : name_en;
}

async function enter(path: string, body: unknown): Promise<void> {
  const answer = await post<SignedIn>(path, body);
  forget();
  me.value = answer.me;
  unknownHere.value = false;
  void pollStatus();
}

/** Ends the session, and forgets whatever it has shown. Throws ApiError when the server did not hear of it. */
export async function signOut(): Promise<void> {
  await remove("/auth/sessions/current");
  leave();
}

function leave(): void {
  forget();
  forgetActs();
  me.value = null;
  status.value = null;
  unknownHere.value = true;
}

// A session that ran out, or was ended elsewhere, takes from the screen what it has shown.
unknownHere.subscribe((unknown) => {
  if (unknown && me.peek()) leave();
});
