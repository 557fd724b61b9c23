/**
 * Of a stream that repeats `components` runs of `run` bytes, keeps run number `component`.
 * With run = bytes of one element that is one channel of interleaved colours.
 */
export async function* pickRuns(
  chunks: AsyncIterable<Uint8Array>,
  run: number,
  components: number,
  component: number,
): AsyncGenerator<Uint8Array> {
  const period = run * components;
  const first = component * run;
  const end = first + run;
  let phase = 0;
  for await (const chunk of chunks) {
    const out = new Uint8Array(chunk.byteLength);
    let filled = 0;
    let at = 0;
    while (at < chunk.byteLength) {
      if (phase < first) {
        const step = Math.min(first - phase, chunk.byteLength - at);
        at += step;
        phase += step;
      } else if (phase < end) {
        const step = Math.min(end - phase, chunk.byteLength - at);
        for (let n = 0; n < step; n++) out[filled++] = chunk[at + n];
        at += step;
        phase += step;
      } else {
        const step = Math.min(period - phase, chunk.byteLength - at);
        at += step;
        phase += step;
      }
      if (phase === period) phase = 0;
    }
    if (filled > 0) yield out.subarray(0, filled);
  }
}
