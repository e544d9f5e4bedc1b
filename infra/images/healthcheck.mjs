/** The health check of an image: healthy when the service can serve commands and reads. */
const port = process.env.PORT ?? '3000';
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
process.exitCode = answer?.ok ? 0 : 1;
