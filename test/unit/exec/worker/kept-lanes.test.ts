import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sink } from '../../../../src/exec/operators/operator.js';
import { KeptLanes } from '../../../../src/exec/worker/kept-lanes.js';
import type { Lane } from '../../../../src/exec/worker/open-lane.js';

/** A sink, and a lane that writes to it, which note what is asked of them. */
function createLane(events: string[], { restarts = true, endsSink = true, sink = createSink(events) } = {}): Lane {
  const lane = { sink, endsSink, restart: restarts ? () => events.push('lane') : undefined };
  return lane as unknown as Lane;
}

function createSink(events: string[], restarts = true): Sink {
  return { restart: restarts ? () => events.push('sink') : undefined } as unknown as Sink;
}

/** A round whose only lane ends. */
function endRound(kept: KeptLanes, key: string, lane: Lane): void {
  kept.begin();
  kept.start(lane.sink);
  kept.keep(key, lane);
}

test('a round takes the lanes of the round before, which start again, once', () => {
  const events: string[] = [];
  const kept = new KeptLanes();
  const lane = createLane(events);
  assert.equal(kept.canBegin, false);
  endRound(kept, '1 0', lane);
  assert.deepEqual(events, []);
  assert.equal(kept.canBegin, true);
  kept.begin();
  assert.equal(kept.take('1 1', true), undefined, 'another lane');
  assert.equal(kept.take('1 0', false), undefined, 'it ended its sink');
  assert.equal(kept.take('1 0', true), lane);
  assert.equal(kept.take('1 0', true), undefined, 'it runs already');
  kept.start(lane.sink);
  assert.deepEqual(events, ['lane', 'sink']);
});

test('a sink of several lanes starts once a round', () => {
  const events: string[] = [];
  const kept = new KeptLanes();
  const sink = createSink(events);
  const lanes = [createLane(events, { sink, endsSink: false }), createLane(events, { sink })];
  for (let round = 0; round < 3; round++) {
    kept.begin();
    for (const [i, lane] of lanes.entries()) {
      if (round > 0) assert.equal(kept.take(String(i), lane.endsSink), lane);
      kept.start(sink);
      kept.keep(String(i), lane);
    }
  }
  assert.deepEqual(events, ['lane', 'sink', 'lane', 'lane', 'sink', 'lane']);
});

test('what cannot start again ends it, and so do sixteen rounds', () => {
  const events: string[] = [];
  for (const lane of [
    createLane(events, { restarts: false }),
    createLane(events, { sink: createSink(events, false) }),
  ]) {
    const kept = new KeptLanes();
    endRound(kept, '1 0', createLane(events));
    endRound(kept, '1 1', lane);
    assert.equal(kept.canBegin, false);
  }
  const kept = new KeptLanes();
  const lane = createLane(events);
  let rounds = 0;
  do {
    endRound(kept, '1 0', lane);
    rounds++;
  } while (kept.canBegin && rounds < 100);
  assert.equal(rounds, 16);
});
