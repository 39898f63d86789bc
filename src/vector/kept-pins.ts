/** Pins at a time; where all are taken, a block is read from its file as if it were not kept. */
const PINS = 8192;
export const KEPT_PINS_BYTES: number = PINS * 2 * 4;

/**
 * Who holds which kept block, so that what a thread held that was ended is released with its owner. In shared memory;
 * whoever calls holds the lock of the allocator.
 *
 *   owners   one i32 a pin: 0 where it is free
 *   held     one i32 a pin: the slot of a block, or minus the chunks of one in the making
 */
export class KeptPins {
  private readonly owners: Int32Array;
  private readonly held: Int32Array;

  constructor(i32: Int32Array, pointer: number) {
    const base = pointer / 4;
    this.owners = i32.subarray(base, base + PINS);
    this.held = i32.subarray(base + PINS, base + 2 * PINS);
  }

  /** The number of a pin of `owner`; -1 where there is none left. */
  add(owner: number, held: number): number {
    const first = Math.imul(owner, 0x9e3779b1) >>> 0;
    for (let probe = 0; probe < PINS; probe++) {
      const pin = (first + probe) & (PINS - 1);
      if (this.owners[pin] !== 0) continue;
      this.owners[pin] = owner;
      this.held[pin] = held;
      return pin;
    }
    return -1;
  }

  /** What is held from now on. */
  change(pin: number, held: number): void {
    this.held[pin] = held;
  }

  /** Gives a pin up, and answers what was held; undefined where it is the owner's no more. */
  remove(pin: number, owner: number): number | undefined {
    if (this.owners[pin] !== owner) return undefined;
    this.owners[pin] = 0;
    return this.held[pin]!;
  }

  /** Gives up all pins of an owner; what they held. */
  *removeAll(owner: number): Generator<number> {
    for (let pin = this.owners.indexOf(owner); pin >= 0; pin = this.owners.indexOf(owner, pin + 1)) {
      yield this.remove(pin, owner)!;
    }
  }
}
