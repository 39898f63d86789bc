/** Twin of `assembly/text-list.ts`: what a list of items becomes. */
export interface ListItem {
  readonly value: Uint8Array;
  readonly separator: Uint8Array;
  /** Ordered as it is; null for NULL. */
  readonly key: number | bigint | null;
}

export interface ListOrder {
  readonly by: 'value' | 'key';
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at < 0 || at >= right.length ? left.length - right.length : left[at]! - right[at]!;
}

function compareItems(left: ListItem, right: ListItem, { by, descending, nullsFirst }: ListOrder): number {
  const sign = descending ? -1 : 1;
  if (by === 'value') return sign * compareBytes(left.value, right.value);
  if (left.key === null || right.key === null) {
    if (left.key === right.key) return 0;
    return (left.key === null) === nullsFirst ? -1 : 1;
  }
  return sign * (left.key < right.key ? -1 : left.key > right.key ? 1 : 0);
}

/** The values in order, each but the first after its separator. Equal keys keep their order. */
export function joinItems(items: readonly ListItem[], order: ListOrder | undefined): Uint8Array {
  const sorted = order ? [...items].sort((left, right) => compareItems(left, right, order)) : items;
  return Uint8Array.from(sorted.flatMap(({ separator, value }, i) => [...(i === 0 ? [] : separator), ...value]));
}
