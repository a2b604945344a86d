import { describeRegistered } from '../kit/registry.ts'

describeRegistered('maintainx')
