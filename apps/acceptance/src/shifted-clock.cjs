'use strict';
/** Loaded before a program (`--require`): its clock is off by the milliseconds that stand in the file SHIFTED_CLOCK, from one moment to the next. */
const { readFileSync } = require('node:fs');

const RealDate = Date;
let offset = 0;
const look = () => (offset = Number(readFileSync(process.env.SHIFTED_CLOCK, 'utf8')));
look();
setInterval(look, 100).unref();

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + offset] : given));
  }
  static now() {
    return RealDate.now() + offset;
  }
};
