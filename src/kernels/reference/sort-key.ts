// Reference twin of `assembly/sort-key.ts`.

/** Big-endian, in two's complement with the sign bit inverted. */
function ordered(value: bigint, byteLength: number): number[] {
  const bits = BigInt(byteLength * 8);
  const biased = BigInt.asUintN(Number(bits), value + (1n << (bits - 1n)));
  return Array.from({ length: byteLength }, (_, i) => Number((biased >> BigInt(8 * (byteLength - 1 - i))) & 0xffn));
}

function key(bytes: readonly number[], descending: boolean): Uint8Array {
  return Uint8Array.from([1, ...bytes.map((byte) => (descending ? byte ^ 0xff : byte))]);
}

export function sortKeyOfInteger(value: bigint, byteLength: 8 | 16, descending: boolean): Uint8Array {
  return key(ordered(value, byteLength), descending);
}

export function sortKeyOfInterval(
  interval: { readonly months: number; readonly days: number; readonly microseconds: bigint },
  descending: boolean,
): Uint8Array {
  const day = 86_400_000_000n;
  const rest = ((interval.microseconds % day) + day) % day;
  const days = BigInt(interval.months) * 30n + BigInt(interval.days) + (interval.microseconds - rest) / day;
  return key([...ordered(days, 8), ...ordered(rest, 8).map((byte, i) => (i === 0 ? byte ^ 0x80 : byte))], descending);
}

export function sortKeyOfBytes(bytes: readonly number[], descending: boolean): Uint8Array {
  return key([...bytes.flatMap((byte) => (byte === 0 ? [0, 0xff] : [byte])), 0, 0], descending);
}

export function sortKeyOfUuid(bytes: readonly number[], descending: boolean): Uint8Array {
  return key(bytes, descending);
}
