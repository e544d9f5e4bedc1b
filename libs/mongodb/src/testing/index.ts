export * from './cuttable';
export * from './engine';
