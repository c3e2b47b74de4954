/** A certificate authority for one lab, and a certificate for each host's address. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsFiles } from "@holdfast/shared/tls.ts";
import { run } from "../network/command.ts";

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

export class Authority {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param folder is made; keys and certificates are files there */
  static async make(folder: string): Promise<Authority> {
    mkdirSync(folder, { recursive: true });
    const authority = new Authority(folder);
    const { keyFile, certificateFile } = authority.#files("authority");
    await run("openssl", [
      ...["req", "-x509", ...newKey, "-days", "1", "-subj", "/CN=Lab authority"],
      ...["-keyout", keyFile, "-out", certificateFile],
    ]);
    return authority;
  }

  /** For a listener at that address, and for a client. */
  async certify(name: string, address: string): Promise<TlsFiles> {
    const authority = this.#files("authority");
    const files = this.#files(name);
    const [request, extensions] = [join(this.#folder, `${name}.csr`), join(this.#folder, `${name}.ext`)];
    writeFileSync(extensions, `subjectAltName=IP:${address}\n`);
    await run("openssl", ["req", ...newKey, "-subj", `/CN=${name}`, "-keyout", files.keyFile, "-out", request]);
    await run("openssl", [
      ...["x509", "-req", "-in", request, "-days", "1", "-extfile", extensions, "-out", files.certificateFile],
      ...["-CA", authority.certificateFile, "-CAkey", authority.keyFile],
    ]);
    return files;
  }

  #files(name: string): TlsFiles {
    return {
      caFile: join(this.#folder, "authority.pem"),
      certificateFile: join(this.#folder, `${name}.pem`),
      keyFile: join(this.#folder, `${name}.key`),
    };
  }
}
