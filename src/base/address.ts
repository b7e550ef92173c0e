import ipaddr from 'ipaddr.js'

/** Internet addresses and networks: one has too many spellings to compare by hand. */

/** Whether an address is in one of the networks; an IPv4 address in the clothes of an IPv6 one is the IPv4 address. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const found = ipaddr.process(address)
  return networks.some((network) => {
    const [range, bits] = ipaddr.parseCIDR(network)
    return range.kind() === found.kind() && found.match(range, bits)
  })
}

/** A network as it is kept; undefined for what is none. A bare address is the network of itself. */
export function parseNetwork(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return `${text}/32`
  if (ipaddr.IPv6.isValid(text)) return `${text}/128`
  if (!ipaddr.isValidCIDR(text)) return undefined
  const [range] = ipaddr.parseCIDR(text)
  // `10.1/16` and `0x7f.1/8` mean different things to different readers.
  return range.kind() === 'ipv4' && !ipaddr.IPv4.isValidCIDRFourPartDecimal(text) ? undefined : text
}

/** Unicast to `ipaddr.js`, and still not for strangers: what clouds keep at public addresses for the machines inside. */
const NOT_PUBLIC = ['168.63.129.16/32']
/** All of IPv6 that is given out; the rest (also `::127.0.0.1`) is old, reserved, or an IPv4 address in other clothes. */
const GLOBAL_IPV6 = ['2000::/3']

/** Whether anybody on the internet may have this address: no private, local, shared, reserved, translated or tunnelled one. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const found = ipaddr.process(address)
  if (found.range() !== 'unicast' || isWithin(address, NOT_PUBLIC)) return false
  return found.kind() === 'ipv4' || isWithin(address, GLOBAL_IPV6)
}

/** Whether this is an address of the machine itself. */
export const isLoopback = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
