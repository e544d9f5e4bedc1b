export * from './dossier.commands';
export * from './report.commands';
export * from './release.commands';
export * from './case-clock.commands';
