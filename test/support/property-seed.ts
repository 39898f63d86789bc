import fc from 'fast-check';

// Loaded before the tests: random cases that do not change from run to run, so that a change is not blamed for what a
// test happened upon. `PROPERTY_SEED` has others; a test that runs on its own has new ones each time.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) | 0 });
