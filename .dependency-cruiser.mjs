/**
 * Which way imports may run. The tree tells the story: agent → session → coordinator's core → records → Redis.
 *
 * A core is a function of what it is given: it may import its own folder, types of the contract, and the few modules of
 * `shared` that do nothing but compute. What else it must not touch (clocks, randomness) is in biome.json.
 */

const tests = "\\.(test|contract)\\.ts$";
/** What a core's tests are played in. */
const coreTesting = "/core/testing/";
const pureShared = "^packages/shared/src/(errors\\.ts$|core/)";

export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Modules that need each other are one module, or miss a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "core-is-pure",
      comment: "A core imports values only from itself and from the modules of shared that only compute.",
      severity: "error",
      from: { path: "^packages/([^/]+)/src/core/", pathNot: [tests, coreTesting] },
      to: { pathNot: ["^packages/$1/src/core/", pureShared], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "core-types",
      comment: "Even types come to a core only from itself and from shared.",
      severity: "error",
      from: { path: "^packages/([^/]+)/src/core/", pathNot: [tests, coreTesting] },
      to: { pathNot: ["^packages/$1/src/core/", "^packages/shared/src/"] },
    },
    {
      name: "parts-do-not-know-the-daemon",
      comment: "The daemon puts the parts together; none of them reaches back to it.",
      severity: "error",
      from: { path: "^packages/(agent|coordinator)/src/[^/]+/", pathNot: tests },
      to: { path: "^packages/$1/src/daemon\\.ts$" },
    },
    {
      name: "store-knows-records-only",
      comment: "Storage is below everything but the core: it carries records and asks nobody.",
      severity: "error",
      from: { path: "^packages/coordinator/src/store/", pathNot: tests },
      to: { path: "^packages/coordinator/src/", pathNot: "^packages/coordinator/src/(store|core)/" },
    },
    {
      name: "shared-stands-alone",
      severity: "error",
      from: { path: "^packages/shared/" },
      to: { path: "^(packages/(?!shared/)|test/|bench/|simulation/)" },
    },
    {
      name: "agent-and-coordinator-meet-on-the-wire-only",
      severity: "error",
      from: { path: "^packages/(agent|coordinator)/", pathNot: tests },
      to: { path: "^packages/(agent|coordinator)/", pathNot: "^packages/$1/" },
    },
    {
      name: "nobody-imports-the-command-line",
      severity: "error",
      from: { path: "^packages/(?!cli/)" },
      to: { path: "^packages/cli/" },
    },
    {
      name: "product-does-not-import-tests",
      severity: "error",
      from: { path: "^packages/", pathNot: tests },
      to: { path: ["^test/", "^bench/", "^simulation/", tests] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^packages/shared/src/contract/generated/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
