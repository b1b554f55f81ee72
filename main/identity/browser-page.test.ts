import { describe, expect, it } from 'vitest';
import { browserPage } from './browser-page.ts';

const production = {
  frontendApi: 'https://clerk.msp.example',
  signInHosts: ['login.msp.example', 'idp.msp.example:8443'],
};

describe('browserPage', () => {
  it('opens https on an exact host', () => {
    for (const url of [
      'https://clerk.msp.example/v1/sso?x=1',
      'https://login.msp.example/saml2?SAMLRequest=a%2Bb&RelayState=c',
      'https://idp.msp.example:8443/',
    ])
      expect(browserPage(url, production)).toEqual({ ok: true, url });
  });

  it('opens nothing else, and names the host where there is one to allow', () => {
    for (const [address, host] of [
      ['https://login.msp.example.evil.example/', 'login.msp.example.evil.example'],
      ['https://evil.example/#login.msp.example', 'evil.example'],
      ['https://idp.msp.example/', 'idp.msp.example'],
      ['https://sub.login.msp.example/', 'sub.login.msp.example'],
      ['http://login.msp.example/', null],
      ['http://clerk.msp.example/', null],
      ['http://127.0.0.1/', null],
      ['https://login.msp.example@evil.example/', null],
      ['https://a:b@login.msp.example/', null],
      ['file:///etc/passwd', null],
      ['javascript:alert(1)', null],
      ['caisey://open/x/y', null],
      ['smb://login.msp.example/x', null],
      ['login.msp.example', null],
      ['', null],
      [`https://login.msp.example/${'a'.repeat(20_000)}`, null],
    ] as const)
      expect(browserPage(address, production), address).toEqual({ ok: false, host });
  });

  it('opens the identity server of a development build, and no other program on this computer', () => {
    const development = { frontendApi: 'http://127.0.0.1:4710', signInHosts: [] };
    expect(browserPage('http://127.0.0.1:4710/page', development).ok).toBe(true);
    for (const address of ['http://127.0.0.1:4711/', 'http://localhost:4710/', 'https://127.0.0.1:4710/'])
      expect(browserPage(address, development).ok, address).toBe(false);
  });
});
