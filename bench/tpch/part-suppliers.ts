import { SUPPLIERS_PER_PART } from './cardinalities.js';

/** A part's price in cents (specification 4.2.3, P_RETAILPRICE). */
export const computeRetailPrice = (partKey: number): number =>
  90_000 + (Math.floor(partKey / 10) % 20_001) + 100 * (partKey % 1000);

/**
 * The key of a part's supplier number `choice`, 0 to 3 (specification 4.2.3, PS_SUPPKEY). Below scale 0.008 the
 * specification's formula would name a supplier twice for some parts: there the stride is kept under a third of
 * all suppliers.
 */
export function computeSupplierKey(partKey: number, choice: number, supplierCount: number): number {
  const quarter = Math.floor(supplierCount / SUPPLIERS_PER_PART);
  let round = Math.floor((partKey - 1) / supplierCount);
  if (supplierCount < 80) round %= Math.max(1, Math.floor(supplierCount / 12));
  return ((partKey + choice * (quarter + round)) % supplierCount) + 1;
}
