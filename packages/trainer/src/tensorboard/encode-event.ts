import Pbf from 'pbf';
import type { Event, Histogram, Picture, SummaryValue } from './event.js';

// Numbers are the field tags and enum values of tensorflow/core/util/event.proto and framework/summary.proto.
const VERSION = 'brain.Event:2';
const SESSION_START = 1;
const RGB = 3;

function writeHistogram(histogram: Histogram, pbf: Pbf): void {
  pbf.writeDoubleField(1, histogram.min);
  pbf.writeDoubleField(2, histogram.max);
  pbf.writeDoubleField(3, histogram.count);
  pbf.writeDoubleField(4, histogram.sum);
  pbf.writeDoubleField(5, histogram.sumOfSquares);
  pbf.writePackedDouble(6, [...histogram.limits]);
  pbf.writePackedDouble(7, [...histogram.counts]);
}

function writePicture({ png, width, height }: Picture, pbf: Pbf): void {
  pbf.writeVarintField(1, height);
  pbf.writeVarintField(2, width);
  pbf.writeVarintField(3, RGB);
  pbf.writeBytesField(4, png);
}

function writeValue(value: SummaryValue, pbf: Pbf): void {
  pbf.writeStringField(1, value.tag);
  if ('scalar' in value) pbf.writeFloatField(2, value.scalar);
  else if ('image' in value) pbf.writeMessage(4, writePicture, value.image);
  else pbf.writeMessage(5, writeHistogram, value.histogram);
}

function writeSummary(values: readonly SummaryValue[], pbf: Pbf): void {
  for (const value of values) pbf.writeMessage(1, writeValue, value);
}

function writeSessionLog(status: number, pbf: Pbf): void {
  pbf.writeVarintField(1, status);
}

/**
 * The bytes of an `Event` message.
 *
 * @param seconds - When it happened, since 1970.
 */
export function encodeEvent(event: Event, seconds: number): Uint8Array {
  const pbf = new Pbf();
  pbf.writeDoubleField(1, seconds);
  if (event.kind === 'file') pbf.writeStringField(3, VERSION);
  else {
    pbf.writeVarintField(2, event.step);
    if (event.kind === 'summary') pbf.writeMessage(5, writeSummary, event.values);
    else pbf.writeMessage(7, writeSessionLog, SESSION_START);
  }
  return pbf.finish().slice();
}
