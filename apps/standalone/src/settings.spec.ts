import path from 'node:path';
import { makeDataDir, settingsFrom, SettingsError } from './settings';

const settings = (env: Record<string, string>) => settingsFrom(env, '/here');

describe('settings of a standalone deployment', () => {
  it('is a demo on this machine alone unless told otherwise', () => {
    expect(settings({})).toMatchObject({ deployment: 'demo', host: '127.0.0.1', port: 3000 });
  });

  it('needs an issuer for production, so that no development token ever opens it', () => {
    expect(() => settings({ DEPLOYMENT: 'production' })).toThrow(SettingsError);
    expect(settings({ DEPLOYMENT: 'production', OIDC_ISSUER: 'https://login.example' })).toMatchObject({
      deployment: 'production',
      oidcJwksUrl: 'https://login.example/protocol/openid-connect/certs',
    });
  });

  it('becomes no demo by accident: not with a real issuer, and not where others can reach it', () => {
    expect(() => settings({ OIDC_ISSUER: 'https://login.example' })).toThrow(/DEPLOYMENT/);
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'second-opinion.example'])
      expect(() => settings({ HOST: host })).toThrow(/DEPLOYMENT/);
    for (const host of ['127.0.0.1', '127.0.0.2', '::1', 'localhost'])
      expect(settings({ HOST: host })).toMatchObject({ deployment: 'demo', host });
    expect(settings({ HOST: '0.0.0.0', DEPLOYMENT: 'test' })).toMatchObject({ deployment: 'test' });
  });

  it('takes the keys of a production issuer over TLS, or from this machine', () => {
    const production = { DEPLOYMENT: 'production', OIDC_ISSUER: 'https://login.example' };
    expect(() => settings({ ...production, OIDC_JWKS_URL: 'http://login.example/keys' })).toThrow(/https/);
    expect(() => settings({ ...production, OIDC_JWKS_URL: 'file:///etc/keys' })).toThrow(/https/);
    expect(settings({ ...production, OIDC_JWKS_URL: 'http://127.0.0.1:8080/keys' })).toMatchObject({
      oidcJwksUrl: 'http://127.0.0.1:8080/keys',
    });
  });

  it('takes an empty variable for one that is absent, so that DATA_DIR is never the folder where it was started', () => {
    expect(settings({ DATA_DIR: '', PORT: '', SMTP_URL: '' })).toMatchObject({
      dataDir: path.resolve('/here/.data'),
      port: 3000,
      smtpUrl: undefined,
    });
    const jwks = { OIDC_ISSUER: '', OIDC_JWKS_URL: 'https://login.example/keys' };
    expect(() => settings({ DEPLOYMENT: 'production', ...jwks })).toThrow(/OIDC_ISSUER/);
  });

  it('names the setting that is wrong, not the one that derives from it', () => {
    expect(() => settings({ DEPLOYMENT: 'production', OIDC_ISSUER: 'login' })).toThrow(/^OIDC_ISSUER must be a URL/);
  });

  it('says in a sentence that the data folder cannot be used', () => {
    expect(() => makeDataDir(__filename)).toThrow(/^DATA_DIR .* cannot be made, read or written/);
  });
});
