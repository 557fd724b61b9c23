import { freemem } from 'node:os';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/**
 * Bytes per number that a layer puts out, in a training step of the native engine; measured on U-Nets of 1.2 to 19 million
 * parameters. More than four, for gradients and what a layer keeps for its own.
 */
const BYTES_PER_OUTPUT = 6.6;
/** Of each parameter: its value, its gradient, and two averages of the optimizer. */
const BYTES_PER_PARAMETER = 16;
/** Of the program itself and the work space of convolutions. */
const BYTES_BESIDE = 150e6;

/** A network and how many samples it is given at once. */
export interface StepSize {
  readonly model: LayersModel;
  /** Samples that are worked through at once. */
  readonly samples: number;
  /** Of so many parts of a batch, one after the other or in other processes. Default 1. */
  readonly parts?: number;
}

/** Shapes of what the layers put out, without the samples; undefined when a size is open. */
function outputShapes(model: LayersModel): number[][] | undefined {
  const given: readonly unknown[] = model.layers.flatMap((layer) =>
    layer.inboundNodes.flatMap((node): unknown[] => [node.outputShapes]),
  );
  const shapes = given
    .flatMap((found) => {
      const list = found as (number | null)[] | (number | null)[][];
      // A layer has one shape, or a list of them where it has several outputs.
      return (Array.isArray(list[0]) ? list : [list]) as (number | null)[][];
    })
    .map((shape) => shape.slice(1));
  const known = shapes.filter((shape) => !shape.includes(null)) as number[][];
  return known.length === shapes.length ? known : undefined;
}

const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);

function bytesFor(model: LayersModel, outputs: number): number {
  return BYTES_BESIDE + BYTES_PER_PARAMETER * model.countParams() + BYTES_PER_OUTPUT * outputs;
}

/** Bytes that a training step takes, about; undefined when the network has no fixed size. */
export function stepMemory({ model, samples }: Omit<StepSize, 'parts'>): number | undefined {
  const shapes = outputShapes(model);
  if (shapes === undefined) return undefined;
  return bytesFor(model, samples * shapes.reduce((sum, shape) => sum + product(shape), 0));
}

/** Memory that this process may still take, in bytes: what its container or the machine has left. */
export function availableMemory(): number {
  return process.availableMemory?.() ?? freemem();
}

/** What fits in so many bytes: fewer samples, or one with a smaller crop; undefined when nothing does. */
function whatFits({ model, samples, parts = 1 }: StepSize, free: number): string | undefined {
  const shapes = outputShapes(model) ?? [];
  const each = shapes.reduce((sum, shape) => sum + product(shape), 0);
  const fits = (outputs: number): boolean => bytesFor(model, outputs) <= free;
  for (let fewer = samples - 1; fewer > 0; fewer--)
    if (fits(fewer * each)) return `a batch of ${fewer * parts} fits (--batch ${fewer * parts})`;
  const grids = shapes.filter((shape) => shape.length === 4).map((shape) => shape.slice(0, 3));
  const [crop] = grids;
  if (crop === undefined) return undefined;
  // Sides can be halved as often as the network does it.
  const multiple = crop.map((side, axis) => side / Math.min(...grids.map((grid) => grid[axis])));
  const sides = [...crop];
  while (!fits((each * product(sides)) / product(crop))) {
    const longest = sides.indexOf(Math.max(...sides));
    if (sides[longest] <= multiple[longest]) return undefined;
    sides[longest] -= multiple[longest];
  }
  const batch = samples > 1 ? `--batch ${parts} ` : '';
  return `a crop of ${sides.join('×')} fits (${batch}--crop ${sides.join(',')})`;
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/**
 * One line on the memory of a training step of the native engine: what it takes, and what fits where that is more than is free.
 *
 * @param free - Bytes that may be taken.
 */
export function memoryLine(
  size: StepSize,
  free: number,
): { readonly enough: boolean; readonly text: string } | undefined {
  const needed = stepMemory(size);
  if (needed === undefined) return undefined;
  const text = `a step takes about ${gib(needed)} of memory, ${gib(free)} are free`;
  if (needed <= free) return { enough: true, text };
  const fits = whatFits(size, free) ?? 'a smaller network is needed (--width)';
  return { enough: false, text: `${text}: ${fits}` };
}
