/**
 * `npm run bench -- NAME [--json] [--quick]` runs one benchmark. Each tells its method in its own first lines; with --json
 * the last line of standard output is one JSON object.
 */
const names = ["failover", "throughput", "latency", "agents", "footprint", "store"] as const;

const [name] = process.argv.splice(2, 1);
if (names.some((known) => known === name)) await import(`./${name}.ts`);
else {
  console.error(`Usage: npm run bench -- NAME [--json] [--quick]\n  NAME is one of ${names.join(", ")}`);
  process.exitCode = 2;
}
