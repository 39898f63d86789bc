/** More than a number between two of fewer digits has. */
const EXACT_DIGITS = 100;

/** A finite number with so many digits, as C prints it: in the very middle between two, the even one. */
export function printedDigits(value: number, count: number): string {
  const printed = value.toPrecision(count);
  const digits = value.toPrecision(EXACT_DIGITS).replace(/e.*$/, '').replace(/[-.]/g, '').replace(/^0+/, '');
  if (!/^50*$/.test(digits.slice(count))) return printed;
  // JavaScript takes the greater one.
  return printed.replace(/^([^e]*)([13579])(?=e|$)/, (_, before, digit) => `${before}${Number(digit) - 1}`);
}
