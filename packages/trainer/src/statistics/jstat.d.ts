/** The part of jStat that is used: distributions, to about 1e-7. */
declare module 'jstat' {
  interface Distributions {
    readonly normal: {
      cdf(x: number, mean: number, sd: number): number;
      inv(p: number, mean: number, sd: number): number;
    };
    readonly studentt: {
      cdf(x: number, freedom: number): number;
      inv(p: number, freedom: number): number;
    };
    readonly noncentralt: { cdf(x: number, freedom: number, noncentrality: number): number };
  }
  const jstat: Distributions;
  export default jstat;
}
