/** gRPC's streams as sessions and links take them. */
import type { Client, ClientDuplexStream, ServerDuplexStream } from "@grpc/grpc-js";
import { grpcStatusOf } from "@holdfast/shared/errors.ts";
import type { AcceptedStream, Stream } from "./stream.ts";

export function acceptedStream<Incoming, Outgoing>(
  call: ServerDuplexStream<Incoming, Outgoing>,
): AcceptedStream<Incoming, Outgoing> {
  // To write after the end is an error of the stream, which nothing here could do anything about.
  let open = true;
  return {
    listen(listener) {
      const over = once(() => {
        open = false;
        listener.ended();
      });
      call.on("data", (message: Incoming) => open && listener.received(message));
      call.on("drain", () => open && listener.drained());
      call.on("end", () => {
        over();
        call.end();
      });
      call.on("error", over);
      call.on("cancelled", over);
    },
    write: (message) => !open || call.write(message),
    close() {
      open = false;
      call.end();
    },
    refuse(error) {
      if (!open) return;
      open = false;
      call.emit("error", { code: grpcStatusOf(error.code), details: error.message });
    },
  };
}

/** @param client of this stream alone, closed with it */
export function dialledStream<Incoming, Outgoing>(
  client: Client,
  call: ClientDuplexStream<Outgoing, Incoming>,
): Stream<Incoming, Outgoing> {
  let open = true;
  return {
    listen(listener) {
      const over = once(() => {
        open = false;
        listener.ended();
      });
      call.on("data", (message: Incoming) => open && listener.received(message));
      call.on("drain", () => open && listener.drained());
      call.on("error", over);
      call.on("end", over);
    },
    write: (message) => !open || call.write(message),
    close() {
      open = false;
      call.cancel();
      client.close();
    },
  };
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}
