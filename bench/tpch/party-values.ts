import { createRandomStream, drawInteger, drawUint32, type RandomStream } from './random.js';

/** What suppliers and customers have in common: numbered names, addresses, phone numbers. */

/** `Customer#000000042`. */
export const makeNumberedName = (prefix: string, number: number): string =>
  `${prefix}#${String(number).padStart(9, '0')}`;

const ADDRESS_CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ,';

/** A "random v-string" of 10 to 40 characters out of 64 (specification 4.2.2.7). */
export function makeAddress(stream: RandomStream, row: number): string {
  let bits = drawUint32(stream, row);
  const length = 10 + (bits % 31);
  let address = '';
  while (address.length < length) {
    bits = (Math.imul(bits, 1_664_525) + 1_013_904_223) >>> 0;
    address += ADDRESS_CHARACTERS[bits >>> 26];
  }
  return address;
}

export interface PhoneColumn {
  readonly area: RandomStream;
  readonly exchange: RandomStream;
  readonly line: RandomStream;
}

export const createPhoneColumn = (name: string): PhoneColumn => ({
  area: createRandomStream(`${name} area`),
  exchange: createRandomStream(`${name} exchange`),
  line: createRandomStream(`${name} line`),
});

/** `25-989-741-2988`: the country code is the nation's key plus 10 (specification 4.2.2.9). */
export function makePhone(column: PhoneColumn, row: number, nationKey: number): string {
  const area = drawInteger(column.area, row, 100, 999);
  const exchange = drawInteger(column.exchange, row, 100, 999);
  return `${nationKey + 10}-${area}-${exchange}-${drawInteger(column.line, row, 1000, 9999)}`;
}
