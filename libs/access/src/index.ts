export * from './decide';
export * from './matrix';
export * from './rules';
export * from './rules.all';
