export * from './keks';
export * from './key-store';
export * from './sealing-vault';
export * from './vault';
