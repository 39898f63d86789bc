/** Bindings of `assembly/text-records.ts`, `text-values.ts`, `field-*.ts`, `json-records.ts` and `text-lines.ts`. */
export interface TextFileKernels {
  splitRecords(task: number): number;
  quoteStateAfter(
    start: number,
    end: number,
    isOpen: number,
    delimiter: number,
    quote: number,
    escapeByte: number,
  ): number;
  nextRecord(start: number, end: number, isOpen: number, delimiter: number, quote: number, escapeByte: number): number;
  findEither(from: number, end: number, a: number, b: number): number;
  countByte(start: number, end: number, byte: number): number;
  findInvalidText(start: number, end: number): number;
  fieldValidity(
    fields: number,
    count: number,
    validity: number,
    nulls: number,
    nullCount: number,
    emptyIsNull: number,
  ): number;
  fieldsToIntegers(
    fields: number,
    count: number,
    width: number,
    smallest: bigint,
    largest: bigint,
    target: number,
    validity: number,
    declined: number,
  ): number;
  fieldsToDecimals(
    fields: number,
    count: number,
    width: number,
    precision: number,
    scale: number,
    target: number,
    validity: number,
    declined: number,
  ): number;
  fieldsToDoubles(
    fields: number,
    count: number,
    target: number,
    validity: number,
    declined: number,
    powers: number,
  ): number;
  fieldsToReals(
    fields: number,
    count: number,
    target: number,
    validity: number,
    declined: number,
    powers: number,
  ): number;
  fieldsToBooleans(fields: number, count: number, target: number, validity: number, declined: number): number;
  fieldsToDates(
    fields: number,
    count: number,
    target: number,
    validity: number,
    declined: number,
    work: number,
  ): number;
  fieldsToTimestamps(
    fields: number,
    count: number,
    withZone: number,
    zone: number,
    target: number,
    validity: number,
    declined: number,
    work: number,
  ): number;
  putZone(work: number): void;
  escapedBytes(fields: number, count: number): number;
  fieldsToTexts(
    fields: number,
    count: number,
    escapeByte: number,
    target: number,
    validity: number,
    heap: number,
  ): void;
  splitObjects(task: number): number;
  fieldsToJson(fields: number, count: number, target: number, validity: number): void;
  unescapeJson(fields: number, count: number, heap: number): void;
  encodeLines(rows: number, end: number, task: number, target: number): number;
  unescapeBackslashes(fields: number, count: number, heap: number): void;
}
