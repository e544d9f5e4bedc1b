/** Which addresses may be used for an employee: a well-formed one, and none in a domain of his employer (BR-40). */
const EMAIL = /^[^\s@<>()",;:\\[\]]{1,64}@[^\s@]{1,253}$/u;
const PHONE = /^\+[1-9][0-9]{6,14}$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** normalisedDomain gives lower case ASCII (IDNA) without a leading @ or trailing dot; text that is no domain stays as it is. */
export function normalisedDomain(domain: string): string {
  const bare = domain.trim().replace(/^@/, '').replace(/\.$/, '').normalize('NFKC').toLowerCase();
  try {
    return new URL(`http://${bare}`).hostname;
  } catch {
    return bare;
  }
}

export const isDomain = (domain: string): boolean => domain.length <= 253 && DOMAIN.test(domain);

/** contactProblem tells what is wrong with an address; undefined when it may be used. */
export function contactProblem(
  contact: string,
  channel: 'email' | 'sms',
  employerDomains: readonly string[],
): 'malformed' | 'employer-domain' | undefined {
  if (channel === 'sms') return PHONE.test(contact.replace(/[\s-]/g, '')) ? undefined : 'malformed';
  if (!EMAIL.test(contact)) return 'malformed';
  const domain = normalisedDomain(contact.slice(contact.lastIndexOf('@') + 1));
  if (!isDomain(domain)) return 'malformed';
  const ofEmployer = employerDomains.some((other) => domain === other || domain.endsWith(`.${other}`));
  return ofEmployer ? 'employer-domain' : undefined;
}
