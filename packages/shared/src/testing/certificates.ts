/** Authorities and certificates for tests of TLS on this machine, made by openssl. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsFiles } from "../tls.ts";

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** @returns its name, for `makeTestCertificate` */
export function makeTestAuthority(folder: string, name: string): string {
  openssl(folder, [
    ...["req", "-x509", ...newKey, "-days", "1", "-subj", `/CN=${name}`],
    ...["-keyout", `${name}.key`, "-out", `${name}.pem`],
  ]);
  return name;
}

/** For a listener on loopback, and for a client. */
export function makeTestCertificate(folder: string, name: string, authority: string): TlsFiles {
  writeFileSync(join(folder, `${name}.ext`), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  openssl(folder, ["req", ...newKey, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`]);
  openssl(folder, [
    ...["x509", "-req", "-in", `${name}.csr`, "-CA", `${authority}.pem`, "-CAkey", `${authority}.key`],
    ...["-CAcreateserial", "-days", "1", "-extfile", `${name}.ext`, "-out", `${name}.pem`],
  ]);
  return {
    caFile: join(folder, `${authority}.pem`),
    certificateFile: join(folder, `${name}.pem`),
    keyFile: join(folder, `${name}.key`),
  };
}

function openssl(folder: string, args: readonly string[]): void {
  execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
}
