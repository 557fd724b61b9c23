import { InvalidArgumentError } from 'commander';
import type { Axis } from '../api/mirrored-in-training.js';

/** '64,64,32' → [64, 64, 32] */
export function parseTriple(text: string): [number, number, number] {
  const parts = text.split(/[,x×]/).map(Number);
  if (parts.length !== 3 || parts.some((part) => !(part > 0))) {
    throw new InvalidArgumentError('three positive numbers such as 64,64,32 are needed.');
  }
  return parts as [number, number, number];
}

export function parseCount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0) {
    throw new InvalidArgumentError('a whole number is needed.');
  }
  return value;
}

export function parseInteger(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value)) {
    throw new InvalidArgumentError('a whole number is needed.');
  }
  return value;
}

/** A number above 0. */
export function parsePositive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < Infinity)) {
    throw new InvalidArgumentError('a number above 0 is needed.');
  }
  return value;
}

/** 0…1 */
export function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('a number from 0 to 1 is needed.');
  }
  return value;
}

/** A whole number stays a number, everything else is text. */
export function parseNumberOrText(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** 'luminance', or which value of a voxel. */
export function parseComponent(text: string): number | 'luminance' {
  return text === 'luminance' ? text : parseCount(text);
}

/** 'all', or '0,2' → [0, 2] */
export function parseFolds(text: string): 'all' | number[] {
  if (text === 'all') return text;
  return text.split(',').map(parseCount);
}

/** 'trained', or 'x,y' → ['x', 'y'] */
export function parseAxes(text: string): 'trained' | Axis[] {
  if (text === 'trained') return text;
  const axes = (['x', 'y', 'z'] as const).filter((axis) => text.split(',').includes(axis));
  if (axes.join() === text) return axes;
  throw new InvalidArgumentError("'trained' or axes such as x,y are needed.");
}
