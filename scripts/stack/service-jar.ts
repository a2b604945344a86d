import { crc32 } from 'node:zlib'

/** A jar (a zip with one stored entry) holding a Java service manifest: `META-INF/services/<service>` = `implementation`. */
export function serviceJar(service: string, implementation: string): Buffer {
  const name = Buffer.from(`META-INF/services/${service}`)
  const body = Buffer.from(`${implementation}\n`)
  // Fields common to the local and the central header: version 2.0, no flags, stored, 1980-01-01.
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(0x21, 8)
  common.writeUInt32LE(crc32(body), 10)
  common.writeUInt32LE(body.length, 14)
  common.writeUInt32LE(body.length, 18)
  common.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, body])
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, Buffer.alloc(14), name])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}
