/** How many rows a scale has (specification 4.2.5). Below scale 1, in proportion, as dbgen does. */
export const MINIMUM_SCALE = 0.001;
/** Beyond this, order keys would leave 31 bits. */
export const MAXIMUM_SCALE = 300;

const atScale = (rowsAtScaleOne: number, scale: number): number => Math.max(1, Math.round(rowsAtScaleOne * scale));

export const countSuppliers = (scale: number): number => atScale(10_000, scale);
export const countParts = (scale: number): number => atScale(200_000, scale);
export const countCustomers = (scale: number): number => atScale(150_000, scale);
export const countOrders = (scale: number): number => atScale(1_500_000, scale);
export const countClerks = (scale: number): number => atScale(1_000, scale);
export const SUPPLIERS_PER_PART = 4;
export const MAXIMUM_LINES_PER_ORDER = 7;
