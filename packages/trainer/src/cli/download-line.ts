import type { DownloadProgress } from '@genesis/zoo/node';

/** Shows on a stream what is fetched: on a terminal a line that is written again and again, elsewhere notes alone. */
export function downloadLine(stream: NodeJS.WriteStream): {
  progress(progress: DownloadProgress): void;
  note(text: string): void;
  end(): void;
} {
  let shown = '';
  const clear = (): void => {
    if (shown !== '') stream.write(`\r${' '.repeat(shown.length)}\r`);
    shown = '';
  };
  return {
    progress({ received, total }) {
      if (stream.isTTY !== true) return;
      const part = total
        ? ` of ${megabytes(total)} (${Math.floor((100 * received) / total)} %)`
        : '';
      const text = `  ${megabytes(received)}${part}`;
      if (text === shown) return;
      clear();
      stream.write(text);
      shown = text;
    },
    note(text) {
      clear();
      stream.write(`${text}\n`);
    },
    end: clear,
  };
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
