import { defineConfig } from "vitest/config";

const slow = process.env["HOLDFAST_TEST_SLOW"] === "1";
const lab = process.env["HOLDFAST_TEST_LAB"] === "1";

export default defineConfig({
  test: {
    environment: "node",
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts", "simulation/**/*.test.ts"],
    // Minutes long, and run on purpose: `npm test -- --slow`, `npm run test:lab`.
    exclude: ["**/node_modules/**", ...(slow ? [] : ["**/*.slow.test.ts"]), ...(lab ? [] : ["**/*.lab.test.ts"])],
    pool: "forks",
    // More would make real processes late for their deadlines on a machine with two cores.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
  },
});
