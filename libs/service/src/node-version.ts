/** Imported before all else: what comes after it needs modules that an older Node does not have, and would fail with a stack. */
const NODE_MAJOR = 26;

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
  process.stderr.write(
    `This needs Node ${NODE_MAJOR} or newer and runs on ${process.versions.node}. Use npm start: the repository brings its own.\n`,
  );
  process.exit(1);
}
