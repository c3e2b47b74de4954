/** Pressure stall information from /proc/pressure/{cpu,memory,io}. */

/**
 * The share of the last ten seconds in which some task waited, as a fraction from 0 to 1.
 * See https://docs.kernel.org/accounting/psi.html; the file gives per cent (`some avg10=1.53 avg60=…`).
 */
export function parsePressure(text: string): number {
  const percent = Number(/^some avg10=([\d.]+)/m.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(percent)) throw new Error(`pressure should say "some avg10=…", not "${text.slice(0, 80)}"`);
  return Math.min(1, percent / 100);
}
