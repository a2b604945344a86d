import { describeRegistered } from '../kit/registry.ts'

describeRegistered('tryton')
