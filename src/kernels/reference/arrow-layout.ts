/** Twin of `widenDecimals`: each value as its low and its high half. */
export function widenDecimals(values: readonly bigint[]): bigint[] {
  return values.flatMap((value) => [value, value < 0n ? -1n : 0n]);
}

/** Twin of `convertIntervals` for the time of day: nanoseconds, and the first valid row that overflows. */
export function convertIntervalTimes(
  microseconds: readonly bigint[],
  validity: readonly number[],
): { readonly nanoseconds: bigint[]; readonly failed: number } {
  const nanoseconds = microseconds.map((value) => BigInt.asIntN(64, value * 1000n));
  const failed = microseconds.findIndex(
    (value, index) => validity[index] !== 0 && nanoseconds[index] !== value * 1000n,
  );
  return { nanoseconds, failed };
}
