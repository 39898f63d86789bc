import type { Sink } from '../operators/operator.js';

/** The sinks of a query in one thread, by plan node and lane: several pipelines (of a union) feed the same one. */
export type SinkRegistry = Map<string, Sink>;
