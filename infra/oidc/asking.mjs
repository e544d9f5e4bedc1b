/** Every operation that the document names, asked with a token: what is answered is all that tells who may do what. */

/** An upload takes a stream, and its form is looked at first. */
const UPLOAD = 'reporting.AddDossierDocument';

/** operationsOf a server: name, method, path and the example of the body. */
export async function operationsOf(base) {
  const { paths } = await (await fetch(`${base}/openapi.json`)).json();
  return Object.entries(paths)
    .filter(([at]) => /^\/(intake|scheduling|reporting|billing|notification|records)\//.test(at))
    .flatMap(([at, methods]) => Object.entries(methods).map(([method, operation]) => describe(at, method, operation)));
}

function describe(at, method, { operationId, requestBody }) {
  const [, context] = at.split('/');
  const [example] = Object.values(requestBody?.content?.['application/json']?.examples ?? {});
  const name = operationId.includes('.') ? operationId : `${context}.${operationId}`;
  // Whether it is about one case and nothing else: then the matrix alone decides.
  const aboutCase = /\{caseId\}/.test(at) && !/\{(?!caseId)/.test(at) && name !== UPLOAD;
  return {
    aboutCase,
    name,
    method: method.toUpperCase(),
    path: at.replaceAll(/\{\w+\}/g, 'none'),
    body: example?.value,
  };
}

/** ask gives the status. If-Match with a tag that never was: who may do it changes nothing. */
export async function ask(base, token, { method, path, body }) {
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': crypto.randomUUID(), 'if-match': '"never"' };
  const json =
    method === 'GET'
      ? {}
      : { body: JSON.stringify(body ?? {}), headers: { ...headers, 'content-type': 'application/json' } };
  return (await fetch(base + path, { method, headers, ...json })).status;
}

/** statusOf one read with this token; 401 when the token is not taken. */
export async function statusOf(base, token, path = '/intake/cases') {
  return (await fetch(base + path, { headers: { authorization: `Bearer ${token}` } })).status;
}
