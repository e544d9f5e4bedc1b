/** SettingsError says in one sentence which setting is wrong and what it may be. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}
