/** Whoever waits looks this often whether it still has to. */
const WAIT_MS = 20;

type WaitAsync = (
  array: Int32Array,
  index: number,
  value: number,
  timeoutMs: number,
) => { readonly async: boolean; readonly value: unknown };

/** Waits until another thread has notified of a word that holds `value` now, for 20 ms at most. */
export async function waitForChange(words: Int32Array, index: number, value: number): Promise<void> {
  const { waitAsync } = Atomics as unknown as { readonly waitAsync: WaitAsync };
  await waitAsync(words, index, value, WAIT_MS).value;
}
