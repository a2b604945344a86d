import { expect, test } from 'vitest'
import { CONNECTORS } from '../../../../connectors/index.ts'
import { CONNECTION_DEFAULTS, createLocalCodec, ENTITY_NAMES, writeShapeOf } from '../../../../core/index.ts'
import { capabilityOf } from '../../../../services/writer/capability.ts'

const codec = createLocalCodec()

test.each([...CONNECTORS])(
  '$id: what it can write fits the schema, names fields of the model, and hides secrets',
  (connector) => {
    const secret = { $secret: 'k1:sealed' }
    const keys = (connector.operations ?? []).flatMap(({ fields }) => fields.flatMap((field) => field.default ?? []))
    const settings = Object.fromEntries(keys.map((key) => [key, secret]))
    const connection = { ...CONNECTION_DEFAULTS, id: 'acme', system: connector.id, settings, updatedAt: 0 }
    for (const entity of ENTITY_NAMES) {
      const capability = capabilityOf(connector, connection, entity, 5)
      const value = codec.capability.encode(capability)
      expect(codec.capability.decode(value)).toEqual(capability)
      expect(value.toString()).not.toContain('sealed')
      const known = writeShapeOf(entity).flatMap(({ name, items }) =>
        items === undefined ? [name] : items.map((item) => `${name}[].${item.name}`),
      )
      expect(capability.fields.map(({ path }) => path).filter((path) => !known.includes(path))).toEqual([])
      const supported = capability.operations.filter((one) => one.supported).map(({ operation }) => operation)
      const claimed = (connector.operations ?? []).filter((one) => one.entity === entity).map((one) => one.operation)
      expect(supported.sort()).toEqual(claimed.sort())
      expect(capability.operations.every((one) => one.supported || one.reason !== null)).toBe(true)
    }
  },
)
