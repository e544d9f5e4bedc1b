export * from './dossier.commands';
export * from './report.commands';
export * from './release.commands';
