import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

const blocked = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  blocked.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  blocked.addSubnet(net, bits, 'ipv6')

/** Private, loopback, link-local (cloud metadata), multicast and reserved ranges; IPv4 mapped into IPv6 too. */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return blocked.check(mapped, 'ipv4')
  const version = isIP(address)
  return version === 0 ? false : blocked.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

export class PrivateAddressError extends Error {
  constructor(host: string, address: string) {
    super(
      `${host} is a private address (${address}), which connections may not reach: set TRIBUTARY_ALLOW_PRIVATE_HOSTS=true if the system is in your own network`,
    )
    this.name = 'PrivateAddressError'
  }
}

/** Name resolution that refuses private addresses at connect time, so that a name cannot be re-bound after a check. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '')
    const bad = addresses.find(({ address }) => isPrivateAddress(address))
    if (bad !== undefined) return callback(new PrivateAddressError(hostname, bad.address), '')
    if (options.all === true) return callback(null, addresses)
    const first = addresses[0]
    callback(null, first?.address ?? '', first?.family)
  })
}

/** Addresses written as numbers never go through name resolution. @throws PrivateAddressError */
export function refusePrivateLiteral(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && isPrivateAddress(host)) throw new PrivateAddressError(host, host)
}
