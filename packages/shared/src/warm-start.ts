/**
 * A daemon's first start strips types and compiles, and what that takes (some 30 MB) stays with the process. So it keeps the
 * compiled code and begins again, the same pid, from that.
 */
import { existsSync, writeFileSync } from "node:fs";
import { flushCompileCache, getCompileCacheDir } from "node:module";
import { join } from "node:path";

/** To be called first by a main module, when all that it needs is imported. Does not return from a first start. */
export function startWarm(entry: string): void {
  const folder = getCompileCacheDir();
  if (folder === undefined || process.execve === undefined) return;
  const mark = join(folder, `started-${entry.replace(/[^A-Za-z0-9]+/g, "-")}`);
  if (existsSync(mark)) return;
  flushCompileCache();
  try {
    writeFileSync(mark, "");
  } catch {
    // Without the mark it would begin again for ever: then rather large than never.
    return;
  }
  process.execve(process.execPath, [process.execPath, ...process.execArgv, entry], process.env);
}
