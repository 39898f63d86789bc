import { bugError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';

/** The kernels for values of one width. */
export interface WidthKernels {
  gather(source: number, selection: number, count: number, target: number): void;
  spread(source: number, validity: number, count: number, target: number): void;
  lookUp(dictionary: number, codes: number, count: number, target: number): void;
  lookUpSelected(dictionary: number, codes: number, selection: number, count: number, target: number): void;
}

export function widthKernelsOf(kernels: Kernels, width: number): WidthKernels {
  switch (width) {
    case 1: // booleans have no dictionary: the look-ups are never called
      return {
        gather: kernels.gather1,
        spread: kernels.spread1,
        lookUp: kernels.lookUp4,
        lookUpSelected: kernels.lookUpSelected4,
      };
    case 4:
      return {
        gather: kernels.gather4,
        spread: kernels.spread4,
        lookUp: kernels.lookUp4,
        lookUpSelected: kernels.lookUpSelected4,
      };
    case 8:
      return {
        gather: kernels.gather8,
        spread: kernels.spread8,
        lookUp: kernels.lookUp8,
        lookUpSelected: kernels.lookUpSelected8,
      };
    case 16:
      return {
        gather: kernels.gather16,
        spread: kernels.spread16,
        lookUp: kernels.lookUp16,
        lookUpSelected: kernels.lookUpSelected16,
      };
    default:
      throw bugError(`no kernels for values of ${width} bytes`);
  }
}
