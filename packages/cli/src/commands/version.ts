/** `holdfast version`: of this command; it asks no cluster (`holdfast status` tells the coordinators' versions). */
import type { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { addConnectionOptions, type ConnectionFlags } from "../connection-options.ts";
import { Screen } from "../screen.ts";

export function define(command: Command): void {
  addConnectionOptions(command).addHelpText("after", "\nExamples:\n  holdfast version --output json");
  command.action(() => {
    const screen = new Screen(command.optsWithGlobals<ConnectionFlags>().output === "json");
    const version = { version: manifest.version, node: process.versions.node };
    screen.show(version, () => `holdfast ${version.version} (Node ${version.node})`);
  });
}
