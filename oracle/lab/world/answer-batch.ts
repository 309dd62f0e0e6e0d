interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * What a node answers to a batch over HTTP, without a socket: for a `Relayer` beside a chain in the same process.
 * @param init of `fetch`: its body is the batch
 * @param request asks the chain; what it throws has the `code` and `data` of JSON-RPC
 */
export async function answerBatch(
  init: RequestInit | undefined,
  request: (method: string, params: readonly unknown[]) => Promise<unknown>,
): Promise<Response> {
  const calls = JSON.parse(init?.body as string) as readonly Asked[];
  const answers = await Promise.all(
    calls.map(async ({ id, method, params }) => {
      try {
        return { jsonrpc: "2.0", id, result: (await request(method, params)) ?? null };
      } catch (error) {
        const { code = -32_603, message, data } = error as { code?: number; message: string; data?: unknown };
        return { jsonrpc: "2.0", id, error: { code, message, data } };
      }
    }),
  );
  return new Response(JSON.stringify(answers));
}
