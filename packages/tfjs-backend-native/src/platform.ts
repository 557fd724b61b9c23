interface Report {
  header?: { glibcVersionRuntime?: string };
}

/** Whether this Node was linked against musl, as on Alpine. */
function onMusl(): boolean {
  // Node looks up the names of all network peers for a report, unless told otherwise.
  const report = process.report as typeof process.report & { excludeNetwork?: boolean };
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  const { header } = report.getReport() as Report;
  report.excludeNetwork = before ?? false;
  return header?.glibcVersionRuntime === undefined;
}

/** The machine as the platform packages name it: `linux-x64`, `linux-arm64-musl`, `win32-x64`, … */
export function platformName(): string {
  const name = `${process.platform}-${process.arch}`;
  return process.platform === 'linux' && onMusl() ? `${name}-musl` : name;
}
