// Every kernel is exported from here; one file a topic.
export * from './vector';
