'use strict';
/** The log on disk: records that are appended, synced before anybody hears of them, and read again after a crash. */
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const MAGIC = Buffer.from('second-opinion-1');
const HEADER = 8;
/** Each event of a record takes more room than this in the record's head, so places in it are sparse and never overlap. */
const STEP = 60;

/**
 * Journal holds records of events. A record is written whole or, when the process died while it was written, not at all.
 * `append` gives each event its place at once; `settled` resolves when everything appended so far is on disk.
 */
class Journal {
  constructor(folder) {
    fs.mkdirSync(folder, { recursive: true });
    this.file = path.join(folder, 'events.log');
    this.fd = fs.openSync(this.file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
    this.end = 0;
    this.durable = 0;
    this.queue = [];
    this.flushing = undefined;
    this.onDurable = () => {};
  }

  /** load calls back with each event that is on disk, cuts off a torn last record and refuses a damaged one. */
  load(onRecord) {
    const { size } = fs.fstatSync(this.fd);
    if (size < MAGIC.length) this.start();
    else if (!this.read(0, MAGIC.length).equals(MAGIC)) throw new Error(`${this.file} is no log of this server`);
    let offset = MAGIC.length;
    while (offset + HEADER <= size) {
      const header = this.read(offset, HEADER);
      const length = header.readUInt32BE(0);
      if (length === 0 || offset + HEADER + length > size) break;
      const payload = this.read(offset + HEADER, length);
      const next = offset + HEADER + length;
      if (zlib.crc32(payload) !== header.readUInt32BE(4)) {
        if (next < size) throw new Error(`${this.file} is damaged at ${offset}`);
        break;
      }
      const headLength = payload.readUInt32BE(0);
      onRecord(placed(JSON.parse(payload.toString('utf8', 4, 4 + headLength)), offset, headLength));
      offset = next;
    }
    if (offset < size) fs.ftruncateSync(this.fd, offset);
    this.end = Math.max(offset, MAGIC.length);
    this.durable = this.end;
  }

  start() {
    fs.ftruncateSync(this.fd, 0);
    fs.writeSync(this.fd, MAGIC, 0, MAGIC.length, 0);
    fs.fsyncSync(this.fd);
    const folder = fs.openSync(path.dirname(this.file), 'r');
    fs.fsyncSync(folder);
    fs.closeSync(folder);
  }

  /** append queues one record of events (`{ stream, id, type, contentType, data, metadata }`) and gives them with their places. */
  append(created, events) {
    const head = Buffer.from(
      JSON.stringify({
        created: created.toString(),
        events: events.map(({ stream, id, type, contentType, data, metadata }) => ({
          stream,
          id,
          type,
          contentType,
          dataLength: data.length,
          metadataLength: metadata.length,
        })),
      }),
    );
    const headLength = Buffer.alloc(4);
    headLength.writeUInt32BE(head.length);
    const payload = Buffer.concat([headLength, head, ...events.flatMap(({ data, metadata }) => [data, metadata])]);
    const header = Buffer.alloc(HEADER);
    header.writeUInt32BE(payload.length, 0);
    header.writeUInt32BE(zlib.crc32(payload), 4);
    const offset = this.end;
    this.end += HEADER + payload.length;
    this.queue.push(header, payload);
    this.flushing ??= this.flush();
    return placed(JSON.parse(head), offset, head.length);
  }

  /** settled resolves when what was appended before this call is durable. */
  async settled() {
    const upTo = this.end;
    while (this.durable < upTo) await this.flushing;
  }

  async flush() {
    // The appends of one turn share one sync.
    await new Promise(setImmediate);
    const upTo = this.end;
    const chunk = Buffer.concat(this.queue.splice(0));
    try {
      await write(this.fd, chunk, this.durable);
      await sync(this.fd);
    } catch (error) {
      console.error(`The log cannot be written: ${error.message}`);
      process.exit(1);
    }
    this.durable = upTo;
    this.flushing = this.queue.length > 0 ? this.flush() : undefined;
    this.onDurable(upTo);
  }

  /** read gives bytes that are on disk. */
  read(offset, length) {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const count = fs.readSync(this.fd, bytes, done, length - done, offset + done);
      if (count === 0) throw new Error(`${this.file} ends at ${offset + done}`);
      done += count;
    }
    return bytes;
  }

  close() {
    fs.closeSync(this.fd);
  }
}

/** placed adds to the events of a record their position and where their bytes stand. */
function placed({ created, events }, offset, headLength) {
  let at = offset + HEADER + 4 + headLength;
  return events.map((event, index) => {
    const entry = { ...event, created: BigInt(created), position: offset + index * STEP, at };
    at += event.dataLength + event.metadataLength;
    return entry;
  });
}

const write = async (fd, bytes, position) => {
  for (let done = 0; done < bytes.length;)
    done += await new Promise((resolve, reject) =>
      fs.write(fd, bytes, done, bytes.length - done, position + done, (error, count) =>
        error ? reject(error) : resolve(count),
      ),
    );
};
const sync = (fd) => new Promise((resolve, reject) => fs.fdatasync(fd, (error) => (error ? reject(error) : resolve())));

module.exports = { Journal };
