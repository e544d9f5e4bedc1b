export * from './decide';
export * from './matrix';
export * from './rules';
