import net from 'node:net'
import type { Cluster, Connection, SocketFactory } from '../kafkajs.ts'
import { calmQueue } from './calm-queue.ts'
import { createInbox, type Inbox } from './inbox.ts'

/** Sockets whose `data` events are whole answers without their size. */
const framed = new WeakSet<net.Socket>()

/**
 * Sockets that read straight into the buffer of the answer: kafkajs collects 64 kB chunks and joins them, which
 * costs more than decoding the records. TLS sockets cannot do that.
 */
export const frameSockets =
  (plain: SocketFactory): SocketFactory =>
  (options) => {
    if (options.ssl) return plain(options)
    const inbox = createInbox(
      (answer) => socket.emit('data', answer),
      (error) => socket.destroy(error),
    )
    const socket = net.connect(
      {
        host: options.host,
        port: options.port,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: 60_000,
        onread: {
          buffer: () => inbox.space(),
          callback: (count) => {
            inbox.filled(count)
            return true
          },
        },
      },
      options.onConnect,
    )
    framed.add(socket)
    return socket
  }

/** Takes the slow spots out of this cluster's connections; kafkajs' own classes stay as they are. */
export function tuneCluster(cluster: Cluster): Cluster {
  const builder = cluster.connectionPoolBuilder as { build: Cluster['connectionPoolBuilder']['build'] }
  const build = builder.build.bind(builder)
  builder.build = async (destination) => {
    const connections = await build(destination)
    for (const connection of connections.pool) {
      calmQueue(connection.requestQueue)
      takeAnswers(connection)
    }
    return connections
  }
  return cluster
}

function takeAnswers(connection: Connection): void {
  const stock = connection.processData.bind(connection)
  const inboxes = new WeakMap<net.Socket, Inbox>()
  const deliver = (answer: Buffer): void =>
    connection.requestQueue.fulfillRequest({
      size: answer.length,
      correlationId: answer.readInt32BE(0),
      payload: answer.subarray(4),
    })
  connection.processData = (data) => {
    const { socket } = connection
    if (framed.has(socket)) return deliver(data)
    // Old SASL mechanisms talk outside the protocol's frames.
    if (connection.authHandlers !== null) return stock(data)
    let inbox = inboxes.get(socket)
    if (inbox === undefined) {
      inbox = createInbox(deliver, (error) => socket.destroy(error))
      inboxes.set(socket, inbox)
    }
    inbox.feed(data)
  }
}
