import { defineConnector } from '../../core/index.ts'
import { type MaintainXConfig, maintainxConfig } from './config.ts'
import { type MaintainXSession, openSession } from './session.ts'

/** MaintainX over its REST API (README.md). */
export const maintainx = defineConnector<MaintainXConfig, MaintainXSession>({
  id: 'maintainx',
  title: 'MaintainX',
  config: maintainxConfig,
  connect: openSession,
  clock: (session, signal) => session.clock(signal),
  streams: {},
})
