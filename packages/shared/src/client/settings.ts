/**
 * Where a client finds its cluster: what it is told, else HOLDFAST_ADDRESS, else the file that `holdfast up` leaves in
 * `.holdfast/client.yaml` of this folder or one above it, else this machine's default port.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { HoldfastError } from "../errors.ts";
import type { TlsFiles } from "../tls.ts";
import { defaultPort, parseAddresses } from "./addresses.ts";

export interface ClientSettings {
  readonly addresses: readonly string[];
  readonly tls: TlsFiles | undefined;
  /** What decided about the addresses, for messages: "--address", "HOLDFAST_ADDRESS", a path, "the default". */
  readonly source: string;
}

export interface ClientSettingsInput {
  /** As given on a command line, each with one address or several with commas. */
  readonly addresses?: readonly string[] | undefined;
  readonly tls?: Partial<TlsFiles> | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the search for `.holdfast/client.yaml` begins. */
  readonly folder: string;
}

const fileSchema = z.strictObject({
  addresses: z.array(z.string()).min(1),
  tls: z.strictObject({ caFile: z.string(), certificateFile: z.string(), keyFile: z.string() }).optional(),
});

/**
 * TLS files come from the same place as the addresses, or from `tls` / HOLDFAST_CA_FILE, HOLDFAST_CERTIFICATE_FILE and
 * HOLDFAST_KEY_FILE, which are all three needed then.
 *
 * @throws HoldfastError invalidArgument that names the setting at fault
 */
export function resolveClientSettings(input: ClientSettingsInput): ClientSettings {
  const tls = tlsFrom(input);
  if (input.addresses !== undefined && input.addresses.length > 0)
    return { addresses: parseAddresses(input.addresses, "--address"), tls, source: "--address" };
  const fromEnvironment = input.environment["HOLDFAST_ADDRESS"];
  if (fromEnvironment !== undefined && fromEnvironment !== "")
    return { addresses: parseAddresses([fromEnvironment], "HOLDFAST_ADDRESS"), tls, source: "HOLDFAST_ADDRESS" };
  const path = findClientFile(input.folder);
  if (path === undefined) return { addresses: [`127.0.0.1:${defaultPort}`], tls, source: "the default" };
  const file = readClientFile(path);
  return { addresses: file.addresses, tls: tls ?? file.tls, source: path };
}

function tlsFrom({ tls = {}, environment }: ClientSettingsInput): TlsFiles | undefined {
  const caFile = tls.caFile ?? environment["HOLDFAST_CA_FILE"];
  const certificateFile = tls.certificateFile ?? environment["HOLDFAST_CERTIFICATE_FILE"];
  const keyFile = tls.keyFile ?? environment["HOLDFAST_KEY_FILE"];
  if (caFile === undefined && certificateFile === undefined && keyFile === undefined) return undefined;
  if (caFile === undefined || certificateFile === undefined || keyFile === undefined)
    throw new HoldfastError(
      "invalidArgument",
      "TLS needs --ca-file, --certificate-file and --key-file together (or HOLDFAST_CA_FILE, HOLDFAST_CERTIFICATE_FILE " +
        "and HOLDFAST_KEY_FILE)",
    );
  return { caFile, certificateFile, keyFile };
}

function findClientFile(folder: string): string | undefined {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const path = join(here, ".holdfast", "client.yaml");
    if (existsSync(path)) return path;
    if (dirname(here) === here) return undefined;
  }
}

function readClientFile(path: string): { addresses: string[]; tls: TlsFiles | undefined } {
  const found = fileSchema.safeParse(parseYaml(path));
  if (!found.success)
    throw new HoldfastError(
      "invalidArgument",
      `${path}: ${found.error.issues.map((issue) => `${issue.path.join(".") || "(whole file)"}: ${issue.message}`).join("; ")}`,
    );
  const { addresses, tls } = found.data;
  const besides = (file: string) => resolve(dirname(path), file);
  return {
    addresses: parseAddresses(addresses, path),
    tls: tls && {
      caFile: besides(tls.caFile),
      certificateFile: besides(tls.certificateFile),
      keyFile: besides(tls.keyFile),
    },
  };
}

function parseYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new HoldfastError("invalidArgument", `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
