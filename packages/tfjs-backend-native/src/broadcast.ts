import { broadcast_util } from '@tensorflow/tfjs-core';
import { type Dimension, joinDimensions, MAX_RANK, walkList } from './strided.js';

export interface BroadcastWalk {
  outShape: number[];
  /** Sizes and steps for the addon. */
  list: Int32Array;
}

function padded(shape: number[], rank: number): number[] {
  return [...new Array<number>(rank - shape.length).fill(1), ...shape];
}

/** How two operands are walked; undefined when that takes too many dimensions. Throws on a mismatch. */
export function broadcastWalk(a: number[], b: number[]): BroadcastWalk | undefined {
  const outShape = broadcast_util.assertAndGetBroadcastShape(a, b);
  const rank = outShape.length;
  const aShape = padded(a, rank);
  const bShape = padded(b, rank);
  const dimensions: Dimension[] = new Array(rank);
  let aStep = 1;
  let bStep = 1;
  for (let i = rank - 1; i >= 0; i--) {
    dimensions[i] = {
      size: outShape[i],
      first: aShape[i] === 1 ? 0 : aStep,
      second: bShape[i] === 1 ? 0 : bStep,
    };
    aStep *= aShape[i];
    bStep *= bShape[i];
  }
  const joined = joinDimensions(dimensions);
  return joined.length > MAX_RANK ? undefined : { outShape, list: walkList(joined) };
}
