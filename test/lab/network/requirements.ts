/** What a lab needs of the machine that it runs on. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where Debian has administrators' tools, which an ordinary user's PATH lacks. */
const administratorFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];
const tools = ["ip", "nft", "nsenter", "flock", "python3", "openssl", "redis-server", "redis-cli"];

/** Why there can be no lab here; null: there can. Root and a tool missing is a mistake, not a reason to do without. */
export function labIsImpossible(): string | null {
  return process.getuid?.() === 0 ? null : "a lab of network namespaces needs root: run it as root or with sudo";
}

/** @throws Error that names what is missing and how to get it */
export function requireLab(): void {
  const reason = labIsImpossible();
  if (reason !== null) throw new Error(reason);
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...administratorFolders];
  const missing = tools.filter((tool) => !folders.some((folder) => isExecutable(join(folder, tool))));
  if (missing.length === 0) return;
  const packages = "iproute2 nftables python3 openssl redis-server redis-tools util-linux";
  throw new Error(`a lab needs ${missing.join(", ")}; on Debian: apt-get install ${packages}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
