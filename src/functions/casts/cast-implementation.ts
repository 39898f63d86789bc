import type { Emitter } from '../emitter.js';
import type { CastImplementation } from '../function-types.js';

type Emit = (e: Emitter) => void;

export const emit = (write: Emit, fallible = false): CastImplementation => ({
  fallible,
  implementation: {
    kind: 'emit',
    emit: (e) => {
      write(e);
      return undefined;
    },
  },
});

export const identity: CastImplementation = {
  fallible: false,
  implementation: { kind: 'emit', emit: (_, operands) => operands[0]!.bits },
};
