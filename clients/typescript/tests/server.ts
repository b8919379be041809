/** A server of one's own: what it answers is what the test says, in this order. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

export interface Service extends AsyncDisposable {
  url: string;
  asked: IncomingMessage[];
}

/** Serve these replies one after the other, and the last of them for ever. */
export async function serving(...replies: Reply[]): Promise<Service> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    replies[Math.min(asked.length, replies.length) - 1]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/v2/`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Reply with JSON. */
export function json(body: object, status = 200, headers: Record<string, string> = {}): Reply {
  return (_, response) => {
    const type = status < 400 ? "application/json" : "application/problem+json";
    response.writeHead(status, { "Content-Type": type, ...headers }).end(JSON.stringify(body));
  };
}

/** Reply with an error as the API does. */
export function problem(status: number, more: object = {}, headers: Record<string, string> = {}): Reply {
  const detail = `It is a ${status}.`;
  return json({ type: "about:blank", title: "An error", status, detail, message: detail, ...more }, status, headers);
}

/** Never reply. */
export const silence: Reply = () => undefined;
