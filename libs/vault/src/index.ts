export * from './keks';
export * from './key-store';
export * from './keyed-hashes';
export * from './person-links';
export * from './rotation';
export * from './sealing-vault';
export * from './vault';
