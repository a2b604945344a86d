import { expect, test } from 'vitest'
import { createPlaces } from '../../../../services/writer/places.ts'

/** Lets everything happen that can. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

async function enterAll(places: ReturnType<typeof createPlaces>, count: number) {
  const inside: { readonly nth: number; readonly leave: () => void }[] = []
  for (let nth = 0; nth < count; nth++) void places.enter().then((leave) => inside.push({ nth, leave }))
  await settled()
  return inside
}

test('no more than the limit are inside, and the others come in in their order', async () => {
  const places = createPlaces(() => 2)
  const inside = await enterAll(places, 4)
  expect(inside.map(({ nth }) => nth)).toEqual([0, 1])
  inside[1]?.leave()
  await settled()
  expect(inside.map(({ nth }) => nth)).toEqual([0, 1, 2])
})

test('a place that is given back twice is one place', async () => {
  const inside = await enterAll(
    createPlaces(() => 1),
    3,
  )
  inside[0]?.leave()
  inside[0]?.leave()
  await settled()
  expect(inside).toHaveLength(2)
})

test('a limit that falls keeps the next ones out until enough have left; one that rises lets them in when told', async () => {
  let limit = 2
  const places = createPlaces(() => limit)
  const inside = await enterAll(places, 5)
  limit = 1
  inside[0]?.leave()
  await settled()
  expect(inside).toHaveLength(2)
  inside[1]?.leave()
  await settled()
  expect(inside).toHaveLength(3)
  limit = 3
  places.poke()
  await settled()
  expect(inside).toHaveLength(5)
})
