/** Runs the system's own tools, of which only the answer counts. */
import { execFile } from "node:child_process";

/**
 * @param input for its standard input
 * @returns what it printed
 * @throws Error with the command and what it said
 */
export function run(command: string, args: readonly string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { timeout: 20_000, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const said = stderr.trim() === "" ? error.message : stderr.trim();
      reject(new Error(`${command} ${args.join(" ")}: ${said}${input === "" ? "" : `\n${input}`}`, { cause: error }));
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
