// Reference twin of `assembly/comoments.ts`.

export interface Comoments {
  readonly count: number;
  readonly meanX: number;
  readonly squaresX: number;
  readonly meanY: number;
  readonly squaresY: number;
  readonly products: number;
}

/** In two passes over all pairs (y, x). */
export function comomentsOf(pairs: readonly (readonly [number, number])[]): Comoments {
  const count = pairs.length;
  const mean = (at: 0 | 1): number => (count === 0 ? 0 : pairs.reduce((sum, pair) => sum + pair[at], 0) / count);
  const [meanY, meanX] = [mean(0), mean(1)];
  const sum = (of: (y: number, x: number) => number): number =>
    pairs.reduce((total, [y, x]) => total + of(y - meanY, x - meanX), 0);
  return {
    count,
    meanX,
    squaresX: sum((_, x) => x * x),
    meanY,
    squaresY: sum((y) => y * y),
    products: sum((y, x) => y * x),
  };
}

/** In the order of the numbers by which the kernel knows them; undefined for NULL. */
export function comomentResults({
  count,
  meanX,
  squaresX,
  meanY,
  squaresY,
  products,
}: Comoments): (number | undefined)[] {
  if (count === 0) return new Array<undefined>(11).fill(undefined);
  const ofLine = <T>(value: T): T | undefined => (squaresX === 0 ? undefined : value);
  return [
    products / count,
    count < 2 ? undefined : products / (count - 1),
    squaresX === 0 || squaresY === 0 ? undefined : products / Math.sqrt(squaresX * squaresY),
    ofLine(products / squaresX),
    ofLine(meanY - (meanX * products) / squaresX),
    ofLine(squaresY === 0 ? 1 : (products * products) / (squaresX * squaresY)),
    meanX,
    meanY,
    squaresX,
    squaresY,
    products,
  ];
}
