import { type Basis, type Worlds } from './basis.ts'

const DOCUMENTS = 'API_MATERIAL_DOCUMENT_SRV'

export function movementWrites(basis: Basis): Worlds {
  const { sandbox, post, id, count, mark, refusing, material, storage, other, place } = basis
  const newDocument = async (Material: string, quantity: string, type = '501') => {
    const today = `/Date(${Math.floor(Date.now() / 86_400_000) * 86_400_000})/`
    const row = await post(DOCUMENTS, 'A_MaterialDocumentHeader', {
      GoodsMovementCode: type === '501' ? '05' : '03',
      PostingDate: today,
      DocumentDate: today,
      to_MaterialDocumentItem: [
        {
          Material,
          Plant: '1010',
          StorageLocation: storage,
          GoodsMovementType: type,
          QuantityInEntryUnit: quantity,
          ...(type === '201' ? { CostCenter: '10101101' } : {}),
        },
      ],
    })
    return `${String(row['MaterialDocumentYear'])}|${String(row['MaterialDocument'])}`
  }

  const KINDS = [
    { kind: 'RECEIPT', line: { quantity: '4', to_location_id: place(storage) } },
    { kind: 'ISSUE', line: { quantity: '1', from_location_id: place(storage) } },
    { kind: 'TRANSFER', line: { quantity: '1', from_location_id: place(storage), to_location_id: place(other) } },
    { kind: 'SCRAP', line: { quantity: '1', from_location_id: place(storage) } },
  ]
  let turn = 0
  const movement = ({ kind, line }: { kind: string; line: object }, header: object = {}) => {
    const notes = mark('Kit')
    return {
      payload: { kind, notes, lines: [{ line_ref: 'a', item_id: id('item', material), ...line }], ...header },
      times: count(DOCUMENTS, 'A_MaterialDocumentHeader', { MaterialDocumentHeaderText: notes }),
    }
  }
  const taken = (target: string) => {
    const [year = '', number = ''] = target.split('|')
    const reversed = { ReversedMaterialDocumentYear: year, ReversedMaterialDocument: number }
    return { target, payload: null, times: count(DOCUMENTS, 'A_MaterialDocumentItem', reversed) }
  }
  sandbox.switches.closedPeriods.add('2020-01')

  return {
    CREATE: {
      make: async () => movement(KINDS[turn++ % KINDS.length] as (typeof KINDS)[number]),
      refused: async () => ({
        ...movement(
          { kind: 'RECEIPT', line: { quantity: '1', to_location_id: place(storage) } },
          {
            posting_date: '2020-01-15',
          },
        ),
        field: 'posting_date',
        words: /period/i,
      }),
    },
    DELETE: {
      make: async () => taken(await newDocument(material, '1')),
      async refused() {
        const target = await newDocument(material, '1')
        const [, number = ''] = target.split('|')
        return {
          ...taken(target),
          field: null,
          words: /Deficit of SL Unrestricted-use/,
          answer: refusing(number, 'M7/021', `Deficit of SL Unrestricted-use 3 PC : ${material} 1010 ${storage}`),
        }
      },
    },
  }
}
