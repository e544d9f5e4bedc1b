export * from './cuttable';
export * from './engine';
export * from './engine-suite';
export * from './service-user';
