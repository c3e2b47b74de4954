/**
 * Watch of nodes. Much of what is shown is heard, not committed, and changes with every beat: so this looks twice a
 * second for nodes that have become different, and tells those.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { NodeServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/NodeService.ts";
import type { WatchNodesResponse } from "@holdfast/shared/contract/generated/holdfast/v1/WatchNodesResponse.ts";
import type { NodeRecord } from "../core/record.ts";
import type { Backend, CommittedView, NodeStatus } from "./backend.ts";
import { nodeMessage } from "./convert/node.ts";
import type { StreamMethods } from "./methods.ts";
import { checkId } from "./validate/identity.ts";

const lookEveryMs = 500;
const maxNodesInMessage = 100;

interface Shown {
  readonly node: NodeRecord;
  readonly status: NodeStatus;
}

export function watchNodes(backend: Backend): StreamMethods<NodeServiceHandlers>["Watch"] {
  return async function* (request, { signal }) {
    const only = request.nodeId ? checkId("node_id", request.nodeId) : null;
    const shown = new Map<string, Shown>();
    for (let caughtUp = true; !signal.aborted; caughtUp = false) {
      const look = await backend.read((view) => ({ ...differences(view, shown, only), revision: view.revision }));
      yield* messages(look.changed, look.removed, look.revision, caughtUp);
      await wait(lookEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
}

/** What is different from what was shown; notes it as shown. */
function differences(view: CommittedView, shown: Map<string, Shown>, only: string | null) {
  const changed: Shown[] = [];
  for (const [id, node] of view.nodes) {
    if (only !== null && id !== only) continue;
    const now: Shown = { node, status: view.nodeStatus(id) };
    const before = shown.get(id);
    if (before !== undefined && isSame(before, now)) continue;
    shown.set(id, now);
    changed.push(now);
  }
  const removed = [...shown.keys()].filter((id) => !view.nodes.has(id));
  for (const id of removed) shown.delete(id);
  return { changed, removed };
}

/** The age of the last beat is always another, and alone tells nobody anything. */
function isSame(before: Shown, now: Shown): boolean {
  return (
    before.node === now.node &&
    before.status.state === now.status.state &&
    before.status.reason === now.status.reason &&
    before.status.attempts === now.status.attempts &&
    before.status.metrics === now.status.metrics &&
    before.status.checks === now.status.checks
  );
}

function* messages(
  changed: readonly Shown[],
  removedNodeIds: string[],
  revision: string,
  caughtUp: boolean,
): Iterable<WatchNodesResponse> {
  const nodes = changed.map(({ node, status }) => nodeMessage(node, status));
  let begin = 0;
  for (; nodes.length - begin > maxNodesInMessage; begin += maxNodesInMessage) {
    yield { nodes: nodes.slice(begin, begin + maxNodesInMessage), revision };
  }
  if (nodes.length === 0 && removedNodeIds.length === 0 && !caughtUp) return;
  yield { nodes: nodes.slice(begin), removedNodeIds, revision, caughtUp };
}
