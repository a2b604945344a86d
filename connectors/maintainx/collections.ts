import type { Collection } from './client.ts'

/** Collections of the API, as its description names them. */
export const COLLECTIONS = {
  workOrders: { path: '/workorders', many: 'workOrders', one: 'workOrder', title: 'work orders' },
  assets: { path: '/assets', many: 'assets', one: 'asset', title: 'assets' },
  locations: { path: '/locations', many: 'locations', one: 'location', title: 'locations' },
  parts: { path: '/parts', many: 'parts', one: 'part', title: 'parts' },
  vendors: { path: '/vendors', many: 'vendors', one: 'vendor', title: 'vendors' },
  purchaseOrders: { path: '/purchaseorders', many: 'purchaseOrders', one: 'purchaseOrder', title: 'purchase orders' },
  users: { path: '/users', many: 'users', one: 'user', title: 'users' },
  teams: { path: '/teams', many: 'teams', one: 'team', title: 'teams' },
  criticalities: {
    path: '/assetcriticalities',
    many: 'assetCriticalities',
    one: 'assetCriticality',
    title: 'asset criticalities',
  },
  organizations: { path: '/organizations', many: 'organizations', one: 'organization', title: 'organizations' },
  subscriptions: { path: '/subscriptions', many: 'subscriptions', one: 'subscription', title: 'webhook subscriptions' },
} as const satisfies { readonly [name: string]: Collection }
