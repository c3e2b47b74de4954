/** As whom a task may run here. */
import { userInfo } from "node:os";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { type ResolvedUser, resolveUser } from "../process/user.ts";

/**
 * null: the agent's own user.
 * @throws HoldfastError (failedPrecondition) when this node has no such user, or the agent must not become it
 */
export async function userOf(name: string): Promise<ResolvedUser | null> {
  const user = await resolveUser(name);
  const { uid, username } = userInfo();
  if (user.uid === uid) return null;
  if (uid === 0) return user;
  const remedy = `run the agent as root, or leave the field empty to run as ${username}`;
  throw new HoldfastError(
    "failedPrecondition",
    `user: the agent of this node may not start tasks as "${name}"; ${remedy}`,
  );
}
