/**
 * Writes generated/ anew from proto/: `node packages/shared/src/contract/generate.ts`. With `--check` it writes nothing,
 * and fails when what is there differs from what it would write.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { protoFiles } from "./proto-files.ts";

const contractFolder = dirname(fileURLToPath(import.meta.url));
const packageFolder = join(contractFolder, "../..");
const generatedFolder = join(contractFolder, "generated");

function generateInto(folder: string): void {
  const loader = createRequire(import.meta.url).resolve("@grpc/proto-loader");
  const generator = join(dirname(loader), "../bin/proto-loader-gen-types.js");
  const options = ["--longs=Number", "--enums=String", "--oneofs", "--bytes=Buffer", "--grpcLib=@grpc/grpc-js"];
  const paths = ["--includeDirs=../../proto", "--importFileExtension=.ts", `--outDir=${folder}`];
  // The generator notes the include folder in each file: the working folder must always be the same.
  execFileSync(process.execPath, [generator, ...options, ...paths, ...protoFiles], {
    cwd: packageFolder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  // What it writes for files without services has unused imports, which the compiler refuses.
  for (const name of ["status.ts", "error_details.ts"]) rmSync(join(folder, name));
}

function filesOf(folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path), readFileSync(path, "utf8"));
  }
  return files;
}

/** Names of the files that are missing, superfluous or different. */
function differences(fresh: ReadonlyMap<string, string>, present: ReadonlyMap<string, string>): string[] {
  const names = new Set([...fresh.keys(), ...present.keys()]);
  return [...names].filter((name) => fresh.get(name) !== present.get(name)).sort();
}

function check(): void {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-generated-"));
  try {
    generateInto(folder);
    const stale = differences(filesOf(folder), filesOf(generatedFolder));
    if (stale.length === 0) return;
    console.error(`packages/shared/src/contract/generated does not match proto/: ${stale.join(", ")}`);
    console.error("Run: npm run generate");
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(): void {
  const folder = mkdtempSync(join(contractFolder, ".generated-"));
  generateInto(folder);
  rmSync(generatedFolder, { recursive: true, force: true });
  renameSync(folder, generatedFolder);
}

if (process.argv.includes("--check")) check();
else write();
