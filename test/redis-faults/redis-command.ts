/** Commands to a Redis as an operator would give them, over its socket, past the cluster. */
import { once } from "node:events";
import { connect, type NetConnectOpts } from "node:net";

const answerWithinMs = 10_000;

/**
 * @returns the answer's first line, without its mark; a bulk string whole
 * @throws Error with what Redis said, or when it says nothing within 10 s
 */
export async function redisCommand(at: NetConnectOpts, ...words: readonly string[]): Promise<string> {
  const socket = connect(at);
  const expired = setTimeout(() => socket.destroy(new Error(`${words[0]}: no answer`)), answerWithinMs);
  try {
    await once(socket, "connect");
    socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`);
    const answer = await wholeAnswer(socket);
    if (answer.startsWith("-")) throw new Error(`Redis refused ${words.join(" ")}: ${answer.slice(1)}`);
    return answer.slice(1);
  } finally {
    clearTimeout(expired);
    socket.destroy();
  }
}

async function wholeAnswer(socket: ReturnType<typeof connect>): Promise<string> {
  let text = "";
  for await (const piece of socket) {
    text += String(piece);
    const end = text.indexOf("\r\n");
    if (end < 0) continue;
    const line = text.slice(0, end);
    if (!line.startsWith("$") || line === "$-1") return line;
    const bytes = Number(line.slice(1));
    if (text.length >= end + 2 + bytes) return `$${text.slice(end + 2, end + 2 + bytes)}`;
  }
  throw new Error("Redis ended the connection without an answer");
}
