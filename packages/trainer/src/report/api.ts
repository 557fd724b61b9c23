/** What a report says: plain data, made by a task and shown by `renderPage`. */
export interface ReportData {
  readonly title: string;
  /** One or two sentences below the title. */
  readonly lead: string;
  /** The figures that matter most. */
  readonly cards: readonly Card[];
  readonly sections: readonly Section[];
}

export interface Card {
  readonly value: string;
  readonly label: string;
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A part of a section. Texts are plain; whoever shows them escapes them. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'chart'; readonly chart: LineChart }
  | { readonly kind: 'samples'; readonly samples: readonly SampleFigure[] }
  /** Names and values. */
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [string, string])[] }
  /** All columns but the first hold numbers. */
  | {
      readonly kind: 'table';
      readonly header: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  /** Folded away. */
  | { readonly kind: 'details'; readonly summary: string; readonly blocks: readonly Block[] };

/** Curves over a common x axis. */
export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  readonly baselines?: readonly Baseline[];
  /** A point worth a mark, such as the best epoch. */
  readonly mark?: Point & { readonly name: string };
  readonly logarithmic?: boolean;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One curve. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** CSS class that gives the colour: 'train', 'validation', … */
  readonly style: string;
  /** Draw the points too. */
  readonly dots?: boolean;
}

/** A horizontal line with a name, such as a baseline. */
export interface Baseline {
  readonly name: string;
  readonly y: number;
}

/** Slices of one sample side by side, a row for each direction of view. */
export interface SampleFigure {
  readonly title: string;
  readonly note: string;
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** Rows of slices, one for each column. */
  readonly rows: readonly { readonly name: string; readonly slices: readonly SliceImage[] }[];
}

/** A grey or coloured slice: rows from the top, 1 or 3 values (red, green, blue) a pixel. */
export interface SliceImage {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}
