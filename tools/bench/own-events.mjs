/** isOfCommand: it was appended in answer to a request; neither the history nor what policies did afterwards. */
export function isOfCommand({ stream, metadata }) {
  return metadata.actorRole !== 'system' && !stream.startsWith('records.');
}
