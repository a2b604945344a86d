import { randomUUID } from 'node:crypto'
import { escapeXml, XML_HEAD } from './atom.ts'
import type { SapError } from './errors.ts'
import type { Model } from './model.ts'

/** `5F3C0A1B2C3D4E5F60718293A4B5C6D7` */
export function transactionId(): string {
  return randomUUID().replaceAll('-', '').toUpperCase()
}

/** `20260115100000.1234560` */
function timestamp(now: number): string {
  const digits = new Date(now).toISOString().replaceAll(/\D/g, '')
  return `${digits.slice(0, 14)}.${digits.slice(14)}0000`
}

const RESOLUTION = {
  SAP_Transaction: 'For backend administrators: see the gateway error log',
  SAP_Note: 'See SAP Note 1797736',
}

export function errorJson(error: SapError, model: Model | null, language: string, now: number): string {
  return JSON.stringify({
    error: {
      code: error.code,
      message: { lang: language, value: error.message },
      innererror: {
        application: {
          component_id: componentOf(model),
          service_namespace: '/SAP/',
          service_id: model?.service ?? '',
          service_version: model?.version ?? '0001',
        },
        transactionid: transactionId(),
        timestamp: timestamp(now),
        Error_Resolution: RESOLUTION,
        errordetails: error.details.map((detail) => ({
          code: detail.code,
          message: detail.message,
          propertyref: '',
          severity: detail.severity,
          transition: false,
          target: detail.target,
        })),
      },
    },
  })
}

export function errorXml(error: SapError, model: Model | null, language: string, now: number): string {
  const details = error.details.map(
    (detail) =>
      `<errordetail><code>${escapeXml(detail.code)}</code><message>${escapeXml(detail.message)}</message><propertyref/>` +
      `<severity>${detail.severity}</severity><transition>false</transition><target>${escapeXml(detail.target)}</target></errordetail>`,
  )
  return (
    `${XML_HEAD}<error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><code>${escapeXml(error.code)}</code>` +
    `<message xml:lang="${language}">${escapeXml(error.message)}</message><innererror><application>` +
    `<component_id>${componentOf(model)}</component_id><service_namespace>/SAP/</service_namespace>` +
    `<service_id>${model?.service ?? ''}</service_id><service_version>${model?.version ?? '0001'}</service_version></application>` +
    `<transactionid>${transactionId()}</transactionid><timestamp>${timestamp(now)}</timestamp>` +
    `<Error_Resolution><SAP_Transaction>${RESOLUTION.SAP_Transaction}</SAP_Transaction><SAP_Note>${RESOLUTION.SAP_Note}</SAP_Note></Error_Resolution>` +
    `<errordetails>${details.join('')}</errordetails></innererror></error>`
  )
}

const COMPONENTS: { readonly [service: string]: string } = {
  API_PURCHASEORDER_PROCESS_SRV: 'MM-PUR-PO',
  API_BUSINESS_PARTNER: 'LO-MD-BP',
  API_PRODUCT_SRV: 'LO-MD-MM',
  API_MAINTENANCEORDER: 'PM-WOC-MO',
  API_MAINTNOTIFICATION: 'PM-WOC-MN',
  API_EQUIPMENT: 'PM-EQM-EQ',
  API_FUNCTIONALLOCATION: 'PM-EQM-FL',
  API_MATERIAL_STOCK_SRV: 'MM-IM-GF',
  API_MATERIAL_DOCUMENT_SRV: 'MM-IM-GF',
}

function componentOf(model: Model | null): string {
  return model === null ? 'OPU-BSE-SDE' : (COMPONENTS[model.service] ?? '')
}
