import { exitCodes, Failure, type Hub, readJson, send } from './hub.ts'

/** Prints the whole story of the payments with an RRN. @throws {Failure} when the hub knows none, or does not answer */
export async function explainPayment(hub: Hub, rrn: string, json: boolean): Promise<number> {
  if (!/^[0-9]{12}$/.test(rrn)) throw new Failure(exitCodes.usage, 'an RRN has 12 digits')
  const response = await send(hub, { method: 'GET', path: `/v1/explanations/${rrn}` })
  const { data } = await readJson<{ data: { text: string }[] }>(response)
  const shown = json ? data.map((one) => JSON.stringify(one)) : data.map(({ text }) => text)
  process.stdout.write(`${shown.join(json ? '\n' : '\n\n')}\n`)
  return exitCodes.done
}
