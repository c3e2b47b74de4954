/** The handlers of a service in the form that `call.ts` wraps, derived from the generated ones. */
import type { handleServerStreamingCall, handleUnaryCall } from "@grpc/grpc-js";
import type { StreamHandler, UnaryHandler } from "./call.ts";

/** Without the index signature that the generated handlers carry. */
type Declared<Handlers> = {
  [Name in keyof Handlers as string extends Name ? never : Name]: Handlers[Name];
};

export type UnaryMethods<Handlers> = {
  [Name in keyof Declared<Handlers>]: Declared<Handlers>[Name] extends handleUnaryCall<infer Request, infer Response>
    ? UnaryHandler<Request, Response>
    : never;
};

export type StreamMethods<Handlers> = {
  [Name in keyof Declared<Handlers>]: Declared<Handlers>[Name] extends handleServerStreamingCall<
    infer Request,
    infer Response
  >
    ? StreamHandler<Request, Response>
    : never;
};

/** All methods of a service, and nothing else. */
export type Implemented<Handlers> = Declared<Handlers>;
