/**
 * Puts what the core ordered on the way to the agents, in as few messages as may be. What finds no way is owed, and sent again
 * when the agent says Hello.
 */
import type { Order } from "@holdfast/shared/contract/generated/holdfast/v1/Order.ts";
import type { CoordinatorEffect } from "../core/effect.ts";
import type { AgentRoute } from "./agent-route.ts";
import { type BeatAddress, leaseGrant, startOrder, stopOrder } from "./translate.ts";

/** So many orders at most in one message, which keeps it far below the limit for a message. */
const maxOrdersBytes = 256 * 1024;
const smallBytes = 200;

export interface Ways {
  routeOf(nodeId: string): AgentRoute | null;
  /** How long after the beat that it answers a start may be obeyed on this node. */
  startValidMs(nodeId: string): number;
  inquire(route: AgentRoute): void;
}

export function deliver(effects: readonly CoordinatorEffect[], epoch: number, ways: Ways): void {
  const orders = new Map<AgentRoute, Order[]>();
  const acknowledged = new Map<AgentRoute, { taskId: string; attempt: number }[]>();
  for (const effect of effects) {
    if (!("nodeId" in effect)) continue;
    const route = ways.routeOf(effect.nodeId);
    if (route === null) continue;
    switch (effect.kind) {
      case "inquire":
        ways.inquire(route);
        break;
      case "grant":
        route.send({ leaseGrant: leaseGrant(effect, epoch, beatOf(route)) }, effect.attempts.length * smallBytes);
        break;
      case "acknowledge":
        append(acknowledged, route, { taskId: effect.taskId, attempt: effect.attempt });
        break;
      case "stop":
        append(orders, route, stopOrder(effect));
        break;
      case "start":
        // Beat 0 is the last Hello on the stream that the order arrives by, which a coordinator in between may have asked for.
        if (route.through !== "" && route.lastBeat === 0) break;
        append(orders, route, startOrder(effect, { ...beatOf(route), validForMs: ways.startValidMs(route.nodeId) }));
        break;
    }
  }
  for (const [route, attempts] of acknowledged) {
    route.send({ acknowledgements: { epoch, attempts } }, attempts.length * smallBytes);
  }
  for (const [route, list] of orders) sendOrders(route, epoch, list);
}

/** The beat that whatever leaves now answers. */
function beatOf({ instanceId, lastBeat }: AgentRoute): BeatAddress {
  return { answersBeat: lastBeat, instanceId };
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function sendOrders(route: AgentRoute, epoch: number, orders: readonly Order[]): void {
  let piece: Order[] = [];
  let bytes = 0;
  for (const order of orders) {
    const size = roughBytes(order);
    if (piece.length > 0 && bytes + size > maxOrdersBytes) {
      route.send({ orders: { epoch, orders: piece } }, bytes);
      piece = [];
      bytes = 0;
    }
    piece.push(order);
    bytes += size;
  }
  if (piece.length > 0) route.send({ orders: { epoch, orders: piece } }, bytes);
}

/** What an order takes on the wire. Scripts, standard input, arguments and environment are what can be large. */
export function roughBytes({ start }: Order): number {
  if (start?.spec === undefined || start.spec === null) return smallBytes;
  const { script, standardInput, argv, environment } = start.spec;
  let bytes = 2 * smallBytes + (script?.length ?? 0) + (standardInput?.length ?? 0);
  for (const argument of argv ?? []) bytes += 4 * argument.length;
  for (const [name, value] of Object.entries(environment ?? {})) bytes += 4 * (name.length + value.length);
  return bytes;
}
