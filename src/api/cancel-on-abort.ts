import { canceledError } from '../common/errors.js';
import type { Session } from '../session/session.js';

/** Runs `work` on a session; when the signal fires, what runs fails with 57014. */
export async function cancelOnAbort<Result>(
  session: Session,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  throwIfAborted(signal);
  const cancel = (): void => session.cancel();
  signal?.addEventListener('abort', cancel);
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw canceledError({ cause: signal.reason });
}
