import { describeRegistered } from '../kit/registry.ts'

describeRegistered('sap-s4hana')
