import { expect, test } from 'vitest'
import { BUILT_IN_SCHEMES, createSecretBox, newSecretKey, sealWebhookSecret } from '../../../../core/index.ts'
import { signedHeaders } from '../../../support/webhook-signer.ts'
import { NOW, openReceiver } from './receiver.ts'

const PATH = '/webhooks/plant'

test('a validation token is echoed as plain text while a subscription is expected, before any secret is known', async () => {
  const receiver = await openReceiver()
  receiver.declare('plant', { scheme: 'business-central' })
  const asked = await receiver.send(`${PATH}?validationToken=%3Cb%3E7`, '')
  expect([asked.status, asked.body]).toEqual([200, '<b>7'])
  expect(asked.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  })
  expect((await receiver.send(`${PATH}?validationToken=${'x'.repeat(513)}`, '')).status).toBe(503)
  receiver.state('plant', { health: 'healthy' })
  expect((await receiver.send(`${PATH}?validationToken=7`, '')).body).toBe('')
})

test('a wrong client state is answered 202, so that the subscription stays, and dropped', async () => {
  const receiver = await openReceiver()
  receiver.declare('plant', { scheme: 'business-central', secrets: receiver.secrets('plant', 'state-1') })
  const notify = (clientState: string) => receiver.send(PATH, JSON.stringify({ value: [{ clientState }] }))
  expect((await notify('state-2')).status).toBe(202)
  expect(receiver.records).toEqual([])
  expect((await notify('state-1')).status).toBe(200)
  expect(receiver.records).toHaveLength(1)
})

test('a challenge is echoed while the webhook is being set up, and is a delivery like any other afterwards', async () => {
  const receiver = await openReceiver()
  receiver.declare('plant', { scheme: 'slack-v0', secrets: receiver.secrets('plant', 's') })
  const body = JSON.stringify({ type: 'url_verification', challenge: 'c-1' })
  receiver.state('plant', { health: 'unproven' })
  expect((await receiver.send(PATH, body)).body).toBe('c-1')
  receiver.state('plant', { health: 'healthy' })
  expect(await receiver.send(PATH, body)).toMatchObject({ status: 401, body: '' })
  expect(receiver.records).toEqual([])
})

test('a broker of CloudEvents is allowed to send while it is expected; its events are told by source and id', async () => {
  const receiver = await openReceiver()
  receiver.declare('plant', {
    scheme: 'bearer-token',
    deliveriesPerSecond: 2,
    secrets: receiver.secrets('plant', 's3cret'),
  })
  const ask = () =>
    receiver.send(PATH, '', ['WebHook-Request-Origin', 'broker.example.com', 'WebHook-Request-Rate', '500'], 'OPTIONS')
  expect(await ask()).toMatchObject({
    status: 200,
    headers: { 'webhook-allowed-origin': 'broker.example.com', 'webhook-allowed-rate': '120' },
  })
  expect((await receiver.send(PATH, '', [], 'OPTIONS')).status).toBe(405)
  const event = [
    'Authorization',
    'Bearer s3cret',
    'ce-specversion',
    '1.0',
    'ce-id',
    '1',
    'ce-source',
    '/erp',
    'ce-type',
    'com.x.vendor.changed',
  ]
  for (let i = 0; i < 2; i++) expect((await receiver.send(PATH, '', event)).status).toBe(200)
  const [first, again] = receiver.stored()
  expect(first?.deliveryId).toMatch(/^ce-sha256:/)
  expect(again?.deliveryId).toBe(first?.deliveryId)
  expect(first?.headers).not.toHaveProperty('authorization')
  receiver.state('plant', { health: 'healthy' })
  expect((await ask()).status).toBe(405)
})

test('a secret that was replaced is good until its time, without any news', async () => {
  const receiver = await openReceiver()
  const { scheme } = BUILT_IN_SCHEMES.github
  receiver.declare('plant', { scheme: 'github', secrets: receiver.secrets('plant', 'new') })
  const body = Buffer.from('{"entity":"vendor"}')
  const send = (secret: string) => receiver.send(PATH, body, signedHeaders(scheme, secret, { body }))
  expect((await send('old')).status).toBe(401)
  receiver.state('plant', { retired: [{ secret: receiver.sealed('plant', 'old'), until: NOW + 60_000 }] })
  expect((await send('old')).status).toBe(200)
  await receiver.clock.advance(60_000)
  expect((await send('old')).status).toBe(401)
  expect((await send('new')).status).toBe(200)
  // One that does not open is our trouble, not the sender's.
  const foreign = sealWebhookSecret('plant', 'x', createSecretBox(newSecretKey('k9')))
  receiver.state('plant', { retired: [{ secret: foreign, until: NOW + 600_000 }] })
  expect((await send('new')).status).toBe(503)
})
