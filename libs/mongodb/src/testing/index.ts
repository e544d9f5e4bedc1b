export * from './cuttable';
export * from './engine';
export * from './service-user';
