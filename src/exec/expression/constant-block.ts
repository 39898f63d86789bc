import { zoneBytes } from '../../functions/zones/zone-layout.js';
import type { ZoneTable } from '../../functions/zones/zone-table.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BLOCK_ENTRY_BYTES } from './argument-block.js';
import type { ExpressionContext } from './expression-context.js';
import type { ConstantSlot } from './expression-graph.js';
import { MEMO_WORDS } from './memo-constants.js';
import { writeValue } from './value-codec.js';

/** Writes literals, 16 bytes each, and returns where. */
export function writeConstants(context: ExpressionContext, slots: readonly ConstantSlot[]): number {
  const pointer = context.scope.allocateCleared(Math.max(1, slots.length) * BLOCK_ENTRY_BYTES);
  slots.forEach((slot, index) => {
    const target = pointer + index * BLOCK_ENTRY_BYTES;
    if (slot.kind === 'value') writeConstant(context, target, slot.constant);
    else if (slot.kind === 'zone') context.shared.u32[target >>> 2] = writeZone(context, slot.zone);
    else if (slot.kind === 'memo') context.shared.u32[target >>> 2] = context.scope.allocateCleared(MEMO_WORDS * 4);
    else if (slot.kind === 'bytes') writeBytes(context, target, slot.bytes);
    else writeList(context, target, slot);
  });
  return pointer;
}

export function writeConstant(context: ExpressionContext, target: number, { type, value }: ConstantExpression): void {
  const { shared, scope } = context;
  if (value === null) return;
  writeValue(shared, target, type, value, (byteLength) => scope.allocate(byteLength));
  // Generated code loads booleans as words; integers are 0-extended by the cleared memory.
  if (physicalTypeOf(type) === 'bool') shared.u32[target >>> 2] = value ? 1 : 0;
}

function writeZone({ shared, scope }: ExpressionContext, zone: ZoneTable): number {
  const bytes = zoneBytes(zone);
  const pointer = scope.allocate(bytes.length);
  shared.u8.set(bytes, pointer);
  return pointer;
}

/** Pointer and count of the items: as i64 or f64 for everything of up to 8 bytes, else in 16 bytes. */
function writeList(
  { shared, scope }: ExpressionContext,
  target: number,
  { type, items, sorted: sort }: Extract<ConstantSlot, { kind: 'list' }>,
): void {
  const physical = physicalTypeOf(type);
  const width = physical === 'i128' || physical === 'string' || physical === 'interval' || physical === 'uuid' ? 16 : 8;
  const pointer = scope.allocate(items.length * width);
  const values = items.map((item) => item.value);
  if (sort) values.sort(physical === 'string' ? compareTexts : compareNumbers);
  values.forEach((value, index) => {
    const address = pointer + index * width;
    if (physical === 'f32' || physical === 'f64') shared.view.setFloat64(address, value as number, true);
    else if (width === 8) shared.view.setBigInt64(address, BigInt(value as number | bigint | boolean), true);
    else writeValue(shared, address, type, value!, (byteLength) => scope.allocate(byteLength));
  });
  shared.u32[target >>> 2] = pointer;
  shared.u32[(target >>> 2) + 1] = items.length;
}

/** Pointer and length. */
function writeBytes({ shared, scope }: ExpressionContext, target: number, bytes: Uint8Array): void {
  const pointer = scope.allocate(bytes.length);
  shared.u8.set(bytes, pointer);
  shared.u32[target >>> 2] = pointer;
  shared.u32[(target >>> 2) + 1] = bytes.length;
}

const encoder = new TextEncoder();

/** By bytes, as the engine compares text. */
function compareTexts(left: unknown, right: unknown): number {
  const toBytes = (value: unknown) => (value instanceof Uint8Array ? value : encoder.encode(value as string));
  const [a, b] = [toBytes(left), toBytes(right)];
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    if (a[index] !== b[index]) return a[index]! - b[index]!;
  }
  return a.length - b.length;
}

function compareNumbers(left: unknown, right: unknown): number {
  const [a, b] = [left as number, right as number];
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return a < b || Number.isNaN(b) ? -1 : a > b ? 1 : 0;
}
