const PIN_WORDS = 2;
const OWNER = 0;
const HELD = 1;

/** Pins at a time; where all are taken, a block is read from its file as if it were not kept. */
const PINS = 8192;
export const KEPT_PINS_BYTES: number = PINS * PIN_WORDS * 4;

/**
 * Who holds which kept block, so that what a thread held that was ended is released with its owner. In shared memory, 8
 * bytes a pin; whoever calls holds the lock of the allocator.
 *
 *   0 owner, 0 where the pin is free   4 what is held: the slot of a block, or minus the chunks of one in the making
 */
export class KeptPins {
  private readonly i32: Int32Array;
  private readonly base: number;

  constructor(i32: Int32Array, pointer: number) {
    this.i32 = i32;
    this.base = pointer / 4;
  }

  /** The number of a pin of `owner`; -1 where there is none left. */
  add(owner: number, held: number): number {
    const { i32 } = this;
    const first = Math.imul(owner, 0x9e3779b1) >>> 0;
    for (let probe = 0; probe < PINS; probe++) {
      const pin = (first + probe) & (PINS - 1);
      if (i32[this.at(pin) + OWNER] !== 0) continue;
      i32[this.at(pin) + OWNER] = owner;
      i32[this.at(pin) + HELD] = held;
      return pin;
    }
    return -1;
  }

  /** What is held from now on. */
  change(pin: number, held: number): void {
    this.i32[this.at(pin) + HELD] = held;
  }

  /** Gives a pin up, and answers what was held; undefined where it is the owner's no more. */
  remove(pin: number, owner: number): number | undefined {
    const { i32 } = this;
    if (i32[this.at(pin) + OWNER] !== owner) return undefined;
    i32[this.at(pin) + OWNER] = 0;
    return i32[this.at(pin) + HELD]!;
  }

  /** Gives up all pins of an owner; what they held. */
  *removeAll(owner: number): Generator<number> {
    for (let pin = 0; pin < PINS; pin++) {
      if (this.i32[this.at(pin) + OWNER] === owner) yield this.remove(pin, owner)!;
    }
  }

  private at(pin: number): number {
    return this.base + pin * PIN_WORDS;
  }
}
