/**
 * Users of this node, from /etc/passwd and /etc/group. Users of directory services (LDAP and the like) are not seen:
 * asking for them would start processes or block.
 */
import { readFile } from "node:fs/promises";
import { HoldfastError } from "@holdfast/shared/errors.ts";

export interface ResolvedUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups, the primary one included. */
  readonly groups: readonly number[];
  readonly home: string;
  readonly shell: string;
}

export interface UserFiles {
  readonly passwd: string;
  readonly group: string;
}

/** @throws HoldfastError failedPrecondition when the node has no such user. */
export async function resolveUser(name: string): Promise<ResolvedUser> {
  const [passwd, group] = await Promise.all([readFile("/etc/passwd", "utf8"), readFile("/etc/group", "utf8")]);
  return findUser(name, { passwd, group });
}

/** The same from given texts. */
export function findUser(name: string, files: UserFiles): ResolvedUser {
  const fields = lines(files.passwd).find((entry) => entry[0] === name && entry.length >= 7);
  const uid = Number(fields?.[2] || Number.NaN);
  const gid = Number(fields?.[3] || Number.NaN);
  if (fields === undefined || !Number.isInteger(uid) || !Number.isInteger(gid)) {
    throw new HoldfastError(
      "failedPrecondition",
      `user: this node has no user "${name}" in /etc/passwd; create it there or leave the field empty to run as the agent's own`,
    );
  }
  return { name, uid, gid, groups: groupsOf(name, gid, files.group), home: fields[5] ?? "/", shell: fields[6] ?? "" };
}

function groupsOf(name: string, primary: number, groupFile: string): number[] {
  const memberships = lines(groupFile).filter((entry) => entry[3]?.split(",").includes(name));
  const numbers = memberships.map((entry) => Number(entry[2] || Number.NaN)).filter(Number.isInteger);
  return [...new Set([primary, ...numbers])];
}

function lines(file: string): string[][] {
  return file.split("\n").map((line) => line.split(":"));
}
